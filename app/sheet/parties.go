package sheet

import (
	"strings"

	"tiezhang/app/amount"
	"tiezhang/app/master"
)

// PartyRow is a customer or supplier as its row tells it, with what is owed at
// the start.
type PartyRow struct {
	Row                 int
	Party               master.Party
	Receivable, Payable amount.Money
	Owner               string // name of the person who looks after it
}

// account gives a card or account number: digits alone. One that a spreadsheet
// took for a number has lost what follows the 15th place.
func (r *row) account(f string) string {
	s := master.TidyBank(r.word(f))
	if c, ok := r.cell(f); ok && (c.Kind == AsNum && len(s) > 15 || scientific(s)) {
		r.problem(Error, f, "sheet.account-digits", "value", s)
		return ""
	}
	return s
}

// Parties turns the rows of a table into customers and suppliers. Every problem
// is listed; a row with an Error gives no PartyRow.
func Parties(t Table, m Mapping, o Options) ([]PartyRow, []Problem) {
	s := &scan{t: t, m: m}
	var out []PartyRow
	var unnamed []int
	codes, names := map[string]int{}, map[string]int{}
	s.rows(func(r *row) {
		before := len(r.ps)
		pr := PartyRow{Row: r.l.No}
		p := &pr.Party
		p.Code, p.Name = r.code("code"), r.text("name")
		p.Contact, p.Phone = r.text("contact"), r.code("phone")
		p.Address, p.Note = r.text("address"), r.text("note")
		p.Kind = o.Party
		if k := r.text("kind"); k != "" {
			if w, ok := vocab().party[normal(k)]; ok {
				p.Kind = master.PartyKind(w)
			} else if p.Kind == "" {
				r.problem(Error, "kind", "sheet.party-word", "value", k)
			}
		}
		if l := r.text("level"); l != "" {
			if w, ok := vocab().level[normal(l)]; ok {
				p.Level = master.PriceLevel(w)
			} else {
				r.problem(Error, "level", "sheet.level-word", "value", l)
			}
		}
		p.Credit, _ = r.money("credit")
		p.Card, pr.Owner = r.word("card"), r.text("owner")
		if vocab().blank[strings.ToLower(pr.Owner)] {
			pr.Owner = ""
		}
		if c, ok := r.cell("birthday"); ok && c.Kind == AsNum {
			if d := r.date("birthday"); d != 0 {
				p.Birthday = d.String()[5:]
			}
		} else {
			p.Birthday = master.TidyBirthday(r.word("birthday"))
		}
		p.BankName, p.BankAccount, p.TaxNo = r.text("bank_name"), r.account("bank_account"), master.TidyTaxNo(r.word("tax_no"))
		p.Custom = r.custom(o)
		pr.Receivable, _ = r.money("receivable")
		pr.Payable, _ = r.money("payable")
		done := map[string]bool{}
		for _, x := range r.ps[before:] {
			if f, ok := x.Args["field"].(string); ok && x.Level == Error {
				done[f] = true
			}
		}
		check := *p
		if check.Code == "" && o.Codes != CodesAsIs {
			check.Code = "0"
		}
		r.checked(check.Check(), func(f string) string { return f }, done)
		if p.Code != "" {
			if first, twice := codes[p.Code]; twice {
				r.problem(Error, "code", "sheet.code-twice", "code", p.Code, "first", first)
			} else {
				codes[p.Code] = r.l.No
			}
		}
		if p.Name != "" {
			if first, twice := names[p.Name]; twice { // two shops may bear one name
				r.problem(Warning, "name", "sheet.name-twice", "name", p.Name, "first", first)
			} else {
				names[p.Name] = r.l.No
			}
		}
		if r.bad {
			return
		}
		if p.Code == "" {
			unnamed = append(unnamed, len(out))
		}
		out = append(out, pr)
	})
	items := make([]ItemRow, len(unnamed)) // the same numbering, without barcodes
	order := make([]int, len(unnamed))
	for i, at := range unnamed {
		items[i].Row, order[i] = out[at].Row, i
	}
	o.number(items, order, codes)
	for i, at := range unnamed {
		out[at].Party.Code = items[i].Item.Code
	}
	return out, s.ps
}
