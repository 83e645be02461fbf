package store

import (
	"strings"
	"sync"

	"tiezhang/app"
	"tiezhang/app/master"
)

// index is the picker's list of items in memory: 50,000 items are a few
// megabytes, and going through them is faster than any index on disk that
// could find fragments in the middle of words. It is loaded by the first
// search and told of every item saved, after the commit.
type index struct {
	mu   sync.RWMutex
	rows []indexRow
	at   map[int64]int // by item; nil until loaded
	gen  int64         // grows with every commit that saved items
}

// indexRow is one item. text holds code, barcodes, initials, pinyin, name and
// spec in lower case, with a line feed between them (item.search).
type indexRow struct {
	id, version  int64
	mask         uint64 // which bytes occur in text: most items are passed over by this alone
	text         string
	bars, init   int // where the barcodes and the initials begin in text
	name, nameTo int
	disabled     bool
	gone         bool // deleted: never used by anything, an import undone
}

func newIndexRow(id, version int64, disabled bool, bars int, text string) indexRow {
	r := indexRow{id: id, version: version, disabled: disabled, text: text, mask: byteMask(text)}
	at := strings.IndexByte(text, '\n') + 1
	r.bars = at
	for range bars {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	r.init = at
	for range 2 {
		at += strings.IndexByte(text[at:], '\n') + 1
	}
	r.name = at
	r.nameTo = at + strings.IndexByte(text[at:], '\n')
	return r
}

func byteMask(s string) (m uint64) {
	for i := range len(s) {
		m |= 1 << (s[i] & 63)
	}
	return m
}

// refresh takes in items that were just committed. Writers may come here out
// of order, so the newer version wins.
func (x *index) refresh(rows map[int64]indexRow) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.gen++
	if x.at == nil {
		return
	}
	for id, r := range rows {
		if i, ok := x.at[id]; !ok {
			x.at[id] = len(x.rows)
			x.rows = append(x.rows, r)
		} else if r.gone || x.rows[i].version < r.version {
			x.rows[i] = r
		}
	}
}

// generation is read before a transaction starts: what was committed up to it
// is in the transaction's view.
func (x *index) generation() int64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.gen
}

// publish offers a list read by a transaction that started at a generation.
func (x *index) publish(rows []indexRow, gen int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.at != nil || x.gen != gen {
		return // somebody was first, or the view is older than what is committed
	}
	x.rows = rows
	x.at = make(map[int64]int, len(rows))
	for i, r := range rows {
		x.at[r.id] = i
	}
}

// query is a search in progress: the best hits so far, best first.
type query struct {
	tokens []string
	mask   uint64
	limit  int
	best   []scored
}

type scored struct {
	score int
	row   indexRow
}

func newQuery(text string, limit int) *query {
	q := &query{tokens: strings.Fields(strings.ToLower(text)), limit: limit}
	for _, t := range q.tokens {
		q.mask |= byteMask(t)
	}
	if q.limit <= 0 {
		q.limit = 50
	}
	return q
}

// Scores of one token; a row's score is their sum, less is better.
const (
	scoreExact  = 0   // the code or a barcode itself
	scoreCode   = 10  // code begins, or barcode ends, with it
	scorePrefix = 20  // name or initials begin with it
	scoreInside = 40  // inside name, initials or code
	scoreOther  = 60  // full pinyin, spec, middle of a barcode
	scoreGone   = 500 // added for a disabled item: after all others
)

func (r *indexRow) score(tok string) (int, bool) {
	if !strings.Contains(r.text, tok) {
		return 0, false
	}
	code, bars, init, name := r.text[:r.bars-1], r.text[r.bars-1:r.init], r.text[r.init:], r.text[r.name:r.nameTo]
	init, _, _ = strings.Cut(init, "\n")
	switch {
	case code == tok:
		return scoreExact, true
	case strings.HasPrefix(code, tok):
		return scoreCode, true
	case strings.HasPrefix(name, tok), strings.HasPrefix(init, tok):
		return scorePrefix, true
	}
	if at := strings.Index(bars, tok+"\n"); at > 0 { // bars begins and ends with a line feed
		if bars[at-1] == '\n' {
			return scoreExact, true
		}
		if len(tok) >= 3 {
			return scoreCode, true
		}
	}
	if strings.Contains(name, tok) || strings.Contains(init, tok) || strings.Contains(code, tok) {
		return scoreInside, true
	}
	return scoreOther, true
}

