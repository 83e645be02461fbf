// Package doc knows the kinds of document: what each is made of, what makes one
// acceptable, and what its totals are. A new kind is one Spec value here.
//
// What belongs here: Kind, Spec, Document, Line, the status machine, totals and
// validation. This is the only package that may switch on a kind; everything
// else reads the Spec. What does not: stock, cost and money effects (package
// ledger reads them from the Spec) and storage. Pure.
package doc

import "slices"

// Kind names a kind of document. The names are part of the script face and of
// the file: never renamed.
type Kind string

const (
	GoodsReceipt      Kind = "GoodsReceipt"
	PurchaseReturn    Kind = "PurchaseReturn"
	SalesDelivery     Kind = "SalesDelivery"
	SalesReturn       Kind = "SalesReturn"
	RetailSale        Kind = "RetailSale"
	RetailReturn      Kind = "RetailReturn"
	StockTransfer     Kind = "StockTransfer"
	StockCount        Kind = "StockCount"
	StockLoss         Kind = "StockLoss"
	StockGain         Kind = "StockGain"
	PaymentIn         Kind = "PaymentIn"
	PaymentOut        Kind = "PaymentOut"
	Expense           Kind = "Expense"
	OtherIncome       Kind = "OtherIncome"
	AccountTransfer   Kind = "AccountTransfer"
	OpeningStock      Kind = "OpeningStock"
	OpeningReceivable Kind = "OpeningReceivable"
	OpeningPayable    Kind = "OpeningPayable"
	OpeningCash       Kind = "OpeningCash"
	ShiftClose        Kind = "ShiftClose"
	PurchaseOrder     Kind = "PurchaseOrder"
	SalesOrder        Kind = "SalesOrder"
	Quotation         Kind = "Quotation"
	LandedCost        Kind = "LandedCost"      // freight and duty shared over receipts
	PriceAdjustment   Kind = "PriceAdjustment" // the supplier's price became known late
	Assembly          Kind = "Assembly"
	Disassembly       Kind = "Disassembly"
	LendOut           Kind = "LendOut"
	LendReturn        Kind = "LendReturn"
	BorrowIn          Kind = "BorrowIn"
	BorrowReturn      Kind = "BorrowReturn"
	Settlement        Kind = "Settlement" // sets prepayments and returns against open documents, no money moves
	StoredTopUp       Kind = "StoredTopUp"
	StoredRefund      Kind = "StoredRefund"
)

// Group is the module a kind belongs to; permissions and menus follow it.
type Group string

const (
	Purchasing Group = "purchase"
	Selling    Group = "sale"
	Stocking   Group = "stock"
	Paying     Group = "money"
	Opening    Group = "opening"
	Closing    Group = "day"
)

// Need says whether a field must, may or must not be filled.
type Need uint8

const (
	No Need = iota
	May
	Must
)

// Flow is what a kind does to the stock of a warehouse.
type Flow uint8

const (
	NoFlow Flow = iota
	In
	Out
	Move    // out of one warehouse into another, no cost effect
	Recount // by the difference between counted and book quantity
	Revalue // value only: what a receipt cost later turned out to be more or less
	Convert // lines go in or out by their Side; what comes in is worth what went out
)

// Valuation is where a stock move's value comes from.
type Valuation uint8

const (
	NoValue   Valuation = iota
	AtPrice             // the line's net amount: an ordinary receipt
	AtAverage           // the moving average at its place in the order of moves
	AtOrigin            // the recorded cost of the line it returns; average if there is none
	AtAmount            // the amount typed on the line: Revalue
	AtMade              // a share of what the document's other side is worth: Convert
)

// Promise is what a document without stock or money stands for.
type Promise uint8

const (
	NoPromise Promise = iota
	Offer             // may be pulled from as often as one likes: a quotation
	Order             // each line is good for its quantity once: ordered, done, open
)

// Class orders the moves of one day: what comes in is there before what goes out.
type Class uint8

const (
	ClassIn Class = iota
	ClassAssembly
	ClassOut
	ClassReturn // customer returns, after the sales they may come from
)

// AccountCode is a ledger account. The numbers follow the Chinese standard
// chart for small enterprises where it has one.
type AccountCode string

const (
	AccCash       AccountCode = "1001" // all money accounts; the entry names which
	AccTransit    AccountCode = "1402" // costs of receipts on their way into the stock: nothing stays here
	AccReceivable AccountCode = "1122"
	AccInventory  AccountCode = "1405"
	AccPayable    AccountCode = "2202"
	AccStored     AccountCode = "2203" // what members have paid in advance
	AccBorrowed   AccountCode = "2241" // goods of others in our stock
	AccEquity     AccountCode = "3001" // opening balances
	AccProduction AccountCode = "4001" // assembly: components in, products out; nothing stays here
	AccRevenue    AccountCode = "5001"
	AccOtherInc   AccountCode = "5301" // other income, stock gains, cash over
	AccCOGS       AccountCode = "5401"
	AccCostAdj    AccountCode = "5402" // cost adjustment: price differences, negative stock, residues
	AccLoss       AccountCode = "5711" // stock losses, cash short
	AccPromotion  AccountCode = "5601" // gifts to members on topping up
	AccExpense    AccountCode = "5602"
)

