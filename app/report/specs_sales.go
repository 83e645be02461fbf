package report

import "tiezhang/app/access"

// Columns that many reports have in common.
var (
	colCode   = Column{Key: "code", Type: Text, Width: 12}
	colName   = Column{Key: "name", Type: Text, Width: 28}
	colSpec   = Column{Key: "spec", Type: Text, Width: 14}
	colUnit   = Column{Key: "unit", Type: Text, Width: 6}
	colCat    = Column{Key: "category", Type: Text, Width: 14}
	colPlace  = Column{Key: "warehouse", Type: Text, Width: 12}
	colDate   = Column{Key: "date", Type: Date, Width: 11}
	colNumber = Column{Key: "number", Type: Text, Width: 18}
	colKind   = Column{Key: "kind", Type: Key, Width: 10}
	colParty  = Column{Key: "party", Type: Text, Width: 22}
	colUser   = Column{Key: "user", Type: Text, Width: 10}
	colNote   = Column{Key: "note", Type: Text, Width: 20}
	colBills  = Column{Key: "bills", Type: Int, Width: 8, Total: true}
)

// only gives a column to some groups.
func only(c Column, groups ...string) Column { c.Groups = groups; return c }

func total(key string, t Type, width int, f access.Field) Column {
	return Column{Key: key, Type: t, Width: width, Total: true, Field: f}
}

func hidden(c Column) Column { c.Hide = true; return c }

// titled gives a column another title than its key's.
func titled(c Column, key string) Column { c.TitleKey = "report.col." + key; return c }

// salesGroups are what a row of a summary of sales may stand for.
var salesGroups = []string{"item", "customer", "staff", "category", "user", "warehouse", "month", "day"}

// billGroups are those whose rows have bills of their own: a bill has goods of
// several categories.
var billGroups = []string{"item", "customer", "supplier", "staff", "user", "warehouse", "month", "day"}

var salesSpecs = []Spec{
	{Name: "sales-detail", Report: true, Perm: access.ReportSales, Span: Placed, Filters: []Filter{FromTo, ByText, ByItem, ByParty, ByPlace, ByCat, ByKind, ByUser, ByStaff}, Month: true, Opens: OpensDocument, Columns: []Column{
		{Key: "date", Type: Date, Width: 11}, {Key: "number", Type: Text, Width: 18}, {Key: "kind", Type: Key, Width: 10}, {Key: "party", Type: Text, Width: 22}, {Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28},
		{Key: "spec", Type: Text, Width: 12}, {Key: "unit", Type: Text, Width: 6}, {Key: "qty", Type: Qty, Width: 11, Total: true}, {Key: "price", Type: Price, Width: 11}, {Key: "amount", Type: Money, Width: 13, Total: true},
		{Key: "cost_value", Type: Money, Width: 13, Total: true, Field: access.FieldCost}, {Key: "margin", Type: Money, Width: 13, Total: true, Field: access.FieldCost},
		{Key: "margin_rate", Type: Rate, Width: 9, Field: access.FieldCost, NoSort: true}, {Key: "user", Type: Text, Width: 10}, {Key: "staff", Type: Text, Width: 10, Hide: true}}},
	{Name: "sales-summary", Report: true, Perm: access.ReportSales, Span: Placed, Filters: []Filter{FromTo, ByGroup, ByText, ByCat, ByPlace, ByParty}, Month: true, Groups: salesGroups, Opens: OpensReport,
		Chart: Chart{Kind: Trend, Name: "name", Value: []string{"amount"}}, Columns: []Column{
			only(colCode, "item", "customer", "staff"), {Key: "name", Type: Text, Width: 28, TitleKey: "report.col.group"}, only(colSpec, "item"), only(colUnit, "item"),
			only(total("qty", Qty, 11, ""), "item"), only(colBills, billGroups...), total("amount", Money, 13, ""), total("cost_value", Money, 13, access.FieldCost), total("margin", Money, 13, access.FieldCost),
			{Key: "margin_rate", Type: Rate, Width: 9, Field: access.FieldCost, NoSort: true}}},
	{Name: "sales-ranking", Report: true, Perm: access.ReportSales, Span: Placed, Filters: []Filter{FromTo, ByGroup, ByText, ByCat, ByPlace}, Month: true, Groups: salesGroups[:6:6], Opens: OpensReport,
		Chart: Chart{Kind: Ranks, Name: "name", Value: []string{"amount"}}, Columns: []Column{
			{Key: "rank", Type: Int, Width: 6}, only(colCode, "item", "customer", "staff"), {Key: "name", Type: Text, Width: 28, TitleKey: "report.col.group"}, only(colUnit, "item"),
			only(total("qty", Qty, 11, ""), "item"), only(colBills, billGroups...), total("amount", Money, 13, ""), {Key: "share", Type: Rate, Width: 8, NoSort: true},
			total("margin", Money, 13, access.FieldCost), {Key: "margin_rate", Type: Rate, Width: 9, Field: access.FieldCost, NoSort: true}}},
	// what passed over the counter on a day, as it is read when the drawer is counted
	{Name: "day-report", Report: true, Perm: access.ReportSales, Span: Placed, Filters: []Filter{FromTo, ByUser}, Columns: []Column{
		{Key: "section", Type: Key, Width: 18, NoSort: true}, {Key: "what", Type: Key, Width: 24, NoSort: true}, {Key: "bills", Type: Int, Width: 10, NoSort: true}, {Key: "amount", Type: Money, Width: 14, NoSort: true}}},
	{Name: "member-flow", Report: true, Perm: access.MemberView, Span: Placed, Filters: []Filter{FromTo, ByText, ByParty}, Month: true, Opens: OpensDocument, Columns: []Column{
		colDate, colNumber, colKind, {Key: "card", Type: Text, Width: 14}, colParty, total("points", Int, 10, ""), total("points_used", Int, 10, ""),
		total("stored_in", Money, 13, ""), total("stored_out", Money, 13, ""), colUser}},
}
