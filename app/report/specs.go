package report

import (
	"slices"

	"tiezhang/app/access"
)

// specs is every list and report, in the order of the menus. Package store has
// one query for each name and a test holds the two together.
var specs = slices.Concat(masterSpecs, listSpecs, salesSpecs, purchaseSpecs, stockSpecs, moneySpecs, controlSpecs)

// listSpecs are the lists of the modules that are no master data.
var listSpecs = []Spec{
	// documents; the module decides the kinds through Query.Kinds
	{Name: "documents", Perm: access.HomeView, Span: Placed, Filters: []Filter{FromTo, ByText, ByKind, ByStatus, ByParty}, Opens: OpensDocument, Entity: "document", Columns: []Column{
		{Key: "date", Type: Date, Width: 11}, {Key: "number", Type: Text, Width: 18}, {Key: "kind", Type: Key, Width: 10}, {Key: "party", Type: Text, Width: 24},
		{Key: "warehouse", Type: Text, Width: 10}, {Key: "lines", Type: Int, Width: 6}, {Key: "total", Type: Money, Width: 13, Total: true}, {Key: "settled", Type: Money, Width: 13, Total: true},
		{Key: "open", Type: Money, Width: 13, Total: true}, {Key: "user", Type: Text, Width: 10}, {Key: "status", Type: Status, Width: 8}, {Key: "note", Type: Text, Width: 20}}},
	{Name: "open-documents", Perm: access.MoneyView, Span: Placed, Filters: []Filter{ByParty, ByKind}, Opens: OpensDocument, Columns: []Column{
		{Key: "date", Type: Date, Width: 11}, {Key: "number", Type: Text, Width: 18}, {Key: "kind", Type: Key, Width: 10}, {Key: "party", Type: Text, Width: 24},
		{Key: "total", Type: Money, Width: 13, Total: true}, {Key: "settled", Type: Money, Width: 13, Total: true}, {Key: "open", Type: Money, Width: 13, Total: true}, {Key: "days", Type: Int, Width: 6}}},
	{Name: "log", Perm: access.LogOwn, Span: Nowhere, Filters: []Filter{FromTo, ByText, ByUser, ByKind}, Opens: OpensLog, Columns: []Column{
		{Key: "seq", Type: Int, Width: 8}, {Key: "time", Type: Time, Width: 18}, {Key: "user", Type: Text, Width: 10}, {Key: "role", Type: Key, Width: 10},
		{Key: "action", Type: Key, Width: 18}, {Key: "object", Type: Text, Width: 22}, {Key: "result", Type: Key, Width: 8}, {Key: "detail", Type: Detail, Width: 38}, {Key: "chain", Type: Text, Width: 17}}},
}

// Find gives a spec by name.
func Find(name string) (Spec, bool) {
	for _, s := range specs {
		if s.Name == name {
			return s, true
		}
	}
	return Spec{}, false
}

// Specs gives all lists and reports.
func Specs() []Spec { return append([]Spec(nil), specs...) }

// Reports gives those listed among the reports, in the menu's order.
func Reports() []Spec {
	var out []Spec
	for _, s := range specs {
		if s.Report {
			out = append(out, s)
		}
	}
	return out
}
