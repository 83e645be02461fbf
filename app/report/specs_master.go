package report

import "tiezhang/app/access"

// masterSpecs are the lists of master data.
var masterSpecs = []Spec{
	{Name: "items", Perm: access.ItemView, Span: Placed, Filters: []Filter{ByText, ByCat, ByStatus}, Opens: OpensItem, Entity: "item", Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "spec", Type: Text, Width: 14},
		{Key: "unit", Type: Text, Width: 6}, {Key: "barcode", Type: Text, Width: 15}, {Key: "category", Type: Text, Width: 14}, {Key: "brand", Type: Text, Width: 10},
		{Key: "retail", Type: Price, Width: 10}, {Key: "wholesale", Type: Price, Width: 10, Hide: true}, {Key: "purchase", Type: Price, Width: 10, Field: access.FieldPurchase},
		{Key: "member", Type: Price, Width: 10, Hide: true}, {Key: "floor", Type: Price, Width: 10, Field: access.FieldFloor, Hide: true},
		{Key: "min", Type: Qty, Width: 10, Hide: true}, {Key: "max", Type: Qty, Width: 10, Hide: true}, {Key: "track", Type: Key, Width: 10, Hide: true}, {Key: "plu", Type: Text, Width: 8, Hide: true},
		{Key: "on_hand", Type: Qty, Width: 10}, {Key: "status", Type: Status, Width: 8}}},
	// the gate narrows parties and documents to the kinds a person may see
	{Name: "parties", Perm: access.HomeView, Span: Nowhere, Filters: []Filter{ByText, ByKind, ByStatus}, Opens: OpensParty, Entity: "party", Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "party_kind", Type: Key, Width: 10}, {Key: "contact", Type: Text, Width: 12, Field: access.FieldPerson},
		{Key: "phone", Type: Text, Width: 14, Field: access.FieldPhone}, {Key: "receivable", Type: Money, Width: 12, Total: true}, {Key: "payable", Type: Money, Width: 12, Total: true, Field: access.FieldPurchase},
		{Key: "credit", Type: Money, Width: 12}, {Key: "level", Type: Key, Width: 10, Hide: true}, {Key: "owner", Type: Text, Width: 10, Hide: true},
		{Key: "card", Type: Text, Width: 12, Hide: true}, {Key: "points", Type: Int, Width: 9, Hide: true, TitleKey: "report.col.points_now"}, {Key: "stored", Type: Money, Width: 12, Hide: true},
		{Key: "bank_account", Type: Text, Width: 22, Field: access.FieldBank, Hide: true}, {Key: "tax_no", Type: Text, Width: 20, Hide: true}, {Key: "status", Type: Status, Width: 8}}},
	{Name: "warehouses", Perm: access.PlaceView, Span: Placed, Filters: []Filter{ByText}, Opens: OpensWarehouse, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "items", Type: Int, Width: 10}, {Key: "status", Type: Status, Width: 8}}},
	{Name: "accounts", Perm: access.PlaceView, Span: Nowhere, Filters: []Filter{ByText}, Opens: OpensAccount, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 28}, {Key: "account_kind", Type: Key, Width: 10},
		{Key: "balance", Type: Money, Width: 14, Total: true, Field: access.FieldProfit}, {Key: "status", Type: Status, Width: 8}}},
	{Name: "employees", Perm: access.HomeView, Span: Nowhere, Filters: []Filter{ByText, ByStatus}, Opens: OpensEmployee, Columns: []Column{
		{Key: "code", Type: Text, Width: 12}, {Key: "name", Type: Text, Width: 24}, {Key: "phone", Type: Text, Width: 14, Field: access.FieldPhone}, {Key: "user", Type: Text, Width: 12},
		{Key: "id_card", Type: Text, Width: 20, Field: access.FieldIdentity, Hide: true}, {Key: "bank_card", Type: Text, Width: 22, Field: access.FieldBank, Hide: true},
		{Key: "note", Type: Text, Width: 24}, {Key: "status", Type: Status, Width: 8}}},
	{Name: "categories", Perm: access.ItemView, Span: Nowhere, Columns: []Column{
		{Key: "category", Type: Text, Width: 40}, {Key: "items", Type: Int, Width: 10}}},
	{Name: "custom-fields", Perm: access.SettingsView, Span: Nowhere, Opens: OpensCustomField, Columns: []Column{
		{Key: "name", Type: Text, Width: 20}, {Key: "entity", Type: Key, Width: 12}, {Key: "field_type", Type: Key, Width: 10}, {Key: "choices", Type: Text, Width: 24},
		{Key: "required", Type: Text, Width: 8}, {Key: "listed", Type: Text, Width: 8}, {Key: "searched", Type: Text, Width: 8}, {Key: "printed", Type: Text, Width: 8},
		{Key: "status", Type: Status, Width: 8}}},
	{Name: "users", Perm: access.UserView, Span: Nowhere, Filters: []Filter{ByText}, Opens: OpensUser, Columns: []Column{
		{Key: "name", Type: Text, Width: 20}, {Key: "role", Type: Key, Width: 14}, {Key: "last_in", Type: Time, Width: 18}, {Key: "status", Type: Status, Width: 8}}},
}
