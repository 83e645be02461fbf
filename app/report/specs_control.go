package report

import "tiezhang/app/access"

// controlSpecs are what an owner or auditor looks at for what is out of the ordinary.
var controlSpecs = []Spec{
	{Name: "exceptions", Report: true, Perm: access.LogAll, Filters: []Filter{FromTo, ByText, ByKind, ByUser}, Month: true, Opens: OpensDocument, Columns: []Column{
		{Key: "time", Type: Time, Width: 18}, {Key: "exception", Type: Key, Width: 16}, colUser, {Key: "second", Type: Text, Width: 10}, {Key: "object", Type: Text, Width: 22}, {Key: "kind", Type: Key, Width: 10},
		{Key: "total", Type: Money, Width: 13, Field: access.FieldPurchase}, {Key: "reason", Type: Text, Width: 28}}},
	// what touched a month after it was closed
	{Name: "after-close", Report: true, Perm: access.ReportProfit, Filters: []Filter{FromTo, ByText}, Opens: OpensDocument, Columns: []Column{
		{Key: "month", Type: Text, Width: 10}, {Key: "closed_at", Type: Time, Width: 18}, {Key: "change", Type: Key, Width: 16}, {Key: "time", Type: Time, Width: 18}, colDate, colNumber, colKind,
		total("value", Money, 13, access.FieldCost), colUser, {Key: "reason", Type: Text, Width: 24}}},
}
