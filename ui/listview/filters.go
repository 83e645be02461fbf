package listview

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/master"
	"tiezhang/app/report"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// pause is how long typing must rest before a search is asked.
const pause = 150 * time.Millisecond

// filters is the bar that narrows a list.
type filters struct {
	l       *List
	content *fyne.Container

	presets        map[span]*control.Button
	from, to       *control.DateField
	search         *control.Entry
	itemAt         *Lookup
	partyAt        *Lookup
	kind, status   *control.Choice
	place, account *control.Choice
	category, user *control.Choice
	group, staff   *control.Choice
	days           *control.Entry
	zero           *control.Check

	item, party string // codes
	stop        func()
	quiet       bool // filled by the program, not the person
}

func newFilters(l *List) *filters {
	f := &filters{l: l, presets: map[span]*control.Button{}}
	has := func(x report.Filter) bool { return slices.Contains(l.desc.Spec.Filters, x) }
	first := container.New(flow{gap})
	if has(report.FromTo) {
		first.Add(f.dates())
	}
	if has(report.AsOf) {
		f.to = f.dateField(nil)
		first.Add(labelled("report.filter.as-of", f.to))
	}
	if has(report.ByText) {
		f.search = control.NewEntry()
		f.search.MinWidth = 230
		f.search.SetPlaceHolder(text.T("listview.search"))
		f.search.OnChanged = func(string) { f.later() }
		f.search.OnEnter = func() bool { f.now(); f.l.Enter(); return true }
		f.search.OnKey = func(e *fyne.KeyEvent) bool {
			if e.Name == fyne.KeyDown {
				f.l.Enter()
				return true
			}
			return false
		}
		first.Add(f.search)
	}
	for _, p := range f.pickers(has) {
		first.Add(p)
	}
	f.content = first
	f.start()
	f.choices()
	return f
}

// start puts in what the list begins with.
func (f *filters) start() {
	if f.from != nil {
		f.setSpan(f.l.desc.Span)
	}
	if f.days != nil {
		f.days.SetText("")
		if n := f.l.desc.Spec.Days; n > 0 {
			f.days.SetText(strconv.Itoa(n))
		}
	}
	f.with(f.l.desc.With)
	if f.l.desc.Item != "" {
		f.item = f.l.desc.Item
		if f.itemAt != nil {
			f.itemAt.Set(f.item, f.item)
		}
	}
	if f.l.desc.Party != "" {
		f.party = f.l.desc.Party
		if f.partyAt != nil {
			f.partyAt.Set(f.party, f.party)
		}
	}
}

// with puts in the filters a link or a saved view brings along.
func (f *filters) with(filters map[string]string) {
	for _, c := range []struct {
		at  *control.Choice
		key string
	}{{f.group, "group"}, {f.category, "category"}, {f.place, "warehouse"}, {f.account, "account"}, {f.staff, "staff"}, {f.user, "user"}, {f.kind, "kind"}, {f.status, "status"}} {
		if v := filters[c.key]; c.at != nil && v != "" {
			c.at.SetValue(v)
		}
	}
	for _, d := range []struct {
		at  *control.DateField
		key string
	}{{f.from, "from"}, {f.to, "to"}} {
		if n, err := strconv.ParseInt(filters[d.key], 10, 32); d.at != nil && err == nil {
			d.at.SetValue(iso(day.Date(n)))
		}
	}
	if v := filters["days"]; f.days != nil && v != "" {
		f.days.SetText(v)
	}
	if v := filters["search"]; f.search != nil && v != "" {
		f.search.SetText(v)
	}
	if f.from != nil {
		f.mark()
	}
}

