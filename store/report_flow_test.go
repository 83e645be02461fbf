package store

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/report"
)

// What an item had, got, gave and has: every row of 进销存变动 closes, in quantity
// and in value, and it is what the moves say, whatever the period and place.
func TestStockFlowCloses(t *testing.T) {
	for seed := range int64(3) {
		sh := busyShop(t, 60+seed, 70)
		b := readBooks(sh)
		today := day.Of(sh.s.now())
		rapid.Check(t, func(r *rapid.T) {
			q := report.Query{Name: "stock-flow", Count: true, Zero: rapid.Bool().Draw(r, "zero")}
			if n := rapid.IntRange(-1, 45).Draw(r, "from"); n >= 0 {
				q.From = today.AddDays(-n)
			}
			if n := rapid.IntRange(-1, 45).Draw(r, "to"); n >= 0 && (q.From == 0 || today.AddDays(-n) >= q.From) {
				q.To = today.AddDays(-n)
			}
			place := rapid.IntRange(0, 2).Draw(r, "place")
			if place > 0 {
				q.Warehouse = fmt.Sprintf("W%d", place)
			}
			p := read(t, sh, q)
			seen := map[string]bool{}
			for _, row := range p.Rows {
				code := p.text(row, "code")
				seen[code] = true
				n := func(key string) int64 { return p.num(row, key) }
				if n("open_qty")+n("qty_in")-n("qty_out") != n("close_qty") {
					r.Fatalf("%+v %s: quantity does not close: %v", q, code, row)
				}
				if n("open_value")+n("value_in")-n("value_out")+n("adjust") != n("close_value") {
					r.Fatalf("%+v %s: value does not close: %v", q, code, row)
				}
				var oq, ov, cq, cv int64
				for _, m := range b.moves {
					if m.ItemID != itemOf(b, code) || place > 0 && m.WarehouseID != sh.wh[place-1] || q.To != 0 && m.Date > q.To {
						continue
					}
					cq, cv = cq+int64(m.Qty), cv+int64(m.Value)
					if q.From != 0 && m.Date < q.From {
						oq, ov = oq+int64(m.Qty), ov+int64(m.Value)
					}
				}
				if place > 0 { // the pool spans all places
					ov, cv = 0, 0
				}
				if n("open_qty") != oq || n("open_value") != ov || n("close_qty") != cq || n("close_value") != cv {
					r.Fatalf("%+v %s: %v, the moves say %d %d to %d %d", q, code, row, oq, ov, cq, cv)
				}
			}
			left := map[int64]int64{} // nothing that is there is left out
			for _, m := range b.moves {
				if place == 0 && (q.To == 0 || m.Date <= q.To) {
					left[m.ItemID] += int64(m.Qty)
				}
			}
			for item, qty := range left {
				if qty != 0 && !seen[b.codes[item]] {
					r.Fatalf("%+v: %s has %d and is not there", q, b.codes[item], qty)
				}
			}
		})
	}
}

// A statement begins with what was owed before, runs on line by line, and ends
// with what the ledger says is owed.
func TestStatementRuns(t *testing.T) {
	for seed := range int64(3) {
		sh := busyShop(t, 70+seed, 90)
		today := day.Of(sh.s.now())
		for _, c := range []struct {
			name    string
			account doc.AccountCode
			sign    int64
			parties []string
		}{{"receivable-statement", doc.AccReceivable, 1, []string{"K1", "K2"}}, {"payable-statement", doc.AccPayable, -1, []string{"G1", "K2"}}} {
			for _, party := range c.parties {
				for _, back := range []int{0, 3, 12, 60} {
					q := report.Query{Name: c.name, Party: party, Count: true}
					if back > 0 {
						q.From = today.AddDays(-back)
					}
					p := read(t, sh, q)
					run := int64(0)
					for i, r := range p.Rows {
						if i == 0 && q.From != 0 {
							run = p.num(r, "balance")
							continue
						}
						run += p.num(r, "charge") - p.num(r, "paid")
						if run != p.num(r, "balance") {
							t.Fatalf("%+v: line %d: %v, running %d", q, i, r, run)
						}
					}
					var owed int64
					sh.get(`SELECT ifnull(sum(amount), 0) FROM ledger_balance WHERE account = ? AND party = (SELECT id FROM party WHERE code = ?)`, []any{string(c.account), party}, &owed)
					if len(p.Rows) > 0 && run != c.sign*owed {
						t.Errorf("%+v ends with %d, owed is %d", q, run, c.sign*owed)
					}
				}
			}
		}
	}
}

