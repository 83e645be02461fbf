package store

import (
	"context"
	"strings"

	"tiezhang/app/fault"
	"tiezhang/app/report"
)

// A view says how the rows of one report.Spec are found. It is a description;
// build turns it into SQL, one way for all of them:
//
//   - only the columns asked for are selected, and a join is written only when
//     something selected, filtered or sorted needs it (an expression names its
//     tables by their aliases);
//   - everything a person typed is a bound parameter;
//   - where again is given, the rows of the page are found first, by key, and
//     what is only shown is read for those alone.
type view struct {
	base   func(b *build) string // what FROM begins with
	key    []string              // expressions that tell one row from another
	again  string                // a found row read again: its key is k.k0, k.k1 …
	joins  []join
	ref    string
	cols   map[string]col
	order  []string // own order
	newest bool     // own order is descending
	always func(b *build) string
	filter map[report.Filter]func(b *build) string
	owner  string // user the row belongs to; "" = nobody's, so a role with own rows only sees none
	owned  bool   // base looks at OwnerOnly itself
	// once: base is dear, so the first page brings its totals along.
	once   func(b *build) bool
	hidden []string
	// late fills cells that hang on several rows, after reading; such columns
	// have no expression of their own and are sorted and summed after it.
	late func(b *build, rows []readRow) error
	// sums gives the number of rows (key "") and the totals by a shorter way than
	// reading the rows, and where from; "" where a filter does not allow it.
	sums func(b *build) (from string, exprs map[string]string)
	// by gives the view for one query, where there is more than one.
	by func(b *build) *view
	// custom is the column that keeps the fields the owner declared, as JSON.
	custom string
}

// join is a table read when its alias is used. It may use those before it.
type join struct{ alias, sql string }

// col is how one column is worked out.
type col struct {
	expr string
	sort []string // orders by these instead; nil = expr
	sum  string   // sums this instead; "" = expr
	// whole gives the total by a shorter way than summing the rows, where the
	// query allows one; "" = sum.
	whole func(b *build) string
	raw   []string // values for fill, instead of expr
	fill  func(b *build, raw []any) (report.Value, error)
	late  bool
	// by gives the column for one query, where it hangs on more than its name.
	// It binds nothing: it may be asked for and not used.
	by func(b *build) col
}

// column gives how a column is worked out in this query.
func (b *build) column(key string) (col, bool) {
	if name, ok := strings.CutPrefix(key, "custom."); ok && b.v.custom != "" && plainWord(name) {
		e := "json_extract(" + b.v.custom + ", '$." + name + "')"
		c := col{expr: e, sort: []string{"ifnull(" + e + ", '')"}}
		for _, x := range b.cols {
			if x.Key == key && x.Type == report.Number {
				c.sort = []string{"CAST(" + e + " AS NUMERIC)"}
			}
		}
		return c, true
	}
	c, ok := b.v.cols[key]
	if ok && c.by != nil {
		c = c.by(b)
	}
	return c, ok
}

// col is column for those that check has found there.
func (b *build) col(key string) col {
	c, _ := b.column(key)
	return c
}

