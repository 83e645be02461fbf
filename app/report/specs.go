package report

import (
	"slices"

	"tiezhang/app/access"
)

// specs is every list and report, in the order of the menus. Package store has
// one query for each name and a test holds the two together.
var specs = slices.Concat(masterSpecs, listSpecs, reportSpecs)

// listSpecs are the lists of the modules that are no master data.
var listSpecs = []Spec{
	// documents; the module decides the kinds through Query.Kinds
	{Name: "documents", Perm: access.HomeView, Filters: []Filter{FromTo, ByText, ByKind, ByStatus, ByParty}, Opens: OpensDocument, Entity: "document", Columns: []Column{
		{Key: "date", Type: Date, Width: 11}, {Key: "number", Type: Text, Width: 18}, {Key: "kind", Type: Key, Width: 10}, {Key: "party", Type: Text, Width: 24},
		{Key: "warehouse", Type: Text, Width: 10}, {Key: "lines", Type: Int, Width: 6}, {Key: "total", Type: Money, Width: 13, Total: true}, {Key: "settled", Type: Money, Width: 13, Total: true},
		{Key: "open", Type: Money, Width: 13, Total: true}, {Key: "user", Type: Text, Width: 10}, {Key: "status", Type: Status, Width: 8}, {Key: "note", Type: Text, Width: 20}}},
	{Name: "open-documents", Perm: access.MoneyView, Filters: []Filter{ByParty, ByKind}, Opens: OpensDocument, Columns: []Column{
		{Key: "date", Type: Date, Width: 11}, {Key: "number", Type: Text, Width: 18}, {Key: "kind", Type: Key, Width: 10}, {Key: "party", Type: Text, Width: 24},
		{Key: "total", Type: Money, Width: 13, Total: true}, {Key: "settled", Type: Money, Width: 13, Total: true}, {Key: "open", Type: Money, Width: 13, Total: true}, {Key: "days", Type: Int, Width: 6}}},
	{Name: "log", Perm: access.LogOwn, Filters: []Filter{FromTo, ByText, ByUser, ByKind}, Opens: OpensLog, Columns: []Column{
		{Key: "seq", Type: Int, Width: 8}, {Key: "time", Type: Time, Width: 18}, {Key: "user", Type: Text, Width: 10}, {Key: "role", Type: Key, Width: 10},
		{Key: "action", Type: Key, Width: 18}, {Key: "object", Type: Text, Width: 22}, {Key: "result", Type: Key, Width: 8}, {Key: "detail", Type: Detail, Width: 40}, {Key: "chain", Type: Text, Width: 14}}},
}

