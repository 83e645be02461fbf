package store

import (
	"regexp"
	"slices"
	"strings"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/report"
)

// The pieces views are put together from.

var aliasRE = regexp.MustCompile(`\b([a-z]+)\.`)

// joined gives the joins that the texts use and base does not have itself.
func (b *build) joined(base string, texts ...string) string {
	used := map[string]bool{}
	mark := func(s string) {
		for _, m := range aliasRE.FindAllStringSubmatch(s, -1) {
			used[m[1]] = true
		}
	}
	for _, s := range texts {
		mark(s)
	}
	for i := len(b.v.joins) - 1; i >= 0; i-- { // a join may use those before it
		if j := b.v.joins[i]; used[j.alias] {
			mark(j.sql)
		}
	}
	var out strings.Builder
	for _, j := range b.v.joins {
		if used[j.alias] && !has(base, j.alias) {
			out.WriteString(" " + j.sql)
		}
	}
	return out.String()
}

// has tells whether a FROM text defines an alias at its own level.
func has(from, alias string) bool {
	depth := 0
	for i := range len(from) {
		switch from[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ' ':
			if rest := from[i+1:]; depth == 0 && strings.HasPrefix(rest, alias) && (len(rest) == len(alias) || rest[len(alias)] == ' ') {
				return true
			}
		}
	}
	return false
}

func table(s string) func(*build) string { return func(*build) string { return s } }

// dates narrows a date column.
func dates(expr string) func(*build) string {
	return func(b *build) string {
		var c []string
		if b.q.From != 0 {
			c = append(c, expr+" >= "+b.arg(int64(b.q.From)))
		}
		if b.q.To != 0 {
			c = append(c, expr+" <= "+b.arg(int64(b.q.To)))
		}
		return strings.Join(c, " AND ")
	}
}

// is compares a column with the ID a filter's code stands for.
func is(by report.Filter, expr string) func(*build) string {
	return func(b *build) string {
		if all := b.merged[by]; all != "" {
			return expr + " IN (" + all + ")"
		}
		return expr + " = " + b.arg(b.ids[by])
	}
}

// kinds narrows to Query.Kinds.
func kinds(expr string) func(*build) string {
	return func(b *build) string {
		ks := make([]string, len(b.q.Kinds))
		for i, k := range b.q.Kinds {
			ks[i] = b.arg(k)
		}
		return expr + " IN (" + strings.Join(ks, ", ") + ")"
	}
}

// category takes a category with everything below it.
func category(b *build) string {
	c := b.arg(b.q.Category)
	return "i.category = " + c + " OR substr(i.category, 1, length(" + c + ") + 1) = " + c + " || '/'"
}

// maxTokens bounds the words of a search; the rest is looked for as it stands.
const maxTokens = 12

// search wants every word somewhere. match gives the condition for one word,
// lower case, as a parameter; instr knows no wildcards, so nothing needs
// escaping.
func search(match func(b *build, word string) string) func(*build) string {
	return words(strings.ToLower, match)
}

// words is search with the way letters are folded: search texts are folded by
// us, everything else by SQLite's lower(), which knows only A to Z.
func words(fold func(string) string, match func(b *build, word string) string) func(*build) string {
	return func(b *build) string {
		words := strings.Fields(fold(b.q.Search))
		if len(words) > maxTokens {
			words = append(words[:maxTokens-1:maxTokens-1], strings.Join(words[maxTokens-1:], " "))
		}
		c := make([]string, len(words))
		for i, w := range words {
			c[i] = "(" + match(b, b.arg(w)) + ")"
		}
		return strings.Join(c, " AND ")
	}
}

func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// within looks in columns that have no search text of their own.
func within(exprs ...string) func(*build) string {
	return words(asciiLower, func(_ *build, w string) string {
		c := make([]string, len(exprs))
		for i, e := range exprs {
			c[i] = "instr(lower(" + e + "), " + w + ") > 0"
		}
		return strings.Join(c, " OR ")
	})
}

// found looks in the search text of master data.
func found(alias string) func(*build) string {
	return search(func(_ *build, w string) string { return "instr(" + alias + ".search, " + w + ") > 0" })
}

// active shows the status of master data: active or disabled.
func active(alias string) col {
	return col{expr: "CASE " + alias + ".disabled WHEN 0 THEN 'active' ELSE 'disabled' END", sort: []string{alias + ".disabled"}}
}

func activeIs(alias string) func(*build) string {
	return func(b *build) string {
		return "CASE " + alias + ".disabled WHEN 0 THEN 'active' ELSE 'disabled' END = " + b.arg(b.q.Status)
	}
}

func plain(expr string) col { return col{expr: expr} }

// named sorts names the way they are read aloud.
func named(alias string) col {
	return col{expr: alias + ".name", sort: []string{alias + ".pinyin", alias + ".name"}}
}

func price(level string) col {
	return plain("(SELECT price FROM item_price WHERE item = i.id AND level = '" + level + "')")
}

func num(v any) int64 { n, _ := v.(int64); return n }

// unitCost fills a price from a value and a quantity; there is none of nothing.
func unitCost(value, qty string) col {
	return col{raw: []string{value, qty}, fill: func(_ *build, raw []any) (report.Value, error) {
		if num(raw[1]) == 0 || raw[0] == nil {
			return report.Nil(), nil
		}
		p, err := amount.UnitPrice(amount.Money(num(raw[0])), amount.Qty(num(raw[1])))
		if err != nil { // more than a price can say
			return report.Nil(), nil
		}
		return report.N(p), nil
	}}
}

// share fills a rate from a part and a whole.
func share(part, whole string) col {
	return col{raw: []string{part, whole}, fill: func(_ *build, raw []any) (report.Value, error) {
		if num(raw[1]) == 0 {
			return report.Nil(), nil
		}
		r, err := amount.MulDiv(num(raw[0]), amount.RateScale, num(raw[1]))
		if err != nil {
			return report.Nil(), nil
		}
		return report.N(r), nil
	}}
}

// kindList lists the kinds that a property of their specs picks, for IN ().
func kindList(pick func(doc.Spec) bool) string {
	var out []string
	for _, s := range doc.Specs() {
		if pick(s) {
			out = append(out, "'"+string(s.Kind)+"'")
		}
	}
	return strings.Join(out, ", ")
}

// tradeSign makes amounts of documents that work the other way (returns)
// negative: what is owed grows with positive ones.
func tradeSign(s doc.Spec) int {
	if s.Trade == doc.AccPayable {
		return -s.TradeSign
	}
	return s.TradeSign
}

var (
	// kinds whose total is owed by or to somebody until it is settled; of a
	// payment, what it did not settle is a prepayment
	owedKinds = kindList(func(s doc.Spec) bool { return s.Trade == doc.AccReceivable || s.Trade == doc.AccPayable })
	// among all kinds, those that take back
	backKinds = kindList(func(s doc.Spec) bool { return s.Trade != "" && tradeSign(s) < 0 })
)

// today is the business date now.
func (b *build) today() day.Date { return day.Of(b.t.s.now()) }

func sortLate(b *build, rows []readRow) {
	at := slices.IndexFunc(b.cols, func(c report.Column) bool { return c.Key == b.q.Sort })
	slices.SortStableFunc(rows, func(x, y readRow) int { // stable over rows read in the direction asked for
		n := 0
		switch a, c := x.Cells[at].Num, y.Cells[at].Num; {
		case a < c:
			n = -1
		case a > c:
			n = 1
		}
		if b.q.Desc {
			return -n
		}
		return n
	})
}