// plainWord keeps what becomes part of a statement to letters, digits and _.
func plainWord(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// readRow is a row being read: hidden values beside the cells.
type readRow struct {
	report.Row
	hidden []any
}

// build makes one statement: numbered parameters, so that their order in the
// text does not matter.
type build struct {
	t    *tx
	ctx  context.Context
	v    *view
	q    report.Query
	cols []report.Column
	ids  map[report.Filter]int64
	args []any
	// merged lists the IDs a filter means, where its row has taken over others.
	merged map[report.Filter]string
	// group is what one row stands for, one of the spec's.
	group string
	// places are the warehouses rows must lie in; nil = all.
	places []int64
}

func (b *build) arg(v any) string {
	b.args = append(b.args, v)
	return "?" + itoa(int64(len(b.args)))
}

// fresh begins another statement for the same query.
func (b *build) fresh() *build {
	c := *b
	c.args = nil
	return &c
}

// wants tells whether one of the columns is asked for or sorted by.
func (b *build) wants(keys ...string) bool {
	for _, k := range keys {
		for _, c := range b.cols {
			if c.Key == k {
				return true
			}
		}
	}
	return false
}

const reportOp = "store.Report"

// Report implements app.Tx.
func (t *tx) Report(ctx context.Context, q report.Query, cols []report.Column) (report.Page, error) {
	spec, ok := report.Find(q.Name)
	v := views[q.Name]
	if !ok || v == nil {
		return report.Page{}, fault.New(reportOp, fault.NotFound, "report.unknown", fault.Pairs("name", q.Name))
	}
	if q.Days == 0 {
		q.Days = spec.Days
	}
	b := &build{t: t, ctx: ctx, v: v, q: q, cols: cols, ids: map[report.Filter]int64{}, merged: map[report.Filter]string{}, group: spec.GroupOf(q)}
	if v.by != nil {
		b.v = v.by(b)
	}
	if err := b.check(spec); err != nil {
		return report.Page{}, err
	}
	p, err := b.page()
	if err != nil {
		if ctx.Err() != nil {
			err = fault.Wrap(reportOp, fault.Canceled, "store.canceled", nil, err)
		}
		return report.Page{}, wrap(reportOp, err)
	}
	return p, nil
}

func badFilter(filter, value string) error {
	return fault.Bad(reportOp, "report.filter", "field", filter, "value", value)
}

// check refuses what the spec does not offer: a filter quietly left out would
// show figures that look filtered. It resolves the codes to IDs.
func (b *build) check(spec report.Spec) error {
	q := b.q
	has := map[report.Filter]bool{}
	for _, f := range spec.Filters {
		has[f] = true
	}
	kinds := ""
	if len(q.Kinds) > 0 {
		kinds = q.Kinds[0]
	}
	for _, f := range []struct {
		ok           bool
		field, value string
	}{
		{has[report.FromTo], "from", q.From.String()},
		{has[report.FromTo] || has[report.AsOf], "to", q.To.String()},
		{has[report.ByText], "search", q.Search},
		{has[report.ByCat], "category", q.Category},
		{has[report.ByKind], "kind", kinds},
		{has[report.ByStatus], "status", q.Status},
		{has[report.ByGroup] && spec.GroupOf(q) != "", "group", q.Group},
		{has[report.ByDays], "days", nonzero(q.Days)},
	} {
		if f.value != "" && !f.ok {
			return badFilter(f.field, f.value)
		}
	}
	for _, f := range []struct {
		by           report.Filter
		table, value string
	}{
		{report.ByItem, "item", q.Item}, {report.ByParty, "party", q.Party},
		{report.ByPlace, "warehouse", q.Warehouse}, {report.ByAccount, "account", q.Account},
		{report.ByUser, "user", q.User}, {report.ByStaff, "employee", q.Staff},
	} {
		if f.value == "" {
			continue
		}
		if !has[f.by] {
			return badFilter(string(f.by), f.value)
		}
		column := "code"
		if f.by == report.ByUser {
			column = "name"
		}
		var id int64
		err := b.t.get(`SELECT id FROM `+f.table+` WHERE `+column+` = ?`, []any{f.value}, &id)
		if noRow(err) {
			return badFilter(string(f.by), f.value)
		}
		if err != nil {
			return wrap(reportOp, err)
		}
		b.ids[f.by] = id
		if f.by == report.ByItem || f.by == report.ByParty {
			if err := b.family(f.by, f.table, id); err != nil {
				return wrap(reportOp, err)
			}
		}
	}
	if err := b.narrow(); err != nil {
		return err
	}
	for _, c := range b.cols {
		if _, ok := b.column(c.Key); !ok {
			return fault.New(reportOp, fault.Internal, "report.filter", fault.Pairs("field", "columns", "value", c.Key))
		}
	}
	if q.Sort == "" {
		return nil
	}
	for _, c := range b.cols { // sorting by a column one may not see tells what is in it
		if c.Key == q.Sort && !c.NoSort {
			return nil
		}
	}
	return badFilter("sort", q.Sort)
}

// family finds what a row has taken over: its history counts as the row's own.
func (b *build) family(by report.Filter, table string, id int64) error {
	ids := []string{itoa(id)}
	err := b.t.each(`SELECT id FROM `+table+` WHERE merged_into = ?`, []any{id}, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, itoa(id))
		return err
	})
	if len(ids) > 1 {
		b.merged[by] = strings.Join(ids, ", ")
	}
	return err
}

func nonzero(n int) string {
	if n == 0 {
		return ""
	}
	return itoa(int64(n))
}

// conditions gives the WHERE clause.
func (b *build) conditions() string {
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	if b.v.always != nil {
		add(b.v.always(b))
	}
	q := b.q
	for _, f := range []struct {
		by  report.Filter
		set bool
	}{
		{report.FromTo, q.From != 0 || q.To != 0}, {report.ByText, strings.TrimSpace(q.Search) != ""}, {report.ByItem, q.Item != ""},
		{report.ByParty, q.Party != ""}, {report.ByPlace, b.placed()}, {report.ByAccount, q.Account != ""},
		{report.ByCat, q.Category != ""}, {report.ByKind, len(q.Kinds) > 0}, {report.ByStatus, q.Status != ""},
		{report.ByUser, q.User != ""}, {report.ByStaff, q.Staff != ""}, {report.ByDays, q.Days != 0}, {report.ByZero, !q.Zero},
	} {
		if fn := b.v.filter[f.by]; f.set && fn != nil {
			add(fn(b))
		}
	}
	if q.OwnerOnly != 0 && !b.v.owned {
		add(b.v.owner + " = " + b.arg(q.OwnerOnly))
	}
	if len(out) == 0 {
		return ""
	}
	return " WHERE (" + strings.Join(out, ") AND (") + ")"
}

