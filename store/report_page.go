package store

import (
	"strings"

	"tiezhang/app/amount"
	"tiezhang/app/report"
)

// One page of an answer and what its rows sum to.

func (b *build) page() (report.Page, error) {
	p := report.Page{Columns: b.cols}
	if b.v.owner == "" && !b.v.owned && b.q.OwnerOnly != 0 {
		p.Totals = map[string]report.Value{}
		return p, nil
	}
	var sums *summing
	if b.q.Count && b.v.once != nil && b.v.once(b) {
		sums = &summing{}
	}
	rows, err := b.fresh().rows(sums)
	if err != nil {
		return p, err
	}
	if b.col(b.q.Sort).late { // read in full, then put in order
		sortLate(b, rows)
		rows = cut(rows, b.q.Offset, b.q.Limit)
	}
	p.Rows = make([]report.Row, len(rows))
	for i := range rows {
		p.Rows[i] = rows[i].Row
	}
	if !b.q.Count {
		return p, nil
	}
	c := b.fresh()
	if sums == nil || len(rows) == 0 { // a page past the end brings nothing along
		sums = &summing{}
		if err := c.totals(sums); err != nil {
			return p, err
		}
	}
	p.Total, p.Totals = int(sums.n[0]), map[string]report.Value{}
	for i, k := range sums.keys {
		p.Totals[k] = report.N(sums.n[i+1])
	}
	if len(sums.late) > 0 {
		err = c.lateTotals(sums.late, p.Totals)
	}
	return p, err
}

// summing is the totals row being read: how many rows, and the sums of columns.
type summing struct {
	exprs []string // with no over: aggregates of their own query; else windows over the page's
	keys  []string
	late  []report.Column // known only after reading every row
	n     []int64
}

// prepare lists what is to be summed; over is " OVER ()" beside the page's rows.
func (s *summing) prepare(b *build, over string) {
	s.exprs = []string{"count(*)" + over}
	for _, c := range b.cols {
		e := b.col(c.Key)
		if !c.Total {
			continue
		}
		x := ""
		if e.whole != nil {
			x = e.whole(b)
		}
		if x == "" {
			sum := e.sum
			if sum == "" {
				sum = e.expr
			}
			if sum == "" {
				s.late = append(s.late, c)
				continue
			}
			x = "ifnull(sum(" + sum + ")" + over + ", 0)"
		}
		s.keys, s.exprs = append(s.keys, c.Key), append(s.exprs, x)
	}
	s.n = make([]int64, len(s.exprs))
}

func cut[T any](xs []T, from, n int) []T {
	from = min(max(from, 0), len(xs))
	xs = xs[from:]
	if n > 0 && n < len(xs) {
		xs = xs[:n]
	}
	return xs
}

// totals counts the rows and sums the columns that have a total.
func (b *build) totals(s *summing) error {
	if b.v.sums != nil {
		if from, exprs := b.v.sums(b); from != "" {
			return b.shortTotals(s, from, exprs)
		}
		b = b.fresh()
	}
	s.prepare(b, "")
	base, where, list := b.v.base(b), b.conditions(), strings.Join(s.exprs, ", ")
	ptr := make([]any, len(s.n))
	for i := range s.n {
		ptr[i] = &s.n[i]
	}
	return b.each("SELECT "+list+" FROM "+base+b.joined(base, list, where)+where, func(scan func(...any) error) error { return scan(ptr...) })
}

// shortTotals reads the totals a view has a shorter way to.
func (b *build) shortTotals(s *summing, from string, exprs map[string]string) error {
	s.exprs = []string{exprs[""]}
	for _, c := range b.cols {
		if c.Total {
			s.keys, s.exprs = append(s.keys, c.Key), append(s.exprs, exprs[c.Key])
		}
	}
	s.n = make([]int64, len(s.exprs))
	ptr := make([]any, len(s.n))
	for i := range s.n {
		ptr[i] = &s.n[i]
	}
	return b.each("SELECT "+strings.Join(s.exprs, ", ")+" FROM "+from, func(scan func(...any) error) error { return scan(ptr...) })
}

// lateTotals sums columns that are known only after reading every row.
func (b *build) lateTotals(cols []report.Column, out map[string]report.Value) error {
	c := b.fresh()
	c.cols, c.q.Sort, c.q.Limit, c.q.Offset = cols, "", 0, 0
	rows, err := c.rows(nil)
	if err != nil {
		return err
	}
	for i, col := range cols {
		var sum int64
		for _, r := range rows {
			if sum, err = amount.Add(sum, r.Cells[i].Num); err != nil {
				return err
			}
		}
		out[col.Key] = report.N(sum)
	}
	return nil
}
