package formview

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app/fault"
	"tiezhang/app/passphrase"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// edit is a field on the screen.
type edit struct {
	field   *field
	object  fyne.CanvasObject
	focus   fyne.Focusable
	read    func() error // puts what is typed into the row
	invalid func(bool)
	wrong   *control.Words
	hint    *control.Words
}

const (
	labelWidth = 92
	noteWidth  = 340
)

// say shows what is wrong under the field; "" takes it away.
func (e *edit) say(s string) {
	if s == "" {
		e.wrong.Hide()
	} else {
		e.wrong.SetText(s)
		e.wrong.Show()
	}
	if e.hint != nil {
		e.hint.Hidden = s != ""
	}
	if e.invalid != nil {
		e.invalid(s != "")
	}
}

// grid lays the fields of a section out: a label left of each, short numbers
// in pairs.
func (f *Form) grid(fields []*field) fyne.CanvasObject {
	box := container.New(layout.NewCustomPaddedVBoxLayout(6))
	var pair *fyne.Container
	for _, fd := range fields {
		o := f.row(fd)
		if fd.kind != number || fd.wide {
			pair = nil
			box.Add(o)
			continue
		}
		if pair == nil || len(pair.Objects) == 2 {
			pair = container.New(layout.NewGridLayoutWithColumns(2))
			box.Add(pair)
			pair.Add(o)
			continue
		}
		pair.Add(container.New(layout.NewCustomPaddedLayout(0, 0, 10, 0), o))
	}
	return box
}

func (f *Form) row(fd *field) fyne.CanvasObject {
	e := &edit{field: fd, wrong: control.NewWords("", noteWidth)}
	if fd.kind == number && !fd.wide {
		e.wrong.Width = 150
	}
	e.wrong.Color = theme.NameNegative
	e.wrong.Hide()
	f.make(e)
	if f.first == nil && e.focus != nil && !fd.off && !f.desc.readOnly {
		f.first = e.focus
	}
	f.edits = append(f.edits, e)
	under := container.New(layout.NewCustomPaddedVBoxLayout(0), e.object)
	if fd.unmask != nil {
		under.Objects[0] = container.NewBorder(nil, nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 6, 0), f.unmaskButton(e)), e.object)
	}
	if fd.hint == maskedHint && f.desc.readOnly { // who cannot write it anew is not told to
		if fd.hint = ""; fd.unmask != nil {
			fd.hint = "formview.masked"
		}
	}
	if fd.hint != "" {
		e.hint = control.NewWords(text.T(fd.hint), noteWidth)
		if fd.kind == number && !fd.wide {
			e.hint.Width = 150
		}
		e.hint.Color = theme.NameMuted
		under.Add(e.hint)
	}
	under.Add(e.wrong)
	words := fd.words
	if fd.label != "" {
		words = text.T(fd.label)
	}
	if words == "" || fd.kind == check {
		return under
	}
	if fd.must {
		words += " *"
	}
	l := control.NewWords(words, labelWidth)
	l.Color = theme.NameMuted
	label := container.New(layout.NewCustomPaddedLayout(6, 0, 0, 6), l)
	return container.NewBorder(nil, nil, container.NewVBox(label), nil, under)
}

// make builds the control of a field.
func (f *Form) make(e *edit) {
	fd := e.field
	off := fd.off || f.desc.readOnly
	switch fd.kind {
	case choice:
		c := control.NewChoice(fd.options(), nil)
		c.Optional = fd.optional
		c.SetValue(fd.get())
		c.OnChanged = func(v string) {
			f.touched()
			if fd.changed != nil {
				fd.changed(f, v)
			}
		}
		if off {
			c.Disable()
		}
		e.object, e.focus, e.invalid = c, c, c.SetInvalid
		e.read = func() error { return fd.set(c.Value()) }
	case check:
		c := control.NewCheck(text.T(fd.label), func(bool) { f.touched() })
		c.SetChecked(fd.get() != "")
		if off {
			c.Disable()
		}
		e.object, e.focus = c, c
		e.read = func() error {
			if c.Checked() {
				return fd.set("1")
			}
			return fd.set("")
		}
	case date:
		d := control.NewDate(f.env.Host.Clock.Now)
		d.SetValue(fd.get())
		d.OnDate = func(string) { f.touched() }
		if off {
			d.Disable()
		}
		e.object, e.focus = container.NewHBox(d), d
		e.invalid = func(on bool) { invalid(&d.Entry, on) }
		e.read = func() error {
			if !d.Valid() {
				return fault.Bad("formview", "formview.date", "field", fd.key, "value", d.Text)
			}
			return fd.set(d.Value())
		}
	case many:
		f.many(e, off)
	case table:
		f.table(e, off)
	case secret:
		f.secret(e)
	case other:
		e.object = container.New(layout.NewCustomPaddedLayout(5, 5, 0, 0), fd.object(f))
	default:
		en := control.NewEntry()
		switch fd.kind {
		case number:
			en = control.NewNumber()
		case lines:
			en = control.NewMultiline(3)
		}
		en.SetText(fd.get())
		en.OnChanged = func(s string) {
			f.touched()
			if fd.changed != nil {
				fd.changed(f, s)
			}
		}
		if off {
			en.Disable()
		}
		e.object, e.focus = en, en
		e.read = func() error { return fd.set(en.Text) }
		e.invalid = func(on bool) { invalid(en, on) }
	}
}

