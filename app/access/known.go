package access

import (
	"slices"
	"strconv"
)

// first are the permissions of the first version, whose stored roles do not yet
// say which permissions they knew.
var first = []Permission{ItemView, ItemEdit, PriceEdit, CustomerView, CustomerEdit, SupplierView, SupplierEdit, PlaceEdit, PlaceView,
	SaleView, SaleCreate, SaleReverse, SaleReturn, SaleBlindReturn, SaleBelowFloor, SaleDiscount, SaleOverCredit, TillUse,
	PurchaseView, PurchaseCreate, PurchaseReverse, StockView, StockMove, StockAdjust, StockCount, StockCountPost, StockReverse,
	MoneyView, MoneyCreate, MoneyReverse, OpeningCreate, Backdate, NegativeStock, DayClose, MonthClose, MonthReopen,
	ReportSales, ReportPurchase, ReportStock, ReportMoney, ReportProfit, Export, Import, UserView, UserEdit, SettingsView, SettingsEdit,
	KeyExport, BackupRun, BackupRestore, LogOwn, LogAll, Verify, HomeView}

// Current gives a role read from a shop as this program means it: a permission
// that did not exist when the role was saved was never refused by anybody, so a
// standard role gets what it has by default. A role of the owner's own gets
// nothing it was not given; names, which everybody saw before there was a right
// to them, it keeps.
func (r Role) Current() Role {
	known := r.Known
	if known == nil {
		known = first
	}
	out := r.clone()
	out.Known = Permissions()
	if _, set := r.Fields[FieldPerson]; !set && !slices.Contains(standard, r.ID) && !slices.Contains(known, PersonalUnmask) {
		out.Fields[FieldPerson] = Shown
	}
	for _, s := range Standard() {
		if s.ID != r.ID {
			continue
		}
		for p, g := range s.Grants {
			if !slices.Contains(known, p) {
				out.Grants[p] = g
			}
		}
		for f, sight := range s.Fields {
			if _, set := r.Fields[f]; !set {
				out.Fields[f] = sight
			}
		}
	}
	return out
}

func (r Role) clone() Role {
	c := r
	c.Grants = make(map[Permission]Grant, len(r.Grants))
	for p, g := range r.Grants {
		c.Grants[p] = g
	}
	c.Fields = make(map[Field]Sight, len(r.Fields))
	for f, s := range r.Fields {
		c.Fields[f] = s
	}
	return c
}

// scoped are the permissions whose rows have somebody they belong to.
var scoped = map[Permission]bool{CustomerView: true, CustomerEdit: true, SaleView: true, ReportSales: true, OrderEnd: true}

// MayBeOwn tells whether a permission can be limited to a person's own rows.
func MayBeOwn(p Permission) bool { return scoped[p] }

// keeps are what the owner's role cannot lose, nor share with a second person:
// without them nobody could put a mistake right.
var keeps = []Permission{HomeView, UserView, UserEdit, RoleEdit, SettingsView, SettingsEdit, KeyExport, BackupRun, BackupRestore, LogAll, Verify}

// OwnerKeeps tells the rights that only an owner gives to another role: what the
// owner's cannot lose, but for the first page, which is everybody's.
func OwnerKeeps(p Permission) bool { return p != HomeView && slices.Contains(keeps, p) }

// Problem says what is wrong with a role somebody made, by text key and
// permission; "" when nothing is.
func (r Role) Problem() (key string, at Permission) {
	all := Permissions()
	for p, g := range r.Grants {
		switch {
		case !slices.Contains(all, p):
			return "role.unknown-permission", p
		case g.Confirm > Typed || g.Scope > Own:
			return "role.grant", p
		case g.Scope == Own && !MayBeOwn(p):
			return "role.own", p
		}
	}
	for f, s := range r.Fields {
		if !slices.Contains(Fields, f) || s > Shown {
			return "role.field", Permission(f)
		}
	}
	if r.MaxDiscount < 0 || r.MaxDiscount > 1_000_000 {
		return "role.discount", ""
	}
	if r.MaxDocument < 0 || r.BackdateDays < 0 || r.ExportRows < 0 || r.Unmaskings < 0 {
		return "role.limit", ""
	}
	if r.ID != Owner {
		return "", ""
	}
	for _, p := range keeps {
		if g, ok := r.Grants[p]; !ok || g.Confirm == Second {
			return "role.owner-keeps", p
		}
	}
	return "", ""
}

// Differences lists the permissions, fields and limits in which two roles
// differ, sorted: what the log says of a change.
func (r Role) Differences(o Role) []string {
	var out []string
	for _, p := range Permissions() {
		a, in := r.Grants[p]
		b, too := o.Grants[p]
		if in != too || a != b {
			out = append(out, string(p)+": "+grantText(a, in)+" > "+grantText(b, too))
		}
	}
	for _, f := range Fields {
		if r.Fields[f] != o.Fields[f] {
			out = append(out, "field "+string(f)+": "+sightText[r.Fields[f]]+" > "+sightText[o.Fields[f]])
		}
	}
	if r.MaxDiscount != o.MaxDiscount {
		out = append(out, "discount")
	}
	for _, l := range []struct {
		name string
		a, b int64
	}{{"document", r.MaxDocument, o.MaxDocument}, {"backdate", int64(r.BackdateDays), int64(o.BackdateDays)},
		{"export-rows", int64(r.ExportRows), int64(o.ExportRows)}, {"unmask", int64(r.Unmaskings), int64(o.Unmaskings)}} {
		if l.a != l.b {
			out = append(out, "limit "+l.name+": "+strconv.FormatInt(l.a, 10)+" > "+strconv.FormatInt(l.b, 10))
		}
	}
	if r.Name != o.Name {
		out = append(out, "name")
	}
	return out
}

var sightText = map[Sight]string{Hidden: "-", Masked: "m", Shown: "s"}

// grantText is the letter of the default matrix.
func grantText(g Grant, granted bool) string {
	switch {
	case !granted:
		return "-"
	case g.Confirm == Password:
		return "2"
	case g.Confirm == Second:
		return "3"
	case g.Confirm == Typed:
		return "1"
	case g.Scope == Own:
		return "o"
	}
	return "+"
}