var reportSpecs = []Spec{
	{Name: "stock-balance", Report: true, Perm: access.ReportStock, Filters: []Filter{AsOf, ByText, ByPlace, ByCat, ByZero}, Opens: OpensLedger, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "spec", Type: Text, Width: 14}, {Key: "unit", Type: Text, Width: 6}, {Key: "category", Type: Text, Width: 14},
		{Key: "warehouse", Type: Text, Width: 12}, {Key: "qty", Type: Qty, Width: 12, Total: true},
		{Key: "cost", Type: Price, Width: 11, Field: access.FieldCost, NoSort: true}, {Key: "value", Type: Money, Width: 14, Total: true, Field: access.FieldCost},
		{Key: "retail", Type: Price, Width: 11}, {Key: "min", Type: Qty, Width: 10}, {Key: "max", Type: Qty, Width: 10, Hide: true}}},
	{Name: "stock-ledger", Report: true, Perm: access.ReportStock, Filters: []Filter{ByItem, FromTo, ByPlace}, Wants: []Filter{ByItem}, Month: true, Opens: OpensDocument, Columns: []Column{
		{Key: "date", Type: Date, Width: 11}, {Key: "number", Type: Text, Width: 18}, {Key: "kind", Type: Key, Width: 10}, {Key: "party", Type: Text, Width: 22}, {Key: "warehouse", Type: Text, Width: 10},
		{Key: "qty_in", Type: Qty, Width: 11, Total: true}, {Key: "value_in", Type: Money, Width: 12, Total: true, Field: access.FieldCost},
		{Key: "qty_out", Type: Qty, Width: 11, Total: true}, {Key: "value_out", Type: Money, Width: 12, Total: true, Field: access.FieldCost},
		{Key: "adjust", Type: Money, Width: 11, Total: true, Field: access.FieldCost},
		{Key: "qty_after", Type: Qty, Width: 11, NoSort: true}, {Key: "value_after", Type: Money, Width: 12, Field: access.FieldCost, NoSort: true}, {Key: "cost", Type: Price, Width: 11, Field: access.FieldCost, NoSort: true}}},
	{Name: "sales-detail", Report: true, Perm: access.ReportSales, Filters: []Filter{FromTo, ByText, ByItem, ByParty, ByPlace, ByCat, ByKind, ByUser}, Month: true, Opens: OpensDocument, Columns: []Column{
		{Key: "date", Type: Date, Width: 11}, {Key: "number", Type: Text, Width: 18}, {Key: "kind", Type: Key, Width: 10}, {Key: "party", Type: Text, Width: 22}, {Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28},
		{Key: "spec", Type: Text, Width: 12}, {Key: "unit", Type: Text, Width: 6}, {Key: "qty", Type: Qty, Width: 11, Total: true}, {Key: "price", Type: Price, Width: 11}, {Key: "amount", Type: Money, Width: 13, Total: true},
		{Key: "cost_value", Type: Money, Width: 13, Total: true, Field: access.FieldCost}, {Key: "margin", Type: Money, Width: 13, Total: true, Field: access.FieldCost},
		{Key: "margin_rate", Type: Rate, Width: 9, Field: access.FieldCost, NoSort: true}, {Key: "user", Type: Text, Width: 10}}},
	{Name: "sales-summary", Report: true, Perm: access.ReportSales, Filters: []Filter{FromTo, ByText, ByCat}, Month: true, Opens: OpensLedger, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "unit", Type: Text, Width: 6}, {Key: "qty", Type: Qty, Width: 11, Total: true}, {Key: "amount", Type: Money, Width: 13, Total: true},
		{Key: "cost_value", Type: Money, Width: 13, Total: true, Field: access.FieldCost}, {Key: "margin", Type: Money, Width: 13, Total: true, Field: access.FieldCost}, {Key: "margin_rate", Type: Rate, Width: 9, Field: access.FieldCost, NoSort: true}}},
	{Name: "purchase-detail", Report: true, Perm: access.ReportPurchase, Filters: []Filter{FromTo, ByText, ByItem, ByParty, ByPlace, ByCat}, Month: true, Opens: OpensDocument, Columns: []Column{
		{Key: "date", Type: Date, Width: 11}, {Key: "number", Type: Text, Width: 18}, {Key: "kind", Type: Key, Width: 10}, {Key: "party", Type: Text, Width: 22}, {Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28},
		{Key: "unit", Type: Text, Width: 6}, {Key: "qty", Type: Qty, Width: 11, Total: true}, {Key: "price", Type: Price, Width: 11, Field: access.FieldPurchase}, {Key: "amount", Type: Money, Width: 13, Total: true, Field: access.FieldPurchase}, {Key: "user", Type: Text, Width: 10}}},
	{Name: "receivables", Report: true, Perm: access.ReportMoney, Filters: []Filter{ByText, ByZero}, Opens: OpensParty, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "balance", Type: Money, Width: 14, Total: true}, {Key: "credit", Type: Money, Width: 12}, {Key: "oldest", Type: Date, Width: 11}}},
	{Name: "payables", Report: true, Perm: access.ReportMoney, Filters: []Filter{ByText, ByZero}, Opens: OpensParty, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "balance", Type: Money, Width: 14, Total: true}, {Key: "oldest", Type: Date, Width: 11}}},
	{Name: "cash-flow", Report: true, Perm: access.ReportMoney, Filters: []Filter{FromTo, ByAccount}, Month: true, Opens: OpensDocument, Columns: []Column{
		{Key: "date", Type: Date, Width: 11}, {Key: "number", Type: Text, Width: 18}, {Key: "kind", Type: Key, Width: 10}, {Key: "account", Type: Text, Width: 12}, {Key: "party", Type: Text, Width: 22},
		{Key: "money_in", Type: Money, Width: 13, Total: true}, {Key: "money_out", Type: Money, Width: 13, Total: true}, {Key: "category", Type: Text, Width: 14}, {Key: "note", Type: Text, Width: 20}}},
	{Name: "stock-alert", Report: true, Perm: access.ReportStock, Filters: []Filter{ByText, ByCat}, Opens: OpensItem, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "unit", Type: Text, Width: 6}, {Key: "qty", Type: Qty, Width: 11}, {Key: "min", Type: Qty, Width: 10}, {Key: "max", Type: Qty, Width: 10},
		{Key: "sold30", Type: Qty, Width: 11}, {Key: "suggest", Type: Qty, Width: 11}}},
	{Name: "profit", Report: true, Perm: access.ReportProfit, Filters: []Filter{FromTo}, Month: true, Columns: []Column{
		{Key: "month", Type: Text, Width: 10}, {Key: "revenue", Type: Money, Width: 14, Total: true}, {Key: "cogs", Type: Money, Width: 14, Total: true, Field: access.FieldProfit}, {Key: "gross", Type: Money, Width: 14, Total: true, Field: access.FieldProfit},
		{Key: "cost_adjust", Type: Money, Width: 13, Total: true, Field: access.FieldProfit}, {Key: "losses", Type: Money, Width: 13, Total: true, Field: access.FieldProfit}, {Key: "expenses", Type: Money, Width: 13, Total: true, Field: access.FieldProfit},
		{Key: "other_income", Type: Money, Width: 13, Total: true, Field: access.FieldProfit}, {Key: "profit", Type: Money, Width: 14, Total: true, Field: access.FieldProfit}}},
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
