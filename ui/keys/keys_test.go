package keys

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]Chord{
		"f9": "F9", "ctrl+k": "Ctrl+K", "shift+ctrl+n": "Ctrl+Shift+N", "ESC": Escape,
		"Ctrl+Return": CtrlEnter, "Alt+1": "Alt+1", "Ctrl++": "Ctrl++", "ctrl+delete": "Ctrl+Delete",
	} {
		if got, ok := Parse(in); !ok || got != want {
			t.Errorf("%s: %q %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "Ctrl+", "Hyper+A"} {
		if c, ok := Parse(in); ok {
			t.Errorf("%q parsed as %q", in, c)
		}
	}
}

func TestScopesAndModal(t *testing.T) {
	r := NewRouter()
	var log []string
	say := func(s string) func() { return func() { log = append(log, s) } }
	r.Shell().On("F1", "help", "", say("shell F1"))
	r.Shell().Bind(Binding{Chord: "Ctrl+L", Action: "lock", Run: say("lock"), Always: true})
	p := r.NewPage()
	p.On("F1", "page.help", "", say("page F1"))
	p.On("F9", "doc.post", "", say("post"))
	if r.Handle("F9") {
		t.Fatal("a page not in front heard a key")
	}
	r.ShowPage(p)
	r.Handle("F1")
	r.Handle("F9")
	m := r.PushModal()
	m.On(Escape, "", "", func() { log = append(log, "esc"); m.Close() })
	if r.Handle("F9") || r.Handle("F1") {
		t.Fatal("a dialog let a key through", log)
	}
	r.Handle("Ctrl+L")
	r.Handle(Escape)
	if r.Handle(Escape) {
		t.Fatal("closed dialog still hears")
	}
	r.Handle("F9")
	p.Close()
	if r.Handle("F9") {
		t.Fatal("closed page still hears")
	}
	r.Handle("F1")
	want := []string{"page F1", "post", "lock", "esc", "post", "shell F1"}
	if len(log) != len(want) {
		t.Fatal(log)
	}
	for i := range want {
		if log[i] != want[i] {
			t.Fatal(log)
		}
	}
}

func TestDisabledFallsThroughAndRemap(t *testing.T) {
	r := NewRouter()
	got := ""
	r.Shell().On("F5", "shell.refresh", "", func() { got = "shell" })
	p := r.NewPage()
	on := false
	p.Bind(Binding{Chord: "F5", Action: "page.refresh", Run: func() { got = "page" }, Enabled: func() bool { return on }})
	r.ShowPage(p)
	r.Handle("F5")
	if got != "shell" {
		t.Fatal(got)
	}
	on = true
	r.Remap(map[string]Chord{"page.refresh": "Ctrl+R"})
	r.Handle("Ctrl+R")
	if got != "page" {
		t.Fatal(got)
	}
	r.Handle("F5")
	if got != "shell" {
		t.Fatal(got)
	}
	if b := r.Bindings(); len(b) != 2 || b[0].Chord != "Ctrl+R" || b[1].Chord != "F5" {
		t.Fatal(b)
	}
}

func TestCanvasWithoutFocus(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewWindow(widget.NewLabel("x"))
	defer w.Close()
	r := NewRouter()
	n := 0
	r.Shell().On("F1", "a", "", func() { n++ })
	Attach(w.Canvas(), r)
	defer Detach(w.Canvas())
	r.Shell().On("Ctrl+K", "b", "", func() { n += 10 })
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF1})
	sc := Chord("Ctrl+K").Shortcut().(*desktop.CustomShortcut)
	w.Canvas().(interface{ TypedShortcut(fyne.Shortcut) }).TypedShortcut(sc)
	if n != 11 {
		t.Fatal(n)
	}
	if For(w.Content()) != r {
		t.Fatal("For")
	}
}
