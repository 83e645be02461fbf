package access

import "sort"

// The permissions. Each is used by at least one command or query, and a test
// holds the two lists together.
const (
	ItemView        Permission = "item.view"
	ItemEdit        Permission = "item.edit"
	PriceEdit       Permission = "price.edit"
	CustomerView    Permission = "customer.view"
	CustomerEdit    Permission = "customer.edit"
	SupplierView    Permission = "supplier.view"
	SupplierEdit    Permission = "supplier.edit"
	PlaceEdit       Permission = "place.edit" // warehouses and money accounts
	PlaceView       Permission = "place.view"
	SaleView        Permission = "sale.view"
	SaleCreate      Permission = "sale.create"
	SaleReverse     Permission = "sale.reverse"
	SaleReturn      Permission = "sale.return"
	SaleBlindReturn Permission = "sale.return-without-sale"
	SaleBelowFloor  Permission = "sale.below-floor"
	SaleDiscount    Permission = "sale.discount-over-limit"
	SaleOverCredit  Permission = "sale.over-credit"
	TillUse         Permission = "till.use"
	PurchaseView    Permission = "purchase.view"
	PurchaseCreate  Permission = "purchase.create"
	PurchaseReverse Permission = "purchase.reverse"
	StockView       Permission = "stock.view"
	StockMove       Permission = "stock.move"   // transfer
	StockAdjust     Permission = "stock.adjust" // loss, gain
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
	Import          Permission = "import.run"
	UserView        Permission = "user.view"
	UserEdit        Permission = "user.edit"
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
	{CustomerView, "++o-+++"},
	{CustomerEdit, "++o----"},
	{SupplierView, "++-++++"},
	{SupplierEdit, "+--+-+-"},
	{PlaceView, "+++++++"},
	{PlaceEdit, "+------"},
	{SaleView, "++o--++"},
	{SaleCreate, "+++----"},
	{SaleReverse, "223--3-"},
	{SaleReturn, "+++----"},
	{SaleBlindReturn, "223----"},
	{SaleBelowFloor, "223----"},
	{SaleDiscount, "223----"},
	{SaleOverCredit, "223----"},
	{TillUse, "+++----"},
	{PurchaseView, "++-++++"},
	{PurchaseCreate, "++-++--"},
	{PurchaseReverse, "22-3---"},
	{StockView, "+++++++"},
	{StockMove, "++--+--"},
	{StockAdjust, "23--3--"},
	{StockCount, "+++-+--"},
	{StockCountPost, "23---3-"},
	{StockReverse, "23--3--"},
	{MoneyView, "++---++"},
	{MoneyCreate, "++---+-"},
	{MoneyReverse, "22---3-"},
	{OpeningCreate, "++---+-"},
	{Backdate, "++-++--"},
	{NegativeStock, "+++----"},
	{DayClose, "+++--+-"},
	{MonthClose, "+----+-"},
	{MonthReopen, "2----3-"},
	{ReportSales, "++o--++"},
	{ReportPurchase, "++-+-++"},
	{ReportStock, "+++++++"},
	{ReportMoney, "++---++"},
	{ReportProfit, "++---++"},
	{Export, "+3-33++"},
	{Import, "++-----"},
	{UserView, "+-----+"},
	{UserEdit, "2------"},
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
	FieldPhone:    "sssmmmm",
	FieldProfit:   "ss---ss",
}

var standard = []RoleID{Owner, Manager, Cashier, Buyer, Storekeeper, Accountant, Auditor}

// Standard gives fresh copies of the seven roles that come with the program.
func Standard() []Role {
	roles := make([]Role, len(standard))
	for i, id := range standard {
		r := Role{ID: id, Grants: map[Permission]Grant{}, Fields: map[Field]Sight{}, MaxDiscount: 100_000}
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
