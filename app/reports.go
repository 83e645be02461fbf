package app

import (
	"context"
	"encoding/json"
	"slices"

	"tiezhang/app/access"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
	"tiezhang/app/report"
)

// Report answers any list or report with the columns this person may see; the
// others are not even read. Sorting by a hidden column is refused.
type Report struct {
	Query report.Query
	Bare  bool // without the columns that not everybody may see
}

func (q Report) spec() Need {
	s, ok := report.Find(q.Query.Name)
	if !ok {
		return Need{}
	}
	return Need{Perm: s.Perm, Silent: true}
}

func (q Report) ask(ctx context.Context, x *Exec) (report.Page, error) {
	s, _ := report.Find(q.Query.Name)
	return x.report(ctx, s, q.Query, q.Bare)
}

// report answers a query; bare leaves out the columns that not everybody may see.
func (x *Exec) report(ctx context.Context, s report.Spec, q report.Query, bare bool) (report.Page, error) {
	if err := x.scope(s, &q); err != nil {
		return report.Page{}, err
	}
	cols, err := x.columns(s, q)
	if err != nil {
		return report.Page{}, err
	}
	if bare {
		cols = slices.DeleteFunc(slices.Clone(cols), x.S.Sensitive)
	}
	if q.Sort != "" {
		ok := false
		for _, c := range cols {
			ok = ok || c.Key == q.Sort && !c.NoSort && (c.Field == "" || x.S.Sees(c.Field) == access.Shown) // the order of masked numbers would tell them
		}
		if !ok {
			return report.Page{}, fault.Bad("app.Report", "report.sort", "column", q.Sort)
		}
	}
	for _, w := range s.Wants {
		switch {
		case w == report.ByItem && q.Item == "":
			return report.Page{}, fault.Bad("app.Report", "report.wants-item", "field", "item")
		case w == report.ByParty && q.Party == "":
			return report.Page{}, fault.Bad("app.Report", "report.wants-party", "field", "party")
		}
	}
	if q.From != 0 && q.To != 0 && q.From > q.To {
		return report.Page{}, fault.Bad("app.Report", "report.dates", "field", "date")
	}
	p, err := x.Tx.Report(ctx, q, report.Read(cols))
	if err != nil {
		return report.Page{}, err
	}
	x.showYesNo(master.Entity(s.Entity), p)
	for i, c := range p.Columns {
		if c.Field == "" || x.S.Sees(c.Field) != access.Masked {
			continue
		}
		for _, r := range p.Rows {
			r.Cells[i].Text = c.Field.Mask(r.Cells[i].Text)
		}
	}
	return p.Cover(cols), nil
}

// scope narrows a query to the rows and kinds the person may see.
func (x *Exec) scope(s report.Spec, q *report.Query) error {
	if s.Span == report.WholeShop {
		if err := x.whole(); err != nil {
			return err
		}
	}
	q.OwnerOnly, q.Me, q.Unseen, q.Reach = 0, x.S.user.ID, x.unseen(), x.S.user.Reach
	if x.S.scope(s.Perm) == access.Own {
		q.OwnerOnly = x.S.user.ID
	}
	switch s.Name {
	case "log":
		if !x.S.May(access.LogAll) || !x.S.user.Reach.Everywhere() { // it tells of every warehouse
			q.OwnerOnly = x.S.user.ID
		}
	case "documents", "open-documents", "order-progress", "lent":
		asked := map[string]bool{}
		for _, k := range q.Kinds {
			asked[k] = true
		}
		var kinds []string
		own := false
		for _, k := range doc.Specs() {
			view := viewRight(k)
			if len(asked) > 0 && !asked[string(k.Kind)] || !x.S.May(view) {
				continue
			}
			kinds = append(kinds, string(k.Kind))
			own = own || x.S.scope(view) == access.Own
		}
		if len(kinds) == 0 {
			kinds = []string{"-"} // none of those asked for: no rows, not all rows
		}
		q.Kinds, q.OwnerOnly = kinds, 0
		if own {
			q.OwnerOnly = x.S.user.ID
		}
	case "parties":
		may := map[master.PartyKind]bool{master.Customer: x.S.May(access.CustomerView), master.Supplier: x.S.May(access.SupplierView)}
		may[master.Both] = may[master.Customer] || may[master.Supplier]
		asked := q.Kinds
		if len(asked) == 0 {
			asked = []string{string(master.Customer), string(master.Supplier), string(master.Both)}
		}
		q.Kinds, q.OwnerOnly = []string{"-"}, 0
		for _, k := range asked {
			if may[master.PartyKind(k)] {
				q.Kinds = append(q.Kinds, k)
			}
		}
		if x.S.scope(access.CustomerView) == access.Own {
			q.OwnerOnly = x.S.user.ID
		}
	}
	return nil
}

// unseen is what this person may not be told beside rows they may see: names of
// parties that are not theirs to know, and figures in the log that stand for
// what other screens hide from them.
func (x *Exec) unseen() report.Unseen {
	u := report.Unseen{Customers: !x.S.May(access.CustomerView), Suppliers: !x.S.May(access.SupplierView)}
	u.Persons = x.S.Sees(access.FieldPerson) != access.Shown
	u.Others = !u.Customers && x.S.scope(access.CustomerView) == access.Own
	for _, f := range []access.Field{access.FieldCost, access.FieldPurchase, access.FieldProfit} {
		u.Details = u.Details || x.S.Sees(f) != access.Shown
	}
	return u
}

