package docview

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/master"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/facts"
	"tiezhang/ui/formview"
	"tiezhang/ui/text"
)

// extras are the fields of the header that few documents need: when something
// is due, who brought it in, and the owner's own. Enter passes them by, Tab
// comes to them.
type extras struct {
	staff  []master.Employee
	fields []master.CustomField
}

// namesStaff tells whether documents of a kind name who brought the trade in.
func namesStaff(s doc.Spec) bool {
	return (s.Group == doc.Selling || s.Group == doc.Purchasing) && s.LineMoney == doc.No
}

// addExtras puts the extra fields into the header's second row and, where they are
// many, into a third.
func (h *header) addExtras(two []fyne.CanvasObject) (second, third []fyne.CanvasObject) {
	p := h.p
	if p.spec.Due != doc.No {
		two = append(two, h.field("due", h.makeDue()))
	}
	if namesStaff(p.spec) && (len(p.extras.staff) > 0 || p.doc.StaffID != 0) {
		two = append(two, h.field("staff", h.makeStaff()))
	}
	for _, f := range p.extras.fields {
		third = append(third, h.own(f))
	}
	return two, third
}

func (h *header) makeStaff() *control.Choice {
	p := h.p
	var options []control.Option
	for _, e := range p.extras.staff {
		if !e.Disabled || e.ID == p.doc.StaffID {
			options = append(options, control.Option{Value: strconv.FormatInt(e.ID, 10), Text: e.Name, Search: e.Code})
		}
	}
	c := control.NewChoice(options, func(v string) {
		p.doc.StaffID, _ = strconv.ParseInt(v, 10, 64)
		p.changed()
	})
	c.MinWidth, c.Optional, c.Placeholder = 110, true, text.T("docview.choose")
	if p.doc.StaffID != 0 {
		c.SetValue(strconv.FormatInt(p.doc.StaffID, 10))
	}
	return c
}

// own is one of the owner's own fields.
func (h *header) own(f master.CustomField) fyne.CanvasObject {
	p := h.p
	e := formview.NewCustomEditor(f, p.doc.Custom[f.Key], func() time.Time { return p.env.Host.Clock.Now() }, func(v string) {
		custom := map[string]string{}
		for k, o := range p.doc.Custom {
			custom[k] = o
		}
		if custom[f.Key] = v; v == "" {
			delete(custom, f.Key)
		}
		p.doc.Custom = custom
		p.touched = true
		p.changed()
	})
	h.fields = append(h.fields, headField{name: "custom." + f.Key, focus: e.Focus, invalid: e.Wrong})
	title := f.Name
	if f.Required {
		title = text.T("docview.must", "field", title)
	}
	return container.NewBorder(nil, nil, widget.NewLabel(title), nil, container.New(facts.Row{Gap: 0, Stretch: -1}, container.New(ownWidth{}, e.Object)))
}

// ownWidth gives a field of the owner's room for a short text.
type ownWidth struct{}

// MinSize is Fyne's.
func (ownWidth) MinSize(os []fyne.CanvasObject) fyne.Size {
	m := os[0].MinSize()
	return fyne.NewSize(max(m.Width, 140), m.Height)
}

// Layout is Fyne's.
func (ownWidth) Layout(os []fyne.CanvasObject, z fyne.Size) {
	os[0].Resize(z)
	os[0].Move(fyne.NewPos(0, 0))
}

// plainExtras are the extra fields of a posted document, as words.
func (h *header) plainExtras(add func(title, value string)) {
	p := h.p
	if p.doc.Due != 0 {
		add(p.look.title("due"), p.doc.Due.String())
	}
	for _, e := range p.extras.staff {
		if e.ID == p.doc.StaffID {
			add(p.look.title("staff"), e.Name)
		}
	}
	for _, f := range p.extras.fields {
		if v := p.doc.Custom[f.Key]; v != "" {
			add(f.Name, formview.CustomWords(f, v))
		}
	}
}

// makeDue is the day the goods are wanted, an offer stands until, money is due.
func (h *header) makeDue() *control.DateField {
	p := h.p
	h.due = control.NewDate(func() time.Time { return p.env.Host.Clock.Now() })
	if p.doc.Due != 0 {
		h.due.SetValue(p.doc.Due.String())
	}
	h.due.OnDate = func(iso string) {
		p.doc.Due, _ = day.Parse(iso)
		p.changed()
	}
	return h.due
}
