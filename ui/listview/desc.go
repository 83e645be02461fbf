// Package listview is the one screen behind every list and report: a filter
// bar, a grid of any length, totals, and what may be done with the rows.
//
// What belongs here: descriptors of lists, the screen over a report.Spec, its
// filters, its way out to Excel and paper. What does not: reading data (the
// gate answers), columns and rights (app/report), forms and documents.
package listview

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/report"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// Desc is one list: which spec it shows, what is fixed about it, and which
// buttons stand above it.
type Desc struct {
	Route page.Route
	Spec  report.Spec
	Title string // in words
	// Kinds are the only ones this list shows; nil for all. The kind filter
	// chooses among Choose.
	Kinds  []string
	Choose []Option
	Status []Option
	Span   span // dates it starts with
	New    []Starter
	Import string // kind of table that can fill it, "" for none
	Empty  string // text key of the sentence when there is nothing
	// Rows answers instead of the spec, for short lists that no spec has.
	Rows func(ctx context.Context, s *app.Session) (report.Page, error)
	// Item and Party are codes it starts with; With are further filters a link
	// brought along.
	Item, Party string
	With        map[string]string
	// Extra are further buttons, given the row in front (ok false for none).
	Extra []Extra
	// Many is what may be done with the rows that are selected.
	Many *Many
}

// Many is a button about several rows.
type Many struct {
	Title, Icon string
	Run         func(l *List, rows []int)
}

// Option is a value of a filter and its words.
type Option struct{ Value, Text string }

// Starter is a button that makes something.
type Starter struct {
	Title string
	Route page.Route
}

// Extra is a button of one list only.
type Extra struct {
	Title, Icon string
	Run         func(ref string, ok bool)
	// Code is told the item's code instead, of the row in front or the list.
	Code func(l *List, code string)
}

// groups are the lists of documents, by the name a route gives them.
var groups = map[string]doc.Group{
	"sale": doc.Selling, "purchase": doc.Purchasing, "stock": doc.Stocking, "money": doc.Paying, "opening": doc.Opening, "day": doc.Closing,
	"sales": doc.Selling,
}

// Describe gives the list or report a route means. Fault: NotFound
// "report.unknown".
func Describe(s *app.Session, r page.Route) (Desc, error) {
	d := Desc{Route: r}
	if g, ok := groups[r.Kind]; ok && r.Screen == page.List {
		return documents(d, s, g), nil
	}
	name := r.Kind
	if name == "why" {
		return why(d), nil
	}
	if name == "drafts" || name == "documents" && r.Arg == "drafts" {
		return drafts(d), nil
	}
	spec, ok := report.Find(name)
	if !ok {
		return Desc{}, fault.New("listview.Describe", fault.NotFound, "report.unknown", fault.Pairs("name", name))
	}
	d.Spec, d.Title, d.Empty = spec, text.T("report.name."+name), "listview.empty"
	if k := "listview.empty." + name; text.Has(k) {
		d.Empty = k
	}
	d.Span = today
	if spec.Month {
		d.Span = thisMonth
	}
	if slices.Contains(spec.Filters, report.ByKind) {
		d.Choose = kindsOf(spec)
	}
	arg := r.Arg
	if _, with := report.ParseLink("?" + arg); with["item"] != "" || len(with) > 0 && strings.Contains(arg, "=") {
		d.With, d.Item, d.Party, arg = with, with["item"], with["party"], ""
		d.Span = anyDay
	}
	if make := extras[name]; make != nil {
		make(&d, s, arg)
	} else if arg != "" {
		if slices.Contains(spec.Filters, report.ByItem) {
			d.Item = arg
		} else {
			d.Party = arg
		}
	}
	return d, nil
}

