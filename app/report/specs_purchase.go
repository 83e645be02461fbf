package report

import "tiezhang/app/access"

var purchaseSpecs = []Spec{
	{Name: "purchase-detail", Report: true, Perm: access.ReportPurchase, Span: Placed, Filters: []Filter{FromTo, ByText, ByItem, ByParty, ByPlace, ByCat}, Month: true, Opens: OpensDocument, Columns: []Column{
		{Key: "date", Type: Date, Width: 11}, {Key: "number", Type: Text, Width: 18}, {Key: "kind", Type: Key, Width: 10}, {Key: "party", Type: Text, Width: 22}, {Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28},
		{Key: "unit", Type: Text, Width: 6}, {Key: "qty", Type: Qty, Width: 11, Total: true}, {Key: "price", Type: Price, Width: 11, Field: access.FieldPurchase}, {Key: "amount", Type: Money, Width: 13, Total: true, Field: access.FieldPurchase}, {Key: "user", Type: Text, Width: 10}}},
	{Name: "purchase-summary", Report: true, Perm: access.ReportPurchase, Span: Placed, Filters: []Filter{FromTo, ByGroup, ByText, ByCat, ByPlace, ByParty}, Month: true, Groups: []string{"item", "supplier", "category", "warehouse", "month"}, Opens: OpensReport,
		Chart: Chart{Kind: Trend, Name: "name", Value: []string{"amount"}}, Columns: []Column{
			only(colCode, "item", "supplier"), {Key: "name", Type: Text, Width: 28, TitleKey: "report.col.group"}, only(colSpec, "item"), only(colUnit, "item"),
			only(total("qty", Qty, 11, ""), "item"), only(colBills, billGroups...), total("amount", Money, 13, access.FieldPurchase), only(Column{Key: "cost", Type: Price, Width: 11, Field: access.FieldPurchase, NoSort: true, TitleKey: "report.col.average"}, "item")}},
	// what should be bought; Days is how long the stock should last
	{Name: "replenish", Report: true, Perm: access.ReportPurchase, Span: Placed, Filters: []Filter{ByText, ByCat, ByDays}, Days: 30, Opens: OpensItem, Columns: []Column{
		colCode, colName, hidden(colSpec), colUnit, {Key: "qty", Type: Qty, Width: 11}, {Key: "on_order", Type: Qty, Width: 11}, {Key: "min", Type: Qty, Width: 10}, hidden(Column{Key: "max", Type: Qty, Width: 10}),
		{Key: "sold30", Type: Qty, Width: 11}, {Key: "per_day", Type: Qty, Width: 11}, {Key: "days_left", Type: Int, Width: 9}, {Key: "suggest", Type: Qty, Width: 11},
		{Key: "purchase", Type: Price, Width: 10, Field: access.FieldPurchase}, {Key: "supplier", Type: Text, Width: 22, NoSort: true}}},
}
