package screens

import (
	"bytes"
	"context"
	"maps"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// keysPage is where keys are chosen: a preset, and what shall be different.
type keysPage struct {
	*sheetPage
	shop   keys.Keymap // what the shop has chosen
	now    keys.Keymap // what is on the screen
	here   bool        // for this computer only
	dirty  bool
	list   *grid.List
	rows   []keys.Action
	preset *control.Choice
	where  *control.Choice
	say    *control.Words
}

// MakeKeys makes the page of keys.
func MakeKeys(env *page.Env, r page.Route) (page.Page, error) {
	base := newSheet(env, r, "keys.title")
	k := &keysPage{sheetPage: &base}
	k.scope.On("Ctrl+S", "keys.save", "formview.save", k.save)
	k.scope.On("Ctrl+P", "keys.card", "keys.card", k.print)
	k.build()
	k.load()
	return k, nil
}

// Reload follows what was chosen elsewhere, but keeps what is being chosen.
func (k *keysPage) Reload(area string) {
	if area == "settings" && !k.dirty {
		k.load()
	}
}

// Leave asks when keys were chosen and not saved.
func (k *keysPage) Leave(proceed func()) {
	if !k.dirty {
		proceed()
		return
	}
	control.Ask(k.env.Window.Canvas(), control.Question{Title: k.title, Words: text.T("formview.leave"), Yes: text.T("formview.leave.drop"), Danger: true}, func(yes bool) {
		if yes {
			proceed()
		}
	})
}

func (k *keysPage) load() {
	bg.RunKey(k.owner, "keys", func(ctx context.Context) (app.Keymap, error) { return app.Ask(ctx, k.env.Session, app.ShopKeys{}) }, func(m app.Keymap, err error) {
		if err != nil {
			k.env.Fail(err)
			return
		}
		k.shop = keys.FromShop(m)
		k.now, k.here = keys.OfThisComputer()
		if !k.here {
			k.now = k.shop.Clone()
		}
		k.dirty = false
		k.show()
	})
}

func (k *keysPage) build() {
	var os []control.Option
	for _, p := range keys.Presets() {
		os = append(os, control.Option{Value: p.Name, Text: text.T("keys.preset." + p.Name)})
	}
	k.preset = control.NewChoice(os, nil)
	k.preset.MinWidth = 160
	k.where = control.NewChoice([]control.Option{{Value: "shop", Text: text.T("keys.where.shop")}, {Value: "here", Text: text.T("keys.where.here")}}, nil)
	k.where.MinWidth = 160
	k.say = muted(text.T("keys.hint"), 900)
	k.list = grid.NewList([]grid.ListColumn{{Key: "group", Title: "keys.col.group", Width: 150}, {Key: "action", Title: "keys.col.action", Width: 300},
		{Key: "key", Title: "keys.col.key", Width: 170}, {Key: "changed", Title: "keys.col.changed", Width: 220}}, keyRows(nil))
	k.list.OnActivate = k.choose
	k.list.OnKey = func(e *fyne.KeyEvent) bool {
		if e.Name != fyne.KeyDelete {
			return false
		}
		k.reset(k.list.Active())
		return true
	}
	k.first = k.list
	head := container.New(layout.NewCustomPaddedVBoxLayout(8), control.NewHeading(k.title),
		container.NewHBox(widget.NewLabel(text.T("keys.preset")), k.preset, widget.NewLabel(text.T("keys.where")), k.where,
			control.NewPrimary(text.T("formview.save"), k.save).WithKey("Ctrl+S"), control.NewButton(text.T("keys.reset"), k.resetAll),
			control.NewButton(text.T("keys.card"), k.print).WithKey("Ctrl+P").WithIcon("print")), k.say)
	k.fillWhole(head, container.New(layout.NewCustomPaddedLayout(4, 12, 10, 14), k.list))
}

type keyRows [][]grid.Cell

func (r keyRows) Len() int                      { return len(r) }
func (r keyRows) Row(i int) ([]grid.Cell, bool) { return r[i], true }

func (k *keysPage) show() {
	k.preset.OnChanged, k.where.OnChanged = nil, nil
	k.preset.SetValue(k.now.Preset)
	k.where.SetValue(map[bool]string{true: "here", false: "shop"}[k.here])
	k.preset.OnChanged = func(v string) {
		k.now, k.dirty = keys.Keymap{Preset: v}, true
		k.show()
	}
	k.where.OnChanged = func(v string) { k.here, k.dirty = v == "here", true }
	k.rows = nil
	var rows keyRows
	for _, g := range keys.Groups {
		for _, a := range keys.Actions() {
			if a.Group != g {
				continue
			}
			changed := ""
			if _, ok := k.now.Changed[a.Name]; ok {
				changed = text.T("keys.changed", "key", string(keys.Keymap{Preset: k.now.Preset}.Of(a.Name)))
			}
			k.rows = append(k.rows, a)
			rows = append(rows, []grid.Cell{{Text: text.T("keys.group." + string(g))}, {Text: text.T(a.Title)}, {Text: string(k.now.Of(a.Name))}, {Text: changed}})
		}
	}
	at := max(0, k.list.Active())
	k.list.SetSource(rows)
	k.list.MoveTo(at)
}

// choose asks for the key of a row: it is pressed, not written.
func (k *keysPage) choose(i int) {
	if i < 0 || i >= len(k.rows) {
		return
	}
	a := k.rows[i]
	words := control.NewWords(text.T("keys.press", "action", text.T(a.Title), "key", string(k.now.Of(a.Name))), 420)
	wrong := control.NewWords(" ", 420)
	wrong.Color = theme.NameNegative
	c := newCatcher()
	m := control.NewModal(text.T("keys.press.title"), vbox(words, c, wrong))
	m.First = c
	m.CancelButton(text.T("ui.button.cancel"), nil)
	c.got = func(x keys.Chord) {
		switch {
		case x == keys.Escape:
			m.Close()
			return
		case !keys.Choosable(a.Name, x):
			wrong.SetText(text.T("keys.fixed", "key", string(x)))
		default:
			if o, clash := k.now.Clash(a.Name, x); clash {
				wrong.SetText(text.T("keys.clash", "key", string(x), "action", text.T(o.Title)))
				break
			}
			k.now, k.dirty = k.now.With(a.Name, x), true
			m.Close()
			k.show()
			return
		}
		c.label.Text = string(x)
		c.Refresh()
		m.Refresh()
	}
	m.OnClosed = k.Enter
	m.Open(k.env.Window.Canvas())
}

// reset gives a row the preset's key again.
func (k *keysPage) reset(i int) {
	if i < 0 || i >= len(k.rows) {
		return
	}
	a, p := k.rows[i], keys.Keymap{Preset: k.now.Preset}
	if o, clash := k.now.Clash(a.Name, p.Of(a.Name)); clash {
		k.env.Toast(text.T("keys.clash", "key", string(p.Of(a.Name)), "action", text.T(o.Title)))
		return
	}
	k.now, k.dirty = k.now.With(a.Name, p.Of(a.Name)), true
	k.show()
}

func (k *keysPage) resetAll() {
	k.now, k.dirty = keys.Keymap{Preset: k.now.Preset}, true
	k.show()
}

// save keeps the keys for this computer, or for the shop, and works by them at
// once.
func (k *keysPage) save() {
	m := k.now.Clone()
	if k.here {
		keys.KeepOnThisComputer(&m)
		k.saved(m)
		return
	}
	if !k.env.Session.May(access.SettingsEdit) {
		k.env.Toast(text.T("keys.not-shop"))
		return
	}
	c := app.SetShopKeys{Keymap: keys.ToShop(m)}
	k.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(k.owner, func(work context.Context) (struct{}, error) { return app.Do(page.Join(ctx, work), k.env.Session, c) }, func(_ struct{}, err error) {
			done(err)
			if err == nil {
				keys.KeepOnThisComputer(nil)
				k.shop = m
				k.saved(m)
			}
		})
	})
}