// extras complete the descriptors of single lists.
var extras = map[string]func(d *Desc, s *app.Session, arg string){
	"documents": func(d *Desc, s *app.Session, arg string) {
		if g, ok := groups[arg]; ok {
			*d = documents(*d, s, g)
			return
		}
		d.Span, d.Status, d.Party = thisMonth, options("status.", "draft", "posted", "reversed", "void"), arg
	},
	"items": func(d *Desc, s *app.Session, _ string) {
		d.Status = options("status.", "active", "disabled", "merged")
		d.form(s, access.ItemEdit, "item", "")
		if s.May(access.Import) {
			d.Import = "items"
		}
	},
	"parties": func(d *Desc, s *app.Session, arg string) {
		d.Status = options("status.", "active", "disabled", "merged")
		if arg != "customer" && arg != "supplier" {
			arg = ""
		}
		if arg != "" {
			d.Kinds, d.Choose = []string{arg, "both"}, nil
			d.Title = text.T("listview.title." + arg)
		}
		if arg != "supplier" {
			d.form(s, access.CustomerEdit, "party", "customer")
		}
		if arg != "customer" {
			d.form(s, access.SupplierEdit, "party", "supplier")
		}
		if s.May(access.Import) {
			d.Import = "parties"
		}
	},
	"warehouses": func(d *Desc, s *app.Session, _ string) { d.form(s, access.PlaceEdit, "warehouse", "") },
	"accounts":   func(d *Desc, s *app.Session, _ string) { d.form(s, access.PlaceEdit, "account", "") },
	"employees": func(d *Desc, s *app.Session, _ string) {
		d.Status = options("status.", "active", "disabled")
		d.form(s, access.EmployeeEdit, "employee", "")
	},
	"custom-fields": func(d *Desc, s *app.Session, _ string) { d.form(s, access.SettingsEdit, "custom-field", "") },
	"users":         func(d *Desc, s *app.Session, _ string) { d.form(s, access.UserEdit, "user", "") },
	"replenish":     func(d *Desc, s *app.Session, _ string) { d.orders(s) },
	"stock-balance": func(d *Desc, s *app.Session, _ string) { d.why(s) },
	"stock-ledger": func(d *Desc, s *app.Session, arg string) {
		if arg != "" {
			d.Item = arg
		}
		d.why(s)
	},
	"order-progress": func(d *Desc, _ *app.Session, _ string) {
		d.Span, d.Status = anyDay, options("status.", "waiting", "part", "done", "ended")
	},
	"lent":        func(d *Desc, _ *app.Session, _ string) { d.Span = anyDay },
	"serials":     func(d *Desc, _ *app.Session, _ string) { d.Span = anyDay },
	"after-close": func(d *Desc, _ *app.Session, _ string) { d.Span = anyDay },
	"open-documents": func(d *Desc, _ *app.Session, arg string) {
		d.Party = arg
	},
}

// form offers a new row of master data; a new party's route says its sort.
func (d *Desc) form(s *app.Session, p access.Permission, kind, sort string) {
	if !s.May(p) {
		return
	}
	words, arg := "listview.new."+kind, ""
	if sort != "" {
		words, arg = "listview.new."+sort, sort
	}
	d.New = append(d.New, Starter{text.T(words), page.Route{Screen: page.Form, Kind: kind, Arg: arg}})
}

// documents is the list of a group of kinds.
func documents(d Desc, s *app.Session, g doc.Group) Desc {
	d.Spec, _ = report.Find("documents")
	d.Title, d.Span, d.Empty = text.T("listview.title."+string(g)), thisMonth, "listview.empty.documents"
	d.Status = options("status.", "draft", "posted", "reversed", "void")
	for _, k := range doc.Specs() {
		if k.Group != g {
			continue
		}
		d.Kinds = append(d.Kinds, string(k.Kind))
		d.Choose = append(d.Choose, Option{string(k.Kind), text.T("kind." + string(k.Kind))})
		if k.CashCount || k.Pays == doc.Must || !s.May(app.CreateRight(k.Kind)) { // those have screens of their own
			continue
		}
		d.New = append(d.New, Starter{text.T("listview.new", "kind", text.T("kind."+string(k.Kind))), page.Route{Screen: page.Document, Kind: string(k.Kind)}})
	}
	if g == doc.Opening && s.May(access.Import) {
		d.Import = "opening-stock"
	}
	return d
}

