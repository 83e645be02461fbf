package store

import "tiezhang/app"

// ItemsByPLU implements app.MasterTx.
func (t *tx) ItemsByPLU(plu string) ([]app.ItemHit, error) {
	var ids []int64
	err := t.each(`SELECT id FROM item WHERE plu = ? AND plu <> '' AND disabled = 0 ORDER BY id`, []any{plu}, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return nil, wrap("store.ItemsByPLU", err)
	}
	out := make([]app.ItemHit, 0, len(ids))
	for _, id := range ids {
		h, err := t.hit(id)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}
