package store

import (
	"maps"
	"slices"

	"tiezhang/app/master"
)

// keptItems is how many items the writer remembers: what a shop sells in a
// day, not all it ever had.
const keptItems = 4096

// itemMemory is what write transactions remember of items from one to the
// next. There is one writer at a time and nobody else changes the file, so a
// row that was read stays true until a transaction touches it, and is
// forgotten at that moment: a rollback then leaves nothing wrong behind. Read
// views are older than the last commit and have no part in it.
type itemMemory struct {
	byID map[int64]master.Item
	ids  map[string]int64 // by the code asked for; the item tells whether it still holds
}

func cloneItem(it master.Item) master.Item {
	it.Units, it.Barcodes, it.Prices = slices.Clone(it.Units), slices.Clone(it.Barcodes), maps.Clone(it.Prices)
	it.Custom = maps.Clone(it.Custom)
	return it
}

// known gives an item read before, a copy of its own.
func (t *tx) known(id int64) (master.Item, bool) {
	if it, ok := t.items[id]; ok {
		return cloneItem(it), true
	}
	if !t.write || t.untrusted || t.touched[id] {
		return master.Item{}, false
	}
	it, ok := t.s.items.byID[id]
	if !ok {
		return master.Item{}, false
	}
	return cloneItem(it), true
}

func (t *tx) knownCode(code string) (master.Item, bool) {
	if !t.write {
		return master.Item{}, false
	}
	it, ok := t.known(t.s.items.ids[code])
	return it, ok && it.Code == code
}

// remember keeps an item just read: for all writers, or only for this
// transaction when it has changed the item itself.
func (t *tx) remember(it master.Item) {
	if !t.write || t.untrusted || t.touched[it.ID] {
		if t.items == nil {
			t.items = map[int64]master.Item{}
		}
		t.items[it.ID] = cloneItem(it)
		return
	}
	m := &t.s.items
	if m.byID == nil || len(m.byID) >= keptItems {
		m.byID, m.ids = map[int64]master.Item{}, map[string]int64{}
	}
	m.byID[it.ID] = cloneItem(it)
	m.ids[it.Code] = it.ID
}

// touch forgets an item this transaction changes, or moves for the first time.
func (t *tx) touch(id int64) {
	if !t.write { // it will be refused, and the memory is the writer's
		return
	}
	if t.touched == nil {
		t.touched = map[int64]bool{}
	}
	t.touched[id] = true
	delete(t.items, id)
	delete(t.s.items.byID, id)
}

// moved notes that an item has moves now, which a form must know of.
func (t *tx) moved(id int64) {
	if it, ok := t.known(id); ok && it.HasMoves {
		return
	}
	t.touch(id)
}

// touchAll forgets every item: a change of many at once.
func (t *tx) touchAll() {
	if !t.write {
		return
	}
	t.items = nil
	t.s.items.byID, t.s.items.ids = nil, nil
	t.untrusted = true
}
