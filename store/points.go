package store

import (
	"tiezhang/app/doc"
	"tiezhang/app/master"
)

// Points implements app.LedgerTx.
func (t *tx) Points(party int64) (int64, error) {
	var n int64
	err := t.get(`SELECT points FROM party_points WHERE party = ?`, []any{party}, &n)
	if noRow(err) {
		return 0, nil
	}
	return n, wrap("store.Points", err)
}

// keepPoints brings a member's points up to date with a document just posted.
func (t *tx) keepPoints(op string, d *doc.Document) error {
	change := d.Points - d.PointsUsed
	if change == 0 || d.PartyID == 0 {
		return nil
	}
	_, err := t.exec(`INSERT INTO party_points (party, points) VALUES (?, ?) ON CONFLICT (party) DO UPDATE SET points = points + excluded.points`, d.PartyID, change)
	return docFault(op, err)
}

// fillMember fills in what a member has: points, and what was paid in advance.
func (t *tx) fillMember(p *master.Party) (err error) {
	if p.Points, err = t.Points(p.ID); err != nil {
		return err
	}
	b, err := t.Balance(doc.AccStored, p.ID, 0)
	p.Stored = -b
	return err
}
