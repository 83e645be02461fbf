package screens

import (
	"context"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// scalePage says how the shop's scales write their labels, and what members'
// points are worth: what the till goes by.
type scalePage struct {
	*sheetPage
	formats []master.ScaleFormat
	dirty   bool
	points  app.SetPointRules
	try     *control.Entry
	answer  *control.Words
	wrong   *control.Words
}

// MakeScale makes the page of scale labels.
func MakeScale(env *page.Env, r page.Route) (page.Page, error) {
	base := newSheet(env, r, "scale.title")
	s := &scalePage{sheetPage: &base}
	s.scope.On("Ctrl+S", "scale.save", "formview.save", s.save)
	s.load()
	return s, nil
}

// Reload follows what was changed elsewhere, but keeps typing.
func (s *scalePage) Reload(area string) {
	if area == "settings" && !s.dirty {
		s.load()
	}
}

// Leave asks when something was typed and not saved.
func (s *scalePage) Leave(proceed func()) {
	if !s.dirty {
		proceed()
		return
	}
	control.Ask(s.env.Window.Canvas(), control.Question{Title: s.title, Words: text.T("formview.leave"), Yes: text.T("formview.leave.drop"), Danger: true}, func(yes bool) {
		if yes {
			proceed()
		}
	})
}

func (s *scalePage) load() {
	type read struct {
		formats []master.ScaleFormat
		points  app.SetPointRules
	}
	bg.RunKey(s.owner, "scale", func(ctx context.Context) (r read, err error) {
		if r.formats, err = app.Ask(ctx, s.env.Session, app.ScaleFormats{}); err == nil {
			r.points, err = app.Ask(ctx, s.env.Session, app.PointRules{})
		}
		return r, err
	}, func(r read, err error) {
		if err != nil {
			s.env.Fail(err)
			return
		}
		s.formats, s.points, s.dirty = r.formats, r.points, false
		s.show()
	})
}

func (s *scalePage) show() {
	may := s.env.Session.May(access.SettingsEdit)
	s.first = nil
	box := vbox(muted(text.T("scale.words"), 820))
	if len(s.formats) == 0 {
		box.Add(control.NewCard("", muted(text.T("scale.none"), 780)))
	}
	for i := range s.formats {
		box.Add(s.card(i, may))
	}
	s.wrong = control.NewWords("", 780)
	s.wrong.Color = theme.NameNegative
	s.wrong.Hide() // until something is
	if may {
		add := control.NewButton(text.T("scale.add"), func() {
			f := master.ScaleUsual
			for slices.ContainsFunc(s.formats, func(o master.ScaleFormat) bool { return o.Prefix == f.Prefix }) && f.Prefix != "29" {
				f.Prefix = "2" + string(f.Prefix[1]+1)
			}
			s.formats, s.dirty = append(s.formats, f), true
			s.show()
			s.Enter()
		})
		if s.first == nil {
			s.first = add
		}
		box.Add(container.NewHBox(add))
	}
	s.try = control.NewNumber()
	s.try.MinWidth = 260
	s.answer = muted(text.T("scale.try.hint"), 780)
	s.try.OnChanged = func(string) { s.read() }
	box.Add(control.NewCard(text.T("scale.try"), vbox(container.NewHBox(s.try), s.answer)))
	box.Add(s.pointsCard(may))
	head := container.NewHBox(container.NewCenter(control.NewHeading(s.title)))
	if may { // one button for all of the page
		head.Add(control.NewPrimary(text.T("formview.save"), s.save).WithKey("Ctrl+S"))
	}
	s.fill(container.NewVBox(head, s.wrong), box)
}

// pointsCard says what members earn and what it is worth.
func (s *scalePage) pointsCard(may bool) fyne.CanvasObject {
	field := func(v *string) fyne.CanvasObject {
		e := control.NewNumber()
		e.MinWidth = 90
		e.SetText(*v)
		e.OnChanged = func(t string) { *v, s.dirty = t, true }
		if !may {
			e.Disable()
		}
		return container.NewHBox(e)
	}
	return control.NewCard(text.T("scale.points"), vbox(muted(text.T("scale.points.words"), 780), labelled("scale.points.per", field(&s.points.PerYuan)), labelled("scale.points.value", field(&s.points.Value))))
}

// card is one kind of label: its digits, and what such a label looks like now.
func (s *scalePage) card(i int, may bool) fyne.CanvasObject {
	example := control.NewWords("", 780)
	example.Bold = true
	show := func() {
		example.SetText(exampleOf(s.formats[i]))
		s.read()
	}
	number := func(v int, set func(*master.ScaleFormat, int)) fyne.CanvasObject {
		e := control.NewNumber()
		e.MinWidth = 70
		e.SetText(strconv.Itoa(v))
		e.OnChanged = func(t string) {
			n, err := strconv.Atoi(amount.Narrow(t))
			if err != nil {
				n = -1 // said when it is saved
			}
			set(&s.formats[i], n)
			s.dirty = true
			show()
		}
		if !may {
			e.Disable()
		}
		return container.NewHBox(e)
	}
	f := s.formats[i]
	prefix := control.NewNumber()
	prefix.MinWidth = 70
	prefix.SetText(f.Prefix)
	prefix.OnChanged = func(t string) { s.formats[i].Prefix, s.dirty = amount.Narrow(t), true; show() }
	var os []control.Option
	for _, v := range master.ScaleValues {
		os = append(os, control.Option{Value: string(v), Text: text.T("scale.value." + string(v))})
	}
	value := control.NewChoice(os, nil)
	value.SetValue(string(f.Value))
	value.OnChanged = func(v string) {
		x := &s.formats[i]
		x.Value, s.dirty = master.ScaleValue(v), true
		x.Decimals = map[master.ScaleValue]int{master.ScaleAmount: 2}[x.Value]
		if x.Value != master.ScaleAmount {
			x.Decimals = 3
		}
		s.show()
	}
	check := control.NewCheck(text.T("scale.label.check"), nil)
	check.SetChecked(f.CheckDigit)
	check.OnChanged = func(on bool) { s.formats[i].CheckDigit, s.dirty = on, true; show() }
	if !may {
		prefix.Disable()
		value.Disable()
		check.Disable()
	}
	if s.first == nil {
		s.first = prefix
	}
	left := vbox(labelled("scale.label.prefix", container.NewHBox(prefix)), labelled("scale.label.plu", number(f.PLU, func(f *master.ScaleFormat, n int) { f.PLU = n })),
		labelled("scale.label.value", value))
	right := vbox(labelled("scale.label.digits", number(f.Digits, func(f *master.ScaleFormat, n int) { f.Digits = n })),
		labelled("scale.label.decimals", number(f.Decimals, func(f *master.ScaleFormat, n int) { f.Decimals = n })),
		labelled("scale.label.times", number(f.Times, func(f *master.ScaleFormat, n int) { f.Times = n })))
	rows := vbox(s.two(left, right), check, example)
	if may {
		rows.Add(container.NewHBox(control.NewButton(text.T("scale.remove"), func() {
			s.formats, s.dirty = slices.Delete(s.formats, i, i+1), true
			s.show()
			s.Enter()
		}).WithLook(control.Quiet)))
	}
	show()
	return control.NewCard(text.T("scale.format", "n", i+1), rows)
}

// exampleOf is what a label of 1.250 and 12.34 of item 12 looks like, or what is
// wrong.
func exampleOf(f master.ScaleFormat) string {
	if err := f.Check(); err != nil {
		return text.Fault(err)
	}
	qty, m := amount.Qty(1_2500)*amount.Qty(f.Times), amount.Money(12_34)
	key := "scale.example." + string(f.Value)
	return text.T(key, "code", f.Write("12", qty, m), "plu", "12", "qty", text.Qty(qty), "money", text.Money(m))
}

// read tells what the label typed below says by the formats on the screen.
func (s *scalePage) read() {
	if s.try == nil {
		return
	}
	code := amount.Narrow(s.try.Text)
	l, ok, err := master.ReadScale(s.valid(), code)
	words := ""
	switch {
	case code == "":
		words = text.T("scale.try.hint")
	case err != nil:
		words = text.Fault(err)
	case !ok:
		words = text.T("scale.try.no", "n", len(code))
	default:
		words = text.T("scale.try.plu", "plu", l.PLU)
		if l.HasQty {
			words += text.T("scale.try.qty", "qty", text.Qty(l.Qty))
		}
		if l.HasMoney {
			words += text.T("scale.try.money", "money", text.Money(l.Money))
		}
	}
	s.answer.SetText(words)
}

// valid are the formats that can read something.
func (s *scalePage) valid() []master.ScaleFormat {
	return slices.DeleteFunc(slices.Clone(s.formats), func(f master.ScaleFormat) bool { return f.Check() != nil })
}

func (s *scalePage) save() {
	if !s.env.Session.May(access.SettingsEdit) {
		return
	}
	c, points := app.SetScaleFormats{Formats: slices.Clone(s.formats)}, s.points
	s.wrong.Hide()
	s.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(s.owner, func(work context.Context) (struct{}, error) {
			if _, err := app.Do(page.Join(ctx, work), s.env.Session, c); err != nil {
				return struct{}{}, err
			}
			return app.Do(page.Join(ctx, work), s.env.Session, points)
		}, func(_ struct{}, err error) {
			if fault.KindOf(err) == fault.Invalid && err != nil {
				s.wrong.SetText(text.Fault(err))
				s.wrong.Show()
				s.root.Refresh()
				err = nil
			} else if err == nil {
				s.dirty = false
				s.env.Toast(text.T("screens.settings.saved"))
			}
			done(err)
		})
	})
}
