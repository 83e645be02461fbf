// Package doc knows the kinds of document: what each is made of, what makes one
// acceptable, and what its totals are. A new kind is one Spec value here.
//
// What belongs here: Kind, Spec, Document, Line, the status machine, totals and
// validation. This is the only package that may switch on a kind; everything
// else reads the Spec. What does not: stock, cost and money effects (package
// ledger reads them from the Spec) and storage. Pure.
package doc

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
)

// Valuation is where a stock move's value comes from.
type Valuation uint8

const (
	NoValue   Valuation = iota
	AtPrice             // the line's net amount: an ordinary receipt
	AtAverage           // the moving average at its place in the order of moves
	AtOrigin            // the recorded cost of the line it returns; average if there is none
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
	AccReceivable AccountCode = "1122"
	AccInventory  AccountCode = "1405"
	AccPayable    AccountCode = "2202"
	AccEquity     AccountCode = "3001" // opening balances
	AccRevenue    AccountCode = "5001"
	AccOtherInc   AccountCode = "5301" // other income, stock gains, cash over
	AccCOGS       AccountCode = "5401"
	AccCostAdj    AccountCode = "5402" // cost adjustment: price differences, negative stock, residues
	AccLoss       AccountCode = "5711" // stock losses, cash short
	AccExpense    AccountCode = "5602"
)

// Accounts lists the chart in order, for the balance sheet and the checks.
var Accounts = []AccountCode{AccCash, AccReceivable, AccInventory, AccPayable, AccEquity, AccRevenue, AccOtherInc, AccCOGS, AccCostAdj, AccLoss, AccExpense}

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
	Amount    Need // amount typed in the header (kinds without lines)
	Pays      Need // may be paid on the spot, over several accounts
	Allocates bool // settles open documents
	Discount  bool // whole-bill discount allowed
	PriceNeed Need // unit price on the lines
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
	// Negative: may sell what the books do not show, with the right (the till).
	Negative bool
	// Level is the price a new line is offered: "retail", "wholesale", "purchase" or "".
	Level string
}

// specs is the whole list: adding a kind is adding a value here.
var specs = []Spec{
	{Kind: GoodsReceipt, Prefix: "CG", Group: Purchasing, Lines: Must, Party: Must, PartyRole: "supplier", Warehouse: Must, Pays: May, Discount: true, PriceNeed: Must,
		Flow: In, Value: AtPrice, Class: ClassIn, Trade: AccPayable, TradeSign: -1, AmountContra: AccCostAdj, ValueContra: AccCostAdj, Level: "purchase"},
	{Kind: PurchaseReturn, Prefix: "CT", Group: Purchasing, Lines: Must, Party: Must, PartyRole: "supplier", Warehouse: Must, Pays: May, Discount: true, PriceNeed: Must,
		Flow: Out, Value: AtAverage, Class: ClassOut, Trade: AccPayable, TradeSign: 1, AmountContra: AccCostAdj, ValueContra: AccCostAdj, Origins: []Kind{GoodsReceipt}, Level: "purchase"},
	{Kind: SalesDelivery, Prefix: "XS", Group: Selling, Lines: Must, Party: Must, PartyRole: "customer", Warehouse: Must, Pays: May, Discount: true, PriceNeed: Must,
		Flow: Out, Value: AtAverage, Class: ClassOut, Trade: AccReceivable, TradeSign: 1, AmountContra: AccRevenue, ValueContra: AccCOGS, Level: "wholesale"},
	{Kind: SalesReturn, Prefix: "XT", Group: Selling, Lines: Must, Party: Must, PartyRole: "customer", Warehouse: Must, Pays: May, Discount: true, PriceNeed: Must,
		Flow: In, Value: AtOrigin, Class: ClassReturn, Trade: AccReceivable, TradeSign: -1, AmountContra: AccRevenue, ValueContra: AccCOGS, Origins: []Kind{SalesDelivery, RetailSale}, OriginNeeded: true, Level: "wholesale"},
	{Kind: RetailSale, Prefix: "LS", Group: Selling, Lines: Must, Party: May, PartyRole: "customer", Warehouse: Must, Pays: Must, Discount: true, PriceNeed: Must,
		Flow: Out, Value: AtAverage, Class: ClassOut, Trade: AccReceivable, TradeSign: 1, AmountContra: AccRevenue, ValueContra: AccCOGS, Negative: true, Level: "retail"},
	{Kind: RetailReturn, Prefix: "LT", Group: Selling, Lines: Must, Party: May, PartyRole: "customer", Warehouse: Must, Pays: Must, Discount: true, PriceNeed: Must,
		Flow: In, Value: AtOrigin, Class: ClassReturn, Trade: AccReceivable, TradeSign: -1, AmountContra: AccRevenue, ValueContra: AccCOGS, Origins: []Kind{RetailSale}, OriginNeeded: true, Level: "retail"},
	{Kind: StockTransfer, Prefix: "DB", Group: Stocking, Lines: Must, Warehouse: Must, ToPlace: Must, Flow: Move, Class: ClassAssembly},
	{Kind: StockCount, Prefix: "PD", Group: Stocking, Lines: Must, Warehouse: Must, Flow: Recount, Value: AtAverage, Class: ClassReturn, ValueContra: AccLoss},
	{Kind: StockLoss, Prefix: "BS", Group: Stocking, Lines: Must, Warehouse: Must, Category: May, Flow: Out, Value: AtAverage, Class: ClassOut, ValueContra: AccLoss},
	{Kind: StockGain, Prefix: "BY", Group: Stocking, Lines: Must, Warehouse: Must, Category: May, Flow: In, Value: AtOrigin, Class: ClassAssembly, ValueContra: AccOtherInc},
	{Kind: PaymentIn, Prefix: "SK", Group: Paying, Party: Must, Account: Must, Amount: Must, Allocates: true, Trade: AccReceivable, TradeSign: -1, CashSign: 1},
	{Kind: PaymentOut, Prefix: "FK", Group: Paying, Party: Must, Account: Must, Amount: Must, Allocates: true, Trade: AccPayable, TradeSign: 1, CashSign: -1},
	{Kind: Expense, Prefix: "FY", Group: Paying, Party: May, Account: Must, Category: Must, Amount: Must, CashSign: -1, AmountContra: AccExpense},
	{Kind: OtherIncome, Prefix: "SR", Group: Paying, Party: May, Account: Must, Category: Must, Amount: Must, CashSign: 1, AmountContra: AccOtherInc},
	{Kind: AccountTransfer, Prefix: "ZZ", Group: Paying, Account: Must, ToAccount: Must, Amount: Must, CashSign: -1, AmountContra: AccCash},
	{Kind: OpeningStock, Prefix: "QC", Group: Opening, Lines: Must, Warehouse: Must, PriceNeed: Must, FreeDate: true,
		Flow: In, Value: AtPrice, Class: ClassIn, ValueContra: AccEquity, Level: "purchase"},
	{Kind: OpeningReceivable, Prefix: "QR", Group: Opening, Party: Must, Amount: Must, FreeDate: true, Trade: AccReceivable, TradeSign: 1, AmountContra: AccEquity},
	{Kind: OpeningPayable, Prefix: "QP", Group: Opening, Party: Must, Amount: Must, FreeDate: true, Trade: AccPayable, TradeSign: -1, AmountContra: AccEquity},
	{Kind: OpeningCash, Prefix: "QX", Group: Opening, Account: Must, Amount: Must, FreeDate: true, CashSign: 1, AmountContra: AccEquity},
	{Kind: ShiftClose, Prefix: "JB", Group: Closing, Account: Must, Amount: Must, CashCount: true},
}

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
