package ui

import (
	"strings"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/report"
	"tiezhang/ui/dayclose"
	"tiezhang/ui/docview"
	"tiezhang/ui/formview"
	"tiezhang/ui/home"
	"tiezhang/ui/listview"
	"tiezhang/ui/page"
	"tiezhang/ui/rights"
	"tiezhang/ui/screens"
	"tiezhang/ui/text"
	"tiezhang/ui/till"
)

// makers says which package makes which screen: the one list. A screen that is
// not here is in no menu.
var makers = map[string]page.Maker{
	page.Home:     home.New,
	page.Till:     till.Make,
	page.Form:     formview.Make,
	page.Document: docview.Make,
	page.List:     listview.Make,
	page.Report:   listview.Make,
	page.DayClose: dayclose.Make,
	page.Month:    screens.MakeMonth,
	page.Approve:  screens.MakeApprovals,
	page.Rights:   rights.Make,
	page.Lent:     screens.MakeLent,
	page.Import:   screens.MakeImport,
	page.Backup:   screens.MakeBackup,
	page.Security: screens.MakeSecurity,
	page.Settings: screens.MakeSettings,
	page.Keys:     screens.MakeKeys,
	page.Scale:    screens.MakeScale,
	page.Tree:     screens.MakeCategories,
	page.Merge:    screens.MakeMerge,
}

// module is one line of the rail; entry is one line of its menu. A module
// without entries the person may use is not shown.
type module struct {
	name    string // shell.module.<name>
	icon    string
	entries []entry
}

type entry struct {
	route page.Route
	title string
	perm  access.Permission
	// group begins a new part of the menu.
	group bool
	// whole: not for those who work in some warehouses only.
	whole bool
}

// modules lists what this session may use, in the order of the rail.
func modules(in *app.Session) []module {
	list := func(kind, arg, title string, perm access.Permission) entry {
		return entry{route: page.Route{Screen: page.List, Kind: kind, Arg: arg}, title: text.T(title), perm: perm}
	}
	simple := func(screen, kind, title string, perm access.Permission) entry {
		return entry{route: page.Route{Screen: screen, Kind: kind}, title: text.T(title), perm: perm}
	}
	parties := access.CustomerView // or suppliers: the list shows whichever the person may see
	if !in.May(parties) {
		parties = access.SupplierView
	}
	all := []module{
		{"home", "home", []entry{simple(page.Home, "", "shell.module.home", access.HomeView)}},
		{"till", "till", []entry{
			simple(page.Till, "", "shell.module.till", access.TillUse),
			simple(page.DayClose, "", "shell.day-close", access.DayClose)}},
		{"sales", "sales", join([]entry{list("documents", string(doc.Selling), "shell.list.sale", access.SaleView)}, newOnes(doc.Selling), members(), reports("sales-detail", "sales-summary"))},
		{"purchase", "purchase", join([]entry{list("documents", string(doc.Purchasing), "shell.list.purchase", access.PurchaseView)}, newOnes(doc.Purchasing), reports("purchase-detail"))},
		{"stock", "stock", join(reports("stock-balance"), []entry{list("documents", string(doc.Stocking), "shell.list.stock", access.StockView)}, newOnes(doc.Stocking), reports("stock-ledger", "stock-alert"))},
		{"money", "money", join([]entry{list("documents", string(doc.Paying), "shell.list.money", access.MoneyView)}, newOnes(doc.Paying), reports("receivables", "payables", "cash-flow"), part([]entry{{route: page.Route{Screen: page.Month}, title: text.T("screens.month"), perm: access.MonthClose, whole: true}}))},
		{"reports", "reports", everyReport()},
		{"data", "data", join([]entry{
			list("items", "", "report.name.items", access.ItemView), list("parties", "", "report.name.parties", parties),
			simple(page.Tree, "", "report.name.categories", access.ItemView), list("employees", "", "report.name.employees", access.HomeView),
			list("warehouses", "", "report.name.warehouses", access.PlaceView), list("accounts", "", "report.name.accounts", access.PlaceView)},
			part([]entry{simple(page.Merge, "item", "screens.merge.item", access.MergeRows), simple(page.Merge, "party", "screens.merge.party", access.MergeRows)}),
			newOnes(doc.Opening), part([]entry{
				simple(page.Import, "items", "shell.import.items", access.Import),
				simple(page.Import, "parties", "shell.import.parties", access.Import),
				simple(page.Import, "opening-stock", "shell.import.opening", access.Import)}))},
		{"security", "security", []entry{
			simple(page.Approve, "", "screens.approvals", access.HomeView),
			simple(page.Backup, "", "shell.backup", access.BackupRun),
			simple(page.Security, "log", "shell.security.log", access.LogOwn),
			simple(page.Security, "check", "shell.security.check", access.Verify),
			simple(page.Security, "people", "shell.security.people", access.UserView),
			simple(page.Rights, "", "rights.title", access.UserView),
			simple(page.Lent, "", "screens.lent", access.UserView),
			simple(page.Security, "key", "shell.security.key", access.UserView),
			simple(page.Security, "signins", "shell.security.signins", access.UserView),
			simple(page.Security, "rights", "shell.security.rights", access.UserView),
			simple(page.Security, "me", "shell.security.me", access.HomeView),
			simple(page.Security, "training", "shell.security.training", access.HomeView)}},
		{"settings", "settings", []entry{simple(page.Settings, "", "shell.module.settings", access.HomeView),
			simple(page.Keys, "", "shell.keys", access.HomeView), simple(page.Scale, "", "shell.scale", access.SettingsView), list("custom-fields", "", "report.name.custom-fields", access.SettingsEdit)}},
	}
	var out []module
	for _, m := range all {
		var may []entry
		for _, e := range m.entries {
			if makers[e.route.Screen] != nil && in.May(e.perm) && (!e.whole || in.Reach().Everywhere()) {
				may = append(may, e)
			}
		}
		if len(may) > 0 {
			may[0].group = false
			out = append(out, module{m.name, m.icon, may})
		}
	}
	return out
}

