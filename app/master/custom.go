package master

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/fault"
)

// Entity is what the owner's own fields belong to.
type Entity string

const (
	OfItem     Entity = "item"
	OfParty    Entity = "party"
	OfDocument Entity = "document"
)

// Entities lists them in the order of the form.
var Entities = []Entity{OfItem, OfParty, OfDocument}

// CustomType is what a field of the owner's holds.
type CustomType string

const (
	CustomText   CustomType = "text"
	CustomNumber CustomType = "number"
	CustomDate   CustomType = "date"
	CustomChoice CustomType = "choice"
	CustomYesNo  CustomType = "yesno"
)

// CustomTypes lists them in the order of the form.
var CustomTypes = []CustomType{CustomText, CustomNumber, CustomDate, CustomChoice, CustomYesNo}

// Yes and No are the canonical values of a yes/no field.
const (
	Yes = "yes"
	No  = "no"
)

// Limits of the owner's fields.
const (
	MaxCustom       = 30 // fields of one entity
	MaxChoices      = 50
	MaxCustomText   = 500
	maxCustomNumber = 999_999_999_999_999 // millionths: exact in every reader of numbers
)

// CustomField is a field the owner declared. Key is made once and is the name
// of the value wherever it is stored; Name may change at will.
type CustomField struct {
	ID       int64
	Entity   Entity
	Key      string
	Name     string
	Type     CustomType
	Choices  []string
	Kinds    []string // documents: which kinds have it, empty = all
	Required bool
	Listed   bool     // a column of the list
	Searched bool     // found by the search; wants that everybody may see it
	Printed  bool     // stands on paper
	Roles    []string // who sees it, empty = everybody; the owner always does
	Sort     int
	Disabled bool
	Version  int64
}

// SeenBy tells whether a role sees the field at all.
func (f CustomField) SeenBy(role string) bool {
	return len(f.Roles) == 0 || role == "owner" || slices.Contains(f.Roles, role)
}

// On tells whether a kind of document has the field; items and parties always.
func (f CustomField) On(kind string) bool {
	return f.Entity != OfDocument || len(f.Kinds) == 0 || slices.Contains(f.Kinds, kind)
}

// Check reports everything wrong with the declaration.
func (f CustomField) Check() error {
	l := text(nil, "custom", "name", f.Name, 30, true)
	if !slices.Contains(Entities, f.Entity) {
		l = append(l, bad("custom", "entity", "master.custom-entity"))
	}
	if !slices.Contains(CustomTypes, f.Type) {
		l = append(l, bad("custom", "type", "master.custom-type"))
	}
	if f.Type == CustomChoice && len(f.Choices) == 0 {
		l = append(l, bad("custom", "choices", "master.custom-no-choices"))
	}
	if len(f.Choices) > MaxChoices {
		l = append(l, bad("custom", "choices", "master.too-many", "max", MaxChoices))
	}
	for i, c := range f.Choices {
		l = text(l, "custom", "choices", c, 60, true)
		if slices.Contains(f.Choices[:i], c) {
			l = append(l, bad("custom", "choices", "master.custom-choice-twice", "value", c))
		}
	}
	if f.Searched && len(f.Roles) > 0 { // what a search finds tells what is in it
		l = append(l, bad("custom", "searched", "master.custom-searched-hidden"))
	}
	if f.Searched && f.Entity == OfDocument {
		l = append(l, bad("custom", "searched", "master.custom-searched-document"))
	}
	return l.Err()
}

