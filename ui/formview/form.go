package formview

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// Form is a page with one row of master data on it.
type Form struct {
	env   *page.Env
	route page.Route
	desc  *desc
	owner *bg.Owner
	scope *keys.Scope

	root   *fyne.Container
	body   *fyne.Container
	wrong  *fyne.Container // faults of no field
	edits  []*edit
	dirty  bool
	loaded bool
	saving bool
	first  fyne.Focusable
	side   int // the tab in front
	kind   maker
	turn   func(int)
}

// maker makes the descriptor of a row.
type maker func(env *page.Env, id int64, arg string) *desc

var _ page.Page = (*Form)(nil)

// Make makes the form of a route: Kind says of what, Arg is the row's ID, or
// for a new party "customer" or "supplier".
func Make(env *page.Env, r page.Route) (page.Page, error) {
	make := forms[r.Kind]
	if make == nil {
		return nil, fault.New("formview.Make", fault.NotFound, "formview.unknown", fault.Pairs("kind", r.Kind))
	}
	id, err := strconv.ParseInt(r.Arg, 10, 64)
	if err != nil {
		id = 0
	}
	f := &Form{env: env, route: r, owner: env.Runner.Owner(), scope: env.Router.NewPage(), desc: make(env, id, r.Arg), kind: make}
	f.wrong, f.body = container.NewVBox(), container.NewStack()
	f.root = container.NewStack()
	f.bind()
	f.load()
	return f, nil
}

// forms are the descriptors by kind.
var forms = map[string]maker{
	"item": itemForm, "party": partyForm, "warehouse": warehouseForm, "account": accountForm, "user": userForm,
	"employee": employeeForm, "custom-field": customFieldForm,
}

// Route is part of page.Page, as are the methods that follow.
func (f *Form) Route() page.Route { return f.route }

// Title is the name of what is shown.
func (f *Form) Title() string {
	t := f.desc.title()
	if f.dirty {
		t += " *"
	}
	return t
}

// Content is what is drawn.
func (f *Form) Content() fyne.CanvasObject { return f.root }

// Keys is the page's scope.
func (f *Form) Keys() *keys.Scope { return f.scope }

// Enter puts the focus on the first field.
func (f *Form) Enter() {
	if f.first != nil {
		f.env.Window.Canvas().Focus(f.first)
	}
}

// Close lets go of background work.
func (f *Form) Close() {
	f.owner.Close()
	f.scope.Close()
}

// Reload reads the row again when it changed elsewhere and nothing is typed.
func (f *Form) Reload(area string) {
	if slices.Contains(f.desc.areas, area) && !f.dirty && !f.saving && !f.desc.isNew() {
		f.load()
	}
}

// Leave asks when something was typed and not saved.
func (f *Form) Leave(proceed func()) {
	if !f.dirty {
		proceed()
		return
	}
	m := control.NewModal(text.T("formview.leave.title", "name", f.desc.title()), control.NewWords(text.T("formview.leave"), 420))
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.Button(text.T("formview.leave.drop"), func() { m.Close(); f.clean(); proceed() }).WithLook(control.Danger)
	m.DefaultButton(text.T("formview.save"), func() { m.Close(); f.save(func() { proceed() }) })
	m.Open(f.env.Window.Canvas())
}

func (f *Form) load() {
	d, in := f.desc, f.env.Session
	bg.RunKey(f.owner, "load", func(ctx context.Context) (func(), error) { return d.load(ctx, in) }, func(put func(), err error) {
		if err != nil {
			f.env.Fail(err)
			if !f.loaded {
				f.root.Objects = []fyne.CanvasObject{control.NewEmptyState("warning", text.Fault(err), text.T("ui.button.close"), func() { f.env.Close(f) })}
				f.root.Refresh()
			}
			return
		}
		again := f.loaded
		f.loaded = true
		put()
		f.build()
		f.clean()
		if !again {
			f.Enter()
		}
	})
}

func (f *Form) clean() {
	f.dirty = false
	f.retitle()
}

func (f *Form) touched() {
	if f.dirty || !f.loaded {
		return
	}
	f.dirty = true
	f.retitle()
}

func (f *Form) retitle() {
	if f.env.Retitle != nil {
		f.env.Retitle()
	}
}