// Parties that were merged are one on a statement and in the ageing.
func TestMergedPartiesAreOne(t *testing.T) {
	sh := busyShop(t, 80, 90)
	sum := func(name, group, key string) int64 {
		return read(t, sh, report.Query{Name: name, Group: group, Count: true}).Totals[key].Num
	}
	before := sum("ageing", "receivable", "balance")
	end := func(code string) int64 {
		p := read(t, sh, report.Query{Name: "receivable-statement", Party: code})
		if len(p.Rows) == 0 {
			return 0
		}
		return p.num(p.Rows[len(p.Rows)-1], "balance")
	}
	both := end("K1") + end("K2")
	sh.exec(`UPDATE party SET merged_into = (SELECT id FROM party WHERE code = 'K1') WHERE code = 'K2'`)
	if got := end("K1"); got != both {
		t.Errorf("merged statement ends with %d, the two said %d", got, both)
	}
	if got := sum("ageing", "receivable", "balance"); got != before {
		t.Errorf("ageing sums to %d, before it was %d", got, before)
	}
	for _, r := range read(t, sh, report.Query{Name: "ageing"}).Rows {
		if r.Cells[0].Text == "K2" {
			t.Error("the party taken over still has a row")
		}
	}
}

// Every way to gather sales gives the same sum, whatever narrows it, and every
// row of the ageing adds up.
func TestSummariesAgree(t *testing.T) {
	for seed := range int64(3) {
		sh := fullShop(t, 90+seed, 90)
		today := day.Of(sh.s.now())
		for _, name := range []string{"sales-summary", "sales-ranking", "purchase-summary"} {
			spec := specOf(t, name)
			for _, q := range []report.Query{{}, {From: today.AddDays(-20), To: today.AddDays(-2)}, {Warehouse: "W1"}, {Category: "饮料"}, {OwnerOnly: 2}, {From: today.AddDays(-40), Category: "日用", Warehouse: "W2"}} {
				var sums []string
				for _, g := range spec.Groups {
					q.Name, q.Group, q.Count = name, g, true
					p := read(t, sh, q)
					sums = append(sums, fmt.Sprint(p.Totals["amount"].Num, p.Totals["cost_value"].Num, p.Totals["margin"].Num))
					if p.Totals["amount"].Num != p.sum("amount") {
						t.Errorf("%+v: total", q)
					}
				}
				for i, s := range sums {
					if s != sums[0] {
						t.Errorf("%+v by %s: %s, by %s: %s", q, spec.Groups[i], s, spec.Groups[0], sums[0])
					}
				}
			}
		}
		for _, g := range []string{"receivable", "payable"} {
			p := read(t, sh, report.Query{Name: "ageing", Group: g})
			for _, r := range p.Rows {
				sum := int64(0)
				for _, k := range []string{"not_due", "late30", "late60", "late90", "late_more", "unused"} {
					sum += p.num(r, k)
				}
				if sum != p.num(r, "balance") {
					t.Errorf("ageing %s: %v adds up to %d", g, r, sum)
				}
			}
		}
	}
}

func (sh *shop) get(text string, args []any, to ...any) {
	sh.read(func(x app.Tx) error { return x.(*tx).get(text, args, to...) })
}