// state is what narrows the list, as with takes it. Dates that are a preset stay
// one: this month is another month next time.
func (f *filters) state() map[string]string {
	q := f.query()
	out := map[string]string{"search": q.Search, "item": q.Item, "party": q.Party, "warehouse": q.Warehouse, "account": q.Account, "category": q.Category, "status": q.Status,
		"user": q.User, "staff": q.Staff, "group": q.Group}
	if f.kind != nil {
		out["kind"] = f.kind.Value()
	}
	if f.days != nil {
		out["days"] = f.days.Text
	}
	if f.from != nil {
		if s := spanOf(q.From, q.To, day.Of(f.clock())); s != "" {
			out["span"] = string(s)
		} else {
			out["from"], out["to"] = strconv.Itoa(int(q.From)), strconv.Itoa(int(q.To))
		}
	}
	for k, v := range out {
		if v == "" {
			delete(out, k)
		}
	}
	return out
}

// take shows a saved view's filters and nothing else.
func (f *filters) take(filters map[string]string) {
	f.empty()
	f.quiet = true
	defer func() { f.quiet = false }()
	if s := span(filters["span"]); s != "" && f.from != nil {
		f.setSpan(s)
	}
	f.item, f.party = filters["item"], filters["party"]
	if f.itemAt != nil {
		f.itemAt.Set(f.item, f.item)
	}
	if f.partyAt != nil {
		f.partyAt.Set(f.party, f.party)
	}
	f.with(filters)
}

func (f *filters) pickers(has func(report.Filter) bool) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	l := f.l
	if has(report.ByItem) {
		f.itemAt = NewItemLookup(l.env, l.owner, func(code, _ string) { f.item = code; f.changed(); l.retitle() })
		out = append(out, f.itemAt)
	}
	if has(report.ByParty) {
		f.partyAt = NewPartyLookup(l.env, l.owner, "", func(code, _ string) { f.party = code; f.changed(); l.retitle() })
		out = append(out, f.partyAt)
	}
	choice := func(key string, os []Option) *control.Choice {
		c := control.NewChoice(controlOptions(os), func(string) { f.changed() })
		c.Placeholder, c.Optional, c.MinWidth = text.T("listview.all", "what", text.T("report.filter."+key)), true, 132
		out = append(out, c)
		return c
	}
	if spec := l.desc.Spec; has(report.ByGroup) {
		os := make([]Option, len(spec.Groups))
		for i, g := range spec.Groups {
			os[i] = Option{g, text.T("report.group." + g)}
		}
		f.group = control.NewChoice(controlOptions(os), func(string) { f.changed() })
		f.group.MinWidth = 120
		f.group.SetValue(spec.Groups[0])
		out = append([]fyne.CanvasObject{f.group}, out...)
	}
	if has(report.ByDays) {
		f.days = control.NewEntry()
		f.days.MinWidth = 56
		f.days.OnChanged = func(string) { f.later() }
		f.days.OnEnter = func() bool { f.now(); f.l.Enter(); return true }
		out = append(out, labelled("report.days."+l.desc.Spec.Name, f.days))
	}
	if has(report.ByStaff) {
		f.staff = choice("staff", nil)
	}
	if has(report.ByPlace) {
		f.place = choice("warehouse", nil)
	}
	if has(report.ByAccount) {
		f.account = choice("account", nil)
	}
	if has(report.ByCat) {
		f.category = choice("category", nil)
	}
	if has(report.ByKind) && len(l.desc.Choose) > 1 {
		f.kind = choice("kind", l.desc.Choose)
	}
	if has(report.ByStatus) && len(l.desc.Status) > 0 {
		f.status = choice("status", l.desc.Status)
	}
	if has(report.ByUser) {
		f.user = choice("user", nil)
	}
	if has(report.ByZero) {
		f.zero = control.NewCheck(text.T("report.filter.zero"), func(bool) { f.changed() })
		out = append(out, f.zero)
	}
	return out
}

func controlOptions(os []Option) []control.Option {
	out := make([]control.Option, len(os))
	for i, o := range os {
		out[i] = control.Option{Value: o.Value, Text: o.Text, Search: o.Value}
	}
	return out
}