// build draws the form anew from the row.
func (f *Form) build() {
	f.edits, f.first = nil, nil
	var cards []fyne.CanvasObject
	for _, s := range f.desc.sections() {
		cards = append(cards, control.NewCard(text.T(s.title), f.grid(s.fields)))
	}
	left, right := container.New(layout.NewCustomPaddedVBoxLayout(10)), container.New(layout.NewCustomPaddedVBoxLayout(10))
	for i, c := range cards { // what matters most stands first on the left, the rest where there is room
		if i == 0 || right.MinSize().Height > left.MinSize().Height {
			left.Add(c)
		} else {
			right.Add(c)
		}
	}
	var sheet fyne.CanvasObject = left
	switch {
	case len(right.Objects) == 0:
	case left.MinSize().Width+right.MinSize().Width+3*halfGap+theme.Px(rail) > f.env.Window.Canvas().Size().Width:
		sheet = container.New(layout.NewCustomPaddedVBoxLayout(10), cards...) // one below the other, in their own order
	default:
		sheet = container.New(halves{}, left, right)
	}
	head := container.NewVBox(f.actions())
	if f.desc.notes != nil {
		for _, n := range f.desc.notes(f) {
			head.Add(control.NewBanner(control.Info, n.words, n.button, n.run))
		}
	}
	head.Add(f.wrong)
	if len(f.desc.tabs) > 0 && !f.desc.isNew() {
		head.Add(f.sides(container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 12, 10, 14), sheet))))
	} else {
		f.body.Objects = []fyne.CanvasObject{container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 12, 10, 14), sheet))}
	}
	f.root.Objects = []fyne.CanvasObject{container.NewBorder(container.New(layout.NewCustomPaddedLayout(8, 6, 10, 10), head), nil, nil, nil, f.body)}
	f.root.Refresh()
}

// sides is the row of buttons that turn the form to its other sides. What is
// typed stays while one looks there.
func (f *Form) sides(sheet fyne.CanvasObject) fyne.CanvasObject {
	row := container.NewHBox()
	var buttons []*control.Button
	turn := func(i int) {
		f.side = i
		for n, b := range buttons {
			look := control.Quiet
			if n == i {
				look = control.Plain
			}
			b.WithLook(look)
		}
		f.body.Objects = []fyne.CanvasObject{sheet}
		if i > 0 {
			f.body.Objects = []fyne.CanvasObject{container.New(layout.NewCustomPaddedLayout(0, 8, 10, 10), f.desc.tabs[i-1].make(f))}
		}
		f.body.Refresh()
	}
	for i, label := range append([]string{"formview.tab.data"}, f.labels()...) {
		b := control.NewButton(text.T(label), func() { turn(i) })
		buttons = append(buttons, b)
		row.Add(b)
	}
	f.turn = turn
	turn(min(f.side, len(f.desc.tabs)))
	return row
}

func (f *Form) labels() []string {
	var out []string
	for _, t := range f.desc.tabs {
		out = append(out, t.label)
	}
	return out
}

// reshape draws the form anew with what is typed so far: a choice decided which
// fields there are.
func (f *Form) reshape() {
	for _, e := range f.edits {
		if !e.field.off && e.read != nil {
			_ = e.read() // what cannot be read is named when it is saved
		}
	}
	f.build()
	f.dirty = true
	f.retitle()
}

// halves puts two columns side by side, the left a little wider, and no wider
// than a person can look over.
type halves struct{}

const (
	halfGap, halfMost = 10, 620
	rail              = 110 // what the shell keeps of the window's width
)

func (halves) MinSize(os []fyne.CanvasObject) fyne.Size {
	a, b := os[0].MinSize(), os[1].MinSize()
	return fyne.NewSize(a.Width+b.Width+halfGap, max(a.Height, b.Height))
}

func (halves) Layout(os []fyne.CanvasObject, s fyne.Size) {
	a, b := os[0].MinSize(), os[1].MinSize()
	w := min((s.Width-halfGap)/2, theme.Px(halfMost))
	wa, wb := max(w, a.Width), max(w, b.Width)
	if wa+wb+halfGap > s.Width {
		wa, wb = a.Width, s.Width-halfGap-a.Width
	}
	os[0].Resize(fyne.NewSize(wa, a.Height))
	os[0].Move(fyne.NewPos(0, 0))
	os[1].Resize(fyne.NewSize(wb, b.Height))
	os[1].Move(fyne.NewPos(wa+halfGap, 0))
}

