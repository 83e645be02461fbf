package console

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
	"tiezhang/app/report"
	"tiezhang/ui/export"
	"tiezhang/ui/text"
)

// cell turns a value into what scripts read: decimals and dates as strings,
// counts as numbers, times in RFC 3339, nothing as null.
func cell(c report.Column, v report.Value) any {
	switch {
	case v.Null:
		return nil
	case c.Type == report.Int:
		return v.Num
	case c.Type == report.Time:
		if v.Num == 0 {
			return nil
		}
		return time.Unix(v.Num, 0).UTC().Format(time.RFC3339)
	}
	return v.String(c.Type)
}

func (c *call) query() (report.Query, error) {
	q := report.Query{Name: c.args[1], Search: c.search, Item: c.item, Party: c.party, Warehouse: c.warehouse, Account: c.account, Category: c.category,
		Status: c.status, Staff: c.staff, Group: c.group, Days: c.days, User: c.user, Zero: c.zero, Sort: c.sort, Desc: c.desc, Limit: c.limit, Count: true}
	q.User = "" // --user says who signs in
	if c.kind != "" {
		q.Kinds = strings.Split(c.kind, ",")
	}
	for _, d := range []struct {
		s  string
		to *day.Date
		n  string
	}{{c.from, &q.From, "--from"}, {c.to, &q.To, "--to"}} {
		if d.s == "" {
			continue
		}
		v, err := day.Parse(d.s)
		if err != nil {
			return q, usageError{text.T("doc.date", "field", d.n, "value", d.s)}
		}
		*d.to = v
	}
	return q, nil
}

func showReport(ctx context.Context, c *call) error {
	q, err := c.query()
	if err != nil {
		return err
	}
	if _, ok := report.Find(q.Name); !ok {
		return usageError{text.T("report.unknown", "name", q.Name) + " " + text.T("console.reports", "names", reportNames())}
	}
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		if c.outFile != "" {
			password := fromEnv(envExportPw)
			x, err := app.Do(ctx, s, app.ExportReport{Query: q, Bare: c.bare, Reason: c.reason, Protected: utf8.RuneCountInString(password) >= app.ExportPasswordLeast})
			if err != nil {
				return err
			}
			if err := export.Workbook(ctx, c.outFile, x, q, password, nil); err != nil {
				return err
			}
			return c.print(map[string]any{"file": c.outFile, "rows": len(x.Page.Rows)}, text.T("console.exported", "file", c.outFile, "rows", len(x.Page.Rows)))
		}
		if !c.json {
			switch p, few, err := c.look(ctx, s, q); {
			case err != nil:
				return err
			case few:
				return c.table(p)
			}
		}
		x, err := app.Do(ctx, s, app.ExportReport{Query: q, To: app.ToScript, Bare: c.bare, Reason: c.reason})
		if err != nil {
			_, step := app.IsStep(err)
			if step || fault.KindOf(err) == fault.Denied || fault.KeyOf(err) == "export.reason" {
				fmt.Fprintln(c.err, text.T("console.report-out", "most", app.LookRows))
			}
			return err
		}
		if c.json {
			out := asJSON(x.Page)
			out["export"] = map[string]any{"by": x.By, "at": time.Unix(x.At, 0).UTC().Format(time.RFC3339), "reason": x.Reason, "log": x.Seq}
			return c.print(out, "")
		}
		if err := c.table(x.Page); err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.out, export.Watermark(x))
		return err
	})
}

// look reads a report to be looked at: a few rows, without what not everybody may
// see. Anything else is taken out of the program, and few is false.
func (c *call) look(ctx context.Context, s *app.Session, q report.Query) (p report.Page, few bool, err error) {
	if q.Limit <= 0 || q.Limit > app.LookRows {
		q.Limit = app.LookRows + 1
	}
	p, err = app.Ask(ctx, s, app.Report{Query: q, Bare: c.bare})
	return p, err == nil && len(p.Rows) <= app.LookRows && !slices.ContainsFunc(p.Columns, s.Sensitive), err
}

func reportNames() string {
	var n []string
	for _, s := range report.Specs() {
		n = append(n, s.Name)
	}
	return strings.Join(n, " ")
}

func asJSON(p report.Page) map[string]any {
	type col struct {
		Key   string      `json:"key"`
		Title string      `json:"title"`
		Type  report.Type `json:"type"`
	}
	cols := make([]col, len(p.Columns))
	for i, c := range p.Columns {
		cols[i] = col{c.Key, export.Title(c), c.Type}
	}
	rows := make([][]any, len(p.Rows))
	for i, r := range p.Rows {
		rows[i] = make([]any, len(r.Cells))
		for j, v := range r.Cells {
			rows[i][j] = cell(p.Columns[j], v)
		}
	}
	totals := map[string]any{}
	for _, c := range p.Columns {
		if v, ok := p.Totals[c.Key]; ok {
			totals[c.Key] = cell(c, v)
		}
	}
	return map[string]any{"columns": cols, "rows": rows, "totals": totals}
}

// table prints tab-separated text.
func (c *call) table(p report.Page) error {
	line := func(n int, at func(i int) string) {
		f := make([]string, n)
		for i := range f {
			f[i] = at(i)
		}
		fmt.Fprintln(c.out, strings.Join(f, "\t"))
	}
	line(len(p.Columns), func(i int) string { return export.Title(p.Columns[i]) })
	for _, r := range p.Rows {
		line(len(r.Cells), func(i int) string {
			col, v := p.Columns[i], r.Cells[i]
			if col.Type == report.Status || col.Type == report.Key || col.Type == report.Detail {
				return export.Words(col, v)
			}
			if col.Type == report.Time && v.Num != 0 {
				return text.DateTime(time.Unix(v.Num, 0))
			}
			return v.String(col.Type)
		})
	}
	if len(p.Totals) > 0 {
		line(len(p.Columns), func(i int) string {
			if v, ok := p.Totals[p.Columns[i].Key]; ok {
				return v.String(p.Columns[i].Type)
			}
			if i == 0 {
				return text.T("export.total")
			}
			return ""
		})
	}
	return nil
}

// showLog prints the entries this person may see, as they were sealed.
func showLog(ctx context.Context, c *call) error {
	q := report.Query{Name: "log", Count: false}
	from := int64(0)
	if c.since != "" {
		if n, err := strconv.ParseInt(c.since, 10, 64); err == nil && len(c.since) != 8 {
			from = n
		} else if d, err := day.Parse(c.since); err == nil {
			q.From = d
		} else {
			return usageError{text.T("console.since", "value", c.since)}
		}
	}
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		p, err := app.Ask(ctx, s, app.Report{Query: q})
		if err != nil {
			return err
		}
		seqCol := 0
		for i, col := range p.Columns {
			if col.Key == "seq" {
				seqCol = i
			}
		}
		var out []oplog.Entry
		for i := len(p.Rows) - 1; i >= 0; i-- { // the list is newest first, a log is read forwards
			seq := p.Rows[i].Cells[seqCol].Num
			if seq < from {
				continue
			}
			e, err := app.Ask(ctx, s, app.LogEntry{Seq: seq})
			if err != nil {
				return err
			}
			out = append(out, e)
		}
		if c.json {
			return c.print(orEmpty(out), "")
		}
		for _, e := range out {
			fmt.Fprintf(c.out, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", e.Seq, text.DateTime(time.UnixMilli(e.Time)), e.User, export.Word("action.", e.Action), e.Object, export.Word("result.", e.Result), e.Detail)
		}
		return nil
	})
}
