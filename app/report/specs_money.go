package report

import "tiezhang/app/access"

// statementColumns are the lines of what one party was charged and paid.
func statementColumns(charge, paid string) []Column {
	return []Column{colDate, colNumber, colKind, {Key: "due", Type: Date, Width: 11}, titled(total("charge", Money, 13, ""), charge), titled(total("paid", Money, 13, ""), paid),
		{Key: "balance", Type: Money, Width: 13, NoSort: true}, colNote}
}

var moneySpecs = []Spec{
	{Name: "receivables", Report: true, Perm: access.ReportMoney, Filters: []Filter{ByText, ByZero}, Opens: OpensParty, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "balance", Type: Money, Width: 14, Total: true}, {Key: "credit", Type: Money, Width: 12}, {Key: "oldest", Type: Date, Width: 11}}},
	{Name: "payables", Report: true, Perm: access.ReportMoney, Filters: []Filter{ByText, ByZero}, Opens: OpensParty, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "balance", Type: Money, Width: 14, Total: true}, {Key: "oldest", Type: Date, Width: 11}}},
	{Name: "receivable-statement", Report: true, Perm: access.ReportMoney, Filters: []Filter{ByParty, FromTo}, Wants: []Filter{ByParty}, Month: true, Opens: OpensDocument, Columns: statementColumns("charged", "received")},
	{Name: "payable-statement", Report: true, Perm: access.ReportMoney, Filters: []Filter{ByParty, FromTo}, Wants: []Filter{ByParty}, Month: true, Opens: OpensDocument, Columns: statementColumns("owed_more", "paid_out")},
	{Name: "ageing", Report: true, Perm: access.ReportMoney, Filters: []Filter{ByGroup, ByText, ByParty}, Groups: []string{"receivable", "payable"}, Opens: OpensReport,
		Chart: Chart{Kind: Parts, Value: []string{"not_due", "late30", "late60", "late90", "late_more"}}, Columns: []Column{
			colCode, colName, total("balance", Money, 13, ""), total("not_due", Money, 12, ""), total("late30", Money, 12, ""), total("late60", Money, 12, ""), total("late90", Money, 12, ""), total("late_more", Money, 12, ""),
			total("unused", Money, 12, ""), {Key: "oldest", Type: Date, Width: 11}}},
	{Name: "cash-flow", Report: true, Perm: access.ReportMoney, Filters: []Filter{FromTo, ByAccount}, Month: true, Opens: OpensDocument, Columns: []Column{
		{Key: "date", Type: Date, Width: 11}, {Key: "number", Type: Text, Width: 18}, {Key: "kind", Type: Key, Width: 10}, {Key: "account", Type: Text, Width: 12}, {Key: "party", Type: Text, Width: 22},
		{Key: "money_in", Type: Money, Width: 13, Total: true}, {Key: "money_out", Type: Money, Width: 13, Total: true}, {Key: "category", Type: Text, Width: 14}, {Key: "note", Type: Text, Width: 20}}},
	{Name: "income-expense", Report: true, Perm: access.ReportMoney, Filters: []Filter{FromTo, ByGroup, ByText, ByAccount}, Month: true, Groups: []string{"bill", "category", "month", "account"}, Opens: OpensDocument,
		Chart: Chart{Kind: Ranks, Name: "name", Value: []string{"expense"}}, Columns: []Column{
			only(colDate, "bill"), only(colNumber, "bill"), only(colKind, "bill"), {Key: "name", Type: Text, Width: 20, TitleKey: "report.col.category"}, only(Column{Key: "account", Type: Text, Width: 14}, "bill"), only(colParty, "bill"),
			only(colBills, "category", "month", "account"), total("income", Money, 13, ""), total("expense", Money, 13, ""), only(colUser, "bill"), only(colNote, "bill")}},
	{Name: "profit", Report: true, Perm: access.ReportProfit, Filters: []Filter{FromTo}, Month: true, Chart: Chart{Kind: Trend, Name: "month", Value: []string{"profit"}}, Columns: []Column{
		{Key: "month", Type: Text, Width: 10}, {Key: "revenue", Type: Money, Width: 14, Total: true}, {Key: "cogs", Type: Money, Width: 14, Total: true, Field: access.FieldProfit}, {Key: "gross", Type: Money, Width: 14, Total: true, Field: access.FieldProfit},
		{Key: "cost_adjust", Type: Money, Width: 13, Total: true, Field: access.FieldProfit}, {Key: "losses", Type: Money, Width: 13, Total: true, Field: access.FieldProfit}, {Key: "expenses", Type: Money, Width: 13, Total: true, Field: access.FieldProfit},
		{Key: "other_income", Type: Money, Width: 13, Total: true, Field: access.FieldProfit}, {Key: "profit", Type: Money, Width: 14, Total: true, Field: access.FieldProfit}}},
}
