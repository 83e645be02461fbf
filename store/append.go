package store

import (
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
)

// Append implements app.LedgerTx. Besides writing it asserts what must hold of
// every batch: it sums to zero, what it does to the value of the stock is what
// its moves say, and the pools it was worked out with are the pools there are.
// A batch that fails this was made from something else than this shop's books
// and must not get in: fault Internal "store.batch".
func (t *tx) Append(b ledger.Batch) error {
	const op = "store.Append"
	if err := balancedBatch(b); err != nil {
		return err
	}
	a := appender{t: t, keys: map[string]int64{}, stock: map[stockKey]amount.Qty{}, pools: map[ledger.Pot]ledger.Pool{}}
	if err := a.moves(op, b.Moves); err != nil {
		return err
	}
	if err := a.sales(op, b.Moves); err != nil {
		return err
	}
	if err := a.balances(op, b.Pools); err != nil {
		return err
	}
	if err := a.uses(op, b); err != nil {
		return err
	}
	return a.entries(op, b.Entries)
}

func badBatch(what string, nv ...any) error {
	return fault.New("store.Append", fault.Internal, "store.batch", fault.Pairs(append([]any{"what", what}, nv...)...))
}

func balancedBatch(b ledger.Batch) error {
	var sum, inventory, moved amount.Money
	for _, e := range b.Entries {
		sum += e.Amount
		if e.Account == doc.AccInventory {
			inventory += e.Amount
		}
	}
	for _, m := range b.Moves {
		moved += m.Value
	}
	if sum != 0 || inventory != moved {
		return badBatch("sum", "entries", sum.String(), "inventory", inventory.String(), "moves", moved.String())
	}
	return nil
}

type stockKey struct {
	item, warehouse int64
	batch           string
}

type lineKey struct {
	line int
	item int64
}

// appender writes one batch and gathers what it does to the caches.
type appender struct {
	t     *tx
	keys  map[string]int64 // documents by ID
	stock map[stockKey]amount.Qty
	pools map[ledger.Pot]ledger.Pool // by how much a pool changes; only Qty and Value
	seqs  []int64                    // of the batch's moves, in their order
}

func (a *appender) key(op, id string) (int64, error) {
	if k, ok := a.keys[id]; ok {
		return k, nil
	}
	k, err := a.t.key(op, id)
	if err == nil {
		a.keys[id] = k
	}
	return k, err
}

// A restatement is about the document and line of the move it restates.
const (
	moveInto   = `INSERT INTO move (doc, line, item, warehouse, batch, date, class, rule, ref, qty, value, contra, hint, weight, extra, own_doc, own_line) `
	insertMove = moveInto + `VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?1, ?2)`
	insertFor  = moveInto + `SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, own_doc, own_line FROM move WHERE seq = ?9 AND item = ?3`
)

