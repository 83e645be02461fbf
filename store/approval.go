package store

import (
	"tiezhang/app"
	"tiezhang/app/fault"
)

const approvals = `SELECT a.id, d.id, a.digest, a.rule, ifnull(a.asked_by, 0), a.asked_at, a.note, a.decision, ifnull(a.by, 0), a.at, a.reason
	FROM doc_approval a JOIN document d ON d.key = a.doc `

func scanApproval(scan func(...any) error) (a app.Approval, err error) {
	var digest []byte
	err = scan(&a.ID, &a.Doc, &digest, &a.Rule, &a.AskedBy, &a.AskedAt, &a.Note, &a.Decision, &a.By, &a.At, &a.Reason)
	copy(a.Digest[:], digest)
	return a, err
}

// AskApproval implements app.DocTx.
func (t *tx) AskApproval(a app.Approval) (int64, error) {
	const op = "store.AskApproval"
	k, err := t.key(op, a.Doc)
	if err != nil {
		return 0, err
	}
	if _, err := t.exec(`UPDATE doc_approval SET decision = 'withdrawn', by = ?, at = ? WHERE doc = ? AND decision = ''`, opt(a.AskedBy), a.AskedAt, k); err != nil {
		return 0, wrap(op, err)
	}
	res, err := t.exec(`INSERT INTO doc_approval (doc, digest, rule, asked_by, asked_at, note) VALUES (?, ?, ?, ?, ?, ?)`,
		k, a.Digest[:], a.Rule, opt(a.AskedBy), a.AskedAt, a.Note)
	if err != nil {
		return 0, wrap(op, err)
	}
	id, err := res.LastInsertId()
	return id, wrap(op, err)
}

// Approval implements app.DocTx.
func (t *tx) Approval(docID string) (app.Approval, bool, error) {
	as, err := all(t, "store.Approval", approvals+`WHERE d.id = ? ORDER BY a.id DESC LIMIT 1`, []any{docID}, scanApproval)
	if err != nil || len(as) == 0 {
		return app.Approval{}, false, err
	}
	return as[0], true, nil
}

// ApprovalByID implements app.DocTx.
func (t *tx) ApprovalByID(id int64) (app.Approval, error) {
	const op = "store.ApprovalByID"
	as, err := all(t, op, approvals+`WHERE a.id = ?`, []any{id}, scanApproval)
	if err == nil && len(as) == 0 {
		err = fault.New(op, fault.NotFound, "store.approval-unknown", nil)
	}
	if err != nil {
		return app.Approval{}, err
	}
	return as[0], nil
}

// PendingApprovals implements app.DocTx. A draft that was voided or posted
// meanwhile is asked about no more.
func (t *tx) PendingApprovals() ([]app.Approval, error) {
	return all(t, "store.PendingApprovals", approvals+`WHERE a.decision = '' AND d.status = 'draft' ORDER BY a.id`, nil, scanApproval)
}

// Decide implements app.DocTx.
func (t *tx) Decide(id int64, a app.Answer) error {
	const op = "store.Decide"
	res, err := t.exec(`UPDATE doc_approval SET decision = ?, by = ?, at = ?, reason = ? WHERE id = ? AND decision = ''`, string(a.Decision), opt(a.By), a.At, a.Reason, id)
	if err != nil {
		return wrap(op, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return wrap(op, err)
	}
	if _, err := t.ApprovalByID(id); err != nil {
		return err
	}
	return fault.New(op, fault.Conflict, "store.approval-decided", nil)
}