// Canonical reads what a person or a file says as the one form it is stored
// in: numbers as plain decimals, dates as 2026-11-22, choices as declared, yes
// and no as such. "" is no value. yes and no are words taken for them besides.
// The fault names the field by its key and by the owner's name for it.
func (f CustomField) Canonical(s string, yes, no []string) (string, error) {
	if !utf8.ValidString(s) {
		return "", f.wrong("master.not-text", s)
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	if n := utf8.RuneCountInString(s); n > MaxCustomText {
		return "", fault.Bad("master.Custom", "master.custom-long", "field", f.field(), "name", f.Name, "max", MaxCustomText, "count", n)
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return "", f.wrong("master.custom-control", "")
		}
	}
	switch f.Type {
	case CustomNumber:
		v, err := amount.ParsePrice(amount.Narrow(strings.ReplaceAll(s, ",", "")))
		if err != nil || v > maxCustomNumber || v < -maxCustomNumber {
			return "", f.wrong("master.custom-number", s)
		}
		return plainNumber(v), nil
	case CustomDate:
		d, err := day.Parse(amount.Narrow(s))
		if err != nil {
			return "", f.wrong("master.custom-date", s)
		}
		return d.String(), nil
	case CustomChoice:
		for _, c := range f.Choices {
			if strings.EqualFold(c, s) {
				return c, nil
			}
		}
		return "", f.wrong("master.custom-choice", s)
	case CustomYesNo:
		w := strings.ToLower(amount.Narrow(s))
		switch {
		case w == Yes || w == "1" || slices.Contains(yes, w):
			return Yes, nil
		case w == No || w == "0" || slices.Contains(no, w):
			return No, nil
		}
		return "", f.wrong("master.custom-yesno", s)
	}
	return s, nil
}

// plainNumber drops the noughts a price keeps.
func plainNumber(v amount.Price) string {
	s := v.String()
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// Number reads a canonical number back.
func (f CustomField) Number(s string) (amount.Price, bool) {
	v, err := amount.ParsePrice(s)
	return v, err == nil && s != ""
}

func (f CustomField) field() string { return "custom." + f.Key }

func (f CustomField) wrong(key, value string) error {
	if r := []rune(value); len(r) > 40 {
		value = string(r[:40]) + "\u2026"
	}
	return fault.Bad("master.Custom", key, "field", f.field(), "name", f.Name, "value", value)
}

// CheckCustom brings values into canonical form and reports everything wrong
// with them. fields are those the row has; a value of no field is refused. What
// is stored already (was) may stay as it is, also when its choice is gone or
// its field out of use.
func CheckCustom(fields []CustomField, values, was map[string]string) (map[string]string, error) {
	var l fault.List
	out := map[string]string{}
	known := map[string]bool{}
	for _, f := range fields {
		known[f.Key] = true
		v, had := values[f.Key], was[f.Key]
		if v == had && had != "" {
			out[f.Key] = had
			continue
		}
		if f.Disabled {
			continue // no new values; old ones were kept above
		}
		c, err := f.Canonical(v, nil, nil)
		if err != nil {
			l = append(l, asFault(err))
			continue
		}
		if c == "" {
			if f.Required {
				l = append(l, fault.Bad("master.Custom", "master.custom-missing", "field", f.field(), "name", f.Name))
			}
			continue
		}
		out[f.Key] = c
	}
	for k, v := range values {
		switch {
		case known[k] || v == "":
		case was[k] == v:
			out[k] = v
		default:
			l = append(l, fault.Bad("master.Custom", "master.custom-unknown", "field", "custom", "name", short(k)))
		}
	}
	if len(out) == 0 {
		out = nil
	}
	return out, l.Err()
}

func asFault(err error) *fault.Error {
	e, ok := err.(*fault.Error)
	if !ok {
		return fault.Wrap("master.Custom", fault.Invalid, "master.custom-unknown", fault.Pairs("field", "custom", "name", ""), err)
	}
	return e
}

func short(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "\u2026"
	}
	return s
}

// PackCustom gives the stored form of values: JSON with sorted names.
func PackCustom(m map[string]string) string {
	if len(m) == 0 {
		return "{}"
	}
	b, err := json.Marshal(m) // a map of strings never fails
	if err != nil {
		return "{}"
	}
	return string(b)
}

// UnpackCustom reads the stored form.
func UnpackCustom(s string) (map[string]string, error) {
	if s == "" || s == "{}" {
		return nil, nil
	}
	var m map[string]string
	err := json.Unmarshal([]byte(s), &m)
	return m, err
}

// TidyText trims a text and folds runs of blanks in it.
func TidyText(s string) string { return strings.Join(strings.Fields(s), " ") }
