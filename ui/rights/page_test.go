package rights

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

func open(t *testing.T) (*pagetest.Rig, *Page) {
	t.Helper()
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	p := r.Show(Make(r.Env, page.Route{Screen: page.Rights})).(*Page)
	if r.Focused() != p.table {
		t.Fatalf("the focus is on %T", r.Focused())
	}
	return r, p
}

// saved reads a role as it is kept.
func saved(t *testing.T, r *pagetest.Rig, id access.RoleID) access.Role {
	t.Helper()
	rs, err := app.Ask(t.Context(), r.Owner, app.Roles{})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range rs {
		if x.ID == id {
			return x
		}
	}
	t.Fatal("no role", id)
	return access.Role{}
}

// TestTypingALimitByKeys: digits open the cell, Enter takes them, Esc does not,
// and what is saved is what was typed.
func TestTypingALimitByKeys(t *testing.T) {
	r, p := open(t)
	on(t, p.m, "rights.limit.document", access.Cashier)
	p.table.changed()
	r.Type("３５００")
	r.Save("rights-typing")
	if !p.m.typing() || *p.m.edit != "3500" {
		t.Fatal("the digits did not open the cell", p.m.edit)
	}
	r.Key(fyne.KeyEscape)
	if p.m.typing() || len(p.m.changed()) != 0 {
		t.Fatal("Esc changed the limit")
	}
	if r.Focused() != p.table {
		t.Fatal("Esc took the focus away")
	}
	r.Type("35000")
	r.Key(fyne.KeyBackspace, fyne.KeyReturn)
	if p.role().MaxDocument != 3500_00 || p.save.Disabled() {
		t.Fatal("Enter did not take it:", p.role().MaxDocument)
	}
	r.Key(fyne.KeyF2)
	if !p.m.typing() || *p.m.edit != "3500.00" {
		t.Fatal("F2 does not offer what is there", p.m.edit)
	}
	r.Key(fyne.KeyEscape, fyne.KeyReturn)
	if !p.m.typing() {
		t.Fatal("Enter does not open the cell")
	}
	r.Key(fyne.KeyEscape)

	r.Scan("6901234567892") // with the scanner's own Enter
	r.Save("rights-refused")
	if p.role().MaxDocument != 3500_00 || !p.m.typing() {
		t.Fatal("a barcode became a limit:", p.role().MaxDocument)
	}
	if p.hint.Text != text.T("rights.type.document", "typed", "6901234567892") || p.hint.Color != theme.NameNegative {
		t.Error("not told:", p.hint.Text)
	}
	r.Chord("Ctrl+S") // not saved half
	r.Settle()
	if saved(t, r, access.Cashier).MaxDocument != 0 {
		t.Error("saved while something is wrong")
	}
	r.Key(fyne.KeyEscape)
	r.Chord("Ctrl+S")
	r.Settle()
	if got := saved(t, r, access.Cashier).MaxDocument; got != 3500_00 {
		t.Error("saved:", got)
	}
	if p.m.shown[p.m.row].limit != "rights.limit.document" || p.role().ID != access.Cashier || r.Focused() != p.table {
		t.Error("after saving the cursor is somewhere else:", p.m.shown[p.m.row], p.role().ID)
	}
	if !strings.Contains(p.words.Text, "3500.00") {
		t.Error("the words of the role do not tell its limit:", p.words.Text)
	}
	r.Save("rights-saved")

	r.Type("20") // Ctrl+S takes what is being typed too
	r.Chord("Ctrl+S")
	r.Settle()
	if got := saved(t, r, access.Cashier).MaxDocument; got != 20_00 {
		t.Error("typed and saved at once:", got)
	}
	r.Type(" ")
	if p.role().MaxDocument == 20_00 {
		t.Error("the space bar steps no more")
	}
	r.Quiet()
}

// TestScannedOverARight: a scanner that hits the table changes no right.
func TestScannedOverARight(t *testing.T) {
	r, p := open(t)
	r.Scan("6901234567892")
	if len(p.m.changed()) != 0 {
		t.Error("the scanner's Enter changed a right")
	}
	r.Key(fyne.KeyReturn)
	if len(p.m.changed()) != 1 {
		t.Error("Enter by hand changes nothing")
	}
}

// TestShiftSpaceStepsBack: and so back to where it was.
func TestShiftSpaceStepsBack(t *testing.T) {
	r, p := open(t)
	on(t, p.m, "rights.limit.export", access.Manager)
	before := p.role().ExportRows
	r.Type(" ")
	if p.role().ExportRows == before {
		t.Fatal("space does not step")
	}
	r.Shift(func() { r.Type(" ") })
	if p.role().ExportRows != before {
		t.Error("Shift+space does not step back:", p.role().ExportRows, before)
	}
}

// TestTypingAndLeaving: what stands in the cell is neither lost nor taken though
// it is wrong.
func TestTypingAndLeaving(t *testing.T) {
	r, p := open(t)
	on(t, p.m, "rights.limit.backdate", access.Manager)
	p.table.changed()
	r.Type("999")
	left := false
	p.Leave(func() { left = true })
	if left || !p.m.typing() || p.m.problem == "" {
		t.Error("left with something wrong in the cell")
	}
	r.Key(fyne.KeyEscape)
	p.Leave(func() { left = true })
	if !left {
		t.Error("cannot leave")
	}
}
