package app

import (
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/ledger"
)

// ListTx keeps how people like their lists, and reads what lists offer to do.
type ListTx interface {
	// ListViews gives a user's views of a list, by name; "" is how it was left.
	ListViews(user int64, list string) ([]ListView, error)
	// SaveListView keeps one; an empty Value drops it.
	SaveListView(user int64, list string, v ListView) error
	// LastSupplier gives who the item came from last, 0 nobody.
	LastSupplier(item int64) (int64, error)
	// ItemStory gives what happened to an item from a day on (0 = all), in the
	// order of costing, and what there was before.
	ItemStory(item int64, from day.Date) (Story, error)
}

// ListView is how a list is shown: Value is JSON that only the screen reads.
type ListView struct{ Name, Value string }

// Story is an item's life from a day on.
type Story struct {
	Qty   amount.Qty // before
	Value amount.Money
	Moves []StoryMove
}

// StoryMove is one thing that happened to an item.
type StoryMove struct {
	Seq      int64
	Doc      string
	Kind     doc.Kind
	Number   string
	Date     day.Date
	Rule     ledger.Rule
	Ref      int64
	Batch    string
	Place    string
	Reversal bool // the document takes another back
	Qty      amount.Qty
	Booked   amount.Money // when it was posted
	Restated amount.Money // by later postings
	Adjusted amount.Money // negative stock covered at another cost, residues
	Uses     []StoryUse   // FIFO: from which receipts it was taken
}

// StoryUse is a part taken from one receipt; Date 0 is the balance taken over
// when the costing method changed.
type StoryUse struct {
	Date   day.Date
	Number string
	Qty    amount.Qty
	Value  amount.Money
}