func (q *query) offer(r *indexRow) {
	if r.gone || r.mask&q.mask != q.mask {
		return
	}
	s := scored{row: *r}
	for _, t := range q.tokens {
		n, ok := r.score(t)
		if !ok {
			return
		}
		s.score += n
	}
	if r.disabled {
		s.score += scoreGone
	}
	if len(q.best) == q.limit && !s.before(q.best[q.limit-1]) {
		return
	}
	i := len(q.best)
	if i < q.limit {
		q.best = append(q.best, s)
	} else {
		i--
	}
	for ; i > 0 && s.before(q.best[i-1]); i-- {
		q.best[i] = q.best[i-1]
	}
	q.best[i] = s
}

// before ranks hits: score, then the shorter name, then the code.
func (s *scored) before(o scored) bool {
	if s.score != o.score {
		return s.score < o.score
	}
	if a, b := s.row.nameTo-s.row.name, o.row.nameTo-o.row.name; a != b && s.score > 0 {
		return a < b
	}
	return s.row.text < o.row.text
}

// SearchItems implements app.MasterTx.
func (t *tx) SearchItems(text string, limit int) ([]app.ItemHit, error) {
	const op = "store.SearchItems"
	q := newQuery(text, limit)
	if err := t.searchInto(q); err != nil {
		return nil, wrap(op, err)
	}
	out := make([]app.ItemHit, 0, len(q.best))
	for _, s := range q.best {
		h, err := t.hit(s.row.id)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}

// searchInto goes through all items, with this transaction's own changes in
// place of the committed ones.
func (t *tx) searchInto(q *query) error {
	x := &t.s.index
	x.mu.RLock()
	loaded := x.at != nil
	if loaded {
		for i := range x.rows {
			if _, mine := t.dirty[x.rows[i].id]; !mine {
				q.offer(&x.rows[i])
			}
		}
	}
	x.mu.RUnlock()
	if loaded {
		for _, r := range t.dirty {
			q.offer(&r)
		}
		return nil
	}
	rows, err := t.loadIndex()
	if err != nil {
		return err
	}
	for i := range rows {
		q.offer(&rows[i])
	}
	if len(t.dirty) == 0 { // what is not committed is nobody else's
		x.publish(rows, t.gen)
	}
	return nil
}

func (t *tx) loadIndex() ([]indexRow, error) {
	var rows []indexRow
	err := t.each(`SELECT id, version, disabled, search, (SELECT count(*) FROM item_barcode WHERE item = i.id) FROM item i`, nil,
		func(scan func(...any) error) error {
			var id, version int64
			var disabled bool
			var text string
			var bars int
			if err := scan(&id, &version, &disabled, &text, &bars); err != nil {
				return err
			}
			rows = append(rows, newIndexRow(id, version, disabled, bars, text))
			return nil
		})
	return rows, err
}

// itemSearch is the text of item.search: what it always holds, and more.
func itemSearch(it master.Item, more ...string) string {
	parts := make([]string, 0, 5+len(it.Barcodes)+len(more))
	parts = append(parts, it.Code)
	for _, b := range it.Barcodes {
		parts = append(parts, b.Code)
	}
	parts = append(parts, it.Initials, it.Pinyin, it.Name, it.Spec)
	return searchText(append(parts, more...)...)
}

// itemText is itemSearch with the owner's searched fields, and the codes and
// names of the duplicates the item took over.
func (t *tx) itemText(it master.Item) (string, error) {
	more, err := t.searchedCustom(master.OfItem, it.Custom)
	if err != nil {
		return "", err
	}
	if it.ID != 0 {
		err = t.each(`SELECT code, name FROM item WHERE merged_into = ? ORDER BY id`, []any{it.ID}, func(scan func(...any) error) error {
			var code, name string
			err := scan(&code, &name)
			more = append(more, code, name)
			return err
		})
	}
	return itemSearch(it, more...), err
}

// searchedCustom gives the values of the fields a search looks into.
func (t *tx) searchedCustom(e master.Entity, values map[string]string) ([]string, error) {
	if len(values) == 0 {
		return nil, nil
	}
	fields, err := t.CustomFields(e)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, f := range fields {
		if v := values[f.Key]; f.Searched && !f.Disabled && v != "" {
			out = append(out, v)
		}
	}
	return out, nil
}

// reindex makes the search text of an item anew, after something beside the row
// changed what it is found by.
func (t *tx) reindex(id int64) error {
	t.touch(id)
	it, err := t.itemRow("store.reindex", itemByID, id)
	if err != nil {
		return err
	}
	text, err := t.itemText(it)
	if err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE item SET search = ?, version = version + 1 WHERE id = ?`, text, id); err != nil {
		return err
	}
	if t.dirty == nil {
		t.dirty = map[int64]indexRow{}
	}
	t.dirty[id] = newIndexRow(id, it.Version+1, it.Disabled, len(it.Barcodes), text)
	return nil
}
