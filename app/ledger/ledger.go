// Package ledger turns documents into stock moves and ledger entries.
//
// It is the one write path of the books. A posted document becomes a Batch:
// moves (item, warehouse, quantity, value) and entries (double entry, summing to
// zero). Nothing in a batch is ever changed; a restated cost is a further move
// of quantity zero that refers to the one it restates. Balances and reports are
// derived from these rows alone.
//
// What belongs here: Plan, Post, Reverse, Replay and the moving-average
// engine. What does not: storage, rights, numbers of documents, and anything
// that switches on a kind (the effects are read from doc.Spec). Pure.
package ledger

import (
	"sort"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
)

// Rule says where a move's value comes from when it is replayed.
type Rule string

const (
	Given    Rule = "given"    // Value as booked: a receipt at its price
	Average  Rule = "average"  // moving average at its place in the order
	Origin   Rule = "origin"   // a share of the value of the move Ref
	Reversal Rule = "reversal" // minus the value of the move Ref
	Carry    Rule = "carry"    // no value: transfer between warehouses
	Recost   Rule = "recost"   // quantity 0: the value of move Ref was restated by Value
	Adjust   Rule = "adjust"   // quantity 0: negative stock covered at another cost, or a residue; belongs to move Ref
	AddCost  Rule = "addcost"  // quantity 0: value added to the pool by a document of its own (freight, late price); Ref is the receipt's move
	Made     Rule = "made"     // comes in worth its share (Weight) of what the other side of its document took out, plus Extra
)

// Method is how issues are costed.
type Method string

const (
	MovingAverage Method = "average"
	FIFO          Method = "fifo"
)

// Pot names a cost pool: an item, or one batch of an item that costs by batch
// (individual costing). Batch is "" for all others, whatever their moves say.
type Pot struct {
	Item  int64
	Batch string
}

// Books is what the ledger reads while it works out a posting.
type Books interface {
	// Method is the costing method of the shop. It changes only at the start of a
	// month whose predecessor is closed, and nothing is replayed past that.
	Method() (Method, error)
	// ByBatch tells whether an item costs by batch.
	ByBatch(item int64) (bool, error)
	// OpenFrom is the first day that is not in a closed month: no replay begins
	// before it. 0 = no month was ever closed.
	OpenFrom() (day.Date, error)
	// History gives a pot's pool just before a place and its moves from there on.
	// With FIFO and moves in the window, the place is taken back to OpenFrom (or
	// the beginning), where the layers are known.
	History(p Pot, from Place) (History, error)
	// MovesOf gives a document's own moves with restatements folded in.
	MovesOf(docID string) ([]Move, error)
}

// Move is one row of the stock ledger.
type Move struct {
	Seq         int64 // order of entry, given by the store; 0 = new
	Doc         string
	Line        int
	ItemID      int64
	WarehouseID int64
	Batch       string
	Date        day.Date
	Class       doc.Class
	Rule        Rule
	Ref         int64           // Seq of the move referred to, 0 none
	Qty         amount.Qty      // base units, + in, − out
	Value       amount.Money    // + in, − out
	Contra      doc.AccountCode // other side of the value
	// Hint is the unit cost used when an item leaves before anything ever came
	// in; frozen here so that a replay gives the same result for ever.
	Hint amount.Price
	// Weight is a Made move's share among the Made moves of its document; Extra is
	// its part of the fee, the same whatever the components cost. Extra of an
	// AddCost is the whole amount of its line, of which Value went into the stock.
	Weight amount.Money
	Extra  amount.Money

	// The rest is not stored with the move.

	// Restated is the sum of the recosts of this move, Adjusted of its adjustments.
	Restated, Adjusted amount.Money
	// RefQty, RefValue, RefUsedQty, RefUsedValue describe the origin of an
	// Origin move or the target of a Reversal (effective value), and what
	// earlier returns took from it. Needed only when Ref lies before the window.
	// RefQty of an AddCost is what its receipt brought in.
	RefQty       amount.Qty
	RefValue     amount.Money
	RefUsedQty   amount.Qty
	RefUsedValue amount.Money
	// RefDate is the date of the origin of an Origin move (also on the reversal
	// of one): the shares of all returns of one line hang together, so the window
	// must begin there. Of a new AddCost it is the receipt's, of a new reversal of
	// one the date of what it takes back.
	RefDate day.Date
	// receipt is, on a new reversal of an AddCost, the move of the receipt.
	receipt int64
}

