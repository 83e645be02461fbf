package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
)

// TestWithoutItsEntryNothingHappens: the log entry is part of the transaction.
// If it cannot be written, what was done is undone.
func TestWithoutItsEntryNothingHappens(t *testing.T) {
	w := newWorld(t)
	before, logged := w.st.digest(t)
	broken := errors.New("the log is broken")
	w.st.breakLog = broken
	ctx := app.WithPassword(context.Background(), worldPassword)
	tried := 0
	for _, u := range uses() {
		c := u.make(w, false)
		switch c.(type) {
		case app.SaveDraft, app.MakeOrders, app.SetLook: // keystrokes, drafts and looks are no operations and leave no entry
			continue
		case app.BackupNow: // its file lies outside; that it was made is noted before the entry
			continue
		case app.ReopenMonth: // the backup before it is made all the same; it has its own try below
			continue
		case app.AddUser, app.ResetPassword, app.ChangePassword, app.NewRecovery: // the keyring is a file of its own
			continue
		}
		asked := w.st.asked
		_, err := u.run(ctx, w.self, c)
		if w.st.asked == asked {
			continue // nothing that leaves an entry
		}
		tried++
		if !errors.Is(err, broken) {
			t.Errorf("%s with a broken log: %v", u.name, err)
		}
	}
	if tried < 60 {
		t.Errorf("only %d use cases tried to write an entry", tried)
	}
	if after, logs := w.st.digest(t); after != before || logs != logged {
		t.Errorf("something stayed without its entry (log %d, then %d)", logged, logs)
	}
	if _, err := app.Run(ctx, w.self, app.ReopenMonth{Month: 202609, Reason: "a late bill", Folder: w.folder}); !errors.Is(err, broken) {
		t.Errorf("ReopenMonth with a broken log: %v", err)
	}
	w.read(func(tx app.Tx) error {
		until, err := tx.Setting(app.SettingMonthClosed)
		if until != "2026-09-30" {
			t.Errorf("closed until %q: a month was opened without its entry", until)
		}
		return err
	})
}

// TestCutOffAddUser: the keyring is a file of its own. A slot whose row was
// rolled back lets nobody in, and the same name can be added again.
func TestCutOffAddUser(t *testing.T) {
	w := newWorld(t)
	ctx := app.WithPassword(context.Background(), worldPassword)
	add := app.AddUser{Name: "newcomer", Password: "First-Flask-89-Orbit", Role: access.Owner}
	w.st.breakLog = errors.New("the log is broken")
	if _, err := app.Do(ctx, w.self, add); err == nil {
		t.Fatal("added without an entry")
	}
	w.st.breakLog = nil
	if _, err := w.shop.SignIn(context.Background(), "newcomer", add.Password); err == nil {
		t.Error("somebody without a row was let in")
	}
	w.as(access.Owner)
	add.Password, add.Role = worldPassword, access.Cashier
	lasting(w, ctx, add)
	if _, err := w.shop.SignIn(context.Background(), "newcomer", "First-Flask-89-Orbit"); err == nil {
		t.Error("the password of the slot that was cut off is still good")
	}
	s, err := w.shop.SignIn(context.Background(), "newcomer", worldPassword)
	if err != nil || s.Role().ID != access.Cashier {
		t.Errorf("the newcomer: %v", err)
	}
}

// TestForeignCommandsDoNotFit: a type outside package app is no use case, even
// with methods of the same names, so the gate cannot be given one.
func TestForeignCommandsDoNotFit(t *testing.T) {
	var c any = foreign{}
	if _, ok := c.(app.Command[int]); ok {
		t.Error("a foreign command fits")
	}
	if _, ok := c.(app.Query[int]); ok {
		t.Error("a foreign query fits")
	}
	if _, ok := c.(app.Task[int]); ok {
		t.Error("a foreign task fits")
	}
	if _, ok := any(app.ExportKey{}).(app.Command[string]); !ok {
		t.Error("a command of ours does not fit: the test asks wrongly")
	}
	_ = []any{foreign.spec, foreign.run, foreign.ask, foreign.work}
}

type foreign struct{}

func (foreign) spec() app.Need                                   { return app.Need{Perm: access.HomeView} }
func (foreign) run(context.Context, *app.Exec) (int, error)      { return 1, nil }
func (foreign) ask(context.Context, *app.Exec) (int, error)      { return 1, nil }
func (foreign) work(_ context.Context, _ *app.Exec) (int, error) { return 1, nil }

// TestEndedSessionsAreRefused: after a lock or a switch of user the old session
// can do nothing, not even look.
func TestEndedSessionsAreRefused(t *testing.T) {
	w := newWorld(t)
	old := w.self
	w.as(access.Cashier)
	if _, err := app.Ask(context.Background(), old, app.Home{}); fault.KeyOf(err) != "gate.signed-out" {
		t.Errorf("after a switch: %v", err)
	}
	now := w.self
	w.shop.Lock(context.Background())
	before, _ := w.st.digest(t)
	if _, err := app.Do(context.Background(), now, app.Post{Doc: w.document(doc.RetailSale, "late")}); fault.KindOf(err) != fault.Denied {
		t.Errorf("after a lock: %v", err)
	}
	if after, _ := w.st.digest(t); after != before {
		t.Error("a locked session changed the shop")
	}
}

