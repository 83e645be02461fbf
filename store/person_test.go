package store

import (
	"slices"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/master"
	"tiezhang/app/report"
)

// TestPeopleKeepEverything writes people with every number there is, new and
// over themselves, and reads them back.
func TestPeopleKeepEverything(t *testing.T) {
	sh := newShop(t, 1)
	p := master.Party{Code: "X1", Name: "甲", Kind: master.Both, Contact: "乙", Phone: "1", Address: "a", Level: master.Wholesale, Credit: 5, Card: "c", Birthday: "02-29",
		BankName: "工行", BankAccount: "6222021234567890", TaxNo: "91330106MA2AXY", Note: "n"}
	e := master.Employee{Code: "E9", Name: "丙", Phone: "2", IDCard: "11010519491231002X", BankCard: "6217991234509876543", User: 1, Note: "n"}
	for i := range 2 {
		sh.write(func(x app.Tx) (err error) {
			if p.ID, err = x.SaveParty(p); err != nil {
				return err
			}
			e.ID, err = x.SaveEmployee(e)
			return err
		})
		p.Version, e.Version = int64(i+1), int64(i+1)
		sh.read(func(x app.Tx) error {
			got, err := x.Party(p.ID)
			if err != nil {
				return err
			}
			if got.Custom = nil; got.BankName != p.BankName || got.BankAccount != p.BankAccount || got.TaxNo != p.TaxNo || got.Card != p.Card || got.Birthday != p.Birthday || got.Version != p.Version {
				t.Errorf("read %+v\nwant %+v", got, p)
			}
			if who, err := x.Employee(e.ID); err != nil || who != e {
				t.Errorf("read %+v\nwant %+v %v", who, e, err)
			}
			return nil
		})
		p.BankName, p.BankAccount, p.TaxNo, e.IDCard, e.BankCard = "建行", "622202", "1A", "110105491231002", "622202"
	}
}

// TestMaskedMembersInReports asks every list and report with every filter for a
// person who may not be told the names of members: the first character has to do.
func TestMaskedMembersInReports(t *testing.T) {
	sh := fullShop(t, 2, 60)
	const name, pinyin = "尉迟敬德", "yuchijingde"
	sh.write(func(x app.Tx) error {
		p, err := x.Party(sh.customer)
		if err != nil {
			return err
		}
		p.Name, p.Pinyin, p.Card = name, pinyin, "8001"
		_, err = x.SaveParty(p)
		return err
	})
	told, masked := map[string]bool{}, map[string]bool{}
	for _, s := range report.Specs() {
		for _, persons := range []bool{false, true} {
			qs := queries(sh, s)
			if s.Name == "receivable-statement" {
				qs = append(qs, report.Query{Name: s.Name, Party: "K1"})
			}
			for _, q := range qs {
				q.Unseen.Persons, q.Count = persons, true
				cols := report.In(s.Columns, s.GroupOf(q))
				for _, sort := range []string{"", "party", "name"} {
					if q.Sort = sort; sort != "" {
						at := slices.IndexFunc(cols, func(c report.Column) bool { return c.Key == sort && !c.NoSort })
						if at < 0 {
							continue
						}
					}
					for _, r := range ask(t, sh, q, cols).Rows {
						for _, c := range r.Cells {
							told[s.Name] = told[s.Name] || !persons && c.Text == name
							masked[s.Name] = masked[s.Name] || persons && c.Text == "尉*"
							if persons && (strings.Contains(c.Text, name) || strings.Contains(c.Text, pinyin)) {
								t.Errorf("%s tells %q", s.Name, c.Text)
							}
						}
					}
				}
			}
		}
	}
	for n := range told {
		if told[n] && !masked[n] {
			t.Errorf("%s lost the member instead of masking the name", n)
		}
	}
	for _, n := range []string{"parties", "documents", "sales-detail", "open-documents", "receivables", "ageing", "sales-summary"} {
		if !told[n] {
			t.Errorf("%s did not name the member: the test looks at nothing", n)
		}
	}
	for search, want := range map[string]int{name: 0, pinyin: 0, "尉": 1, "k1": 1, "8001": 1, "迟": 0} {
		q := report.Query{Name: "parties", Search: search, Unseen: report.Unseen{Persons: true}}
		s, _ := report.Find("parties")
		if got := ask(t, sh, q, s.Columns[:2]); len(got.Rows) != want {
			t.Errorf("%q finds %d, want %d", search, len(got.Rows), want)
		}
	}
}
