package app_test

import (
	"fmt"
	"strings"
	"testing"

	"tiezhang/app/access"
)

// permissionsDoc is docs/permissions.md: the default matrix, the rights to
// fields, and the table TestPermissions measured.
func permissionsDoc(t *testing.T, table [][]string, roles []access.Role) string {
	action, role := wordsOf(t, "action"), wordsOf(t, "role")
	for _, p := range unused(t) {
		t.Errorf("nothing uses the right %s: taking it away would stop nothing", p)
	}
	var b strings.Builder
	p := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n", a...) }
	head := func(first ...string) {
		cells, line := append([]string(nil), first...), make([]string, len(first))
		for i := range line {
			line[i] = "---"
		}
		for _, r := range roles {
			name := role[string(r.ID)]
			if name == "" {
				t.Errorf("role.%s has no words", r.ID)
			}
			cells, line = append(cells, name), append(line, ":-:")
		}
		p("| %s |", strings.Join(cells, " | "))
		p("|%s|", strings.Join(line, "|"))
	}
	p("# Who may do what\n")
	p("This page is made by a test (`make docs`), from the default rights and from what the gate really answered; do not edit it by hand.\n")
	p("Everything a person does passes one gate, whether it comes from a screen, an import or a script. The gate decides by the table below, asks for a confirmation where the table says so, and writes the log entry in the same transaction. A refusal changes nothing and is logged.\n")
	p("## Default rights\n")
	p("● granted · **P** granted, asks for the own password again (good for five minutes) · **2** granted, asks for a second person's name and password; nobody approves themselves, and the approver must hold the right without needing a second person · own: only rows the person made or looks after · empty: refused\n")
	head("Right", "Meaning")
	for _, perm := range access.Permissions() {
		words := action[string(perm)]
		if words == "" {
			t.Errorf("action.%s has no words", perm)
		}
		row := []string{"`" + string(perm) + "`", words}
		for _, r := range roles {
			g, ok := r.Grants[perm]
			cell := ""
			switch {
			case !ok:
			case g.Confirm == access.Password:
				cell = "**P**"
			case g.Confirm == access.Second:
				cell = "**2**"
			case g.Scope == access.Own:
				cell = "own"
			default:
				cell = "●"
			}
			row = append(row, cell)
		}
		p("| %s |", strings.Join(row, " | "))
	}
	row := []string{"largest discount", "off a line or a bill; beyond it `sale.discount-over-limit` is wanted"}
	for _, r := range roles {
		row = append(row, fmt.Sprintf("%d %%", r.MaxDiscount/10_000))
	}
	p("| %s |", strings.Join(row, " | "))
	p("\n## Rights to fields\n")
	p("A field a role may not see is left out before an answer leaves the gate: on lists, documents, reports, exports and in its own log entries. A masked one is on them as its mask says, a masked figure as `***`, without totals. A hidden or masked column cannot be sorted by.\n")
	head("Field", "What it covers")
	for _, f := range access.Fields {
		row := []string{"`" + string(f) + "`", map[access.Field]string{
			access.FieldCost:     "cost value, average cost, margin",
			access.FieldPurchase: "purchase prices and the amounts of purchases and opening stock",
			access.FieldFloor:    "the floor price",
			access.FieldPhone:    "phone numbers and addresses of parties (masked: 138****5678, no address)",
			access.FieldPerson:   "names of contacts and of members, who are customers with a card (masked: the first character and a star)",
			access.FieldIdentity: "ID card numbers of employees (masked: first and last place)",
			access.FieldBank:     "wage cards of employees, bank accounts of parties (masked: the last four; hidden: no bank either)",
			access.FieldProfit:   "profit, stock value and account balances of the shop",
		}[f]}
		for _, r := range roles {
			row = append(row, map[access.Sight]string{access.Hidden: "", access.Masked: "masked", access.Shown: "●"}[r.Sees(f)])
		}
		p("| %s |", strings.Join(row, " | "))
	}
	p("\n## What the gate answered\n")
	p("Every use case of the program, tried as every standard role on a real shop. *unseen*: answered as if there were no such row. A row named “of another” was tried on somebody else's row; *own* means it went through only on a row of one's own; *part*: a list narrowed to the rows the person may see.\n")
	head("Use case", "Right asked first")
	for _, r := range table {
		p("| %s | `%s` | %s |", r[0], r[1], strings.Join(r[2:], " | "))
	}
	return b.String()
}
