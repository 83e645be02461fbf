package app

import (
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
)

// CatalogTx keeps what master data needs besides the rows themselves: people of
// the shop, the owner's own fields, the tree of categories, duplicates that
// were merged, and imports that can be undone.
type CatalogTx interface {
	Employee(id int64) (master.Employee, error)
	EmployeeByCode(code string) (master.Employee, error)
	Employees() ([]master.Employee, error)
	SaveEmployee(e master.Employee) (int64, error)

	// CustomFields lists the owner's fields of an entity in their order, those out
	// of use too. It is cheap: one reading a transaction.
	CustomFields(e master.Entity) ([]master.CustomField, error)
	// SaveCustomField adds (ID 0, which makes the Key) or changes a field, and makes
	// the search texts anew when what is searched changed.
	SaveCustomField(f master.CustomField) (int64, error)
	// CustomUsed counts the rows that have a value of a field.
	CustomUsed(f master.CustomField) (int, error)

	// Categories lists the tree, parents before what is below them, siblings in
	// their order.
	Categories() ([]master.Category, error)
	// AddCategory adds a path with its parents; harmless when it is there.
	AddCategory(path string) error
	// MoveCategory gives a node and all below it another path, in the items too:
	// how many items. Conflict "master.category-taken" when there is one.
	MoveCategory(from, to string) (int, error)
	// DropCategory takes a node with all below it out of the tree; its items go
	// to another path ("" = none): how many.
	DropCategory(path, to string) (int, error)
	// SortCategories puts siblings in this order.
	SortCategories(paths []string) error

	// MergeItem marks an item as taken over by another and out of use, with all
	// that it had taken over before. Its codes are then found under the other.
	MergeItem(dropped, kept int64) error
	// UnmergeItem takes that back; the item is in use again.
	UnmergeItem(dropped int64) error
	MergeParty(dropped, kept int64) error
	UnmergeParty(dropped int64) error
	// MergedItems and MergedParties give what a row took over.
	MergedItems(kept int64) ([]int64, error)
	MergedParties(kept int64) ([]int64, error)
	// CrossSettled gives the number of a posted document of one party that settles
	// or takes back one of another's, "" when there is none.
	CrossSettled(by, of int64) (string, error)
	// SetMergeRecord keeps what a merge did, for taking it back; MergeRecord gives
	// it, "" when there is none.
	SetMergeRecord(e master.Entity, dropped int64, record string) error
	MergeRecord(e master.Entity, dropped int64) (string, error)

	// ItemUse and PartyUse tell where a row, with what it took over, is used.
	ItemUse(item int64, limit int) (Use, error)
	PartyUse(party int64, limit int) (Use, error)
	// ObjectLog gives the log's entries about an object, latest first; user 0 = of all.
	ObjectLog(object string, user int64, limit int) ([]oplog.Sealed, error)

	// LastCode gives the highest code of a list ("items", "parties", "warehouses",
	// "accounts", "employees") that is a prefix and a number; "" when there is none.
	LastCode(list, prefix string) (string, error)
	// Words lists the texts in use in a column of items: category, brand or unit.
	Words(column string) ([]string, error)

	// PhoneHolders gives the members with a phone number.
	PhoneHolders(phone string) ([]master.Party, error)

	// KeepImport writes down what an import changed; LastImport gives the latest
	// of a kind that was not undone (ID 0 when there is none) with its rows.
	KeepImport(b ImportBatch) error
	LastImport(kind string) (ImportBatch, error)
	ImportUndone(id int64, by int64, at int64) error
	// DeleteItem and DeleteParty remove a row that nothing names: false when
	// something does.
	DeleteItem(id int64) (bool, error)
	DeleteParty(id int64) (bool, error)
}

// Use is where a row of master data is used.
type Use struct {
	Documents int // posted ones that name it
	Last      []UseRow
	Drafts    []UseRow // unfinished ones
	Orders    []UseRow // orders with something open
	Stock     []PlaceQty
}

// UseRow is a document that names the row.
type UseRow struct {
	ID     string
	Kind   doc.Kind
	Number string
	Date   day.Date
	Qty    amount.Qty   // of the item, in base units
	Open   amount.Qty   // orders: what is still to come
	Total  amount.Money // parties
}

// PlaceQty is what is on hand in a warehouse.
type PlaceQty struct {
	Warehouse int64
	Code      string
	Name      string
	Batch     string
	Lent      bool
	Qty       amount.Qty
}

// ImportBatch is what one import changed.
type ImportBatch struct {
	ID     int64
	Kind   string
	By     int64
	At     int64 // Unix seconds
	Seq    int64 // its entry in the log
	Undone int64
	Rows   []ImportedRow
	Docs   []string // opening documents it posted
}

// ImportedRow is one row it touched: Was is the row before as JSON, "" when it
// was new; Version is the one the import left.
type ImportedRow struct {
	Entity  master.Entity
	Row     int64
	Version int64
	Was     string
}