func (k *keysPage) saved(m keys.Keymap) {
	k.dirty = false
	k.env.Router.Remap(m.All())
	k.env.Toast(text.T("keys.saved"))
}

// print saves the card that lies beside the till and opens it for the printer.
func (k *keysPage) print() {
	r := printing.Report{Title: text.T("keys.card.title"), Lines: []string{text.T("keys.preset." + k.now.Preset)},
		Columns: []printing.ReportColumn{{Title: text.T("keys.col.group"), Width: 16}, {Title: text.T("keys.col.action"), Width: 34}, {Title: text.T("keys.col.key"), Width: 18}},
		Footer:  text.T("keys.card.foot")}
	for _, a := range k.rows {
		r.Rows = append(r.Rows, []string{text.T("keys.group." + string(a.Group)), text.T(a.Title), string(k.now.Of(a.Name))})
	}
	for _, f := range []string{"enter", "times", "plus", "digits", "escape", "help"} {
		r.Rows = append(r.Rows, []string{text.T("keys.group.till"), text.T("keys.card." + f), text.T("keys.card." + f + ".key")})
	}
	k.env.SaveFile(text.T("keys.card"), strings.TrimSpace(text.T("keys.card.title"))+".pdf", func(path string) {
		bg.Run(k.owner, func(context.Context) (struct{}, error) {
			var b bytes.Buffer
			if err := printing.ReportPDF(&b, r, text.T); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, writeFile(path, b.Bytes())
		}, func(_ struct{}, err error) {
			if err != nil {
				k.env.Fail(err)
				return
			}
			k.env.OpenFile(path)
		})
	})
}

