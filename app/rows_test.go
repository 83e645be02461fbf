package app_test

import (
	"cmp"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
)

// rowUse is a use case that names a row: here it is tried as every role on a row
// of the person's own and on somebody else's, in every state a row can be in.
type rowUse struct {
	name string
	of   []doc.Kind // nil for every kind of rowKinds
	make func(w *world, k doc.Kind, id string) any
	run  func(ctx context.Context, s *app.Session, c any) (any, error)
}

func rowCommand[R any, C app.Command[R]](name string, mk func(w *world, k doc.Kind, id string) C, of ...doc.Kind) rowUse {
	return rowUse{name, of, func(w *world, k doc.Kind, id string) any { return mk(w, k, id) },
		func(ctx context.Context, s *app.Session, c any) (any, error) { return app.Do(ctx, s, c.(C)) }}
}

func rowQuery[R any, C app.Query[R]](name string, mk func(w *world, k doc.Kind, id string) C, of ...doc.Kind) rowUse {
	return rowUse{name, of, func(w *world, k doc.Kind, id string) any { return mk(w, k, id) },
		func(ctx context.Context, s *app.Session, c any) (any, error) { return app.Ask(ctx, s, c.(C)) }}
}

// rowKinds has a kind of every right to see and of every module.
var rowKinds = []doc.Kind{doc.RetailSale, doc.SalesOrder, doc.GoodsReceipt, doc.StockLoss, doc.StockTransfer, doc.StockCount, doc.Expense, doc.StoredTopUp, doc.OpeningStock}

// The states a row is tried in. Closed is a posted one in a day that was closed.
var rowStates = []string{"draft", "posted", "closed"}

// rowUses are the use cases that take a document by its ID; TestEveryRowUseIsTried
// holds the list to the table of all use cases.
func rowUses() []rowUse {
	at := func(w *world, k doc.Kind, id string) doc.Document {
		d := w.stored(id)
		d.Reason = "late"
		return d
	}
	return []rowUse{
		rowQuery("GetDocument", func(_ *world, _ doc.Kind, id string) app.GetDocument { return app.GetDocument{ID: id} }),
		rowCommand("SaveDraft", func(w *world, k doc.Kind, id string) app.SaveDraft { return app.SaveDraft{Doc: at(w, k, id)} }),
		rowCommand("DropDraft", func(_ *world, k doc.Kind, id string) app.DropDraft { return app.DropDraft{Kind: k, ID: id} }),
		rowQuery("Preview", func(w *world, k doc.Kind, id string) app.Preview { return app.Preview{Doc: at(w, k, id)} }),
		rowCommand("Post", func(w *world, k doc.Kind, id string) app.Post {
			return app.Post{Doc: at(w, k, id), AllowNegative: true}
		}),
		rowCommand("AskApproval", func(w *world, k doc.Kind, id string) app.AskApproval { return app.AskApproval{Doc: at(w, k, id)} }),
		rowQuery("ApprovalOf", func(_ *world, _ doc.Kind, id string) app.ApprovalOf { return app.ApprovalOf{Doc: id} }, doc.RetailSale),
		rowQuery("PreviewReverse", func(_ *world, k doc.Kind, id string) app.PreviewReverse { return app.PreviewReverse{ID: id, Kind: k} }),
		rowCommand("Reverse", func(_ *world, k doc.Kind, id string) app.Reverse {
			return app.Reverse{ID: id, Kind: k, Reason: "typed wrong", AllowNegative: true}
		}),
		rowCommand("LogPrint", func(_ *world, _ doc.Kind, id string) app.LogPrint { return app.LogPrint{ID: id} }),
		rowCommand("ExportDocument", func(_ *world, _ doc.Kind, id string) app.ExportDocument { return app.ExportDocument{ID: id} }),
		rowCommand("EndOrder", func(_ *world, k doc.Kind, id string) app.EndOrder {
			return app.EndOrder{ID: id, Kind: k, Reason: "sold out"}
		}, doc.SalesOrder),
		rowCommand("ReopenOrder", func(_ *world, k doc.Kind, id string) app.ReopenOrder { return app.ReopenOrder{ID: id, Kind: k} }, doc.SalesOrder),
		rowQuery("PullLines", func(_ *world, k doc.Kind, id string) app.PullLines {
			to := map[doc.Kind]doc.Kind{doc.RetailSale: doc.RetailReturn, doc.SalesOrder: doc.SalesDelivery, doc.GoodsReceipt: doc.PurchaseReturn}[k]
			return app.PullLines{Kind: to, IDs: []string{id}}
		}, doc.RetailSale, doc.SalesOrder, doc.GoodsReceipt),
	}
}

