package store

import (
	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
)

// method is how issues are costed now.
func (t *tx) method() (ledger.Method, error) {
	s, err := t.Setting(app.SettingCostMethod)
	if s == "" {
		s = string(ledger.MovingAverage)
	}
	return ledger.Method(s), err
}

func (t *tx) fifo() (bool, error) {
	m, err := t.method()
	return m == ledger.FIFO, err
}

func scanLayer(scan func(...any) error) (l ledger.Layer, err error) {
	err = scan(&l.In, &l.Qty, &l.Value)
	return l, err
}

// oldestFirst puts layers into the order they are used up in: that of the moves
// that brought them. What was taken over when the method changed comes first.
const oldestFirst = ` LEFT JOIN move m ON m.seq = l.in_seq WHERE l.item = ? AND l.batch = ? ORDER BY l.in_seq <> 0, m.date, m.class, l.in_seq`

// layersNow reads what is left of each receipt of a pot.
func (t *tx) layersNow(pot ledger.Pot) ([]ledger.Layer, error) {
	return all(t, "store.layers", `SELECT l.in_seq, l.qty, l.value FROM cost_layer l`+oldestFirst, []any{pot.Item, pot.Batch}, scanLayer)
}

// openPool gives a pot's pool, with its layers, where the open time begins: what
// the last month was closed with. If that was under another method, the balance
// became one layer.
func (t *tx) openPool(pot ledger.Pot) (p ledger.Pool, from ledger.Place, err error) {
	const op = "store.openPool"
	last, closed, err := t.lastClose()
	if err != nil || !closed {
		return p, from, err
	}
	_, next := monthEnds(last.Month)
	from = ledger.DayStart(next)
	err = t.get(`SELECT qty, value, last_value, last_qty FROM month_pool WHERE close = ? AND item = ? AND batch = ?`, []any{last.ID, pot.Item, pot.Batch},
		&p.Qty, &p.Value, &p.LastValue, &p.LastQty)
	if noRow(err) {
		return p, from, nil
	}
	if err != nil {
		return p, from, wrap(op, err)
	}
	p.Layers, err = all(t, op, `SELECT l.in_seq, l.qty, l.value FROM (SELECT * FROM month_layer WHERE close = ?) l`+oldestFirst, []any{last.ID, pot.Item, pot.Batch}, scanLayer)
	if len(p.Layers) == 0 && p.Qty > 0 {
		p.Layers = []ledger.Layer{{Qty: p.Qty, Value: p.Value}}
	}
	return p, from, err
}

// layers writes what is left of each receipt after a batch: only the rows that
// differ.
func (a *appender) layers(op string, pot ledger.Pot, before []ledger.Layer, after ledger.Pool) error {
	have := map[int64]ledger.Layer{}
	for _, l := range before {
		have[l.In] = l
	}
	var q amount.Qty
	var v amount.Money
	for _, l := range after.Layers {
		in, err := a.seq(l.In, l.New)
		if err != nil {
			return err
		}
		q += l.Qty
		v += l.Value
		l.In, l.New = in, 0
		if was, ok := have[in]; ok && was == l {
			delete(have, in)
			continue
		}
		delete(have, in)
		if _, err := a.t.exec(`INSERT INTO cost_layer (item, batch, in_seq, qty, value) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (item, batch, in_seq) DO UPDATE SET qty = excluded.qty, value = excluded.value`, pot.Item, pot.Batch, in, int64(l.Qty), int64(l.Value)); err != nil {
			return wrap(op, err)
		}
	}
	if len(after.Layers) > 0 && (q != after.Qty || v != after.Value) {
		return badBatch("layers", "item", pot.Item, "qty", q.String(), "value", v.String())
	}
	for in := range have {
		if _, err := a.t.exec(`DELETE FROM cost_layer WHERE item = ? AND batch = ? AND in_seq = ?`, pot.Item, pot.Batch, in); err != nil {
			return wrap(op, err)
		}
	}
	return nil
}

// seq gives the row a layer or a use speaks of: one that was there, or the
// batch's own.
func (a *appender) seq(seq int64, index int) (int64, error) {
	switch {
	case seq != 0 || index == 0:
		return seq, nil
	case index < 0 || index > len(a.seqs):
		return 0, badBatch("index", "index", index)
	}
	return a.seqs[index-1], nil
}