// ApplyKeys works by the keys of this computer, or by the shop's.
func ApplyKeys(env *page.Env, shop app.Keymap) {
	m, own := keys.OfThisComputer()
	if !own {
		m = keys.FromShop(shop)
	}
	now := map[string]keys.Chord{}
	for _, a := range keys.Actions() {
		now[a.Name] = env.Router.Of(a.Name, a.Chord)
	}
	if all := m.All(); !maps.Equal(all, now) {
		env.Router.Remap(all)
	}
}

// catcher takes the key that is pressed, whatever it does elsewhere.
type catcher struct {
	widget.BaseWidget
	got   func(keys.Chord)
	label *canvas.Text
}

var (
	_ fyne.Focusable    = (*catcher)(nil)
	_ fyne.Shortcutable = (*catcher)(nil)
	_ fyne.Tabbable     = (*catcher)(nil)
)

func newCatcher() *catcher {
	c := &catcher{label: canvas.NewText("", nil)}
	c.ExtendBaseWidget(c)
	return c
}

// AcceptsTab: Tab is refused as any key that is needed, not followed.
func (c *catcher) AcceptsTab() bool { return true }

// FocusGained and FocusLost are Fyne's.
func (c *catcher) FocusGained() {}

// FocusLost is Fyne's.
func (c *catcher) FocusLost() {}

// TypedRune takes signs; letters and digits are told that they cannot be keys.
func (c *catcher) TypedRune(r rune) { c.got(keys.Chord(strings.ToUpper(string(r)))) }

// TypedKey takes keys that write nothing.
func (c *catcher) TypedKey(e *fyne.KeyEvent) {
	if len(e.Name) > 1 && e.Name != fyne.KeySpace {
		c.got(keys.Make(e.Name, keys.Mods()))
	}
}

// TypedShortcut takes keys with Ctrl or Alt.
func (c *catcher) TypedShortcut(s fyne.Shortcut) { c.got(keys.Of(s)) }

// CreateRenderer is Fyne's.
func (c *catcher) CreateRenderer() fyne.WidgetRenderer {
	c.label.TextSize, c.label.TextStyle.Bold, c.label.Color = ft.TextHeadingSize(), true, theme.Foreground()
	c.label.Alignment = fyne.TextAlignCenter
	box := canvas.NewRectangle(theme.Get(ft.ColorNameInputBackground))
	box.StrokeColor, box.StrokeWidth, box.CornerRadius = theme.Accent(), 2, 4
	box.SetMinSize(fyne.NewSize(theme.Px(420), theme.Px(56)))
	return widget.NewSimpleRenderer(container.NewStack(box, c.label))
}