// ordering gives the terms of ORDER BY. The row's key comes last, so that two
// pages never show a row twice; it runs the way the rest does.
func (b *build) ordering() (terms []string, desc bool) {
	terms, desc = b.v.order, b.v.newest
	if b.q.Sort != "" {
		c := b.col(b.q.Sort)
		desc = b.q.Desc
		switch {
		case c.late: // put in order after reading
		case c.sort != nil:
			terms = c.sort
		default:
			terms = []string{c.expr}
		}
	} else if b.q.Desc {
		desc = !desc
	}
	return append(append([]string(nil), terms...), b.v.key...), desc
}

func orderBy(terms []string, desc bool) string {
	dir := " ASC"
	if desc {
		dir = " DESC"
	}
	var s strings.Builder
	for i, t := range terms {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(t + dir)
	}
	return " ORDER BY " + s.String()
}

// rows reads the rows of the page, or all of them if a column worked out late
// decides the order.
func (b *build) rows(sums *summing) ([]readRow, error) {
	sel := []string{b.v.ref}
	sel = append(sel, b.v.hidden...)
	for _, c := range b.cols {
		e := b.col(c.Key)
		switch {
		case e.late:
		case e.fill != nil:
			sel = append(sel, e.raw...)
		default:
			sel = append(sel, e.expr)
		}
	}
	own := len(sel)
	if sums != nil {
		sums.prepare(b, " OVER ()")
		sel = append(sel, sums.exprs...)
	}
	base, where := b.v.base(b), b.conditions()
	terms, desc := b.ordering()
	limit := ""
	if !b.col(b.q.Sort).late && (b.q.Limit > 0 || b.q.Offset > 0) {
		n := int64(b.q.Limit)
		if n <= 0 {
			n = -1
		}
		limit = " LIMIT " + b.arg(n) + " OFFSET " + b.arg(int64(max(b.q.Offset, 0)))
	}
	list := strings.Join(sel, ", ")
	var text string
	if b.v.again == "" || limit == "" {
		text = "SELECT " + list + " FROM " + base + b.joined(base, list, where, strings.Join(terms, ",")) + where + orderBy(terms, desc) + limit
	} else {
		inner, outer := make([]string, len(terms)), make([]string, len(terms))
		for i, t := range terms {
			name := "o" + itoa(int64(i))
			if k := i - (len(terms) - len(b.v.key)); k >= 0 {
				name = "k" + itoa(int64(k))
			}
			inner[i], outer[i] = t+" AS "+name, "k."+name
		}
		text = "SELECT " + list + " FROM (SELECT " + strings.Join(inner, ", ") + " FROM " + base +
			b.joined(base, where, strings.Join(terms, ",")) + where + orderBy(terms, desc) + limit + ") k JOIN " + b.v.again +
			b.joined(b.v.again, list) + orderBy(outer, desc)
	}
	var out []readRow
	raw := make([]any, len(sel))
	ptr := make([]any, len(sel))
	for i := range raw {
		ptr[i] = &raw[i]
	}
	err := b.each(text, func(scan func(...any) error) error {
		if err := scan(ptr...); err != nil {
			return err
		}
		for i := own; i < len(raw) && len(out) == 0; i++ {
			sums.n[i-own] = num(raw[i])
		}
		ln, err := b.read(raw[:own])
		out = append(out, ln)
		return err
	})
	if err == nil && b.v.late != nil {
		err = b.v.late(b, out)
	}
	return out, err
}

func (b *build) each(text string, fn func(scan func(...any) error) error) error {
	if seenSQL != nil {
		seenSQL(text, b.args)
	}
	return b.t.eachCtx(b.ctx, text, b.args, fn)
}

// seenSQL is told every statement a report runs; tests look at what is read.
var seenSQL func(text string, args []any)

// read turns one row of the database into one of the page.
func (b *build) read(raw []any) (readRow, error) {
	var ln readRow
	ln.Ref = cell(report.Text, raw[0]).Text
	raw = raw[1:]
	if n := len(b.v.hidden); n > 0 {
		ln.hidden = append([]any(nil), raw[:n]...)
		raw = raw[n:]
	}
	ln.Cells = make([]report.Value, len(b.cols))
	for i, c := range b.cols {
		e := b.col(c.Key)
		switch {
		case e.late:
			continue
		case e.fill != nil:
			v, err := e.fill(b, raw[:len(e.raw)])
			if err != nil {
				return ln, err
			}
			ln.Cells[i] = v
			raw = raw[len(e.raw):]
		default:
			ln.Cells[i] = cell(c.Type, raw[0])
			raw = raw[1:]
		}
	}
	return ln, nil
}

// cell reads a value as a column's type wants it.
func cell(t report.Type, v any) report.Value {
	switch x := v.(type) {
	case nil:
		return report.Nil()
	case int64:
		if t == report.Text || t == report.Key || t == report.Status || t == report.Detail {
			return report.T(itoa(x))
		}
		return report.N(x)
	case []byte:
		return report.T(string(x))
	case string:
		return report.T(x)
	}
	return report.Nil()
}
