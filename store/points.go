package store

import (
	"tiezhang/app/doc"
)

// Points implements app.LedgerTx. A member that took over others has theirs too.
func (t *tx) Points(party int64) (int64, error) {
	var n int64
	err := t.get(`SELECT ifnull(sum(points), 0) FROM party_points WHERE party = ?1 OR party IN (SELECT id FROM party WHERE merged_into = ?1)`, []any{party}, &n)
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
