package report

import "tiezhang/app/access"

var stockSpecs = []Spec{
	{Name: "stock-balance", Report: true, Perm: access.ReportStock, Span: Placed, Filters: []Filter{AsOf, ByText, ByPlace, ByCat, ByZero}, Opens: OpensLedger, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "spec", Type: Text, Width: 14}, {Key: "unit", Type: Text, Width: 6}, {Key: "category", Type: Text, Width: 14},
		{Key: "warehouse", Type: Text, Width: 12}, {Key: "qty", Type: Qty, Width: 12, Total: true},
		{Key: "cost", Type: Price, Width: 11, Field: access.FieldCost, NoSort: true}, {Key: "value", Type: Money, Width: 14, Total: true, Field: access.FieldCost},
		{Key: "retail", Type: Price, Width: 11}, {Key: "min", Type: Qty, Width: 10}, {Key: "max", Type: Qty, Width: 10, Hide: true}}},
	// opening + in − out + adjusted = closing, on every row
	{Name: "stock-flow", Report: true, Perm: access.ReportStock, Span: Placed, Filters: []Filter{FromTo, ByText, ByPlace, ByCat, ByZero}, Month: true, Opens: OpensReport, Columns: []Column{
		colCode, colName, hidden(colSpec), colUnit, hidden(colCat), titled(total("open_qty", Qty, 11, ""), "opening_qty"), total("open_value", Money, 12, access.FieldCost),
		total("qty_in", Qty, 11, ""), total("value_in", Money, 12, access.FieldCost), total("qty_out", Qty, 11, ""), total("value_out", Money, 12, access.FieldCost),
		total("adjust", Money, 11, access.FieldCost), total("close_qty", Qty, 11, ""), total("close_value", Money, 12, access.FieldCost)}},
	{Name: "stock-ledger", Report: true, Perm: access.ReportStock, Span: Placed, Filters: []Filter{ByItem, FromTo, ByPlace}, Wants: []Filter{ByItem}, Month: true, Opens: OpensDocument, Columns: []Column{
		{Key: "date", Type: Date, Width: 11}, {Key: "number", Type: Text, Width: 18}, {Key: "kind", Type: Key, Width: 10}, {Key: "party", Type: Text, Width: 22}, {Key: "warehouse", Type: Text, Width: 10},
		{Key: "qty_in", Type: Qty, Width: 11, Total: true}, {Key: "value_in", Type: Money, Width: 12, Total: true, Field: access.FieldCost},
		{Key: "qty_out", Type: Qty, Width: 11, Total: true}, {Key: "value_out", Type: Money, Width: 12, Total: true, Field: access.FieldCost},
		{Key: "adjust", Type: Money, Width: 11, Total: true, Field: access.FieldCost},
		{Key: "qty_after", Type: Qty, Width: 11, NoSort: true}, {Key: "value_after", Type: Money, Width: 12, Field: access.FieldCost, NoSort: true}, {Key: "cost", Type: Price, Width: 11, Field: access.FieldCost, NoSort: true}}},
	{Name: "stock-alert", Report: true, Perm: access.ReportStock, Span: Placed, Filters: []Filter{ByText, ByCat}, Opens: OpensItem, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "unit", Type: Text, Width: 6}, {Key: "qty", Type: Qty, Width: 11}, {Key: "min", Type: Qty, Width: 10}, {Key: "max", Type: Qty, Width: 10},
		{Key: "sold30", Type: Qty, Width: 11}, {Key: "suggest", Type: Qty, Width: 11}}},
	{Name: "batches", Report: true, Perm: access.ReportStock, Span: Placed, Filters: []Filter{ByText, ByPlace, ByCat, ByDays, ByZero}, Opens: OpensLedger, Columns: []Column{
		colCode, colName, hidden(colSpec), colUnit, colPlace, {Key: "batch", Type: Text, Width: 14}, {Key: "expiry", Type: Date, Width: 11}, {Key: "days_left", Type: Int, Width: 9}, {Key: "freshness", Type: Status, Width: 9}, total("qty", Qty, 11, "")}},
	// what lies and does not sell; Days is for how long it has not
	{Name: "slow-moving", Report: true, Perm: access.ReportStock, Span: Placed, Filters: []Filter{ByText, ByCat, ByDays}, Days: 60, Opens: OpensLedger,
		Chart: Chart{Kind: Parts, Value: []string{"age30", "age60", "age90", "age180", "age_more"}}, Columns: []Column{
			colCode, colName, hidden(colSpec), colUnit, hidden(colCat), total("qty", Qty, 11, ""), total("value", Money, 12, access.FieldCost), {Key: "last_receipt", Type: Date, Width: 11}, {Key: "last_sale", Type: Date, Width: 11}, {Key: "idle", Type: Int, Width: 9},
			total("age30", Qty, 11, ""), total("age60", Qty, 11, ""), total("age90", Qty, 11, ""), total("age180", Qty, 11, ""), total("age_more", Qty, 11, "")}},
	{Name: "count-differences", Report: true, Perm: access.ReportStock, Span: Placed, Filters: []Filter{FromTo, ByText, ByItem, ByPlace, ByCat, ByZero}, Month: true, Opens: OpensDocument, Columns: []Column{
		colDate, colNumber, colPlace, colCode, colName, colUnit, total("book", Qty, 11, ""), total("counted", Qty, 11, ""), total("difference", Qty, 11, ""),
		total("value", Money, 12, access.FieldCost), hidden(Column{Key: "first_count", Type: Qty, Width: 11}), colUser}},
	{Name: "transfers", Report: true, Perm: access.ReportStock, Span: Placed, Filters: []Filter{FromTo, ByText, ByItem, ByPlace, ByCat}, Month: true, Opens: OpensDocument, Columns: []Column{
		colDate, colNumber, {Key: "from_place", Type: Text, Width: 12}, {Key: "to_place", Type: Text, Width: 12}, colCode, colName, hidden(colSpec), colUnit, total("qty", Qty, 11, ""), colUser, colNote}},
	{Name: "serials", Report: true, Perm: access.ReportStock, Span: Placed, Filters: []Filter{FromTo, ByText, ByItem, ByParty}, Opens: OpensDocument, Columns: []Column{
		{Key: "serial", Type: Text, Width: 18}, colCode, colName, colDate, colNumber, colKind, colParty, colPlace, {Key: "now_in", Type: Text, Width: 12, NoSort: true}}},
	{Name: "lent", Report: true, Perm: access.StockView, Span: Placed, Filters: []Filter{FromTo, ByText, ByItem, ByParty, ByKind, ByZero}, Opens: OpensDocument, Columns: []Column{
		colDate, colNumber, colKind, colParty, colCode, colName, colUnit, total("lent_qty", Qty, 11, ""), total("back_qty", Qty, 11, ""), total("open_qty", Qty, 11, ""), {Key: "due", Type: Date, Width: 11}, {Key: "days_late", Type: Int, Width: 9}}},
	{Name: "order-progress", Report: true, Perm: access.HomeView, Span: Placed, Filters: []Filter{FromTo, ByText, ByItem, ByParty, ByKind, ByStatus}, Opens: OpensDocument, Columns: []Column{
		colDate, colNumber, colKind, colParty, colCode, colName, colUnit, total("ordered", Qty, 11, ""), total("done", Qty, 11, ""), total("open_qty", Qty, 11, ""), {Key: "due", Type: Date, Width: 11}, {Key: "days_late", Type: Int, Width: 9}, {Key: "progress", Type: Status, Width: 9}}},
}