// TestPasswordIsGoodForFiveMinutes and no longer, also when the clock is set back.
func TestPasswordIsGoodForFiveMinutes(t *testing.T) {
	w := newWorld(t)
	w.st.undo = true
	ctx := context.Background()
	try := func(ctx context.Context) error {
		_, err := app.Do(ctx, w.self, app.SetSetting{Key: app.SettingPhone, Value: "1"})
		return err
	}
	w.clock.at = worldStart.Add(time.Hour)
	if _, step := app.IsStep(try(ctx)); !step {
		t.Fatal("no password was asked for")
	}
	if err := try(app.WithPassword(ctx, "Wrong-Flask-89-Orbit")); fault.KindOf(err) != fault.WrongKey {
		t.Errorf("a wrong password: %v", err)
	}
	if err := try(app.WithPassword(ctx, worldPassword)); err != nil {
		t.Fatal(err)
	}
	w.clock.at = w.clock.at.Add(5*time.Minute - time.Second)
	if err := try(ctx); err != nil {
		t.Errorf("within five minutes: %v", err)
	}
	w.clock.at = w.clock.at.Add(time.Second)
	if _, step := app.IsStep(try(ctx)); !step {
		t.Error("after five minutes it was still good")
	}
	if err := try(app.WithPassword(ctx, worldPassword)); err != nil {
		t.Fatal(err)
	}
	w.clock.at = w.clock.at.Add(-time.Minute)
	if _, step := app.IsStep(try(ctx)); !step {
		t.Error("the clock was set back and the password still good")
	}
}

// TestApproverIsInTheEntry: a second person's approval is written down with
// their name.
func TestApproverIsInTheEntry(t *testing.T) {
	w := newWorld(t)
	w.as(access.Accountant)
	ctx := app.WithSecond(context.Background(), person(access.Manager), worldPassword)
	if _, err := app.Do(ctx, w.self, app.ReopenDay{Date: w.today.AddDays(-10), Reason: "late bill"}); fault.KeyOf(err) != "gate.approver-right" {
		t.Errorf("somebody without the right approved: %v", err)
	}
	lasting(w, app.WithSecond(context.Background(), person(access.Owner), worldPassword), app.ReopenDay{Date: w.today.AddDays(-10), Reason: "late bill"})
	w.read(func(tx app.Tx) error {
		seq, _, err := tx.LogHead()
		if err != nil {
			return err
		}
		ss, err := tx.LogEntries(seq, 1)
		if err != nil {
			return err
		}
		e, err := oplog.Open(ss[0])
		if e.Approver != person(access.Owner) || e.User != person(access.Accountant) || e.Reason != "late bill" {
			t.Errorf("%+v", e)
		}
		return err
	})
}

// TestEffectIsCost: how much earlier costs change is a matter of cost.
func TestEffectIsCost(t *testing.T) {
	w := plantedWorld(t)
	ask := func(r access.RoleID) app.Foreseen {
		w.as(r)
		f, err := app.Ask(context.Background(), w.self, app.Preview{Doc: doc.Document{ID: "late", Kind: doc.GoodsReceipt, Date: w.today.AddDays(-1), Reason: "late",
			PartyID: w.supply, WarehouseID: w.wh1, Lines: []doc.Line{{ItemID: w.item, Qty: qty(50), Price: 1_000_000}}}})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if f := ask(access.Owner); f.Effect.Margin == 0 || f.Effect.Restated == 0 || f.Total == 0 {
		t.Fatalf("nothing to hide: %+v", f)
	}
	if f := ask(access.Storekeeper); f.Effect.Margin != 0 || f.Effect.Adjusted != 0 || f.Total != 0 || f.Effect.Restated == 0 {
		t.Errorf("the storekeeper is told %+v", f)
	}
}

// TestDraftKeepsWhatIsHidden: a storekeeper completes a buyer's receipt without
// seeing its prices, and without wiping them out.
func TestDraftKeepsWhatIsHidden(t *testing.T) {
	w := plantedWorld(t)
	w.as(access.Storekeeper)
	v, err := app.Ask(context.Background(), w.self, app.GetDocument{ID: "leak-draft"})
	if err != nil || !v.Hidden || v.Doc.Lines[0].Price != 0 {
		t.Fatalf("%+v %v", v.Doc, err)
	}
	v.Doc.Lines[0].Qty = qty(98)
	v.Doc.Lines = append(v.Doc.Lines, doc.Line{No: 2, ItemID: w.free, Qty: qty(1)})
	if v.Doc.Version, err = app.Do(context.Background(), w.self, app.SaveDraft{Doc: v.Doc}); err != nil {
		t.Fatal(err)
	}
	if d := w.stored("leak-draft"); d.Lines[0].Price != leakPrice || d.Lines[0].Qty != qty(98) || len(d.Lines) != 2 {
		t.Errorf("saved as %+v", d.Lines)
	}
	r := lasting(w, context.Background(), app.Post{Doc: v.Doc})
	if r.Total != 0 {
		t.Errorf("the receipt tells its total %s", r.Total)
	}
	if d := w.stored("leak-draft"); d.Lines[0].Price != leakPrice || d.Status != doc.Posted {
		t.Errorf("posted as %+v", d)
	}
}

// TestCountIsHeldAgainstTheBooks: what a till should hold is never the
// counter's to say, whichever way the count comes in.
func TestCountIsHeldAgainstTheBooks(t *testing.T) {
	w := newWorld(t)
	w.as(access.Cashier)
	d := w.document(doc.ShiftClose, "count")
	d.Amount, d.Expected, d.Note, d.Reason = 100_00, 100_00, "all there", "all there"
	if _, err := app.Do(context.Background(), w.self, app.Post{Doc: d}); fault.KeyOf(err) != "day.cash-recount" {
		t.Errorf("a till of %s was counted as %s without a difference: %v", w.inCash, d.Amount, err)
	}
}
