package report

import "tiezhang/app/access"

// masterSpecs are the lists of master data.
var masterSpecs = []Spec{
	{Name: "items", Perm: access.ItemView, Filters: []Filter{ByText, ByCat, ByStatus}, Opens: OpensItem, Entity: "item", Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "spec", Type: Text, Width: 14},
		{Key: "unit", Type: Text, Width: 6}, {Key: "barcode", Type: Text, Width: 15}, {Key: "category", Type: Text, Width: 14}, {Key: "brand", Type: Text, Width: 10},
		{Key: "retail", Type: Price, Width: 10}, {Key: "wholesale", Type: Price, Width: 10, Hide: true}, {Key: "purchase", Type: Price, Width: 10, Field: access.FieldPurchase},
		{Key: "on_hand", Type: Qty, Width: 10}, {Key: "status", Type: Status, Width: 8}}},
	// the gate narrows parties and documents to the kinds a person may see
	{Name: "parties", Perm: access.HomeView, Filters: []Filter{ByText, ByKind, ByStatus}, Opens: OpensParty, Entity: "party", Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "party_kind", Type: Key, Width: 10}, {Key: "contact", Type: Text, Width: 12},
		{Key: "phone", Type: Text, Width: 14, Field: access.FieldPhone}, {Key: "receivable", Type: Money, Width: 12, Total: true}, {Key: "payable", Type: Money, Width: 12, Total: true, Field: access.FieldPurchase},
		{Key: "credit", Type: Money, Width: 12}, {Key: "status", Type: Status, Width: 8}}},
	{Name: "warehouses", Perm: access.PlaceView, Filters: []Filter{ByText}, Opens: OpensWarehouse, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "items", Type: Int, Width: 10}, {Key: "status", Type: Status, Width: 8}}},
	{Name: "accounts", Perm: access.PlaceView, Filters: []Filter{ByText}, Opens: OpensAccount, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "account_kind", Type: Key, Width: 10},
		{Key: "balance", Type: Money, Width: 14, Total: true, Field: access.FieldProfit}, {Key: "status", Type: Status, Width: 8}}},
	{Name: "users", Perm: access.UserView, Filters: []Filter{ByText}, Opens: OpensUser, Columns: []Column{
		{Key: "name", Type: Text, Width: 20}, {Key: "role", Type: Key, Width: 14}, {Key: "last_in", Type: Time, Width: 18}, {Key: "status", Type: Status, Width: 8}}},
}
