package formview

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app/master"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
)

// customSection is the part of a form with the owner's own fields: nil when
// there are none this person sees. The values are changed in place; set keeps
// the map, which may have been nil.
func customSection(fields []master.CustomField, values func() map[string]string, set func(map[string]string)) []section {
	if len(fields) == 0 {
		return nil
	}
	s := section{title: "formview.section.custom"}
	for _, cf := range fields {
		f := &field{key: "custom." + cf.Key, words: cf.Name, must: cf.Required, wide: true,
			get: func() string { return values()[cf.Key] },
			set: func(v string) error {
				m := map[string]string{}
				for k, o := range values() {
					m[k] = o
				}
				if v = strings.TrimSpace(v); v == "" {
					delete(m, cf.Key)
				} else {
					m[cf.Key] = v
				}
				set(m)
				return nil
			}}
		switch cf.Type {
		case master.CustomNumber:
			f.kind = number
		case master.CustomDate:
			f.kind = date
		case master.CustomChoice, master.CustomYesNo:
			f.kind, f.optional = choice, true
			f.options = func() []control.Option { return CustomOptions(cf, values()[cf.Key]) }
		}
		s.fields = append(s.fields, f)
	}
	return []section{s}
}

// CustomOptions are the choices of a field of the owner's: those declared, yes
// and no, and what a row holds that is no choice any more.
func CustomOptions(f master.CustomField, have string) []control.Option {
	if f.Type == master.CustomYesNo {
		return []control.Option{{Value: master.Yes, Text: text.T("formview.yes")}, {Value: master.No, Text: text.T("formview.no")}}
	}
	var out []control.Option
	there := have == ""
	for _, c := range f.Choices {
		out = append(out, control.Option{Value: c, Text: c})
		there = there || c == have
	}
	if !there {
		out = append(out, control.Option{Value: have, Text: have, Hint: text.T("formview.custom.gone")})
	}
	return out
}

// CustomWords shows a canonical value in words.
func CustomWords(f master.CustomField, v string) string {
	if f.Type == master.CustomYesNo && v != "" {
		return text.T("formview." + v)
	}
	return v
}

// CustomEditor edits one field of the owner's outside a form: in the header of
// a document. Value is what is typed; the gate brings it into canonical form.
type CustomEditor struct {
	Field  master.CustomField
	Object fyne.CanvasObject
	Focus  fyne.Focusable
	Value  func() string
	Set    func(string)
	Wrong  func(bool) // marks it
}

// NewCustomEditor makes an editor; changed is told every change a person makes.
func NewCustomEditor(f master.CustomField, value string, today func() time.Time, changed func(string)) *CustomEditor {
	e := &CustomEditor{Field: f}
	switch f.Type {
	case master.CustomChoice, master.CustomYesNo:
		c := control.NewChoice(CustomOptions(f, value), changed)
		c.Optional = true
		c.SetValue(value)
		e.Object, e.Focus, e.Value, e.Wrong = c, c, c.Value, c.SetInvalid
		e.Set = func(v string) { c.SetOptions(CustomOptions(f, v)); c.SetValue(v) }
	case master.CustomDate:
		d := control.NewDate(today)
		d.SetValue(value)
		d.OnDate = changed
		e.Object, e.Focus, e.Value, e.Set = d, d, d.Value, d.SetValue
		e.Wrong = func(on bool) { invalid(&d.Entry, on) }
	default:
		en := control.NewEntry()
		if f.Type == master.CustomNumber {
			en = control.NewNumber()
		}
		en.SetText(value)
		en.OnChanged = changed
		e.Object, e.Focus, e.Set = en, en, en.SetText
		e.Value = func() string { return strings.TrimSpace(en.Text) }
		e.Wrong = func(on bool) { invalid(en, on) }
	}
	return e
}