func join(parts ...[]entry) []entry {
	var out []entry
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// part begins a new part of a menu.
func part(es []entry) []entry {
	if len(es) > 0 {
		es[0].group = true
	}
	return es
}

// newOnes offers an empty document of each kind of a group that is written on
// the document screen: not those of the till and the day's close.
func newOnes(g doc.Group) []entry {
	return newDocuments(func(s doc.Spec) bool { return s.Group == g && s.Trade != doc.AccStored })
}

// members are the documents of the members' money: they belong to selling, not
// to the accountant's payments.
func members() []entry {
	return newDocuments(func(s doc.Spec) bool { return s.Trade == doc.AccStored })
}

func newDocuments(of func(doc.Spec) bool) []entry {
	var out []entry
	for _, s := range doc.Specs() {
		if !of(s) || s.CashCount || s.Pays == doc.Must {
			continue
		}
		out = append(out, entry{route: page.Route{Screen: page.Document, Kind: string(s.Kind)},
			title: text.T("shell.new", "kind", text.T("kind."+string(s.Kind))), perm: app.CreateRight(s.Kind)})
	}
	return part(out)
}

func reportEntry(s report.Spec) entry {
	return entry{route: page.Route{Screen: page.Report, Kind: s.Name}, title: text.T("report.name." + s.Name), perm: s.Perm, whole: s.Span == report.WholeShop}
}

func reports(names ...string) []entry {
	var out []entry
	for _, n := range names {
		if s, ok := report.Find(n); ok {
			out = append(out, reportEntry(s))
		}
	}
	return part(out)
}

// everyReport lists the reports, a line between those of different rights: sales,
// purchases, stock, money.
func everyReport() []entry {
	var out []entry
	var part access.Permission // a report with a right of its own stays in the part it stands in
	for _, s := range report.Reports() {
		e := reportEntry(s)
		if strings.HasPrefix(string(s.Perm), "report.") && s.Perm != part {
			e.group, part = part != "", s.Perm
		}
		out = append(out, e)
	}
	return out
}