// Accounts lists the chart in order, for the balance sheet and the checks.
var Accounts = []AccountCode{AccCash, AccReceivable, AccTransit, AccInventory, AccPayable, AccStored, AccBorrowed, AccEquity, AccProduction,
	AccRevenue, AccOtherInc, AccCOGS, AccCostAdj, AccLoss, AccPromotion, AccExpense}

// Spec is everything that makes one kind differ from another.
type Spec struct {
	Kind   Kind
	Prefix string // of the number, "XS"
	Group  Group

	Lines     Need
	Party     Need
	PartyRole string // "customer", "supplier" or "" for either
	Warehouse Need
	ToPlace   Need // second warehouse of a transfer
	Account   Need // one money account in the header
	ToAccount Need // second money account
	Category  Need // expense or income category, free text
	Due       Need // day the goods are wanted, or until which an offer stands
	Bonus     Need // given on top of Amount
	Amount    Need // amount typed in the header (kinds without lines)
	Pays      Need // may be paid on the spot, over several accounts
	Allocates bool // settles open documents
	Offsets   bool // its allocations sum to nothing: one open document against another
	Discount  bool // whole-bill discount allowed
	PriceNeed Need // unit price on the lines
	LineMoney Need // an amount typed on the line instead of quantity and price
	Signed    bool // that amount may be negative
	Sides     bool // each line says whether it goes in or out
	FreeDate  bool // opening documents may be dated before the first day

	Flow  Flow
	Value Valuation
	Class Class
	// Trade is the party account the line amount goes to (receivable or
	// payable), TradeSign +1 debits it, −1 credits it. "" for none.
	Trade     AccountCode
	TradeSign int
	// AmountContra takes the other side of the trade or cash amount.
	AmountContra AccountCode
	// ValueContra takes the other side of the stock value.
	ValueContra AccountCode
	// CashSign: +1 money comes into Account, −1 leaves; 0 none.
	CashSign int
	// CashCount: Amount is counted cash; the difference to Expected is posted.
	CashCount bool

	// Origins are the kinds whose lines this one may return or pull from.
	Origins []Kind
	// OriginNeeded: without an origin the permission for a blind return is wanted.
	OriginNeeded bool
	// OriginMust: without an origin it is refused.
	OriginMust bool
	// OtherParty: the origin may be another party's (freight on a supplier's goods).
	OtherParty bool
	// Promise: nothing moves yet; other kinds pull their lines from it.
	Promise Promise
	// Lent: +1 goods go out into the party's hands and stay ours, −1 they come
	// back from there. The lent place is the shop's own, nobody types it.
	Lent int
	// Negative: may sell what the books do not show, with the right (the till).
	Negative bool
	// Level is the price a new line is offered: "retail", "wholesale", "purchase" or "".
	Level string
}

// Sells tells whether a document of the kind sells something: a customer owes
// for goods that leave.
func (s Spec) Sells() bool { return s.Group == Selling && s.Flow == Out }

// PromisesSale tells whether a document of the kind offers or promises a price to
// a customer.
func (s Spec) PromisesSale() bool { return s.Group == Selling && s.Promise != NoPromise }

// TakesBack tells whether a document of the kind takes sold goods back.
func (s Spec) TakesBack() bool { return s.Group == Selling && s.Flow == In }

// Pulls tells whether a document of the kind may take lines from one of kind k.
func (s Spec) Pulls(k Kind) bool { return slices.Contains(s.Origins, k) }

// Pulled lists the kinds that may take lines from one of kind k.
func Pulled(k Kind) []Kind {
	var out []Kind
	for _, s := range specs {
		if s.Pulls(k) {
			out = append(out, s.Kind)
		}
	}
	return out
}

// Open tells whether a document of the kind is open until it is settled: bills
// and opening balances, and what was paid ahead.
func (s Spec) Open() bool { return s.Trade == AccReceivable || s.Trade == AccPayable }

var byKind = func() map[Kind]*Spec {
	m := make(map[Kind]*Spec, len(specs))
	for i := range specs {
		m[specs[i].Kind] = &specs[i]
	}
	return m
}()

// Of gives the spec of a kind; ok is false for an unknown one.
func Of(k Kind) (Spec, bool) {
	s, ok := byKind[k]
	if !ok {
		return Spec{}, false
	}
	return *s, true
}

// Specs gives all specs in the order of the menus.
func Specs() []Spec { return append([]Spec(nil), specs...) }