func (a *appender) moves(op string, ms []ledger.Move) error {
	own := map[lineKey]int64{} // the batch's own moves, for the adjustments that belong to them
	for _, m := range ms {
		k, err := a.key(op, m.Doc)
		if err != nil {
			return err
		}
		pot, err := a.t.potOf(m)
		if err != nil {
			return err
		}
		if _, seen := a.pools[pot]; !seen {
			a.t.moved(m.ItemID)
		}
		insert, restates := insertMove, m.Rule == ledger.Recost || m.Rule == ledger.Adjust
		if restates {
			insert = insertFor
			if m.Ref == 0 {
				m.Ref = own[lineKey{m.Line, m.ItemID}]
			}
		}
		res, err := a.t.exec(insert, k, m.Line, m.ItemID, m.WarehouseID, m.Batch, int64(m.Date), int64(m.Class), string(m.Rule),
			m.Ref, int64(m.Qty), int64(m.Value), string(m.Contra), int64(m.Hint), int64(m.Weight), int64(m.Extra))
		if err != nil {
			return docFault(op, err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return badBatch("ref", "line", m.Line, "rows", n)
		}
		seq, err := res.LastInsertId()
		if err != nil {
			return wrap(op, err)
		}
		a.seqs = append(a.seqs, seq)
		if !restates {
			own[lineKey{m.Line, m.ItemID}] = seq
		}
		if m.Qty != 0 {
			a.stock[stockKey{m.ItemID, m.WarehouseID, m.Batch}] += m.Qty
			if err := a.t.carry(op, m, a.t.pieces[m.Doc][m.Line]); err != nil {
				return err
			}
		}
		p := a.pools[pot]
		p.Qty += m.Qty
		p.Value += m.Value
		a.pools[pot] = p
	}
	return nil
}

func (a *appender) balances(op string, pools map[ledger.Pot]ledger.Pool) error {
	for k, q := range a.stock {
		if _, err := a.t.exec(`INSERT INTO stock_balance (item, warehouse, batch, qty) VALUES (?, ?, ?, ?)
			ON CONFLICT (item, warehouse, batch) DO UPDATE SET qty = qty + excluded.qty`, k.item, k.warehouse, k.batch, int64(q)); err != nil {
			return wrap(op, err)
		}
	}
	for pot, change := range a.pools {
		after, ok := pools[pot]
		if !ok {
			return badBatch("no-pool", "item", pot.Item)
		}
		before, err := a.t.pool(pot)
		if err != nil {
			return err
		}
		if after.Qty != before.Qty+change.Qty || after.Value != before.Value+change.Value {
			return badBatch("pool", "item", pot.Item, "qty", after.Qty.String(), "value", after.Value.String())
		}
		if err := a.pool(op, pot, change, after); err != nil {
			return err
		}
		if err := a.layers(op, pot, before.Layers, after); err != nil {
			return err
		}
	}
	return nil
}

const poolUpsert = ` DO UPDATE SET qty = excluded.qty, value = excluded.value, last_value = excluded.last_value, last_qty = excluded.last_qty`

// pool writes a pool. Of an item that costs by batch the item's own row is the
// sum, and has no last cost.
func (a *appender) pool(op string, pot ledger.Pot, change, after ledger.Pool) error {
	by, err := a.t.byBatch(pot.Item)
	if err != nil {
		return err
	}
	args := []any{int64(after.Qty), int64(after.Value), int64(after.LastValue), int64(after.LastQty)}
	if !by {
		_, err = a.t.exec(`INSERT INTO item_pool (qty, value, last_value, last_qty, item) VALUES (?, ?, ?, ?, ?) ON CONFLICT (item)`+poolUpsert, append(args, pot.Item)...)
		return wrap(op, err)
	}
	if _, err = a.t.exec(`INSERT INTO batch_pool (qty, value, last_value, last_qty, item, batch) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (item, batch)`+poolUpsert,
		append(args, pot.Item, pot.Batch)...); err != nil {
		return wrap(op, err)
	}
	_, err = a.t.exec(`INSERT INTO item_pool (item, qty, value, last_value, last_qty) VALUES (?, ?, ?, 0, 0)
		ON CONFLICT (item) DO UPDATE SET qty = qty + excluded.qty, value = value + excluded.value`, pot.Item, int64(change.Qty), int64(change.Value))
	return wrap(op, err)
}

func (a *appender) entries(op string, es []ledger.Entry) error {
	type key struct {
		account     doc.AccountCode
		party, cash int64
	}
	sums := map[key]amount.Money{}
	for _, e := range es {
		k, err := a.key(op, e.Doc)
		if err != nil {
			return err
		}
		if _, err := a.t.exec(`INSERT INTO entry (doc, date, account, party, cash, amount) VALUES (?, ?, ?, ?, ?, ?)`,
			k, int64(e.Date), string(e.Account), e.PartyID, e.CashID, int64(e.Amount)); err != nil {
			return wrap(op, err)
		}
		sums[key{e.Account, e.PartyID, e.CashID}] += e.Amount
	}
	for k, v := range sums {
		if v == 0 {
			continue
		}
		if _, err := a.t.exec(`INSERT INTO ledger_balance (account, party, cash, amount) VALUES (?, ?, ?, ?)
			ON CONFLICT (account, party, cash) DO UPDATE SET amount = amount + excluded.amount`, string(k.account), k.party, k.cash, int64(v)); err != nil {
			return wrap(op, err)
		}
	}
	return nil
}
