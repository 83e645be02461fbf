package app

import (
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/ledger"
)

// LineOpen is how far a line is done: Base is what it was for, Done what other
// documents took of it, both in base units.
type LineOpen struct {
	Line       int
	Base, Done amount.Qty
}

// OrderEnd is who ended an order, and why.
type OrderEnd struct {
	By, At int64
	Reason string
}

// Decision on an approval; "" while it is open.
type Decision string

const (
	Approved  Decision = "yes"
	Refused   Decision = "no"
	Withdrawn Decision = "withdrawn"
)

// Approval is a question whether a draft may be posted, and the answer.
type Approval struct {
	ID      int64
	Doc     string // ID of the draft
	Digest  [32]byte
	Rule    string // ID of the rule that asks for it
	AskedBy int64
	AskedAt int64
	Note    string
	Answer
}

// Answer to an approval.
type Answer struct {
	Decision Decision
	By, At   int64
	Reason   string
}

// BatchStock is what there is of a batch.
type BatchStock struct {
	Batch  string
	Expiry day.Date // 0 never or unknown
	Qty    amount.Qty
}

// Serial is a piece in stock.
type Serial struct {
	Serial    string
	Warehouse int64
}

// CostMethod says how issues are costed from a day on.
type CostMethod struct {
	From   day.Date
	Method ledger.Method
	By, At int64
}

// MonthClose is one closing of a month.
type MonthClose struct {
	ID                     int64
	Month                  int // yyyymm
	By, At                 int64
	Seq                    int64    // last move then
	Hash                   [32]byte // over the rows it was closed with
	ReopenedBy, ReopenedAt int64
	Reason                 string // why it was opened again
}

// Negative is stock below nothing.
type Negative struct {
	Item, Warehouse int64
	Batch           string
	Code, Name      string // of the item
	Place           string // name of the warehouse
	Qty             amount.Qty
}
