package control

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"tiezhang/app/amount"
	"tiezhang/ui/text"
)

// DateField takes a calendar day by typing: 2026-05-03, 5-3, 0503, 20260503,
// 3 (of this month), +1 or -1 (from the day shown), t for today. Up and Down
// go a day on and back.
type DateField struct {
	Entry
	// OnDate is told a new valid day, "" when emptied.
	OnDate func(iso string)
	// Required refuses the empty text.
	Required bool

	today func() time.Time
	value string
	bad   bool
}

// NewDate makes a field; today tells the day of the shop.
func NewDate(today func() time.Time) *DateField {
	d := &DateField{today: today}
	d.self = d
	d.number = true
	d.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	d.MinWidth = 112
	d.ExtendBaseWidget(d)
	d.PlaceHolder = text.T("ui.date.hint")
	d.OnDone = d.take
	d.OnEnter = func() bool { d.take(); return d.bad }
	d.OnKey = d.step
	return d
}

// Value is the day as 2006-01-02, "" when empty. Invalid text keeps the last
// valid day; Valid tells.
func (d *DateField) Value() string { return d.value }

// Valid tells whether the text is a day, or empty where that is allowed.
func (d *DateField) Valid() bool { return !d.bad && (d.value != "" || !d.Required) }

// Problem says in words what is wrong with the text, "" when nothing is.
func (d *DateField) Problem() string {
	if d.Valid() {
		return ""
	}
	return text.T("ui.date.invalid")
}

// SetValue shows a day ("" empties) without calling OnDate.
func (d *DateField) SetValue(iso string) {
	d.value, d.bad = iso, false
	d.SetValidationError(nil)
	d.SetText(iso)
}

// take reads the typed text.
func (d *DateField) take() {
	base := d.value
	iso, ok := ParseDate(d.Text, base, d.today())
	d.bad = !ok || (iso == "" && d.Required)
	if d.bad {
		d.AlwaysShowValidationError = true
		d.SetValidationError(errDate{})
		return
	}
	d.SetValidationError(nil)
	if d.Text != iso {
		d.SetText(iso)
	}
	if iso != d.value {
		d.value = iso
		if d.OnDate != nil {
			d.OnDate(iso)
		}
	}
}

// step is Up and Down: a day on and back.
func (d *DateField) step(k *fyne.KeyEvent) bool {
	by := ""
	switch k.Name {
	case fyne.KeyUp:
		by = "+1"
	case fyne.KeyDown:
		by = "-1"
	default:
		return false
	}
	d.take()
	if d.bad || d.Disabled() {
		return true
	}
	d.SetText(by)
	d.take()
	d.SelectAll()
	return true
}

type errDate struct{}

func (errDate) Error() string { return text.T("ui.date.invalid") }

// ParseDate reads what a person types for a day. base is what +n and -n count
// from ("" for today). ok is false for what is no day; empty text is "" and ok.
func ParseDate(s, base string, today time.Time) (iso string, ok bool) {
	s = strings.ToLower(strings.TrimSpace(amount.Narrow(s)))
	day := time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)
	switch {
	case s == "":
		return "", true
	case s == "t":
		return day.Format(text.DateLayout), true
	case s[0] == '+' || s[0] == '-':
		n, err := strconv.Atoi(s)
		if err != nil || n > 36600 || n < -36600 {
			return "", false
		}
		if b, err := time.Parse(text.DateLayout, base); err == nil {
			day = b
		}
		return day.AddDate(0, 0, n).Format(text.DateLayout), true
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	for _, r := range s {
		if (r < '0' || r > '9') && !strings.ContainsRune(dateMarks, r) {
			return "", false
		}
	}
	if len(parts) == 1 {
		p := parts[0]
		switch len(p) {
		case 1, 2:
			parts = []string{p}
		case 3, 4:
			parts = []string{p[:len(p)-2], p[len(p)-2:]}
		case 6:
			parts = []string{p[:2], p[2:4], p[4:]}
		case 8:
			parts = []string{p[:4], p[4:6], p[6:]}
		default:
			return "", false
		}
	}
	y, m, dd := day.Year(), int(day.Month()), 0
	n := make([]int, len(parts))
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil {
			return "", false
		}
		n[i] = v
	}
	switch len(n) {
	case 1:
		dd = n[0]
	case 2:
		m, dd = n[0], n[1]
	case 3:
		y, m, dd = n[0], n[1], n[2]
		if len(parts[0]) <= 2 {
			y += 2000
		}
	default:
		return "", false
	}
	t := time.Date(y, time.Month(m), dd, 0, 0, 0, 0, time.UTC)
	if y < 1900 || y > 2200 || t.Year() != y || int(t.Month()) != m || t.Day() != dd {
		return "", false
	}
	return t.Format(text.DateLayout), true
}

// dateMarks may stand between the parts of a date; the last three are year,
// month and day as Chinese writes them.
const dateMarks = "-/. \u5e74\u6708\u65e5"
