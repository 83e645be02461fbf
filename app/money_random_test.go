package app_test

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// TestRandomMoneyOfMembers sells, returns, tops up, refunds, pays, settles and takes
// back at random for two members who are now and then merged and parted. No
// stored value falls below nothing, nothing is settled beyond what it is for, and
// a bill that came back whole left no points behind.
func TestRandomMoneyOfMembers(t *testing.T) {
	c := newCounter(t)
	for k, v := range map[string]string{app.SettingPointsPerYuan: "0.37", app.SettingPointValue: "0.1"} {
		if err := c.st.Write(context.Background(), func(tx app.Tx) error { return tx.SetSetting(k, v) }); err != nil {
			t.Fatal(err)
		}
	}
	c.post(doc.Document{ID: "in", Kind: doc.GoodsReceipt, PartyID: c.supply, Lines: []doc.Line{c.line(c.tea, 100_000, "1")}})
	c.post(doc.Document{ID: "first", Kind: doc.StoredTopUp, PartyID: c.buyer, AccountID: c.cash, Amount: 1})
	var card int64
	places, err := app.Ask(withPw, c.s, app.Places{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range places.Accounts {
		if a.Kind == master.Stored {
			card = a.ID
		}
	}
	no := 0
	met := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(n int, label string) int { return rapid.IntRange(0, n-1).Draw(rt, label) }
		no++
		twin := done(c, app.SaveParty{Party: master.Party{Code: fmt.Sprint("t", no), Name: "twin", Kind: master.Customer, Card: fmt.Sprint("T", no)}})
		kept := done(c, app.SaveParty{Party: master.Party{Code: fmt.Sprint("k", no), Name: "kept", Kind: master.Customer, Card: fmt.Sprint("K", no)}})
		parties := []int64{twin, kept}
		var posted []doc.Document
		for range 3 + pick(20, "steps") {
			no++
			d := doc.Document{ID: fmt.Sprint("m", no), PartyID: parties[pick(2, "party")]}
			some := func(of ...doc.Kind) (doc.Document, bool) {
				var l []doc.Document
				for _, p := range posted {
					for _, k := range of {
						if p.Kind == k {
							l = append(l, p)
						}
					}
				}
				if len(l) == 0 {
					return doc.Document{}, false
				}
				return l[pick(len(l), "of")], true
			}
			pay := func(m amount.Money) {
				stored := min(m, amount.Money(pick(3, "card")*pick(12_00, "stored")))
				if stored > 0 {
					d.Payments = append(d.Payments, doc.Payment{AccountID: card, Amount: stored})
				}
				if rest := m - stored; rest > 0 && pick(3, "rest") > 0 {
					d.Payments = append(d.Payments, doc.Payment{AccountID: c.cash, Amount: rest})
				}
			}
			sum := amount.Money(1 + pick(60_00, "sum"))
			what := pick(10, "what")
			switch what {
			case 0, 1:
				n := int64(1 + pick(5, "n"))
				d.Kind, d.Lines = doc.RetailSale, []doc.Line{c.line(c.tea, n, "7.77"), c.line(c.tea, 1, "3.33")}
				d.Lines[0].No, d.Lines[1].No = 1, 2
				if pick(5, "points") == 0 {
					d.PointsUsed, d.Discount = 5, 57
				}
				pay(amount.Money(n)*7_77 + 3_33 - d.Discount)
			case 2:
				o, ok := some(doc.RetailSale)
				if !ok {
					continue
				}
				d.Kind, d.PartyID = doc.RetailReturn, o.PartyID
				if pick(4, "other") == 0 {
					d.PartyID = kept
				}
				ln := o.Lines[pick(len(o.Lines), "line")]
				d.Lines = []doc.Line{{No: 1, ItemID: ln.ItemID, Qty: qty(int64(1 + pick(2, "n"))), Price: ln.Price, Origin: doc.Origin{Doc: o.ID, Line: ln.No}}}
				m, _ := amount.Extend(d.Lines[0].Qty, ln.Price)
				pay(m)
			case 3, 9:
				d.Kind, d.AccountID, d.Amount, d.Bonus = doc.StoredTopUp, c.cash, 3*sum, amount.Money(pick(5_00, "bonus"))
			case 4:
				d.Kind, d.AccountID, d.Amount = doc.StoredRefund, c.cash, sum
			case 5:
				d.Kind, d.AccountID, d.Amount = doc.PaymentIn, c.cash, sum
				if o, ok := some(doc.RetailSale, doc.RetailReturn); ok {
					d.Allocs = []doc.Alloc{{Doc: o.ID, Amount: amount.Money(pick(30_00, "alloc") - 5_00)}}
				}
			case 6:
				a, ok := some(doc.RetailSale)
				b, ok2 := some(doc.PaymentIn, doc.RetailReturn)
				if !ok || !ok2 {
					continue
				}
				d.PartyID = a.PartyID
				d.Kind, d.Allocs = doc.Settlement, []doc.Alloc{{Doc: a.ID, Amount: 1 + sum%5_00}, {Doc: b.ID, Amount: -1 - sum%5_00}}
			case 7:
				if pick(2, "part") == 0 {
					_, err = app.Do(withPw, c.s, app.Merge{Entity: master.OfParty, Kept: kept, Dropped: twin, Reason: "r"})
				} else {
					_, err = app.Do(withPw, c.s, app.Unmerge{Entity: master.OfParty, Dropped: twin, Reason: "r"})
				}
				if k := fault.KindOf(err); err != nil && k != fault.Conflict {
					rt.Fatal(err)
				}
				met[fmt.Sprint("merge ", err == nil)]++
			default:
				if len(posted) == 0 {
					continue
				}
				i := pick(len(posted), "which")
				_, err := app.Do(withPw, c.s, app.Reverse{ID: posted[i].ID, Kind: posted[i].Kind, Reason: "r"})
				met["reverse "+fault.KeyOf(err)]++
				if err == nil {
					posted = append(posted[:i:i], posted[i+1:]...)
				}
			}
			if d.Kind != "" {
				_, err := app.Do(withPw, c.s, app.Post{Doc: c.fill(d)})
				met[string(d.Kind)+" "+fault.KeyOf(err)]++
				if k := fault.KindOf(err); err != nil && k != fault.Invalid {
					rt.Fatalf("%+v: %v", d, err)
				}
				if err == nil {
					c.read(func(tx app.Tx) (err error) { d, err = tx.Document(d.ID); return err })
					posted = append(posted, d)
				}
			}
			c.soundMoney(rt, parties, posted)
		}
	})
	c.clean()
	t.Log(met)
}