// Place is a position in the order of moves: before everything of a date and
// class.
type Place struct {
	Date  day.Date
	Class doc.Class
}

// DayStart is the place before everything of a day.
func DayStart(d day.Date) Place { return Place{Date: d} }

// Before tells whether p comes before q.
func (p Place) Before(q Place) bool {
	return p.Date < q.Date || p.Date == q.Date && p.Class < q.Class
}

// Since is where the window must begin that its item's History covers: what
// comes before a new move cannot change by it. An ordinary move comes after all
// of its day and class, so most windows are empty and the pool of now serves. A
// return hangs on all returns of the same line, a reversal on what it takes back.
func (m Move) Since() Place {
	if m.Rule != Origin && m.Rule != Reversal {
		return Place{m.Date, m.Class + 1}
	}
	if m.RefDate != 0 && m.RefDate < m.Date {
		return DayStart(m.RefDate)
	}
	return DayStart(m.Date)
}

// PotOf gives the pool a move belongs to.
func PotOf(b Books, m *Move) (Pot, error) {
	by, err := b.ByBatch(m.ItemID)
	if err != nil || !by {
		return Pot{Item: m.ItemID}, err
	}
	return Pot{m.ItemID, m.Batch}, nil
}

// Effective is the value with all restatements: what reports show.
func (m Move) Effective() amount.Money { return m.Value + m.Restated }

// before is the order of moves: business date, class, entry.
func before(a, b *Move) bool {
	if a.Date != b.Date {
		return a.Date < b.Date
	}
	if a.Class != b.Class {
		return a.Class < b.Class
	}
	switch { // new moves come after those that are there, in their own order
	case a.Seq == 0 || b.Seq == 0:
		return a.Seq != 0 && b.Seq == 0
	default:
		return a.Seq < b.Seq
	}
}

// SortMoves puts moves into the order of costing; new ones keep their order.
func SortMoves(ms []Move) {
	sort.SliceStable(ms, func(i, j int) bool { return before(&ms[i], &ms[j]) })
}

// Entry is one row of the double-entry ledger: debit positive, credit negative.
type Entry struct {
	Doc     string
	Date    day.Date
	Account doc.AccountCode
	PartyID int64 // receivable and payable
	CashID  int64 // money accounts
	Amount  amount.Money
}

// Pool is the cost pool of an item: everything on hand in all warehouses.
type Pool struct {
	Qty   amount.Qty
	Value amount.Money
	// LastValue ÷ LastQty is the last known unit cost; LastQty 0 = none yet.
	LastValue amount.Money
	LastQty   amount.Qty
	// Layers are, with FIFO, what is on hand, oldest first; they sum to Qty and
	// Value while Qty is positive and there are none otherwise.
	Layers []Layer
}

// Layer is what is left of one receipt.
type Layer struct {
	In    int64 // Seq of the move that brought it; 0 = the balance taken over when the method changed
	New   int   // with In 0: 1 + index in Batch.Moves of the move of this batch that brought it
	Qty   amount.Qty
	Value amount.Money
}

// Use is one row of the consumption of layers: the move Out (or, with Out 0, the
// batch's move New−1) took Qty worth Value from the layer of move In (or InNew−1).
type Use struct {
	Out    int64
	OutNew int
	In     int64
	InNew  int
	Qty    amount.Qty
	Value  amount.Money
}

// History is what the ledger must know of one item to post a document: the pool
// just before a Place and every move from there on, in order, with their
// restatements folded in (Restated, Adjusted) and no recost or adjust rows.
//
// With FIFO, Uses may hold what these moves took from layers, by Seq of the move
// that took; then only what changed is written anew. Left nil, all of it is.
type History struct {
	Pool  Pool
	Moves []Move
	Uses  map[int64][]Use
}

// Batch is everything one posting writes.
type Batch struct {
	Moves   []Move  // the document's own, then recosts and adjustments
	Entries []Entry // sums to zero, per date too
	Pools   map[Pot]Pool
	Uses    []Use   // FIFO: consumption of the batch's moves and, anew, of those in Redone
	Redone  []int64 // FIFO: Seqs of earlier moves whose rows in Uses replace the old ones
	Effect  Effect
}

// Effect tells what a posting does to what was there, for showing before it is
// done and for the log after.
type Effect struct {
	Restated  int          // moves of earlier documents whose cost changes
	Documents int          // documents they belong to
	Margin    amount.Money // change of profit through restated costs (+ better)
	Adjusted  amount.Money // cost adjustment posted (+ = cost)
}
