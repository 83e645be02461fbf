package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// kindTables are where a new kind of document is written down, besides its Spec:
// what its screen shows otherwise than others. Menus, lists, forms, rights, the
// script face and the reports ask the Spec.
var kindTables = []string{"ui/docview/columns.go"}

// kindMakers are the places that make, or lead to, documents of one certain
// kind: a use case or a screen with a kind of its own. A new kind goes into none
// of them; if a new use case makes documents of a kind, it says so here.
var kindMakers = map[string]struct {
	kinds string
	why   string
}{
	"app/dayclose.go":        {"ShiftClose", "closing the till's day is that document"},
	"app/imports_items.go":   {"OpeningStock OpeningReceivable OpeningPayable", "an import's opening balances"},
	"app/imports_opening.go": {"OpeningStock", "an import's opening stock"},
	"app/mergeitems.go":      {"Disassembly", "stock of a duplicate becomes that of the item kept"},
	"app/replenish.go":       {"PurchaseOrder GoodsReceipt", "what runs low is ordered, at the last price it came in at"},
	"ui/home/home.go":        {"OpeningStock GoodsReceipt", "the steps of a new shop lead to their first documents"},
	"ui/listview/rowdo.go":   {"PurchaseOrder", "orders made from the list of what runs low"},
	"ui/till":                {"RetailSale RetailReturn StoredTopUp", "the till sells, takes back and tops up"},
}

// kindNames reads the constants of type Kind in app/doc.
func kindNames(files []file) map[string]bool {
	kinds := map[string]bool{}
	for _, f := range files {
		if f.dir != "app/doc" || f.test {
			continue
		}
		each(f, func(v *ast.ValueSpec) {
			if id, ok := v.Type.(*ast.Ident); ok && id.Name == "Kind" {
				for _, n := range v.Names {
					kinds[n.Name] = true
				}
			}
		})
	}
	return kinds
}

// checkKindPlaces finds kinds named where they should not be, and decisions made
// by comparing or looking up a kind where its Spec should be asked.
func checkKindPlaces(files []file) (out []string) {
	kinds := kindNames(files)
	for _, f := range files {
		name := f.name(module + "/app/doc")
		if f.test || f.under("app/doc") || name == "" || slices.Contains(kindTables, f.path) {
			continue
		}
		allowed, ok := kindMakers[f.path]
		for dir, a := range kindMakers {
			if !ok && !strings.HasSuffix(dir, ".go") && f.under(dir) {
				allowed = a
			}
		}
		kind := func(e ast.Expr) string {
			if sel, ok := e.(*ast.SelectorExpr); ok && kinds[sel.Sel.Name] {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == name {
					return sel.Sel.Name
				}
			}
			return ""
		}
		each(f, func(sel *ast.SelectorExpr) {
			if k := kind(sel); k != "" && !slices.Contains(strings.Fields(allowed.kinds), k) {
				out = append(out, fmt.Sprintf("%s: doc.%s is named outside app/doc: ask the Spec what differs, or, if this makes such documents, say so in kindMakers", f.at(sel.Pos()), k))
			}
		})
		decided := func(p token.Pos, es ...ast.Expr) {
			for _, e := range es {
				if k := kind(e); k != "" {
					out = append(out, fmt.Sprintf("%s: a decision by doc.%s: make what differs a field of doc.Spec", f.at(p), k))
				}
			}
		}
		each(f, func(b *ast.BinaryExpr) {
			if b.Op == token.EQL || b.Op == token.NEQ {
				decided(b.Pos(), b.X, b.Y)
			}
		})
		each(f, func(i *ast.IndexExpr) { decided(i.Pos(), i.Index) })
		each(f, func(c *ast.CompositeLit) {
			if m, ok := c.Type.(*ast.MapType); ok && m != nil {
				for _, e := range c.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						decided(kv.Pos(), kv.Key)
					}
				}
			}
		})
	}
	return out
}

// TestANewKindIsASpecAndALook: adding a kind of document touches its Spec, the
// table of looks and its words, and nothing else.
func TestANewKindIsASpecAndALook(t *testing.T) {
	kinds := `package doc; type Kind string; const ( ShiftClose Kind = "s"; Barter Kind = "b" )`
	use := func(code string) string { return `package x; import "tiezhang/app/doc"; ` + code }
	rule(t, checkKindPlaces, [][]string{
		{"app/doc/kind.go", kinds, "app/x.go", use(`var k = doc.Barter`)},
		{"app/doc/kind.go", kinds, "store/x.go", use(`func f(k doc.Kind) bool { return k == doc.Barter }`)},
		{"app/doc/kind.go", kinds, "app/dayclose.go", use(`func f(k doc.Kind) bool { return k != doc.ShiftClose }`)}, // it may make one, not decide by it
		{"app/doc/kind.go", kinds, "app/dayclose.go", use(`var m = map[doc.Kind]int{doc.ShiftClose: 1}`)},
		{"app/doc/kind.go", kinds, "app/dayclose.go", use(`func f(m map[doc.Kind]int) int { return m[doc.ShiftClose] }`)},
		{"app/doc/kind.go", kinds, "ui/till/x.go", use(`var k = doc.ShiftClose`)},
	}, [][]string{
		{"app/doc/kind.go", kinds, "app/dayclose.go", use(`var d = doc.Document{Kind: doc.ShiftClose}`)},
		{"app/doc/kind.go", kinds, "ui/docview/columns.go", use(`var m = map[doc.Kind]int{doc.Barter: 1}`)},
		{"app/doc/kind.go", kinds, "app/x.go", use(`func f(s doc.Spec) bool { return s.CashCount }`)},
	})
	// Every kind has words in both languages.
	names := []string{}
	for k := range kindNames(tree(t)) {
		names = append(names, k)
	}
	if len(names) < 34 {
		t.Errorf("only %d kinds were found", len(names))
	}
	langs := 0
	for _, x := range readTexts(t) {
		if x.area != "kind" {
			continue
		}
		langs++
		for _, k := range names {
			if x.entries["kind."+k] == "" {
				t.Errorf("kind.%s has no words in %s", k, x.language)
			}
		}
	}
	if langs != 2 {
		t.Errorf("words of the kinds in %d languages", langs)
	}
}