func labelled(key string, o fyne.CanvasObject) fyne.CanvasObject {
	words := text.T(key)
	w := control.NewWords(words, max(66, fyne.MeasureText(words, ft.TextSize(), fyne.TextStyle{}).Width/theme.Factor()+6))
	w.Color = theme.NameMuted
	return container.NewHBox(container.NewCenter(w), o)
}

func (f *filters) clock() time.Time { return f.l.env.Host.Clock.Now() }

func (f *filters) dateField(changed func()) *control.DateField {
	d := control.NewDate(f.clock)
	d.OnDate = func(string) {
		if changed != nil {
			changed()
		}
		f.changed()
	}
	return d
}

func (f *filters) dates() fyne.CanvasObject {
	row := container.New(layout.NewCustomPaddedHBoxLayout(0))
	for _, s := range spans {
		b := control.NewButton(text.T("listview.span."+string(s)), func() { f.setSpan(s); f.changed() }).WithLook(control.Quiet)
		f.presets[s] = b
		row.Add(b)
	}
	f.from, f.to = f.dateField(f.mark), f.dateField(f.mark)
	return container.NewHBox(row, f.from, container.NewCenter(control.NewWords("\u2013", 8)), f.to)
}

func (f *filters) setSpan(s span) {
	from, to := s.dates(day.Of(f.clock()))
	f.from.SetValue(iso(from))
	f.to.SetValue(iso(to))
	f.mark()
}

// mark shows which preset the dates are.
func (f *filters) mark() {
	now := spanOf(date(f.from), date(f.to), day.Of(f.clock()))
	for s, b := range f.presets {
		look := control.Quiet
		if s == now {
			look = control.Plain
		}
		if b.Look != look {
			b.WithLook(look)
		}
	}
}