func (f *Form) actions() fyne.CanvasObject {
	row := container.NewHBox()
	d := f.desc
	if !d.readOnly {
		row.Add(control.NewPrimary(text.T("formview.save"), func() { f.save(nil) }).WithKey("Ctrl+S"))
		if d.isNew() {
			row.Add(control.NewButton(text.T("formview.save-next"), f.saveNext).WithKey("Ctrl+Enter"))
		}
	}
	for _, a := range d.more {
		b := control.NewButton(text.T(a.label), func() { a.run(f) })
		if a.icon != "" {
			b.WithIcon(a.icon)
		}
		row.Add(b)
	}
	if d.disable != nil && !d.isNew() && !d.readOnly {
		key := "formview.disable"
		if d.disabled() {
			key = "formview.enable"
		}
		row.Add(control.NewButton(text.T(key), f.toggle).WithLook(control.Quiet))
	}
	row.Add(layout.NewSpacer())
	if d.disabled != nil && d.disabled() {
		w := control.NewWords(text.T("formview.is-disabled"), 200)
		w.Color = theme.NameWarning
		row.Add(container.NewCenter(w))
	}
	row.Add(control.NewButton(text.T("ui.button.close"), func() { f.env.Close(f) }).WithKey("Esc").WithLook(control.Quiet))
	return row
}

func (f *Form) bind() {
	on := func(c keys.Chord, action, title string, run func()) { f.scope.On(c, "form."+action, title, run) }
	if !f.desc.readOnly {
		on("Ctrl+S", "save", "formview.save", func() { f.save(nil) })
		on(keys.CtrlEnter, "save-next", "formview.save-next", f.saveNext)
	}
	on(keys.Escape, "close", "ui.button.close", func() { f.env.Close(f) })
}

// toggle puts the row out of use or back, at once: nothing is ever deleted.
func (f *Form) toggle() {
	off := !f.desc.disabled()
	run := func() {
		f.desc.disable(off)
		f.touched()
		f.save(nil)
	}
	if !off {
		run()
		return
	}
	control.Ask(f.env.Window.Canvas(), control.Question{Title: text.T("formview.disable"), Words: text.T("formview.disable.words", "name", f.desc.title()),
		Yes: text.T("formview.disable"), Danger: true}, func(yes bool) {
		if yes {
			run()
		}
	})
}

// take puts what is typed into the row; what cannot be read is shown where it
// stands.
func (f *Form) take() bool {
	var l fault.List
	for _, e := range f.edits {
		if e.field.off || e.read == nil {
			continue
		}
		if err := e.read(); err != nil {
			var many fault.List
			var one *fault.Error
			switch {
			case errors.As(err, &many):
				l = append(l, many...)
			case errors.As(err, &one):
				l = append(l, one)
			default:
				l = append(l, fault.Wrap("formview.take", fault.Invalid, "formview.number", fault.Pairs("field", e.field.key, "value", "@"+e.field.label), err))
			}
		}
	}
	f.faults(l.Err())
	return len(l) == 0
}

// save sends the row through the gate; then runs when it is safe.
func (f *Form) save(then func()) {
	if f.desc.readOnly || f.saving || !f.loaded || !f.take() {
		return
	}
	wasNew, write := f.desc.isNew(), f.desc.save()
	f.env.Confirmed(func(ctx context.Context, done func(error)) {
		f.saving = true
		s := f.env.Session
		bg.Run(f.owner, func(work context.Context) (int64, error) { return write(page.Join(ctx, work), s) }, func(id int64, err error) {
			f.saving = false
			if _, step := app.IsStep(err); err != nil && !step && f.placed(err) {
				done(nil)
				return
			}
			done(err)
			if err != nil {
				return
			}
			f.faults(nil)
			f.clean()
			f.env.Toast(text.T("formview.saved", "name", f.desc.title()))
			switch {
			case then != nil:
				then()
			case wasNew && id != 0:
				f.env.Replace(f, page.Route{Screen: page.Form, Kind: f.route.Kind, Arg: strconv.FormatInt(id, 10)})
			default:
				f.load()
			}
		})
	})
}

