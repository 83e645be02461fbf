package till

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/report"
	"tiezhang/ui/uitest"
)

// withMember makes a shop with a member, points and an account for balances.
func withMember(t *testing.T, opts ...uitest.Option) *rig {
	t.Helper()
	r := newRig(t, opts...)
	r.stockUp()
	ctx := app.WithPassword(context.Background(), password)
	for _, l := range []string{
		`{"kind":"Party","code":"M001","name":"李会员","role":"customer","phone":"13800001111","card":"88000001"}`,
	} {
		r.wire(l)
	}
	v, err := app.Ask(ctx, r.s, app.GetItem{Code: "A3"})
	if err != nil {
		t.Fatal(err)
	}
	v.Item.Prices[master.Member] = 3_000_000
	if _, err := app.Do(ctx, r.s, app.SaveItem{Item: v.Item}); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Do(ctx, r.s, app.SaveEmployee{Employee: master.Employee{Code: "Y1", Name: "小张"}}); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) member(card string) app.Member {
	r.t.Helper()
	m, err := app.Ask(context.Background(), r.s, app.FindMember{Card: card})
	if err != nil {
		r.t.Fatal(err)
	}
	return m
}

func TestMemberAtTheCounter(t *testing.T) {
	r := withMember(t)
	p := r.open("")
	r.do("{6907992500010}{6902083881405}<F3>1.90<Enter>") // a price by hand stays
	r.do("{88000001}")                                    // the card, like any code
	if got := r.lines(); got != "A3 盒 1 3.00|A2 瓶 1 1.90" || p.bill.party.Name != "李会员" || !strings.Contains(p.who.Words, "李会员") {
		t.Fatal(got, p.who.Words, p.message.Words)
	}
	r.do("<Ctrl+B><Enter>") // nobody: shop prices again
	if got := r.lines(); got != "A3 盒 1 3.50|A2 瓶 1 1.90" || p.bill.doc.PartyID != 0 {
		t.Fatal(got)
	}
	r.do("<Ctrl+B>13800001111<Enter>") // by telephone
	if got := r.lines(); got != "A3 盒 1 3.00|A2 瓶 1 1.90" {
		t.Fatal(got, r.words())
	}
	// top up 50, 5 given on top
	r.do("<Ctrl+T>50<Enter>5<Enter>")
	r.Chord("Ctrl+Enter")
	r.settle()
	r.noFails()
	if m := r.member("88000001"); m.Stored != money("55.00") || r.ask("现金") != money("50.00") || r.Router.InModal() {
		t.Fatal(m.Stored, r.ask("现金"), r.words())
	}
	stored := 0
	for _, a := range p.ways() {
		if a.stored {
			stored++
		}
	}
	if stored != 1 {
		t.Fatal("the balance is offered", stored, "times")
	}
	r.do("<Ctrl+G><Down><Enter>")
	if !strings.Contains(p.who.Words, "小张") {
		t.Fatal(p.who.Words)
	}
	// 4.90 out of the balance
	r.do("<Enter><F5><Enter>")
	r.noFails()
	if p.last == nil || p.last.total != money("4.90") || r.member("88000001").Stored != money("50.10") || r.ask("现金") != money("50.00") {
		t.Fatal(p.last, p.message.Words, r.member("88000001").Stored, r.words())
	}
	v, err := app.Ask(context.Background(), r.s, app.GetDocument{ID: p.last.id})
	if err != nil || v.Doc.StaffID == 0 || v.Doc.PartyID == 0 {
		t.Fatal(v.Doc.StaffID, err)
	}
	if p.bill.doc.PartyID != 0 || p.bill.doc.StaffID == 0 {
		t.Fatal("the next customer is not this member; the salesperson stays")
	}
	// the goods come back, and the money to the balance
	r.do("<F7>" + p.last.number + "<Enter><Enter>") // first line: the milk
	if !p.bill.back() || p.bill.party.Card == "" {
		t.Fatal("the return has no member")
	}
	r.do("<Enter><F5><Enter>")
	r.noFails()
	if got := r.member("88000001").Stored; got != money("53.10") {
		t.Fatal(got, p.message.Words, r.words())
	}
	// more than the balance is refused, and the bill stays
	r.do("{88000001}20*")
	r.do("{6907992500010}<Enter><F5><Enter>")
	if !r.Router.InModal() || len(p.bill.lines) != 1 || r.member("88000001").Stored != money("53.10") {
		t.Fatal("an empty balance paid", p.last, r.member("88000001").Stored)
	}
	// the rest on account: the shop knows who owes it
	r.do("<Escape><Enter>40<F6><Enter>")
	r.noFails()
	if p.last.total != money("60.00") || r.ask("现金") != money("90.00") {
		t.Fatal(p.last, p.message.Words, r.ask("现金"))
	}
}

func TestPointsAtTheCounter(t *testing.T) {
	r := withMember(t)
	ctx := app.WithPassword(context.Background(), password)
	if _, err := app.Do(ctx, r.s, app.SetPointRules{PerYuan: "x"}); fault.KeyOf(err) != "member.points-rate" {
		t.Fatal(err)
	}
	if _, err := app.Do(ctx, r.s, app.SetPointRules{PerYuan: "1", Value: "0.10"}); err != nil {
		t.Fatal(err)
	}
	r.saveTo = t.TempDir()
	p := r.open("")
	r.do("{88000001}10*")
	r.do("{6907992500010}<Enter><Enter>") // 30 yuan: 30 points
	if m := r.member("88000001"); m.Points != 30 {
		t.Fatal(m.Points, p.message.Words, r.fails)
	}
	r.do("{88000001}{6907992500010}<Enter><F10>") // 3.00 is 30 points: all of it
	if p.bill.doc.Total != 0 || p.bill.doc.PointsUsed != 30 {
		t.Fatal(p.bill.doc.Total, p.bill.doc.PointsUsed, r.words())
	}
	r.do("<F10>") // and not
	if p.bill.doc.Total != money("3.00") || p.bill.doc.PointsUsed != 0 {
		t.Fatal(p.bill.doc.Total)
	}
	r.do("<F10><Enter>")
	r.noFails()
	if m := r.member("88000001"); p.last.total != 0 || m.Points != 0 {
		t.Fatal(p.last, m.Points, p.message.Words)
	}
	// its slip, twice: the second says so, and the log has both
	r.do("<F10><F10>")
	r.noFails()
	if _, err := os.Stat(filepath.Join(r.saveTo, p.last.number+".pdf")); err != nil {
		t.Fatal(err)
	}
	rep, err := app.Ask(ctx, r.s, app.Report{Query: report.Query{Name: "log", Search: p.last.number, Count: true}})
	if err != nil || rep.Total < 3 { // posted, printed, printed again
		t.Fatal(rep.Total, err)
	}
}

// Points never take more off than the bill comes to, whatever they are worth.
func TestMostPoints(t *testing.T) {
	for _, c := range []struct {
		total amount.Money
		value amount.Price
		have  int64
		want  int64
	}{{1000, 100_000, 50, 50}, {1000, 100_000, 500, 100}, {5, 100_000, 9, 0}, {1, 10_000, 9, 1}, {7, 15_000, 99, 4}, {0, 100_000, 9, 0}} {
		b := &bill{member: member{points: c.have, value: c.value}}
		b.doc.Total = c.total
		if got := b.mostPoints(); got != c.want || b.worth(got) > c.total {
			t.Errorf("%+v: %d worth %s", c, got, b.worth(got))
		}
	}
}