func iso(d day.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

func date(e *control.DateField) day.Date {
	if e == nil || e.Value() == "" {
		return 0
	}
	d, err := day.Parse(e.Value())
	if err != nil { // the field lets only days through
		return 0
	}
	return d
}

// choices reads what the pickers choose among.
func (f *filters) choices() {
	l := f.l
	if f.place != nil || f.account != nil {
		bg.RunKey(l.owner, "places", func(ctx context.Context) (app.PlaceList, error) { return app.Ask(ctx, l.env.Session, app.Places{}) }, func(p app.PlaceList, err error) {
			if err != nil {
				return
			}
			var ws, as []control.Option
			for _, w := range p.Warehouses {
				if !p.Reach.Has(w.ID) {
					continue
				}
				ws = append(ws, control.Option{Value: w.Code, Text: w.Name, Search: w.Code})
			}
			for _, a := range p.Accounts {
				as = append(as, control.Option{Value: a.Code, Text: a.Name, Search: a.Code})
			}
			if f.place != nil {
				f.place.SetOptions(ws)
			}
			if f.account != nil {
				f.account.SetOptions(as)
			}
		})
	}
	words := func(c *control.Choice, key string, read func(ctx context.Context) ([]string, error)) {
		if c == nil {
			return
		}
		bg.RunKey(l.owner, key, read, func(ss []string, err error) {
			if err != nil {
				return
			}
			os := make([]control.Option, len(ss))
			for i, s := range ss {
				os[i] = control.Option{Value: s, Text: s}
			}
			c.SetOptions(os)
		})
	}
	words(f.category, "categories", func(ctx context.Context) ([]string, error) {
		cs, err := app.Ask(ctx, l.env.Session, app.Categories{})
		out := make([]string, len(cs))
		for i, c := range cs {
			out[i] = c.Path
		}
		return out, err
	})
	if f.staff != nil {
		bg.RunKey(l.owner, "staff", func(ctx context.Context) ([]master.Employee, error) {
			return app.Ask(ctx, l.env.Session, app.Employees{})
		}, func(es []master.Employee, err error) {
			if err != nil {
				return
			}
			os := make([]control.Option, len(es))
			for i, e := range es {
				os[i] = control.Option{Value: e.Code, Text: e.Name, Search: e.Code}
			}
			f.staff.SetOptions(os)
		})
	}
	words(f.user, "users", func(context.Context) ([]string, error) { return l.env.Session.Shop().Names(), nil })
}

// query is what the bar asks for.
func (f *filters) query() report.Query {
	q := report.Query{Item: f.item, Party: f.party, From: date(f.from), To: date(f.to), Kinds: f.l.desc.Kinds}
	if f.search != nil {
		q.Search = f.search.Text
	}
	for _, c := range []struct {
		from *control.Choice
		to   *string
	}{{f.place, &q.Warehouse}, {f.account, &q.Account}, {f.category, &q.Category}, {f.status, &q.Status}, {f.user, &q.User}, {f.staff, &q.Staff}, {f.group, &q.Group}} {
		if c.from != nil {
			*c.to = c.from.Value()
		}
	}
	if f.kind != nil && f.kind.Value() != "" {
		q.Kinds = []string{f.kind.Value()}
	}
	if f.days != nil {
		q.Days, _ = strconv.Atoi(strings.TrimSpace(f.days.Text)) // what is no number is the spec's own
	}
	if f.zero != nil {
		q.Zero = f.zero.Checked()
	}
	return q
}

// narrowed tells whether the person has narrowed the list.
func (f *filters) narrowed() bool {
	q, d := f.query(), f.l.desc
	if f.from != nil {
		from, to := d.Span.dates(day.Of(f.clock()))
		if q.From != from || q.To != to {
			return true
		}
	} else if q.To != 0 {
		return true
	}
	kind := f.kind != nil && f.kind.Value() != ""
	return q.Search != "" || q.Item != d.Item || q.Party != d.Party || q.Warehouse != "" || q.Account != "" || q.Category != "" || q.Status != "" || q.User != "" || q.Staff != "" || q.Zero || kind || f.days != nil && q.Days != d.Spec.Days
}

// clear takes the narrowing away.
func (f *filters) clear() {
	f.empty()
	f.changed()
}

func (f *filters) empty() {
	f.quiet = true
	f.item, f.party = "", ""
	for _, k := range []*Lookup{f.itemAt, f.partyAt} {
		if k != nil {
			k.Set("", "")
		}
	}
	for _, c := range []*control.Choice{f.kind, f.status, f.place, f.account, f.category, f.user, f.staff} {
		if c != nil {
			c.SetValue("")
		}
	}
	if f.search != nil {
		f.search.SetText("")
	}
	if f.zero != nil {
		f.zero.SetChecked(false)
	}
	if f.from == nil && f.to != nil {
		f.to.SetValue("")
	}
	f.start()
	f.quiet = false
}

func (f *filters) changed() {
	if !f.quiet {
		f.l.load(false)
	}
}

// later asks when the typing rests.
func (f *filters) later() {
	if f.quiet {
		return
	}
	if f.stop != nil {
		f.stop()
	}
	f.stop = f.l.env.Runner.Later(pause, func() { f.stop = nil; f.changed() })
}

// now asks at once what is waiting.
func (f *filters) now() {
	if f.stop != nil {
		f.stop()
		f.stop = nil
		f.changed()
	}
}

func (f *filters) find() { f.l.env.Window.Canvas().Focus(f.search) }

func (f *filters) pickItem() {
	if f.itemAt != nil {
		f.itemAt.Open()
	}
}

// subject is the item the list is about, for its title.
func (f *filters) subject() string {
	if f.itemAt != nil && f.itemAt.Words() != "" {
		return f.itemAt.Words()
	}
	if f.partyAt != nil {
		return f.partyAt.Words()
	}
	return ""
}

func (f *filters) pickParty() {
	if f.partyAt != nil {
		f.partyAt.Open()
	}
}

func (l *List) retitle() {
	if l.env.Retitle != nil {
		l.env.Retitle()
	}
}
