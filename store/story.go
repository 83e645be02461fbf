package store

import (
	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/ledger"
)

// ItemStory implements app.ListTx. Restatements and adjustments are folded into
// the moves they belong to, transfers are left out where they change nothing.
func (t *tx) ItemStory(item int64, from day.Date) (app.Story, error) {
	const op = "store.ItemStory"
	var s app.Story
	if from != 0 {
		if err := t.get(`SELECT ifnull(sum(qty), 0), ifnull(sum(value), 0) FROM move WHERE item = ? AND date < ?`, []any{item, int64(from)}, &s.Qty, &s.Value); err != nil {
			return s, wrap(op, err)
		}
	}
	err := t.each(`SELECT m.seq, d.id, d.kind, d.number, m.date, m.rule, m.ref, m.batch, m.qty, m.value, `+recosts+`,
		ifnull((SELECT sum(value) FROM move WHERE ref = m.seq AND ref <> 0 AND rule = 'adjust'), 0), w.name, d.reverses IS NOT NULL
		FROM move m JOIN document d ON d.key = m.own_doc JOIN warehouse w ON w.id = m.warehouse
		WHERE m.item = ? AND m.date >= ? AND m.rule NOT IN ('recost', 'adjust') ORDER BY m.date, m.class, m.seq`, []any{item, int64(from)}, func(scan func(...any) error) error {
		var m app.StoryMove
		var rule string
		if err := scan(&m.Seq, &m.Doc, &m.Kind, &m.Number, &m.Date, &rule, &m.Ref, &m.Batch, &m.Qty, &m.Booked, &m.Restated, &m.Adjusted, &m.Place, &m.Reversal); err != nil {
			return err
		}
		m.Rule = ledger.Rule(rule)
		s.Moves = append(s.Moves, m)
		return nil
	})
	if err != nil {
		return s, wrap(op, err)
	}
	at := map[int64]int{}
	for i, m := range s.Moves {
		at[m.Seq] = i
	}
	err = t.each(`SELECT u.out_seq, u.qty, u.value, ifnull(r.date, 0), ifnull(d.number, '') FROM move m JOIN layer_use u ON u.out_seq = m.seq
		LEFT JOIN move r ON r.seq = u.in_seq LEFT JOIN document d ON d.key = r.own_doc
		WHERE m.item = ? AND m.date >= ? ORDER BY u.out_seq, u.in_seq`, []any{item, int64(from)}, func(scan func(...any) error) error {
		var seq int64
		var u app.StoryUse
		if err := scan(&seq, &u.Qty, &u.Value, &u.Date, &u.Number); err != nil {
			return err
		}
		if i, ok := at[seq]; ok {
			s.Moves[i].Uses = append(s.Moves[i].Uses, u)
		}
		return nil
	})
	return s, wrap(op, err)
}

// LastSupplier implements app.ListTx.
func (t *tx) LastSupplier(item int64) (int64, error) {
	var id int64
	err := t.get(`SELECT d.party FROM line l CROSS JOIN document d ON d.key = l.doc WHERE l.item = ? AND d.kind IN (`+
		kindList(func(s doc.Spec) bool { return s.Group == doc.Purchasing && s.Flow == doc.In })+`) AND d.status = 'posted' AND d.reverses IS NULL AND d.party IS NOT NULL ORDER BY l.doc DESC LIMIT 1`, []any{item}, &id)
	if noRow(err) {
		return 0, nil
	}
	return id, wrap("store.LastSupplier", err)
}

// ListViews implements app.ListTx.
func (t *tx) ListViews(user int64, list string) ([]app.ListView, error) {
	return all(t, "store.ListViews", `SELECT name, value FROM list_view WHERE user = ? AND list = ? ORDER BY name`, []any{user, list}, func(scan func(...any) error) (v app.ListView, err error) {
		err = scan(&v.Name, &v.Value)
		return v, err
	})
}

// SaveListView implements app.ListTx.
func (t *tx) SaveListView(user int64, list string, v app.ListView) error {
	var err error
	if v.Value == "" {
		_, err = t.exec(`DELETE FROM list_view WHERE user = ? AND list = ? AND name = ?`, user, list, v.Name)
	} else {
		_, err = t.exec(`INSERT INTO list_view (user, list, name, value) VALUES (?, ?, ?, ?) ON CONFLICT (user, list, name) DO UPDATE SET value = excluded.value`, user, list, v.Name, v.Value)
	}
	return wrap("store.SaveListView", err)
}