// rowID names the row of a kind in a state that a person made.
func rowID(by access.RoleID, k doc.Kind, state string) string {
	return fmt.Sprintf("row-%s-%s-%s", by, k, state)
}

// plantRows makes for every person a row of every kind in every state, as an
// owner would: who may make one today is another question than whose it is.
func (w *world) plantRows() {
	w.t.Helper()
	ctx := context.Background()
	closed := w.set(app.SettingDayClosed, "")
	for _, r := range access.Standard() {
		w.setRole(r.ID, access.Owner)
		w.as(r.ID)
		for _, k := range rowKinds {
			for _, state := range rowStates {
				d := w.document(k, rowID(r.ID, k, state))
				if k == doc.StoredTopUp {
					d.PartyID = w.customer
				}
				if state == "closed" {
					d.Date, d.Reason = w.today.AddDays(-20), "late"
				}
				if state == "draft" {
					lasting(w, ctx, app.SaveDraft{Doc: d})
				} else {
					lasting(w, app.WithPassword(ctx, worldPassword), app.Post{Doc: d, AllowNegative: true})
				}
			}
		}
		w.setRole(r.ID, r.ID)
	}
	w.set(app.SettingDayClosed, closed)
	w.as(access.Owner)
	w.clock.at = w.clock.at.Add(6 * time.Minute)
}