// soundMoney holds what must be true of two members and their documents.
func (c *counter) soundMoney(rt *rapid.T, parties []int64, posted []doc.Document) {
	c.read(func(tx app.Tx) error {
		merged := false
		for _, p := range parties {
			row, err := tx.Party(p)
			if err != nil {
				return err
			}
			merged = merged || row.MergedInto != 0
		}
		if has, err := tx.Balance(doc.AccStored, parties[1], 0); err != nil || has > 0 {
			rt.Fatalf("stored value %s below nothing %v", -has, err)
		}
		if has, err := tx.Balance(doc.AccStored, parties[0], 0); err != nil || !merged && has > 0 {
			rt.Fatalf("stored value %s below nothing %v", -has, err)
		}
		for _, d := range posted {
			now, err := tx.Document(d.ID)
			if err != nil {
				return err
			}
			if s, _ := doc.Of(d.Kind); s.Open() && (now.Settled < min(0, now.Total) || now.Settled > max(0, now.Total)) {
				rt.Fatalf("%s of %s is settled with %s", now.Number, now.Total, now.Settled)
			}
			if d.Kind != doc.RetailSale {
				continue
			}
			whole, earned, used := true, now.Points, now.PointsUsed
			for _, ln := range now.Lines {
				om, err := tx.OriginMove(d.ID, ln.No)
				if err != nil {
					return err
				}
				whole = whole && om.UsedQty == ln.Base
			}
			for _, r := range posted {
				if r.Kind == doc.RetailReturn && r.Lines[0].Origin.Doc == d.ID {
					earned, used = earned+r.Points, used+r.PointsUsed
				}
			}
			if whole && (earned != 0 || used != 0) {
				rt.Fatalf("%s came back whole and leaves %d points earned, %d used", now.Number, earned, used)
			}
		}
		return nil
	})
}
