package sheet

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/fault"
)

// scan walks the rows under a header and gathers problems.
type scan struct {
	t  Table
	m  Mapping
	ps []Problem
}

// row is one row being read.
type row struct {
	*scan
	l   Line
	bad bool // an Error was reported
}

// rows gives each row that means something: blank ones, totals, headers
// repeated by page breaks and lone remarks are passed over with a note.
func (s *scan) rows(fn func(r *row)) {
	if s.m.Header < 0 || s.m.Header >= len(s.t.Lines) {
		return
	}
	header := s.t.Lines[s.m.Header]
	for _, l := range s.t.Lines[s.m.Header+1:] {
		r := &row{scan: s, l: l}
		switch {
		case sameTexts(l, header):
			r.rowProblem(Note, "sheet.skipped-header")
		case r.total():
			r.rowProblem(Note, "sheet.skipped-total")
		case r.remark():
			r.rowProblem(Note, "sheet.skipped-remark")
		default:
			fn(r)
		}
	}
}

func sameTexts(a, b Line) bool {
	n := 0
	for i := range max(len(a.Cells), len(b.Cells)) {
		if a.at(i).Text != b.at(i).Text {
			return false
		}
		if a.at(i).Kind != Empty {
			n++
		}
	}
	return n > 1
}

// total: the first text of the row says so and no barcode stands in it.
func (r *row) total() bool {
	if c, ok := r.cell("barcode"); ok && c.Kind != Empty {
		return false
	}
	for _, c := range r.l.Cells {
		if c.Kind == AsText {
			return isTotal(c.Text)
		}
	}
	return false
}

// remark: a single text outside the column of names ("made by: …").
func (r *row) remark() bool {
	n, at := 0, -1
	for i, c := range r.l.Cells {
		if c.Kind != Empty {
			n, at = n+1, i
		}
	}
	name, ok := r.m.Fields["name"]
	return n == 1 && (!ok || at != name) && r.l.Cells[at].Kind == AsText
}

func (r *row) cell(f string) (Cell, bool) {
	col, ok := r.m.Fields[f]
	if !ok {
		return Cell{}, false
	}
	return r.l.at(col), true
}

// problem reports something about a field's cell; a field without a column in
// the file names the row only.
func (r *row) problem(lv Level, f, key string, nv ...any) {
	p := Problem{Row: r.l.No, Level: lv, Key: key, Args: fault.Pairs(nv...)}
	if col, ok := r.m.Fields[f]; ok {
		p.Cell = cellName(col, r.l.No)
		p.Column = strings.Join(strings.Fields(r.t.Lines[r.m.Header].at(col).Text), " ")
	}
	if p.Args == nil {
		p.Args = fault.Args{}
	}
	p.Args["field"] = f
	r.bad = r.bad || lv == Error
	r.ps = append(r.ps, p)
}

func (r *row) rowProblem(lv Level, key string, nv ...any) {
	r.bad = r.bad || lv == Error
	r.ps = append(r.ps, Problem{Row: r.l.No, Level: lv, Key: key, Args: fault.Pairs(nv...)})
}

// use gives a cell that can be read at all.
func (r *row) use(f string) (Cell, bool) {
	c, ok := r.cell(f)
	if !ok || c.Kind == Empty {
		return Cell{}, false
	}
	switch c.Kind {
	case AsError:
		r.problem(Error, f, "sheet.cell-error", "value", c.Text)
		return Cell{}, false
	case NoValue:
		r.problem(Error, f, "sheet.no-value")
		return Cell{}, false
	}
	return c, true
}

// text gives a cell as words: line breaks and runs of blanks become one blank.
func (r *row) text(f string) string {
	c, ok := r.use(f)
	if !ok {
		return ""
	}
	if c.Kind == AsNum {
		return plain(c.Text)
	}
	if !utf8.ValidString(c.Text) {
		r.problem(Error, f, "sheet.not-text")
		return ""
	}
	return strings.Join(strings.Fields(c.Text), " ")
}

// code gives a code: half width, no blanks at the ends.
func (r *row) code(f string) string { return amount.Narrow(r.text(f)) }

// barcode gives a code to be scanned, and reports what a spreadsheet may have
// done to it: 6.9E+12 typed as text has lost its digits; a number has lost
// digits past the 15th, and its leading zeros if it had any.
func (r *row) barcode(f string) string {
	c, ok := r.use(f)
	if !ok {
		return ""
	}
	if c.Kind == AsNum {
		s := plain(c.Text)
		switch {
		case len(s) > 15:
			r.problem(Error, f, "sheet.barcode-digits", "value", s)
			return ""
		case strings.Trim(s, "0123456789") != "":
			r.problem(Error, f, "sheet.barcode", "value", s)
			return ""
		case suspect(s):
			r.problem(Warning, f, "sheet.barcode-zeros", "value", s)
		}
		return s
	}
	s := strings.ReplaceAll(amount.Narrow(c.Text), " ", "")
	if vocab().blank[strings.ToLower(s)] {
		return ""
	}
	if scientific(s) {
		r.problem(Error, f, "sheet.barcode-scientific", "value", s)
		return ""
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			r.problem(Error, f, "sheet.barcode", "value", s)
			return ""
		}
	}
	return s
}

// suspect: as long as a trade code that lost its leading zeros. 8 and 13 digits
// are whole codes; 12 are when their check digit is right.
func suspect(s string) bool {
	switch len(s) {
	case 7, 9, 10, 11:
		return true
	case 12:
		return !checkDigit("0" + s)
	}
	return false
}