// set and setRole write past the gate.
func (w *world) set(key, value string) (old string) {
	w.t.Helper()
	err := w.st.Write(context.Background(), func(tx app.Tx) (err error) {
		if old, err = tx.Setting(key); err != nil {
			return err
		}
		return tx.SetSetting(key, value)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return old
}

func (w *world) setRole(of, to access.RoleID) {
	w.t.Helper()
	err := w.st.Write(context.Background(), func(tx app.Tx) error {
		u, err := tx.UserByName(person(of))
		if err != nil {
			return err
		}
		u.Role = to
		_, err = tx.SaveUser(u)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// rowOutcome says what a use case answered about a row.
func rowOutcome(err error) string {
	if cell, known := outcome(err); known {
		return cell
	}
	switch fault.KindOf(err) {
	case fault.Closed:
		return "closed"
	case fault.Conflict, fault.Invalid: // the row is in no state for it, whoever asks
		return "no"
	}
	return "broken: " + err.Error()
}

// tryRow tries one use case on one row, and once more with the confirmation it
// asks for: what that leads to stands behind the arrow unless it is ok.
func (w *world) tryRow(u rowUse, k doc.Kind, id string) (cell string, denials int) {
	c := u.make(w, k, id)
	count := func(cell string) string {
		if cell == cellDenied || cell == cellUnseen {
			denials++
		}
		return cell
	}
	cell = count(w.once(u, context.Background(), c))
	ctx := context.Background()
	switch cell {
	case cellPassword:
		ctx = app.WithPassword(ctx, worldPassword)
	case cellSecond:
		ctx = app.WithSecond(ctx, person(w.helper()), worldPassword)
	default:
		return cell, denials
	}
	if next := count(w.once(u, ctx, c)); next != cellOK {
		cell += ">" + next
	}
	w.clock.at = w.clock.at.Add(-time.Second) // the password is not good for an earlier time, and the day stays the same
	return cell, denials
}

// helper is who approves for the person who asks.
func (w *world) helper() access.RoleID {
	if w.who == access.Owner {
		return access.Manager
	}
	return access.Owner
}

// once runs a use case: what goes through is taken back, what is refused runs in
// earnest, so that it would show if it left anything.
func (w *world) once(u rowUse, ctx context.Context, c any) string {
	w.st.undo = true
	_, err := u.run(ctx, w.self, c)
	w.st.undo = false
	cell := rowOutcome(err)
	switch cell {
	case cellOK, cellPassword, cellSecond:
		return cell
	}
	if _, err := u.run(ctx, w.self, c); rowOutcome(err) != cell {
		return "broken: " + cell + ", then " + rowOutcome(err)
	}
	return cell
}

// setReach says past the gate where a person works.
func (w *world) setReach(of access.RoleID, at ...int64) {
	w.t.Helper()
	err := w.st.Write(context.Background(), func(tx app.Tx) error {
		u, err := tx.UserByName(person(of))
		if err != nil {
			return err
		}
		u.Reach = at
		_, err = tx.SaveUser(u)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// rowWhose is whose a row is: one's own, somebody else's, or one's own of a
// warehouse one does not work in any more. Transfers go to the one that is left.
// An owner works everywhere, so theirs are never out of reach.
var rowWhose = []string{"own", "another's", "elsewhere"}

// TestRowPermissions fills the table of use cases on rows: every role, one's own
// row, another's and one out of reach, a draft, a posted one and one in a closed
// day. What is refused changes nothing; each denial leaves exactly its entry in
// the log.
func TestRowPermissions(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of answers")
	}
	w := newWorld(t)
	w.plantRows()
	us, roles := rowUses(), access.Standard()
	var table [][]string
	at := map[string]int{}
	cells := 0
	for _, r := range roles {
		for _, whose := range rowWhose {
			if whose == "elsewhere" && r.ID != access.Owner {
				w.setReach(r.ID, w.wh2)
			}
			w.clock.at = w.clock.at.Add(time.Minute)
			w.as(r.ID)
			w.clock.at = w.clock.at.Add(-time.Second)
			for _, u := range us {
				kinds := u.of
				if kinds == nil {
					kinds = rowKinds
				}
				before, logged := w.st.digest(t)
				denied := 0
				for _, k := range kinds {
					for _, state := range rowStates {
						by := r.ID
						if whose == "another's" {
							by = w.helper()
						}
						cell, n := w.tryRow(u, k, rowID(by, k, state))
						denied += n
						cells++
						if strings.HasPrefix(cell, "broken") {
							t.Errorf("%s %s, %s %s, as %s: %s", u.name, k, whose, state, r.ID, cell)
						}
						key := u.name + "|" + string(k) + "|" + whose + "|" + state
						i, ok := at[key]
						if !ok {
							i = len(table)
							at[key] = i
							table = append(table, strings.Split(key, "|"))
						}
						table[i] = append(table[i], cell)
					}
				}
				after, logs := w.st.digest(t)
				if after != before {
					t.Errorf("%s %s as %s: what was refused changed the shop", u.name, whose, r.ID)
				}
				if logs != logged+int64(denied) {
					t.Errorf("%s %s as %s: %d denials left %d entries", u.name, whose, r.ID, denied, logs-logged)
				}
			}
		}
	}
	// one use case after another, as a person reads it
	order := map[string]int{}
	for i, u := range us {
		order[u.name] = i
	}
	slices.SortStableFunc(table, func(a, b []string) int {
		return cmp.Or(order[a[0]]-order[b[0]], slices.Index(rowKinds, doc.Kind(a[1]))-slices.Index(rowKinds, doc.Kind(b[1])))
	})
	if cells != len(table)*len(roles) {
		t.Fatalf("%d cells in %d rows", cells, len(table))
	}
	t.Logf("%d cells", cells)
	golden(t, "testdata/permissions-rows.golden", rowGolden(table, roles))
	golden(t, "../docs/permissions-rows.md", rowDoc(table, roles))
}

func rowGolden(table [][]string, roles []access.Role) string {
	head := []string{"use case", "kind", "whose", "state"}
	for _, r := range roles {
		head = append(head, string(r.ID))
	}
	return "# Every use case that names a document x every standard role x own, another's and a row out of reach x its state, as TestRowPermissions saw it.\n" +
		"# ok, password, second, denied, unseen: see permissions.golden | no: nobody could, the row is in no state for it\n" +
		"# closed: its day is closed | a>b: asks for a, and given it answers b\n" + columns(head, table)
}

// columns lines up a table.
func columns(head []string, table [][]string) string {
	wide := make([]int, len(head))
	for _, row := range append([][]string{head}, table...) {
		for i, c := range row {
			wide[i] = max(wide[i], len(c))
		}
	}
	var b strings.Builder
	for _, row := range append([][]string{head}, table...) {
		var line strings.Builder
		for i, c := range row {
			fmt.Fprintf(&line, "%-*s  ", wide[i], c)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// TestEveryRowUseIsTried: a use case with a field for a document's ID that is
// tried on no row would be a hole in the table.
func TestEveryRowUseIsTried(t *testing.T) {
	have := map[string]bool{}
	for _, u := range rowUses() {
		have[u.name] = true
	}
	// these name a row that is no document, or carry documents the others carry
	for _, n := range []string{"Approve", "Refuse", "WithdrawApproval", "PostWire", "PostWires", "GetParty", "GetEmployee", "Unmerge"} {
		have[n] = true
	}
	for name := range documentUses(t) {
		if !have[name] {
			t.Errorf("app.%s takes a document: give it an example in rows_test.go", name)
		}
	}
}

// documentUses finds the use cases with a field for a document or its ID.
func documentUses(t *testing.T) map[string]bool {
	t.Helper()
	cases := useCases(t)
	files, _ := filepath.Glob("*.go")
	out := map[string]bool{}
	for _, f := range files {
		src, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(src, func(n ast.Node) bool {
			ts, ok := n.(*ast.TypeSpec)
			if !ok || !cases[ts.Name.Name] {
				return true
			}
			st, ok := ts.Type.(*ast.StructType)
			if !ok {
				return true
			}
			for _, field := range st.Fields.List {
				typ := types.ExprString(field.Type)
				for _, name := range field.Names {
					switch name.Name {
					case "ID", "IDs", "Doc":
						if typ == "string" || typ == "[]string" || typ == "doc.Document" {
							out[ts.Name.Name] = true
						}
					}
				}
			}
			return true
		})
	}
	if len(out) < 10 {
		t.Fatalf("only %d use cases with a document were found", len(out))
	}
	return out
}

// rowDoc is the table for people to read: what all states or both kinds of row
// answer alike stands in one line.
func rowDoc(table [][]string, roles []access.Role) string {
	var b strings.Builder
	b.WriteString("# Who may do what with which document\n\nThis page is made by a test (`make docs`) from what the gate really answered; do not edit it by hand. Each use case was tried as every standard role on a document the person made, on somebody else's, and on one of their own in a warehouse they do not work in (*elsewhere*; transfers go to the one they do work in), as a draft, posted, and posted in a day that is closed: " +
		fmt.Sprint(len(table)*len(roles)) + " answers. Lines that say the same are one line here.\n\n" +
		"ok: went through · password: asks for the own password · second: asks for a second person · denied: refused and logged · unseen: answered as if there were no such document · no: the document is in no state for it, whoever asks · closed: its day is closed · *a>b*: asks for *a*, and given it answers *b*\n\n")
	head := []string{"Use case", "Kind", "Whose", "State"}
	for _, r := range roles {
		head = append(head, string(r.ID))
	}
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range together(together(table, 3, "any"), 2, "anybody's") {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	return b.String()
}

// together joins the rows that differ in one column alone; all is what stands
// there when it had every value there is.
func together(table [][]string, col int, all string) [][]string {
	values := map[string]bool{}
	for _, row := range table {
		values[row[col]] = true
	}
	var out [][]string
	at := map[string]int{}
	n := map[int]int{}
	for _, row := range table {
		c := slices.Clone(row)
		c[col] = ""
		key := strings.Join(c, "|")
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, slices.Clone(row))
		} else {
			out[i][col] += ", " + row[col]
		}
		n[i]++
	}
	for i := range out {
		if n[i] == len(values) {
			out[i][col] = all
		}
	}
	return out
}