// saveNext saves and begins another.
func (f *Form) saveNext() {
	again := f.route
	if _, err := strconv.ParseInt(again.Arg, 10, 64); err == nil {
		again.Arg = ""
	}
	f.save(func() {
		f.desc = f.kind(f.env, 0, again.Arg)
		f.route, f.loaded = again, false
		f.load()
	})
}

// placed shows an error of saving where it belongs: at fields, or as the
// question what to do about a row that changed meanwhile.
func (f *Form) placed(err error) bool {
	switch {
	case fault.KeyOf(err) == "master.stale":
		control.Ask(f.env.Window.Canvas(), control.Question{Title: f.desc.title(), Words: text.T("formview.stale"), Yes: text.T("formview.stale.reload"), No: text.T("formview.stale.stay")}, func(yes bool) {
			if yes {
				f.load()
			}
		})
		return true
	case f.desc.share != nil && shared[fault.KeyOf(err)]:
		f.faults(err)
		control.Ask(f.env.Window.Canvas(), control.Question{Title: f.desc.title(), Words: text.Fault(err), Yes: text.T("formview.share.yes"), No: text.T("formview.share.no")}, func(yes bool) {
			if yes {
				f.desc.share()
				f.save(nil)
			}
		})
		return true
	case fault.KindOf(err) == fault.Invalid, fault.KindOf(err) == fault.Conflict, fault.KindOf(err) == fault.Insecure, places[fault.KeyOf(err)] != "":
		f.faults(err)
		return true
	}
	return false
}

// shared are the conflicts a person may answer with "it is meant".
var shared = map[string]bool{"master.barcode-taken": true, "master.phone-taken": true, "master.phone-taken-other": true}

// faults shows each fault under its field and the rest above; nil clears.
func (f *Form) faults(err error) {
	for _, e := range f.edits {
		e.say("")
	}
	f.wrong.Objects = nil
	var rest []string
	var focus *edit
	for _, one := range faultsOf(err) {
		e := f.find(one)
		if e == nil {
			rest = append(rest, text.Fault(one))
			continue
		}
		e.say(text.Fault(one))
		if focus == nil || slices.Index(f.edits, e) < slices.Index(f.edits, focus) {
			focus = e
		}
	}
	if len(rest) > 0 {
		f.wrong.Add(control.NewBanner(control.Bad, strings.Join(rest, "  "), "", nil))
	}
	f.root.Refresh()
	if focus != nil && focus.focus != nil {
		f.env.Window.Canvas().Focus(focus.focus)
	}
}

// field gives a field on the screen by its key.
func (f *Form) field(key string) *edit {
	for _, e := range f.edits {
		if e.field.key == key {
			return e
		}
	}
	return nil
}

func faultsOf(err error) fault.List {
	if err == nil {
		return nil
	}
	var l fault.List
	var one *fault.Error
	switch {
	case errors.As(err, &l):
		return l
	case errors.As(err, &one):
		return fault.List{one}
	}
	return fault.List{fault.Wrap("formview", fault.Internal, "", nil, err)}
}

// places are fields that faults name by what is wrong with them.
var places = map[string]string{
	"master.code-taken": "code", "master.custom-unknown": "custom", "master.barcode-taken": "barcodes", "master.barcode-twice": "barcodes", "user.name-taken": "name", "user.name": "name", "user.role": "role", "user.last-owner": "role", "user.own-account": "role", "user.owner-only": "role",
}

// find gives the field a fault is about: by its own name, by the part before
// the dot, or by its key.
func (f *Form) find(err *fault.Error) *edit {
	name, _ := err.Args["field"].(string)
	if name == "" {
		name = places[err.Key]
	}
	if name == "" && strings.HasPrefix(err.Key, "passphrase.") {
		name = "password"
	}
	stem, _, _ := strings.Cut(name, ".")
	for _, want := range []string{name, stem} {
		for _, e := range f.edits {
			if want != "" && e.field.key == want {
				return e
			}
		}
	}
	return nil
}