// drafts is what this person has begun and not finished.
func drafts(d Desc) Desc {
	d.Spec, _ = report.Find("documents")
	d.Title, d.Empty = text.T("listview.title.drafts"), "listview.empty.drafts"
	d.Spec.Filters = nil
	var cols []report.Column
	for _, k := range []string{"date", "kind", "party", "lines", "total", "note", "status"} {
		c, _ := d.Spec.Find(k)
		c.NoSort, c.Total = true, false
		cols = append(cols, c)
	}
	d.Spec.Columns = cols
	d.Rows = func(ctx context.Context, s *app.Session) (report.Page, error) {
		ds, err := app.Ask(ctx, s, app.MyDrafts{})
		if err != nil {
			return report.Page{}, err
		}
		p := report.Page{Columns: cols, Total: len(ds)}
		for _, x := range ds {
			name := ""
			if x.PartyID != 0 {
				if pt, err := app.Ask(ctx, s, app.GetParty{ID: x.PartyID}); err == nil {
					name = pt.Name
				}
			}
			p.Rows = append(p.Rows, report.Row{Ref: x.ID, Cells: []report.Value{report.N(x.Date), report.T(string(x.Kind)), report.T(name),
				report.N(len(x.Lines)), report.N(x.Total), report.T(x.Note), report.T(string(x.Status))}})
		}
		return p, nil
	}
	return d
}

// kindsOf lists what the kind filter of a spec chooses among.
func kindsOf(s report.Spec) []Option {
	switch s.Name {
	case "parties":
		return options("party_kind.", "customer", "supplier", "both")
	case "log":
		var out []Option
		for _, p := range access.Permissions() {
			if k := "action." + string(p); text.Has(k) {
				out = append(out, Option{string(p), text.T(k)})
			}
		}
		return append(out, options("action.", "session.in", "session.out", "session.failed", "session.recovered")...)
	}
	var out []Option
	switch s.Name {
	case "exceptions":
		return options("exception.", "reversed", "backdated", "denied", "second", "below-floor", "discount", "over-credit", "negative", "reprint")
	}
	for _, k := range doc.Specs() {
		trade := k.Group == doc.Selling || k.Group == doc.Purchasing
		switch {
		case s.Name == "sales-detail" && k.Group != doc.Selling, s.Name == "purchase-detail" && k.Group != doc.Purchasing,
			s.Name == "open-documents" && !trade && k.Trade == "",
			s.Name == "order-progress" && k.Promise != doc.Order,
			s.Name == "lent" && k.Lent <= 0 && !(k.Flow == doc.In && k.ValueContra == doc.AccBorrowed):
			continue
		}
		out = append(out, Option{string(k.Kind), text.T("kind." + string(k.Kind))})
	}
	return out
}

func options(area string, values ...string) []Option {
	out := make([]Option, len(values))
	for i, v := range values {
		out[i] = Option{v, text.T(area + v)}
	}
	return out
}

// Target is the route a row leads to; ok is false when it leads nowhere, or
// to a dialog.
func Target(o report.Opens, ref, kind string) (page.Route, bool) {
	if ref == "" {
		return page.Route{}, false
	}
	switch o {
	case report.OpensDocument:
		if kind == "" {
			return page.Route{}, false
		}
		return page.Route{Screen: page.Document, Kind: kind, Arg: ref}, true
	case report.OpensItem, report.OpensParty, report.OpensWarehouse, report.OpensAccount, report.OpensUser, report.OpensEmployee, report.OpensCustomField:
		if _, err := strconv.ParseInt(ref, 10, 64); err != nil {
			return page.Route{}, false
		}
		return page.Route{Screen: page.Form, Kind: string(o), Arg: ref}, true
	case report.OpensReport:
		name, rest, _ := strings.Cut(ref, "?")
		return page.Route{Screen: page.Report, Kind: name, Arg: rest}, true
	case report.OpensLedger:
		return page.Route{Screen: page.Report, Kind: "stock-ledger", Arg: ref}, true
	}
	return page.Route{}, false
}

// Routes lists every list and report there is, for the menus' tests and the
// command palette.
func Routes() []page.Route {
	var out []page.Route
	for _, s := range report.Specs() {
		if s.Report {
			out = append(out, page.Route{Screen: page.Report, Kind: s.Name})
		} else {
			out = append(out, page.Route{Screen: page.List, Kind: s.Name})
		}
	}
	for _, g := range []doc.Group{doc.Selling, doc.Purchasing, doc.Stocking, doc.Paying, doc.Opening, doc.Closing} {
		out = append(out, page.Route{Screen: page.List, Kind: "documents", Arg: string(g)})
	}
	for _, k := range []string{"customer", "supplier"} {
		out = append(out, page.Route{Screen: page.List, Kind: "parties", Arg: k})
	}
	return append(out, page.Route{Screen: page.List, Kind: "drafts"})
}
