package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
)

// LogPrint writes down that a document is printed, and tells whether it was
// before: then the paper must say that it is a reprint, and the right to print
// once more is wanted. The first print wants nothing: a customer waits for it. It
// is called before the printer is touched.
type LogPrint struct{ ID string }

// Print is the answer of LogPrint.
type Print struct {
	Number  string
	Times   int  // with this one
	Reprint bool // it was printed before
}

func (c LogPrint) spec() Need { return Need{Perm: access.HomeView} }

// actionPrint is the log's word for it.
const actionPrint = "document.print"

func (c LogPrint) run(_ context.Context, x *Exec) (Print, error) {
	d, err := x.Tx.Document(c.ID)
	if err != nil {
		return Print{}, err
	}
	if err := x.seeDocument(d); err != nil {
		return Print{}, err
	}
	if d.Number == "" { // a draft is no document yet
		x.Quiet()
		return Print{}, nil
	}
	before, err := x.printed(d.Number)
	if err != nil {
		return Print{}, err
	}
	if before > 0 {
		if err := x.Allow(access.Reprint, placed(mustSpec(d.Kind), d, access.Object{Mine: d.CreatedBy == x.S.user.ID})); err != nil {
			return Print{}, err
		}
	}
	x.action = actionPrint
	x.Object(d.Number)
	x.Note("times", before+1)
	return Print{Number: d.Number, Times: before + 1, Reprint: before > 0}, nil
}

// printed counts how often a document was printed, by the log.
func (x *Exec) printed(number string) (int, error) {
	ss, err := x.Tx.ObjectLog(number, 0, 1000)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, s := range ss {
		e, err := oplog.Open(s)
		if err != nil {
			return 0, fault.Wrap("app.LogPrint", fault.Damaged, "check.log.bytes", fault.Pairs("seq", s.Seq), err)
		}
		if e.Action == actionPrint {
			n++
		}
	}
	return n, nil
}
