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

// ExportDocument lets one document leave the program as a file: its lines count
// as rows taken out, and the file says who took it and which log entry tells of
// it. Denied "export.ration".
type ExportDocument struct{ ID string }

// DocumentOut is what must be written on it.
type DocumentOut struct {
	By  string
	At  int64 // Unix seconds
	Seq int64 // number of the log entry
}

func (c ExportDocument) spec() Need { return Need{Perm: access.Export} }

func (c ExportDocument) run(_ context.Context, x *Exec) (DocumentOut, error) {
	d, err := x.Tx.Document(c.ID)
	if err != nil {
		return DocumentOut{}, err
	}
	if err := x.seeDocument(d); err != nil {
		return DocumentOut{}, err
	}
	rows := max(1, len(d.Lines))
	if err := x.ration(rationExport, rows, x.S.role.ExportRows, "export.ration"); err != nil {
		return DocumentOut{}, err
	}
	seq, _, err := x.Tx.LogHead()
	if err != nil {
		return DocumentOut{}, err
	}
	x.Object(d.Number)
	if d.Number == "" {
		x.Object("draft:" + d.ID)
	}
	x.Note("rows", rows)
	x.Note("as_pdf", true)
	return DocumentOut{By: x.S.user.Name, At: x.Now.Unix(), Seq: seq + 1}, nil
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
