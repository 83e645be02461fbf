// Package export writes what the gate let out to a file: a report as a
// workbook, with its titles and words in the person's language.
//
// What belongs here: the step from app.Exported to app/sheet, and putting the
// file in place whole or not at all. What does not: asking where to save, and
// deciding who may export (the gate has done that).
package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/app/report"
	"tiezhang/app/sheet"
	"tiezhang/ui/text"
)

// Title is a column's title in words.
func Title(c report.Column) string {
	if c.Label != "" {
		return c.Label
	}
	if c.TitleKey != "" {
		return text.T(c.TitleKey)
	}
	return text.T("report.col." + c.Key)
}

// Words gives the words of a status or key value; other values as they are.
func Words(c report.Column, v report.Value) string {
	area := ""
	switch c.Type {
	case report.Status:
		area = "status."
	case report.Key:
		area = c.Key + "."
	case report.Detail:
		var parts []string
		for _, d := range Details(v.Text) {
			parts = append(parts, d[0]+" "+d[1])
		}
		return strings.Join(parts, " \u00b7 ")
	}
	if key := area + v.Text; area != "" && text.Has(key) {
		return text.T(key)
	}
	if c.Key == "what" && text.Has("kind."+v.Text) {
		return text.T("kind." + v.Text)
	}
	return v.Text
}

// Details gives the named values of a log entry as pairs of words, sorted by
// their names.
func Details(s string) [][2]string {
	var detail map[string]any
	if json.Unmarshal([]byte(s), &detail) != nil {
		return nil
	}
	names := make([]string, 0, len(detail))
	for n := range detail {
		names = append(names, n)
	}
	sort.Strings(names)
	out := make([][2]string, len(names))
	for i, n := range names {
		v, ok := detail[n].(string)
		if !ok {
			v = fmt.Sprint(detail[n])
		}
		out[i] = [2]string{Word("detail.", n), Word("kind.", v)}
	}
	return out
}

// Word gives a value its words where there are any.
func Word(area, v string) string {
	if text.Has(area + v) {
		return text.T(area + v)
	}
	return v
}

// Name proposes a file name: the report's title and its dates.
func Name(x app.Exported, q report.Query) string {
	n := text.T("report.name." + x.Spec.Name)
	if q.From != 0 {
		n += " " + q.From.String()
	}
	if q.To != 0 {
		n += " " + q.To.String()
	}
	return n + ".xlsx"
}

// Workbook writes an exported report to path, under a password if one is given;
// what the gate calls sensitive is not written without one. The file is there
// whole or not at all. Faults: sheet's, Invalid "export.password", and ReadOnly
// or NoSpace "export.write" naming the path.
func Workbook(ctx context.Context, path string, x app.Exported, q report.Query, password string, progress func(done, total int)) error {
	if x.Sensitive && utf8.RuneCountInString(password) < app.ExportPasswordLeast {
		return fault.Bad("export.Workbook", "export.password", "least", app.ExportPasswordLeast)
	}
	cols := make([]sheet.Column, len(x.Page.Columns))
	for i, c := range x.Page.Columns {
		cols[i] = sheet.Column{Column: c, Title: Title(c)}
	}
	s := sheet.Sheet{
		Title: text.T("report.name." + x.Spec.Name), Lines: lines(x, q), Columns: cols, Rows: rows(x.Page.Rows), Totals: x.Page.Totals,
		TotalLabel: text.T("export.total"), Words: Words,
		Footer: []string{Watermark(x)},
	}
	if progress != nil {
		s.Progress = func(n int) { progress(n, len(x.Page.Rows)) }
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tiezhang-*.part")
	if err != nil {
		return writeFault(path, err)
	}
	err = write(ctx, f, s, password)
	if err == nil {
		if err = f.Sync(); err != nil {
			err = writeFault(path, err)
		}
	}
	if cerr := f.Close(); err == nil && cerr != nil {
		err = writeFault(path, cerr)
	}
	if err == nil {
		if rerr := os.Rename(f.Name(), path); rerr != nil {
			err = writeFault(path, rerr)
		}
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// Watermark says who took a report out, when, why, and which log entry tells of
// it.
func Watermark(x app.Exported) string {
	at, seq := text.DateTime(time.Unix(x.At, 0)), strconv.FormatInt(x.Seq, 10)
	if x.Reason == "" {
		return text.T("export.footer", "user", x.By, "time", at, "seq", seq)
	}
	return text.T("export.footer.reason", "user", x.By, "time", at, "reason", x.Reason, "seq", seq)
}

// write writes the workbook, sealed in memory where it has a password: nothing
// of it lies on the disk in the clear, not even for a moment.
func write(ctx context.Context, f *os.File, s sheet.Sheet, password string) error {
	if password == "" {
		return sheet.Write(ctx, f, s)
	}
	var b bytes.Buffer
	if err := sheet.Write(ctx, &b, s); err != nil {
		return err
	}
	return sheet.Encrypt(f, b.Bytes(), password)
}

func rows(rs []report.Row) iter.Seq2[report.Row, error] {
	return func(yield func(report.Row, error) bool) {
		for _, r := range rs {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// lines say what the report was asked for.
func lines(x app.Exported, q report.Query) []string {
	out := []string{x.Shop}
	switch {
	case q.From != 0 && q.To != 0:
		out = append(out, text.T("export.dates", "from", q.From.String(), "to", q.To.String()))
	case q.To != 0:
		out = append(out, text.T("export.as-of", "to", q.To.String()))
	case q.From != 0:
		out = append(out, text.T("export.from", "from", q.From.String()))
	}
	for _, f := range []struct{ filter, value string }{{"search", q.Search}, {"item", q.Item}, {"party", q.Party}, {"warehouse", q.Warehouse}, {"category", q.Category}} {
		if f.value != "" {
			out = append(out, text.T("report.filter."+f.filter)+": "+f.value)
		}
	}
	return out
}

func writeFault(path string, err error) error {
	kind := fault.ReadOnly
	if errors.Is(err, syscall.ENOSPC) {
		kind = fault.NoSpace
	}
	return fault.Wrap("export.Workbook", kind, "export.write", fault.Pairs("path", path), err)
}
