package store

import (
	"tiezhang/app"
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

// poolAt gives a pot's pool just before a place.
func (t *tx) poolAt(pot ledger.Pot, at ledger.Place) (ledger.Pool, error) {
	h, err := t.History(pot, at)
	return h.Pool, err
}
