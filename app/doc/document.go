package doc

import (
	"maps"

	"tiezhang/app/amount"
	"tiezhang/app/day"
)

// Status is where a document is in its life:
// Draft → Posted → Reversed, Draft → Void. Posted never goes back.
type Status string

const (
	Draft    Status = "draft"
	Posted   Status = "posted"
	Reversed Status = "reversed"
	Void     Status = "void"
)

// May tells whether a document in status s may become t.
func (s Status) May(t Status) bool {
	return s == Draft && (t == Posted || t == Void) || s == Posted && t == Reversed
}

// Document is one document of any kind. Fields a kind does not use stay zero.
type Document struct {
	ID      string // made by the client; posting the same one twice is harmless
	Kind    Kind
	Number  string // given when posted, gapless per kind and day
	Date    day.Date
	Status  Status
	Version int64 // grows with every save of a draft

	PartyID     int64
	WarehouseID int64
	ToPlaceID   int64
	AccountID   int64
	ToAccountID int64
	StaffID     int64    // the employee who brought it in; 0 nobody
	Due         day.Date // goods wanted by, offer good until, money due; 0 none
	Category    string
	Amount      amount.Money // typed, for kinds without lines; the counted cash of a ShiftClose; the fee of an assembly
	Bonus       amount.Money // given on top of Amount
	Expected    amount.Money // ShiftClose: the book balance when the cash was counted
	Discount    amount.Money // off the whole bill
	Note        string
	Reason      string // why back-dated, reversed, written off
	// Points a member earns (negative on a return) and uses up with this bill.
	Points, PointsUsed int64
	Custom             map[string]string // the owner's own fields, by field key, in canonical form

	Lines    []Line
	Payments []Payment
	Allocs   []Alloc

	Total    amount.Money // worked out by Settle
	Reverses string       // ID of the document this one reverses
	// ReversedBy is filled when read.
	ReversedBy string

	CreatedBy, PostedBy int64
	SavedBy             int64        `json:"-"` // who saved the draft last; no part of what it says
	CreatedAt, PostedAt int64        // Unix seconds, UTC
	Settled             amount.Money // how much of Total is paid or allocated; filled when read
}

// Line is one row of a document.
type Line struct {
	No       int // 1, 2, 3 …; kept when other lines go
	ItemID   int64
	Unit     string     // as entered; "" = base unit
	Num, Den int64      // factor of the unit when entered
	Qty      amount.Qty // in Unit. StockCount: the counted quantity
	Base     amount.Qty // Qty in base units, worked out by Settle
	Book     amount.Qty // StockCount: book quantity in base units, frozen when counted
	// StockCount, second count: what the first one had found. Recounted says that
	// there was a second; Qty and Book are then its.
	First, FirstBook amount.Qty
	Recounted        bool
	Side             int8         // Convert: +1 comes in, −1 goes out
	Amount           amount.Money // typed, for kinds whose lines carry money only
	Price            amount.Price // per Unit
	Off              amount.Money // discount of the line
	Gross            amount.Money // Qty × Price − Off, worked out by Settle
	Share            amount.Money // the line's share of the bill's discount, worked out by Settle
	Batch            string
	Expiry           day.Date
	Serials          []string // one for each base unit of an item tracked by serial number
	Origin           Origin
	Note             string
}

// Net is what the line really costs: Gross − Share.
func (l Line) Net() amount.Money { return l.Gross - l.Share }

// Origin names the line of another document this one returns or pulls from.
type Origin struct {
	Doc  string // ID, "" for none
	Line int
}

// Payment is money paid on the spot into or out of one account.
type Payment struct {
	AccountID int64
	Amount    amount.Money
	// Stored: out of what the member has paid in advance. Filled from the kind of
	// the account when the document is worked out.
	Stored bool
}

// Alloc settles part of an open document.
type Alloc struct {
	Doc    string // ID of the open document
	Amount amount.Money
}

// Paid sums the payments on the spot.
func (d *Document) Paid() (amount.Money, error) {
	var s amount.Money
	var err error
	for _, p := range d.Payments {
		if s, err = amount.Add(s, p.Amount); err != nil {
			return 0, err
		}
	}
	return s, nil
}

// Clone copies a document deeply.
func (d Document) Clone() Document {
	d.Lines = append([]Line(nil), d.Lines...)
	d.Payments = append([]Payment(nil), d.Payments...)
	d.Allocs = append([]Alloc(nil), d.Allocs...)
	d.Custom = maps.Clone(d.Custom)
	for i := range d.Lines {
		d.Lines[i].Serials = append([]string(nil), d.Lines[i].Serials...)
	}
	return d
}
