package sheet

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"tiezhang/app/day"
	"tiezhang/app/fault"
	"tiezhang/app/report"
)

func columns() []Column {
	c := func(key string, ty report.Type, title string) Column {
		return Column{report.Column{Key: key, Type: ty, Width: 10}, title}
	}
	return []Column{c("code", report.Text, "编码"), c("n", report.Int, "行数"), c("amount", report.Money, "金额"), c("price", report.Price, "单价"),
		c("qty", report.Qty, "数量"), c("rate", report.Rate, "毛利率"), c("date", report.Date, "日期"), c("at", report.Time, "时间"), c("status", report.Status, "状态")}
}

func seq(rows ...report.Row) iter.Seq2[report.Row, error] {
	return func(yield func(report.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func row1(code string) report.Row {
	return report.Row{Cells: []report.Value{report.T(code), report.N(3), report.N(-123456789), report.N(333333), report.N(120500), report.N(128000),
		report.N(day.Date(20261122)), report.N(int64(1795338000)), report.T("posted")}}
}

func written(t *testing.T, s Sheet) *excelize.File {
	t.Helper()
	var b bytes.Buffer
	if err := Write(context.Background(), &b, s); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestTypesAndFormats(t *testing.T) {
	f := written(t, Sheet{Title: "销售明细: 2026/11 [全部]", Lines: []string{"日期：2026-11", "仓库：门店"}, Columns: columns(), Rows: seq(row1("00012"), row1("A&B<c>")),
		Totals: map[string]report.Value{"amount": report.N(-246913578), "qty": report.N(241000)}, TotalLabel: "合计", Footer: []string{"老板 & 店长 2026-11-22 10:00 日志 8812"},
		Zone: time.FixedZone("CST", 8*3600), Words: func(_ report.Column, v report.Value) string { return "已过账" }})
	name := f.GetSheetName(0)
	for cell, want := range map[string]string{
		"A1": "销售明细: 2026/11 [全部]", "A2": "日期：2026-11", "A5": "编码", "C5": "金额", "A6": "00012", "A7": "A&B<c>", "B6": "3",
		"C6": "-1,234,567.89", "D6": "0.333333", "E6": "12.05", "F6": "12.80%", "G6": "2026-11-22", "H6": "2026-11-22 17:00", "I6": "已过账",
		"A8": "合计", "C8": "-2,469,135.78", "E8": "24.1", "A10": "老板 & 店长 2026-11-22 10:00 日志 8812",
	} {
		if got, err := f.GetCellValue(name, cell); err != nil || got != want {
			t.Errorf("%s = %q, want %q (%v)", cell, got, want, err)
		}
	}
	for cell, want := range map[string]string{"C6": "-1234567.89", "D6": "0.333333", "E6": "12.05", "G6": "46348", "H6": "46348.7083333333"} {
		if got, err := f.GetCellValue(name, cell, excelize.Options{RawCellValue: true}); err != nil || got != want {
			t.Errorf("raw %s = %q, want %q (%v)", cell, got, want, err)
		}
	}
	for cell, want := range map[string]excelize.CellType{"A6": excelize.CellTypeInlineString, "C6": excelize.CellTypeUnset} {
		if got, err := f.GetCellType(name, cell); err != nil || got != want {
			t.Errorf("%s has type %v (%v)", cell, got, err)
		}
	}
	p, err := f.GetPanes(name)
	if err != nil || !p.Freeze || p.YSplit != 5 {
		t.Errorf("header not frozen: %+v (%v)", p, err)
	}
}

// Nothing a shop's data can begin with becomes a formula.
func TestFormulaInjection(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.SampledFrom([]string{"=", "+", "-", "@", "\t", "\r", "\n", "=cmd|' /C calc'!A0", "＝", "'="}).Draw(rt, "start") + rapid.String().Draw(rt, "rest")
		var b bytes.Buffer
		cols := columns()[:1]
		if err := Write(context.Background(), &b, Sheet{Title: s, Lines: []string{s}, Columns: cols, Rows: seq(report.Row{Cells: []report.Value{report.T(s)}}), TotalLabel: s, Totals: map[string]report.Value{}, Footer: []string{s}}); err != nil {
			rt.Fatal(err)
		}
		if strings.Contains(part(rt, b.Bytes(), "xl/worksheets/sheet1.xml"), "<f>") {
			rt.Fatalf("a formula came of %q", s)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			rt.Fatal(err)
		}
		defer f.Close()
		name := f.GetSheetName(0)
		for _, c := range []string{"A1", "A2", "A5", "A6", "A8"} {
			if fm, err := f.GetCellFormula(name, c); err != nil || fm != "" {
				rt.Fatalf("%s holds the formula %q (%v)", c, fm, err)
			}
			if ty, err := f.GetCellType(name, c); err != nil || ty != excelize.CellTypeInlineString {
				rt.Fatalf("%s is of type %v (%v)", c, ty, err)
			}
		}
	})
}

func TestWriteStopsWhenCancelledAndPassesFaults(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	rows := func(yield func(report.Row, error) bool) {
		for i := 0; ; i++ {
			if i == 1000 {
				cancel()
			}
			if i > 100_000 || !yield(row1("x"), nil) {
				return
			}
		}
	}
	var b bytes.Buffer
	if err := Write(ctx, &b, Sheet{Columns: columns(), Rows: rows}); fault.KindOf(err) != fault.Canceled {
		t.Fatal(err)
	}
	own := fault.Bad("x", "y.z")
	if err := Write(context.Background(), &b, Sheet{Columns: columns(), Rows: func(yield func(report.Row, error) bool) { yield(report.Row{}, own) }}); !errors.Is(err, own) {
		t.Fatal(err)
	}
	if err := Write(context.Background(), full{}, Sheet{Columns: columns(), Rows: seq(row1("x"))}); fault.KeyOf(err) != "sheet.write" {
		t.Fatal(err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// A hundred thousand rows go through in the memory of a few.
func TestLongTableTakesNoMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	const n = 100_000
	var peak uint64
	last := 0
	rows := func(yield func(report.Row, error) bool) {
		r := row1("000123")
		for i := range n {
			if i%20_000 == 0 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
			if !yield(r, nil) {
				return
			}
		}
	}
	w := &counter{}
	if err := Write(context.Background(), w, Sheet{Title: "x", Columns: columns(), Rows: rows, Progress: func(i int) { last = i }}); err != nil {
		t.Fatal(err)
	}
	if last != n || w.n < 1<<20 || peak > 64<<20 {
		t.Fatalf("progress %d, %d bytes, heap %d MB", last, w.n, peak>>20)
	}
}

type counter struct{ n int }

func (c *counter) Write(p []byte) (int, error) { c.n += len(p); return len(p), nil }

func TestTabNames(t *testing.T) {
	for in, want := range map[string]string{"": "Sheet1", "a/b:c": "a b c", "'x'": "x", strings.Repeat("长", 40): strings.Repeat("长", 31), "[]": "Sheet1"} {
		if got := tabName(in); got != want {
			t.Errorf("tabName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestColumnNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, 16383).Draw(t, "i")
		want, err := excelize.ColumnNumberToName(i + 1)
		if err != nil || ColumnName(i) != want || columnOf(want+"7") != i {
			t.Fatalf("%d: %s, want %s, back %d", i, ColumnName(i), want, columnOf(want+"7"))
		}
	})
}
