package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
)

// VerifyShop is the self-check (体检): the file's pages, the log's chain, and
// that every balance follows from the moves and entries. It changes nothing.
type VerifyShop struct{ Progress Progress }

// Verdict is what it found. Findings is empty when all is well.
type Verdict struct {
	Findings []Finding
	Entries  int64  // log entries checked
	Head     string // head of the log
	Totals   Totals
}

func (t VerifyShop) spec() Need { return Need{Perm: access.Verify} }

func (t VerifyShop) work(ctx context.Context, x *Exec) (Verdict, error) {
	st := x.S.shop.store
	step := func(stage string) func(done, total int64) {
		return func(done, total int64) {
			if t.Progress != nil {
				t.Progress(stage, done, total)
			}
		}
	}
	var v Verdict
	pages, err := st.CheckFile(ctx, step("check.stage.file"))
	if err != nil {
		return Verdict{}, err
	}
	for _, p := range pages {
		v.Findings = append(v.Findings, Finding{Level: 1, Key: "check.file", Args: map[string]any{"what": p}})
	}
	err = st.Read(ctx, func(tx Tx) error {
		if err := checkChain(ctx, tx, x.S.shop, &v, step("check.stage.log")); err != nil {
			return err
		}
		books, err := tx.CheckBooks(ctx, step("check.stage.books"))
		if err != nil {
			return err
		}
		v.Findings = append(v.Findings, books...)
		v.Totals, err = tx.Totals()
		return err
	})
	if err != nil {
		return Verdict{}, err
	}
	x.Object("shop")
	x.Note("findings", len(v.Findings))
	x.Note("entries", v.Entries)
	return v, nil
}

// checkChain walks the log from its first entry to the head.
func checkChain(ctx context.Context, tx Tx, sh *Shop, v *Verdict, progress func(done, total int64)) error {
	last, head, err := tx.LogHead()
	if err != nil {
		return err
	}
	v.Head = oplog.Head(head)
	c := oplog.NewChain(sh.store.LogKey(), 1, oplog.Zero)
	said, err := newApprovals(tx, sh.keys, v)
	if err != nil {
		return err
	}
	const batch = 1000
	for from := int64(1); from <= last; {
		if err := ctx.Err(); err != nil {
			return fault.Wrap("app.VerifyShop", fault.Canceled, "app.canceled", nil, err)
		}
		ss, err := tx.LogEntries(from, batch)
		if err != nil {
			return err
		}
		if len(ss) == 0 {
			break
		}
		for _, s := range ss {
			if b := c.Check(s); b != nil {
				v.Findings = append(v.Findings, Finding{Level: 2, Key: "check.log." + b.What, Args: map[string]any{"seq": b.Seq}})
			} else if e, err := oplog.Open(s); err == nil {
				if err := said.check(e); err != nil {
					return err
				}
			}
			v.Entries++
		}
		from = ss[len(ss)-1].Seq + 1
		progress(v.Entries, last)
	}
	if err := said.reviews(); err != nil {
		return err
	}
	if v.Entries != last {
		v.Findings = append(v.Findings, Finding{Level: 2, Key: "check.log.count", Args: map[string]any{"have": v.Entries, "want": last}})
	}
	return nil
}

// LogEntry reads one entry of the operation log in full.
type LogEntry struct{ Seq int64 }

func (q LogEntry) spec() Need { return Need{Perm: access.LogOwn, Silent: true} }

func (q LogEntry) ask(_ context.Context, x *Exec) (oplog.Entry, error) {
	ss, err := x.Tx.LogEntries(q.Seq, 1)
	if err != nil {
		return oplog.Entry{}, err
	}
	if len(ss) == 0 || ss[0].Seq != q.Seq {
		return oplog.Entry{}, fault.New("app.LogEntry", fault.NotFound, "log.unknown", nil)
	}
	e, err := oplog.Open(ss[0])
	if err != nil {
		return oplog.Entry{}, fault.Wrap("app.LogEntry", fault.Damaged, "check.log.bytes", fault.Pairs("seq", q.Seq), err)
	}
	if e.UserID != x.S.user.ID && (!x.S.May(access.LogAll) || !x.S.user.Reach.Everywhere()) { // as the list of the log has it
		return oplog.Entry{}, outOfSight("app.LogEntry", "log.unknown", access.LogAll)
	}
	if x.unseen().Details {
		e.Detail = oplog.Discreet(e.Detail)
	}
	return e, nil
}