// uses writes what a batch's moves took from which layer, and anew what those
// took that it redid.
func (a *appender) uses(op string, b ledger.Batch) error {
	for _, out := range b.Redone {
		if _, err := a.t.exec(`DELETE FROM layer_use WHERE out_seq = ?`, out); err != nil {
			return wrap(op, err)
		}
	}
	for _, u := range b.Uses {
		out, err := a.seq(u.Out, u.OutNew)
		if err != nil {
			return err
		}
		in, err := a.seq(u.In, u.InNew)
		if err != nil {
			return err
		}
		if _, err := a.t.exec(`INSERT INTO layer_use (out_seq, in_seq, qty, value) VALUES (?, ?, ?, ?)`, out, in, int64(u.Qty), int64(u.Value)); err != nil {
			return wrap(op, err)
		}
	}
	return nil
}

// CostMethods implements app.LedgerTx.
func (t *tx) CostMethods() ([]app.CostMethod, error) {
	return all(t, "store.CostMethods", `SELECT from_date, method, ifnull(by, 0), at FROM cost_method ORDER BY from_date`, nil,
		func(scan func(...any) error) (m app.CostMethod, err error) {
			err = scan(&m.From, &m.Method, &m.By, &m.At)
			return m, err
		})
}

// SwitchMethod implements app.LedgerTx.
func (t *tx) SwitchMethod(m app.CostMethod) error {
	const op = "store.SwitchMethod"
	if m.Method != ledger.MovingAverage && m.Method != ledger.FIFO {
		return fault.Bad(op, "store.cost-method", "field", "method")
	}
	if err := t.noMovesFrom(op, m.From); err != nil {
		return err
	}
	qs := []string{`DELETE FROM cost_layer`}
	if m.Method == ledger.FIFO {
		qs = append(qs, `INSERT INTO cost_layer (item, batch, in_seq, qty, value)
			SELECT p.item, '', 0, p.qty, p.value FROM item_pool p JOIN item i ON i.id = p.item WHERE i.cost_by_batch = 0 AND p.qty > 0
			UNION ALL SELECT item, batch, 0, qty, value FROM batch_pool WHERE qty > 0`)
	}
	for _, q := range qs {
		if _, err := t.exec(q); err != nil {
			return wrap(op, err)
		}
	}
	if _, err := t.exec(`INSERT INTO cost_method (from_date, method, by, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (from_date) DO UPDATE SET method = excluded.method, by = excluded.by, at = excluded.at`,
		int64(m.From), string(m.Method), opt(m.By), m.At); err != nil {
		return wrap(op, err)
	}
	return t.SetSetting(app.SettingCostMethod, string(m.Method))
}

func (t *tx) noMovesFrom(op string, d day.Date) error {
	var n int
	if err := t.get(`SELECT EXISTS (SELECT 1 FROM move WHERE date >= ?)`, []any{int64(d)}, &n); err != nil {
		return wrap(op, err)
	}
	if n != 0 {
		return fault.New(op, fault.Conflict, "store.moves-after", fault.Pairs("date", d.String()))
	}
	return nil
}

// poolAt gives a pot's pool just before a place in the open time.
func (t *tx) poolAt(pot ledger.Pot, at ledger.Place) (ledger.Pool, error) {
	h, err := t.History(pot, at)
	if err != nil {
		return ledger.Pool{}, err
	}
	fifo, err := t.fifo()
	if err != nil || !fifo || len(h.Moves) == 0 {
		return h.Pool, err
	}
	n := 0 // the history began earlier, where the layers were known
	for n < len(h.Moves) && (ledger.Place{Date: h.Moves[n].Date, Class: h.Moves[n].Class}).Before(at) {
		n++
	}
	_, p, _, err := ledger.ReplayBy(ledger.FIFO, h.Pool, h.Moves[:n])
	return p, err
}

// usesOf reads what a pot's moves from a place on took from which layer.
func (t *tx) usesOf(pot ledger.Pot, from ledger.Place) (map[int64][]ledger.Use, error) {
	const op = "store.uses"
	cond, args, err := t.within(pot)
	if err != nil {
		return nil, err
	}
	us := map[int64][]ledger.Use{}
	err = t.each(`SELECT u.out_seq, u.in_seq, u.qty, u.value FROM move m CROSS JOIN layer_use u ON u.out_seq = m.seq
		WHERE `+cond+` AND m.qty < 0 AND (m.date, m.class) >= (?, ?)`, append(args, int64(from.Date), int64(from.Class)), func(scan func(...any) error) error {
		var u ledger.Use
		err := scan(&u.Out, &u.In, &u.Qty, &u.Value)
		us[u.Out] = append(us[u.Out], u)
		return err
	})
	return us, wrap(op, err)
}
