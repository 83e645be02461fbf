package app

import (
	"context"
	"strings"
	"unicode/utf8"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/report"
)

// LookRows is how many rows of a report may be copied, or shown on a terminal, as
// looking at it: more is taking it out.
const LookRows = 20

// ExportPasswordLeast is how long the password of an encrypted workbook must be.
const ExportPasswordLeast = 8

// Outlet is the way a report leaves the program by.
type Outlet string

// The outlets.
const (
	ToWorkbook Outlet = "workbook" // the zero value means this one
	ToPDF      Outlet = "pdf"      // to be printed; a file like any other until it is
	ToCopy     Outlet = "copy"     // the clipboard
	ToScript   Outlet = "script"   // the output of the script face, for another program
)

// open tells whether whatever takes this way out lies open for people who were
// not asked: it cannot have a password, so what not everybody may see never goes
// by it. A script has a password of its own to sign in with.
func (o Outlet) open() bool { return o == ToPDF || o == ToCopy }

// ExportReport is a report on its way out of the program: its rows, with a right
// of its own, logged. The watermark says who, when, why and which log entry.
// Columns that not everybody may see (cost, purchase prices, profit, phone
// numbers) leave in a workbook with a password, or to a script, and in nothing
// else; they want the right to take such out as well and a reason. Without those
// columns (Bare) a report is as any other. A role may have a ration of rows a day.
//
// Faults: NotFound "report.unknown"; Invalid "export.reason",
// "export.password", "export.bare-only"; Denied "export.ration".
type ExportReport struct {
	Query report.Query
	To    Outlet
	Bare  bool // without the columns that not everybody may see
	// Rows are those of the report in its order, from 0, that leave; nil = all.
	Rows   []int
	Reason string
	// Protected: the file will have a password of at least ExportPasswordLeast
	// characters. The password itself stays with the screen that writes the file.
	Protected bool
}

// Exported is the data and what must be written under it.
type Exported struct {
	Spec      report.Spec
	Page      report.Page
	Shop      string
	By        string
	Reason    string
	At        int64 // Unix seconds
	Seq       int64 // number of the log entry that records the export
	Sensitive bool  // only with a password, if it is a file
}

func (c ExportReport) spec() Need { return Need{Perm: access.Export} }

func (c ExportReport) run(ctx context.Context, x *Exec) (Exported, error) {
	const op = "app.Export"
	s, ok := report.Find(c.Query.Name)
	if !ok {
		return Exported{}, fault.New(op, fault.NotFound, "report.unknown", fault.Pairs("name", c.Query.Name))
	}
	if err := x.Allow(s.Perm, access.Object{New: true}); err != nil {
		return Exported{}, err
	}
	reason := strings.TrimSpace(c.Reason)
	if utf8.RuneCountInString(reason) > 200 {
		return Exported{}, fault.Bad(op, "export.reason", "field", "reason", "max", 200)
	}
	switch c.To {
	case "":
		c.To = ToWorkbook
	case ToWorkbook, ToPDF, ToCopy, ToScript:
	default:
		return Exported{}, fault.Bad(op, "export.outlet", "field", "to")
	}
	q := c.Query
	q.Offset, q.Count = 0, true
	sensitive, err := x.sensitive(s, q)
	if err != nil {
		return Exported{}, err
	}
	left := sensitive && c.Bare
	if left {
		sensitive = false
		if sort, _ := s.Find(q.Sort); x.S.Sensitive(sort) && c.Rows == nil {
			q.Sort = "" // the order of numbers left out would tell them
		}
	}
	if sensitive && c.To.open() {
		return Exported{}, fault.Bad(op, "export.bare-only")
	}
	if sensitive {
		if err := x.Allow(access.ExportSensitive, access.Object{New: true}); err != nil {
			return Exported{}, err
		}
		if reason == "" {
			return Exported{}, fault.Bad(op, "export.reason", "field", "reason", "max", 200)
		}
		if !c.Protected && c.To != ToScript {
			return Exported{}, fault.Bad(op, "export.password", "field", "password", "least", ExportPasswordLeast)
		}
	}
	p, err := x.report(ctx, s, q, left && c.Rows == nil)
	if err != nil {
		return Exported{}, err
	}
	if c.Rows != nil { // they are counted in the order the person sees, whatever it goes by
		p = x.only(p, c.Rows, left)
	}
	if err := x.ration(rationExport, len(p.Rows), x.S.role.ExportRows, "export.ration"); err != nil {
		return Exported{}, err
	}
	seq, _, err := x.Tx.LogHead()
	if err != nil {
		return Exported{}, err
	}
	shop, err := x.Tx.Setting(SettingShopName)
	if err != nil {
		return Exported{}, err
	}
	x.Object("report:" + s.Name)
	x.Reason(reason)
	x.Note("rows", len(p.Rows))
	if c.To != ToWorkbook {
		x.Note("as_"+string(c.To), true)
	}
	if sensitive {
		x.Note("sensitive", true)
	}
	if left {
		x.Note("left_out", true)
	}
	return Exported{Spec: s, Page: p, Shop: shop, By: x.S.user.Name, Reason: reason, At: x.Now.Unix(), Seq: seq + 1, Sensitive: sensitive}, nil
}

