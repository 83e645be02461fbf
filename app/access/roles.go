package access

import "sort"

// The permissions. Each is used by at least one command or query, and a test
// holds the two lists together.
const (
	ItemView        Permission = "item.view"
	ItemEdit        Permission = "item.edit"
	PriceEdit       Permission = "price.edit"
	PriceFloor      Permission = "price.floor" // what nothing may be sold below
	CustomerView    Permission = "customer.view"
	CustomerEdit    Permission = "customer.edit"
	CustomerTerms   Permission = "customer.terms" // credit limit and price level
	SupplierView    Permission = "supplier.view"
	SupplierEdit    Permission = "supplier.edit"
	EmployeeEdit    Permission = "employee.edit"
	MergeRows       Permission = "master.merge" // duplicates of items and parties
	PlaceEdit       Permission = "place.edit"   // warehouses and money accounts
	PlaceView       Permission = "place.view"
	SaleView        Permission = "sale.view"
	SaleCreate      Permission = "sale.create"
	SaleReverse     Permission = "sale.reverse"
	SaleReturn      Permission = "sale.return"
	SaleBlindReturn Permission = "sale.return-without-sale"
	SaleBelowFloor  Permission = "sale.below-floor"
	SaleDiscount    Permission = "sale.discount-over-limit"
	SaleOverCredit  Permission = "sale.over-credit"
	DrawerOpen      Permission = "drawer.open"      // the till's drawer without a sale
	Reprint         Permission = "document.reprint" // any print after the first
	SaleExpired     Permission = "sale.expired"     // a batch past its day
	SaleOrder       Permission = "sale.order"       // orders of customers and quotations
	PurchaseOrder   Permission = "purchase.order"   // orders to suppliers
	OrderEnd        Permission = "order.end"        // nothing more will come of an order
	CostAdjust      Permission = "cost.adjust"      // freight and late prices on receipts
	CostMethod      Permission = "cost.method"
	DocumentApprove Permission = "document.approve"
	MemberView      Permission = "member.view"
	MemberEdit      Permission = "member.edit" // cards
	MemberTopup     Permission = "member.topup"
	MemberRefund    Permission = "member.refund"
	TillUse         Permission = "till.use"
	PurchaseView    Permission = "purchase.view"
	PurchaseCreate  Permission = "purchase.create"
	PurchaseReverse Permission = "purchase.reverse"
	StockView       Permission = "stock.view"
	StockMove       Permission = "stock.move"     // transfer
	StockAdjust     Permission = "stock.adjust"   // loss, gain
	StockAssemble   Permission = "stock.assemble" // assembly and taking apart
	StockLend       Permission = "stock.lend"     // lending, borrowing and their returns
	StockCount      Permission = "stock.count"
	StockCountPost  Permission = "stock.count-post"
	StockReverse    Permission = "stock.reverse"
	MoneyView       Permission = "money.view"
	MoneyCreate     Permission = "money.create"
	MoneyReverse    Permission = "money.reverse"
	OpeningCreate   Permission = "opening.create"
	Backdate        Permission = "date.backdate"
	NegativeStock   Permission = "stock.negative"
	DayClose        Permission = "day.close"
	MonthClose      Permission = "month.close"
	MonthReopen     Permission = "month.reopen"
	ReportSales     Permission = "report.sales"
	ReportPurchase  Permission = "report.purchase"
	ReportStock     Permission = "report.stock"
	ReportMoney     Permission = "report.money"
	ReportProfit    Permission = "report.profit"
	Export          Permission = "export.plain"
	ExportSensitive Permission = "export.sensitive" // cost, purchase prices, profit, personal data
	PhoneUnmask     Permission = "phone.unmask"     // one masked number at a time
	PersonalUnmask  Permission = "personal.unmask"  // one masked ID card or bank number at a time
	RightsLend      Permission = "role.lend"        // lend somebody a right for a time
	CodesPrint      Permission = "role.codes"       // approval codes for days away
	Import          Permission = "import.run"
	UserView        Permission = "user.view"
	UserEdit        Permission = "user.edit"
	RoleEdit        Permission = "role.edit"
	SettingsView    Permission = "settings.view"
	SettingsEdit    Permission = "settings.edit"
	KeyExport       Permission = "key.export"
	BackupRun       Permission = "backup.run"
	BackupRestore   Permission = "backup.restore"
	LogOwn          Permission = "log.own"
	LogAll          Permission = "log.all"
	Verify          Permission = "verify.run"
	HomeView        Permission = "home.view"
)

// row is one line of the default matrix: the grant of each standard role, in
// the order owner manager cashier buyer storekeeper accountant auditor.
// "-" none, "+" granted, "2" with the own password again, "3" with a second person,
// "o" own rows only.
type row struct {
	p Permission
	g string
}

