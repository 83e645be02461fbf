package till

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/report"
	"tiezhang/ui/dayclose"
	"tiezhang/ui/page"
)

// openClose shows the day's close in the window.
func (r *rig) openClose() page.Page {
	r.t.Helper()
	p, err := dayclose.Make(r.env, page.Route{Screen: page.DayClose})
	if err != nil {
		r.t.Fatal(err)
	}
	if r.page != nil {
		r.page.Close()
		r.page = nil
	}
	r.box.Objects = []fyne.CanvasObject{p.Content()}
	r.box.Refresh()
	r.Router.ShowPage(p.Keys())
	p.Enter()
	r.settle()
	return p
}

// words are all the texts on the screen.
func (r *rig) words() string {
	var out []string
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if !o.Visible() {
			return
		}
		switch x := o.(type) {
		case *canvas.Text:
			out = append(out, x.Text)
		case *fyne.Container:
			for _, c := range x.Objects {
				walk(c)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(x).Objects() {
				walk(c)
			}
		}
	}
	walk(r.box)
	for _, o := range r.Canvas().Overlays().List() {
		walk(o)
	}
	return strings.Join(out, " ")
}

func TestDayCloseCountsBlindAndBooksTheDifference(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.saveTo = t.TempDir()
	r.open("")
	r.do("{6902083881405}<Enter><Enter>{6907992500010}<Enter>10<Enter>")
	p := r.openClose()
	if w := r.words(); strings.Contains(w, "5.50") || !strings.Contains(w, "点完后显示") {
		t.Fatal("the expected cash is seen before counting:", w)
	}
	r.do("<F9>") // nothing counted
	if r.Router.InModal() {
		t.Fatal("closed without counting")
	}
	r.do("5x<F9>")
	if r.Router.InModal() {
		t.Fatal("closed with what is no number")
	}
	r.do("<Ctrl+A>5.00<F9>") // 0.50 short: a note is wanted
	if w := r.words(); r.Router.InModal() || !strings.Contains(w, "5.50") || !strings.Contains(w, "少") {
		t.Fatal(w)
	}
	r.do("找错零<F9>")
	if !r.Router.InModal() {
		t.Fatal("not asked", r.words())
	}
	// somebody sells while the question stands
	r.wire(`{"kind":"RetailSale","id":"late","warehouse":"总仓","lines":[{"item":"A2","qty":"1","price":"2.00"}]}`)
	r.do("<Enter>")
	if got := r.ask("现金"); got != money("7.50") {
		t.Fatal("closed over a sale it did not know of", got)
	}
	r.do("<Ctrl+A>7.00<F9><Enter>")
	r.noFails()
	if got := r.ask("现金"); got != money("7.00") {
		t.Fatal("the difference is not booked:", got, r.words())
	}
	if w := r.words(); !strings.Contains(w, "JB-20261122-0001") || !strings.Contains(w, "7.50") {
		t.Fatal(w)
	}
	r.do("<F10>")
	r.noFails()
	files, _ := filepath.Glob(filepath.Join(r.saveTo, "*.pdf"))
	if len(files) != 1 {
		t.Fatal(files)
	}
	if b, err := os.ReadFile(files[0]); err != nil || !strings.HasPrefix(string(b), "%PDF") {
		t.Fatal(err)
	}
	p.Close()
	// the closed day takes no more sales; the bill is kept and the till says why
	tp := r.open("")
	r.do("{6902083881405}<Enter><Enter>")
	if tp.last != nil || len(tp.bill.lines) != 1 || !strings.Contains(r.words(), "日结") {
		t.Fatal(tp.last, r.lines(), r.fails)
	}
}

func TestDayCloseCountsByNotes(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.saveTo = t.TempDir()
	r.open("")
	r.do("30*6902083881405<Enter>{6907992500010}<Enter><Enter>") // 60 + 3.50
	p := r.openClose()
	r.do("<F8>x<Enter>")
	r.Chord("Ctrl+Enter")
	if !r.Router.InModal() {
		t.Fatal("a letter was counted")
	}
	r.do("<Up><Escape><F8>")
	r.do("<Enter>1<Enter><Enter>1<Enter><Enter>3<Enter>1<Enter>") // 50 + 10 + 3 + 0.50
	r.Chord("Ctrl+Enter")
	r.settle()
	if w := r.words(); r.Router.InModal() || !strings.Contains(w, "63.50") {
		t.Fatal(w)
	}
	r.do("<F9><Enter>")
	r.noFails()
	if w := r.words(); !strings.Contains(w, "JB-20261122-0001") || r.ask("现金") != money("63.50") {
		t.Fatal(w, r.ask("现金"))
	}
	p.Close()
}

// TestACashierClosesBlind: the sum is on the screen only after the count was given,
// and the day closes all the same.
func TestACashierClosesBlind(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.saveTo = t.TempDir()
	owner := r.s
	if _, err := app.Do(app.WithPassword(t.Context(), password), owner, app.AddUser{Name: "小陈", Password: password, Role: access.Cashier}); err != nil {
		t.Fatal(err)
	}
	s, err := owner.Shop().SignIn(t.Context(), "小陈", password)
	if err != nil {
		t.Fatal(err)
	}
	r.s = s
	r.look()
	r.open("")
	r.do("{6902083881405}<Enter><Enter>{6907992500010}<Enter>10<Enter>")
	p := r.openClose()
	r.do("5.00<Enter>") // Enter goes on; a count is given with F9
	if w := r.words(); strings.Contains(w, "5.50") || !strings.Contains(w, "点完后显示") {
		t.Fatal("told before the count was given:", w)
	}
	r.do("<F9>")
	r.noFails()
	if w := r.words(); r.Router.InModal() || !strings.Contains(w, "5.50") || !strings.Contains(w, "少") {
		t.Fatal(w)
	}
	r.do("找错零<F9>")
	if !r.Router.InModal() {
		t.Fatal("not asked", r.words())
	}
	r.do("<Enter>")
	r.noFails()
	if w := r.words(); !strings.Contains(w, "JB-20261122-0001") {
		t.Fatal(w)
	}
	p.Close()
	if r.s, err = owner.Shop().SignIn(t.Context(), "王店长", password); err != nil {
		t.Fatal(err)
	}
	if got := r.ask("现金"); got != money("5.00") {
		t.Error("the difference is not booked:", got)
	}
	rep, err := app.Ask(t.Context(), r.s, app.Report{Query: report.Query{Name: "log", Kinds: []string{"day.count"}}})
	if err != nil || len(rep.Rows) != 1 {
		t.Error("counts in the log:", len(rep.Rows), err)
	}
}