// only keeps some rows of a report, and with bare only the columns that everybody
// may see. What all rows come to is not theirs.
func (x *Exec) only(p report.Page, rows []int, bare bool) report.Page {
	out := report.Page{}
	var use []int
	for i, c := range p.Columns {
		if !bare || !x.S.Sensitive(c) {
			use = append(use, i)
			out.Columns = append(out.Columns, c)
		}
	}
	for _, i := range rows {
		if i < 0 || i >= len(p.Rows) {
			continue
		}
		r := report.Row{Ref: p.Rows[i].Ref}
		for _, j := range use {
			r.Cells = append(r.Cells, p.Rows[i].Cells[j])
		}
		out.Rows = append(out.Rows, r)
	}
	out.Total = len(out.Rows)
	return out
}

// Sensitive tells whether a column holds what not everybody may see, and this
// person does. Masked numbers are no secret.
func (s *Session) Sensitive(c report.Column) bool {
	return c.Field != "" && s.Sees(c.Field) == access.Shown
}

// sensitive tells whether a report has such columns for this person.
func (x *Exec) sensitive(s report.Spec, q report.Query) (bool, error) {
	if err := x.scope(s, &q); err != nil {
		return false, err
	}
	cols, err := x.columns(s, q)
	if err != nil {
		return false, err
	}
	for _, c := range cols {
		if x.S.Sensitive(c) {
			return true, nil
		}
	}
	return false, nil
}

// ExportAsks tells what taking a report out will want, so that the screen asks
// for it in one go.
type ExportAsks struct{ Query report.Query }

// ExportWants is the answer.
type ExportWants struct {
	Sensitive bool // a reason and a password; without one only part of it
	Left      int  // rows left of today's ration; -1 = no ration
}

func (q ExportAsks) spec() Need { return Need{Perm: access.Export, Silent: true, Draft: true} }

func (q ExportAsks) ask(_ context.Context, x *Exec) (ExportWants, error) {
	x.preview = true
	s, ok := report.Find(q.Query.Name)
	if !ok {
		return ExportWants{}, fault.New("app.Export", fault.NotFound, "report.unknown", fault.Pairs("name", q.Query.Name))
	}
	if err := x.Allow(s.Perm, access.Object{New: true}); err != nil {
		return ExportWants{}, err
	}
	sensitive, err := x.sensitive(s, q.Query)
	if err != nil {
		return ExportWants{}, err
	}
	w := ExportWants{Sensitive: sensitive, Left: -1}
	if most := x.S.role.ExportRows; most > 0 {
		used, err := x.rationed(rationExport)
		if err != nil {
			return ExportWants{}, err
		}
		w.Left = max(most-used, 0)
	}
	return w, nil
}