// matrix is the default rights. It reads like the table in docs/permissions.md,
// which is made from it.
var matrix = []row{
	{HomeView, "+++++++"},
	{ItemView, "+++++++"},
	{ItemEdit, "++-+---"},
	{PriceEdit, "+2-----"},
	{PriceFloor, "+------"},
	{CustomerView, "++o-+++"},
	{CustomerEdit, "++o----"},
	{CustomerTerms, "+2-----"},
	{SupplierView, "++-++++"},
	{SupplierEdit, "+--+---"},
	{PlaceView, "+++++++"},
	{PlaceEdit, "+------"},
	{EmployeeEdit, "++-----"},
	{MergeRows, "23-----"},
	{SaleView, "++o--++"},
	{SaleCreate, "+++----"},
	{SaleReverse, "223--3-"},
	{SaleReturn, "+++----"},
	{SaleBlindReturn, "223----"},
	{SaleBelowFloor, "223----"},
	{SaleDiscount, "223----"},
	{SaleOverCredit, "223----"},
	{DrawerOpen, "223----"},
	{Reprint, "223-32-"},
	{SaleExpired, "223----"},
	{SaleOrder, "+++----"},
	{TillUse, "+++----"},
	{PurchaseView, "++-++++"},
	{PurchaseCreate, "++-++--"},
	{PurchaseReverse, "22-3---"},
	{PurchaseOrder, "++-+---"},
	{OrderEnd, "++o+---"},
	{CostAdjust, "++-3-+-"},
	{DocumentApprove, "++---+-"},
	{StockView, "+++++++"},
	{StockMove, "++--+--"},
	{StockAdjust, "23--3--"},
	{StockAssemble, "++--+--"},
	{StockLend, "++--+--"},
	{StockCount, "+++-+--"},
	{StockCountPost, "23---3-"},
	{StockReverse, "23--3--"},
	{MoneyView, "++---++"},
	{MoneyCreate, "++---+-"},
	{MoneyReverse, "22---3-"},
	{MemberView, "+++--++"},
	{MemberEdit, "+++----"},
	{MemberTopup, "+++----"},
	{MemberRefund, "223----"},
	{OpeningCreate, "++---+-"},
	{Backdate, "++-++--"},
	{NegativeStock, "+++----"},
	{DayClose, "+++--+-"},
	{MonthClose, "+----+-"},
	{MonthReopen, "2----3-"},
	{CostMethod, "2------"},
	{ReportSales, "++o--++"},
	{ReportPurchase, "++-+-++"},
	{ReportStock, "+++++++"},
	{ReportMoney, "++---++"},
	{ReportProfit, "++---++"},
	{Export, "+3-33++"},
	{ExportSensitive, "23---33"},
	{PhoneUnmask, "+2---3-"},
	{PersonalUnmask, "+2---3-"},
	{RightsLend, "2------"},
	{CodesPrint, "2------"},
	{Import, "++-----"},
	{UserView, "+-----+"},
	{UserEdit, "2------"},
	{RoleEdit, "2------"},
	{SettingsView, "++---++"},
	{SettingsEdit, "2------"},
	{KeyExport, "2------"},
	{BackupRun, "++-----"},
	{BackupRestore, "2------"},
	{LogOwn, "+++++++"},
	{LogAll, "++----+"},
	{Verify, "++----+"},
}

// fieldMatrix: "s" shown, "m" masked, "-" hidden, same order of roles.
var fieldMatrix = map[Field]string{
	FieldCost:     "ss-s-ss",
	FieldPurchase: "ss-s-ss",
	FieldFloor:    "ss-----",
	FieldPhone:    "smsmmmm", // the manager's whole number is a look at a time, with the password
	FieldPerson:   "sssmmsm",
	FieldIdentity: "sm---mm",
	FieldBank:     "sm-m-sm",
	FieldProfit:   "ss---ss",
}

var standard = []RoleID{Owner, Manager, Cashier, Buyer, Storekeeper, Accountant, Auditor}

// Standard gives fresh copies of the seven roles that come with the program.
func Standard() []Role {
	roles := make([]Role, len(standard))
	for i, id := range standard {
		r := Role{ID: id, Grants: map[Permission]Grant{}, Fields: map[Field]Sight{}, Known: Permissions(), MaxDiscount: 100_000}
		for _, m := range matrix {
			switch m.g[i] {
			case '+':
				r.Grants[m.p] = Grant{}
			case '2':
				r.Grants[m.p] = Grant{Confirm: Password}
			case '3':
				r.Grants[m.p] = Grant{Confirm: Second}
			case 'o':
				r.Grants[m.p] = Grant{Scope: Own}
			}
		}
		for f, s := range fieldMatrix {
			r.Fields[f] = map[byte]Sight{'-': Hidden, 'm': Masked, 's': Shown}[s[i]]
		}
		switch id {
		case Owner:
			r.MaxDiscount = 1_000_000
		case Manager:
			r.MaxDiscount = 300_000
			r.ExportRows, r.Unmaskings = 10_000, 30
		case Buyer, Storekeeper:
			r.ExportRows, r.BackdateDays = 5_000, 31
		case Accountant:
			r.ExportRows, r.Unmaskings = 50_000, 10
		case Auditor:
			r.ExportRows = 50_000
		}
		roles[i] = r
	}
	return roles
}

// Permissions lists every permission, sorted.
func Permissions() []Permission {
	out := make([]Permission, len(matrix))
	for i, m := range matrix {
		out[i] = m.p
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}