// checkDigit tells whether a code of 13 digits ends in the right one.
func checkDigit(s string) bool {
	sum := 0
	for i := range len(s) {
		d := int(s[i] - '0')
		if i%2 == 1 {
			d *= 3
		}
		sum += d
	}
	return len(s) == 13 && sum%10 == 0
}

func scientific(s string) bool {
	mant, exp, ok := strings.Cut(strings.ToUpper(s), "E")
	return ok && strings.Contains(mant, ".") && strings.Trim(mant, "0123456789.") == "" &&
		len(exp) > 1 && strings.Trim(exp, "+0123456789") == ""
}

// plain writes a stored number the way a spreadsheet shows it in full: its 15
// significant digits, without exponent.
func plain(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	if strings.Trim(s, "-0123456789") == "" {
		return s // whole and as written: keep every digit
	}
	e := strconv.FormatFloat(f, 'e', 14, 64)
	if g, err := strconv.ParseFloat(e, 64); err == nil {
		f = g
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// number gives a cell as a decimal string ready for amount's parsers.
func (r *row) number(f string) (string, bool) {
	c, ok := r.use(f)
	if !ok {
		return "", false
	}
	if c.Kind == AsNum {
		return plain(c.Text), true
	}
	s := strings.ReplaceAll(amount.Narrow(c.Text), " ", "")
	low := strings.ToLower(s)
	if s == "" || vocab().blank[low] {
		return "", false
	}
	for _, u := range vocab().MoneyUnits {
		if t, cut := strings.CutSuffix(low, u); cut && t != "" {
			return t, true
		}
	}
	return s, true
}

// parseAs reads a field with one of amount's parsers, within limits. A number
// worked out by the spreadsheet may have more decimals than we keep: it is
// rounded and said so. One that was typed as text is refused.
func parseAs[T ~int64](r *row, f string, parse func(string) (T, error), decimals int, limit T) (T, bool) {
	s, ok := r.number(f)
	if !ok {
		return 0, false
	}
	v, err := parse(s)
	if errors.Is(err, amount.ErrPrecision) {
		if c, _ := r.cell(f); c.Kind == AsNum {
			if v, err = parse(roundTo(s, decimals)); err == nil {
				r.problem(Warning, f, "sheet.rounded", "value", s, "taken", roundTo(s, decimals))
			}
		} else {
			r.problem(Error, f, "sheet.decimals", "value", s, "max", decimals)
			return 0, false
		}
	}
	switch {
	case err != nil:
		r.problem(Error, f, "sheet.not-number", "value", s)
		return 0, false
	case v < 0:
		r.problem(Error, f, "sheet.negative", "value", s)
		return 0, false
	case v > limit:
		r.problem(Error, f, "sheet.too-large", "value", s)
		return 0, false
	}
	return v, true
}

// roundTo rounds a decimal string half away from zero.
func roundTo(s string, decimals int) string {
	whole, frac, _ := strings.Cut(s, ".")
	if len(frac) <= decimals {
		return s
	}
	up := frac[decimals] >= '5'
	digits := []byte(whole + frac[:decimals])
	for i := len(digits) - 1; up && i >= 0; i-- {
		if digits[i] == '-' {
			break
		}
		if digits[i] != '9' {
			digits[i]++
			up = false
		} else {
			digits[i] = '0'
		}
	}
	out := string(digits)
	if up {
		if strings.HasPrefix(out, "-") {
			out = "-1" + out[1:]
		} else {
			out = "1" + out
		}
	}
	return out[:len(out)-decimals] + "." + out[len(out)-decimals:]
}

func (r *row) price(f string) (amount.Price, bool) {
	return parseAs(r, f, amount.ParsePrice, 6, amount.MaxPrice)
}
func (r *row) qty(f string) (amount.Qty, bool) {
	return parseAs(r, f, amount.ParseQty, 4, amount.MaxQty)
}
func (r *row) money(f string) (amount.Money, bool) {
	return parseAs(r, f, amount.ParseMoney, 2, amount.MaxMoney)
}

// date reads a day typed as text or kept as a number of days.
func (r *row) date(f string) day.Date {
	c, ok := r.use(f)
	if !ok {
		return 0
	}
	if c.Kind == AsNum {
		whole, _, _ := strings.Cut(plain(c.Text), ".")
		n, err := strconv.Atoi(whole)
		if err == nil && n > 60 && n < 2_900_000 {
			return epoch.AddDays(n)
		}
		if d, err := day.Parse(whole); err == nil { // 20270331
			return d
		}
		r.problem(Error, f, "sheet.not-date", "value", c.Text)
		return 0
	}
	s := amount.Narrow(c.Text)
	if vocab().blank[strings.ToLower(s)] {
		return 0
	}
	s, _, _ = strings.Cut(s, " ") // a time of day is of no interest
	d, err := day.Parse(s)
	if err != nil {
		r.problem(Error, f, "sheet.not-date", "value", c.Text)
	}
	return d
}

// checked turns what a type's own Check found into problems at our cells.
// Fields already reported are not reported twice.
func (r *row) checked(err error, cells func(field string) string, done map[string]bool) {
	var l fault.List
	if !errors.As(err, &l) {
		return
	}
	for _, e := range l {
		of, _ := e.Args["field"].(string)
		f := cells(of)
		if done[f] {
			continue
		}
		done[f] = true
		nv := []any{}
		for k, v := range e.Args {
			if k != "field" && k != "what" {
				nv = append(nv, k, v)
			}
		}
		r.problem(Error, f, "sheet."+strings.TrimPrefix(e.Key, "master."), nv...)
	}
}