// columns gives those of a narrowed query that the person may see. A list with
// purchases in it has no amounts for those who may not see purchase prices.
func (x *Exec) columns(s report.Spec, q report.Query) ([]report.Column, error) {
	cols := report.In(s.For(x.S.role), s.GroupOf(q))
	own, err := x.customColumns(master.Entity(s.Entity), q.Kinds)
	if err != nil {
		return nil, err
	}
	cols = append(cols, own...)
	if s.Name != "documents" && s.Name != "open-documents" {
		return cols, nil
	}
	hide := false
	for _, k := range q.Kinds {
		hide = hide || x.amountsHidden(mustSpec(doc.Kind(k)))
	}
	if !hide {
		return cols, nil
	}
	if x.S.Sees(access.FieldPurchase) == access.Masked {
		for i, c := range cols {
			if c.Type == report.Money {
				cols[i] = c.Covered()
			}
		}
		return cols, nil
	}
	return slices.DeleteFunc(cols, func(c report.Column) bool { return c.Type == report.Money }), nil
}

// Home is the home screen: figures, the checklist, and what wants attention.
type Home struct{}

// HomeView is the answer. Figures the person may not see are zero and Shown
// says which are meant.
type HomeView struct {
	Today      Today
	ShowMoney  bool
	ShowMargin bool
	Steps      []Step
	Drafts     int
	LastBackup LastBackup
	LogHead    string
	Entries    int64
	Date       day.Date
}

// Step is one line of the new shop's checklist; it ticks itself.
type Step struct {
	Key  string // "home.step.<Key>"
	Done bool
}

func (q Home) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q Home) ask(_ context.Context, x *Exec) (HomeView, error) {
	all := x.S.user.Reach.Everywhere() // what cannot be split by warehouse is for those who work in all
	v := HomeView{Date: x.today(), ShowMoney: all && x.S.May(access.ReportMoney), ShowMargin: all && x.S.Sees(access.FieldCost) == access.Shown}
	n, err := x.Tx.Counts()
	if err != nil {
		return HomeView{}, err
	}
	set := func(key string) (string, error) { return x.Tx.Setting(key) }
	last, err := set(SettingLastBackup)
	if err != nil {
		return HomeView{}, err
	}
	v.LastBackup = x.maskBackup(lastBackup(last))
	kit, err := set(SettingRecoveryKit)
	if err != nil {
		return HomeView{}, err
	}
	var opening, bought, sold int
	for _, s := range doc.Specs() {
		switch {
		case s.Group == doc.Opening:
			opening += n.ByKind[s.Kind]
		case s.Group == doc.Purchasing && s.Flow == doc.In:
			bought += n.ByKind[s.Kind]
		case s.Sells():
			sold += n.ByKind[s.Kind]
		}
	}
	v.Steps = []Step{
		{"kit", kit != ""}, {"items", n.Items > 0}, {"opening", opening > 0}, {"staff", n.Users > 1},
		{"receipt", bought > 0}, {"sale", sold > 0}, {"backup", v.LastBackup.At > 0},
	}
	v.Drafts = n.Drafts
	if !all || !x.S.May(access.LogAll) { // how busy others are is for who oversees the shop
		mine, err := x.Tx.Drafts(x.S.user.ID)
		if err != nil {
			return HomeView{}, err
		}
		v.Drafts = len(mine)
	}
	seq, head, err := x.Tx.LogHead()
	if err != nil {
		return HomeView{}, err
	}
	v.LogHead, v.Entries = oplog.Head(head), seq
	if !x.S.May(access.ReportSales) || x.S.scope(access.ReportSales) == access.Own {
		return v, nil // figures of the whole shop are not this person's
	}
	if v.Today, err = x.Tx.Today(v.Date, x.S.user.Reach); err != nil {
		return HomeView{}, err
	}
	v.Today = x.maskToday(v.Today)
	return v, nil
}

// Status is what the status bar shows.
type Status struct{}

// StatusView is the answer.
type StatusView struct {
	LastBackup LastBackup
	LogHead    string
	Drafts     int
}

func (q Status) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q Status) ask(_ context.Context, x *Exec) (StatusView, error) {
	last, err := x.Tx.Setting(SettingLastBackup)
	if err != nil {
		return StatusView{}, err
	}
	_, head, err := x.Tx.LogHead()
	return StatusView{LastBackup: x.maskBackup(lastBackup(last)), LogHead: oplog.Head(head)}, err
}

// BackupState is the last verified backup, for the backup screen.
type BackupState struct{}

func (q BackupState) spec() Need { return Need{Perm: access.BackupRun, Silent: true} }

func (q BackupState) ask(_ context.Context, x *Exec) (LastBackup, error) {
	s, err := x.Tx.Setting(SettingLastBackup)
	return lastBackup(s), err
}

func lastBackup(setting string) LastBackup {
	var l LastBackup
	_ = json.Unmarshal([]byte(setting), &l) // none yet is the zero value
	return l
}
