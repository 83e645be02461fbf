package app_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
)

// TestMonthsAndMethodsKeepTheBooks trades at random while days go by, months are
// closed and opened again and the costing method changes: late costs, returns
// and reversals reach over the border, and the books hold.
func TestMonthsAndMethodsKeepTheBooks(t *testing.T) {
	c := newCounter(t)
	done(c, app.SetSetting{Key: app.SettingNegative, Value: "allow"})
	milk := done(c, app.SaveItem{Item: master.Item{Code: "milk", Name: "milk", Unit: "pc", Track: master.ByBatch, CostByBatch: true}})
	g := &guesser{counter: c, items: []int64{c.tea, c.cup, c.set, milk}, far: 20, met: map[doc.Kind]int{}}
	var histories, closed, opened, switched int
	rapid.Check(t, func(rt *rapid.T) {
		g.rt = rt
		for range 3 + g.pick(14, "steps") {
			switch g.pick(20, "what") {
			case 0:
				c.clock.at = c.clock.at.AddDate(0, 0, 1+g.pick(12, "days"))
				g.again()
			case 1:
				if g.closeMonth() {
					closed++
				}
			case 2:
				if g.openMonth() {
					opened++
				}
			case 3:
				if !g.closeMonth() {
					continue
				}
				closed++
				by := ledger.MovingAverage
				if g.pick(2, "fifo") == 0 {
					by = ledger.FIFO
				}
				_, err := app.Do(withPw, c.s, app.SwitchMethod{Method: by})
				if k := fault.KeyOf(err); err != nil && k != "cost.moves-after" {
					rt.Fatal(err)
				}
				if err == nil {
					switched++
				}
			default:
				g.step()
			}
		}
		if histories++; histories%20 != 0 {
			return
		}
		c.read(func(tx app.Tx) error {
			fs, err := tx.CheckBooks(context.Background(), func(int64, int64) {})
			for _, f := range fs {
				rt.Errorf("books: %s %v", f.Key, f.Args)
			}
			return err
		})
	})
	c.clean()
	t.Logf("%d months closed, %d opened again, %d times another method; %d restated others; posted %v", closed, opened, switched, g.moved, g.met)
}

// again signs in anew: sessions do not last for days.
func (g *guesser) again() { g.as("boss") }

func (g *guesser) lastClosed() (d day.Date) {
	g.read(func(tx app.Tx) error {
		s, err := tx.Setting(app.SettingMonthClosed)
		if err == nil && s != "" {
			d = day.Must(s)
		}
		return err
	})
	return d
}

// closeMonth closes the next month, if it is over.
func (g *guesser) closeMonth() bool {
	next := day.Must("2026-09-01")
	if d := g.lastClosed(); d != 0 {
		next = d.AddDays(1)
	}
	if next.MonthEnd() > day.Of(g.clock.at) {
		return false
	}
	if _, err := app.Do(withPw, g.s, app.CloseMonth{Month: int(next) / 100, AllowNegative: true}); err != nil {
		g.rt.Fatalf("closing %s: %v", next, err)
	}
	return true
}

// openMonth opens the last closed month again: in the books alone, as the backup
// before it is not what is tried here.
func (g *guesser) openMonth() bool {
	last := g.lastClosed()
	if last == 0 {
		return false
	}
	var ms []app.CostMethod
	g.read(func(tx app.Tx) (err error) { ms, err = tx.CostMethods(); return err })
	for _, m := range ms {
		if m.From > last.MonthStart() {
			return false // a change of method rests on it
		}
	}
	before := last.MonthStart().AddDays(-1)
	err := g.st.Write(context.Background(), func(tx app.Tx) error {
		if err := tx.ReopenMonth(app.MonthClose{Month: int(last) / 100, ReopenedBy: 1, ReopenedAt: 1, Reason: "r"}); err != nil {
			return err
		}
		all, err := tx.MonthCloses()
		if err != nil {
			return err
		}
		until := ""
		for _, m := range all {
			if m.ReopenedAt == 0 {
				until = before.String()
			}
		}
		return tx.SetSetting(app.SettingMonthClosed, until)
	})
	if err != nil {
		g.rt.Fatal(err)
	}
	return true
}