// many is a tick for each of a list; nothing ticked means all.
func (f *Form) many(e *edit, off bool) {
	fd := e.field
	chosen := map[string]bool{}
	for _, v := range strings.Fields(fd.get()) {
		chosen[v] = true
	}
	box := container.NewGridWithColumns(3)
	os := fd.options()
	for _, o := range os {
		c := control.NewCheck(o.Text, func(on bool) { chosen[o.Value] = on; f.touched() })
		c.SetChecked(chosen[o.Value])
		if off {
			c.Disable()
		}
		if e.focus == nil {
			e.focus = c
		}
		box.Add(c)
	}
	e.object = box
	e.read = func() error {
		var out []string
		for _, o := range os {
			if chosen[o.Value] {
				out = append(out, o.Value)
			}
		}
		return fd.set(strings.Join(out, " "))
	}
}

// invalid draws an entry's red edge.
func invalid(e *control.Entry, on bool) {
	if !on {
		e.SetValidationError(nil)
		return
	}
	e.AlwaysShowValidationError = true
	e.SetValidationError(errInvalid{})
}

type errInvalid struct{}

func (errInvalid) Error() string { return "" } // the words stand under the field

// secret is a new password, typed twice, with its strength in words.
func (f *Form) secret(e *edit) {
	first, again := control.NewPassword(), control.NewPassword()
	again.SetPlaceHolder(text.T("formview.password.again"))
	first.SetPlaceHolder(text.T("formview.password.new"))
	say := control.NewWords(text.T("formview.password.hint"), noteWidth)
	say.Color = theme.NameMuted
	measure := func() {
		owner := e.field.owner != nil && e.field.owner(f)
		var about []string
		if e.field.context != nil {
			about = e.field.context(f)
		}
		if first.Text == "" {
			say.Color = theme.NameMuted
			say.SetText(text.T("formview.password.hint"))
			return
		}
		s := passphrase.Measure(first.Text, about...)
		words, color := text.T(s.Advice), theme.NamePositive
		if err := passphrase.Balanced(owner).Check(first.Text, about...); err != nil {
			words, color = text.Fault(err), theme.NameWarning
		}
		defer f.root.Refresh() // the words may need another line
		say.Color = color
		say.SetText(text.T("formview.password.strength", "score", text.T("passphrase.score-"+string(rune('0'+s.Score)))) + "  " + words)
	}
	first.OnChanged = func(string) { f.touched(); measure() }
	again.OnChanged = func(string) { f.touched() }
	e.object = container.New(layout.NewCustomPaddedVBoxLayout(4), first, again, say)
	e.focus = first
	e.invalid = func(on bool) { invalid(first, on) }
	e.read = func() error {
		if first.Text != again.Text {
			return fault.Bad("formview", "formview.password.differ", "field", e.field.key)
		}
		return e.field.set(first.Text)
	}
}

// table is a few rows of entries with a button for one more.
func (f *Form) table(e *edit, off bool) {
	fd := e.field
	box := container.New(layout.NewCustomPaddedVBoxLayout(4))
	e.object = box
	var rows [][]*control.Entry
	head := func() fyne.CanvasObject {
		h := container.NewHBox()
		for _, c := range fd.columns {
			w := control.NewWords(text.T(c.label), c.width)
			w.Color = theme.NameMuted
			h.Add(w)
		}
		return h
	}
	var draw func()
	add := func(values []string) {
		var r []*control.Entry
		for i, c := range fd.columns {
			en := control.NewEntry()
			if c.kind == number {
				en = control.NewNumber()
			}
			en.MinWidth = c.width
			if i < len(values) {
				en.SetText(values[i])
			}
			en.OnChanged = func(string) { f.touched() }
			if off {
				en.Disable()
			}
			r = append(r, en)
		}
		rows = append(rows, r)
	}
	draw = func() {
		box.Objects = nil
		if len(rows) > 0 {
			box.Add(head())
		}
		for i, r := range rows {
			h := container.NewHBox()
			for _, en := range r {
				h.Add(en)
			}
			if !off {
				h.Add(control.NewButton("", func() {
					rows = append(rows[:i:i], rows[i+1:]...)
					f.touched()
					draw()
				}).WithIcon("delete").WithLook(control.Quiet))
			}
			box.Add(h)
		}
		if !off && (fd.most == 0 || len(rows) < fd.most) {
			box.Add(container.NewHBox(control.NewButton(text.T("formview.add-row"), func() {
				add(nil)
				draw()
				f.env.Window.Canvas().Focus(rows[len(rows)-1][0])
			}).WithIcon("plus")))
		}
		f.root.Refresh()
	}
	for _, v := range fd.rows() {
		add(v)
	}
	draw()
	if len(rows) > 0 {
		e.focus = rows[0][0]
	}
	e.read = func() error {
		var out [][]string
		for _, r := range rows {
			vs, any := make([]string, len(r)), false
			for i, en := range r {
				vs[i] = strings.TrimSpace(en.Text)
				any = any || vs[i] != ""
			}
			if any {
				out = append(out, vs)
			}
		}
		return fd.take(out)
	}
}
