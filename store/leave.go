package store

// HandOver implements app.LeaveTx.
func (t *tx) HandOver(from, to int64) (customers, drafts int, err error) {
	const op = "store.HandOver"
	if to == 0 {
		if err := t.get(`SELECT (SELECT count(*) FROM party WHERE owner = ?1), (SELECT count(*) FROM document WHERE status = 'draft' AND created_by = ?1)`,
			[]any{from}, &customers, &drafts); err != nil {
			return 0, 0, wrap(op, err)
		}
		return customers, drafts, nil
	}
	change := func(q string) (int, error) {
		res, err := t.exec(q, to, from)
		if err != nil {
			return 0, wrap(op, err)
		}
		n, err := res.RowsAffected()
		return int(n), wrap(op, err)
	}
	if customers, err = change(`UPDATE party SET owner = ?, version = version + 1 WHERE owner = ?`); err != nil {
		return 0, 0, err
	}
	drafts, err = change(`UPDATE document SET created_by = ?, version = version + 1 WHERE status = 'draft' AND created_by = ?`)
	return customers, drafts, err
}
