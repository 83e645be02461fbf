package sheet

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"
	"unicode"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// Kind names what a table is taken in as.
type Kind string

const (
	ItemsKind        Kind = "items"
	PartiesKind      Kind = "parties"
	OpeningStockKind Kind = "opening-stock"
)

// Kinds lists them in the order of the wizard.
var Kinds = []Kind{ItemsKind, PartiesKind, OpeningStockKind}

//go:embed columns.json
var columnsJSON []byte

// field is one thing a kind of table can tell, with the titles it goes by.
type field struct {
	Field string   `json:"field"`
	Width int      `json:"width"`
	Names []string `json:"names"`
}

type vocabulary struct {
	Totals     []string            `json:"totals"`
	Parties    map[string][]string `json:"parties"`
	Levels     map[string][]string `json:"levels"`
	Blanks     []string            `json:"blanks"`
	Yes        []string            `json:"yes"`
	No         []string            `json:"no"`
	Tracks     map[string][]string `json:"tracks"`
	MoneyUnits []string            `json:"money_units"`
	Kinds      map[Kind][]field    `json:"kinds"`

	byName map[Kind]map[string]string // normalised title → field
	total  map[string]bool
	blank  map[string]bool
	party  map[string]string
	level  map[string]string
	track  map[string]string
}

var vocab = sync.OnceValue(func() *vocabulary {
	v := &vocabulary{byName: map[Kind]map[string]string{}, total: map[string]bool{}, blank: map[string]bool{}}
	if err := json.Unmarshal(columnsJSON, v); err != nil {
		panic("sheet: columns.json: " + err.Error()) // a part of the program; a test reads it
	}
	for k, fs := range v.Kinds {
		m := map[string]string{}
		for _, f := range fs {
			for _, n := range f.Names {
				m[normal(n)] = f.Field
			}
		}
		v.byName[k] = m
	}
	for _, s := range v.Totals {
		v.total[normal(s)] = true
	}
	for _, s := range v.Blanks {
		v.blank[strings.ToLower(s)] = true
	}
	invert := func(m map[string][]string) map[string]string {
		out := map[string]string{}
		for k, ss := range m {
			for _, s := range ss {
				out[normal(s)] = k
			}
		}
		return out
	}
	v.party, v.level, v.track = invert(v.Parties), invert(v.Levels), invert(v.Tracks)
	return v
})

// Fields lists what a kind of table can tell, in the order of its template.
func Fields(k Kind) []string {
	var out []string
	for _, f := range vocab().Kinds[k] {
		out = append(out, f.Field)
	}
	return out
}

// Mapping says where the header is and which column tells what. The wizard lets
// a person change it and remembers it by the header's titles.
type Mapping struct {
	Kind   Kind
	Header int            // index into Table.Lines
	Fields map[string]int // field → column, from 0
	Left   []int          // columns with a title that mean nothing to us
}

// Match finds the header row and its columns by their titles. Fault: Invalid
// "sheet.no-header" when no row looks like one; the wizard then asks.
func Match(t Table, k Kind) (Mapping, error) {
	best := Mapping{Kind: k, Header: -1}
	for i, l := range t.Lines {
		if i >= 40 {
			break
		}
		m := match(l, k, i)
		if len(m.Fields) > len(best.Fields) {
			best = m
		}
	}
	_, name := best.Fields["name"]
	_, code := best.Fields["code"]
	_, bar := best.Fields["barcode"]
	if len(best.Fields) < 2 || !(name || code || bar) {
		return Mapping{}, fault.Bad("sheet.Match", "sheet.no-header", "file", t.Path)
	}
	return best, nil
}

// MatchRow reads the titles of a line that a person pointed at as the header.
func MatchRow(t Table, k Kind, header int) Mapping {
	if header < 0 || header >= len(t.Lines) {
		return Mapping{Kind: k, Header: -1, Fields: map[string]int{}}
	}
	return match(t.Lines[header], k, header)
}

func match(l Line, k Kind, header int) Mapping {
	m := Mapping{Kind: k, Header: header, Fields: map[string]int{}}
	names := vocab().byName[k]
	for col, c := range l.Cells {
		if c.Kind != AsText {
			continue
		}
		f, ok := names[normal(c.Text)]
		if !ok { // once more without what stands in brackets: price (yuan)
			f, ok = names[normal(unbracket(c.Text))]
		}
		if _, taken := m.Fields[f]; ok && !taken {
			m.Fields[f] = col
		} else {
			m.Left = append(m.Left, col)
		}
	}
	return m
}

// CustomName is the field of a mapping that stands for one the owner declared.
func CustomName(key string) string { return "custom." + key }

// MatchCustom gives the columns left over to fields the owner declared, by
// their names.
func MatchCustom(t Table, m *Mapping, fields []master.CustomField) {
	if m.Header < 0 || m.Header >= len(t.Lines) {
		return
	}
	for _, f := range fields {
		if _, taken := m.Fields[CustomName(f.Key)]; taken {
			continue
		}
		for i, col := range m.Left {
			title := t.Lines[m.Header].at(col).Text
			if n := normal(title); n != "" && (n == normal(f.Name) || normal(unbracket(title)) == normal(f.Name)) {
				m.Fields[CustomName(f.Key)] = col
				m.Left = append(m.Left[:i:i], m.Left[i+1:]...)
				break
			}
		}
	}
}

// normal makes titles comparable: half width, lower case, letters and digits only.
func normal(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, amount.Narrow(s))
}

// unbracket drops what stands in brackets, of any width.
func unbracket(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch r {
		case '(', '[', 0xFF08, 0x3010, 0xFF3B:
			depth++
		case ')', ']', 0xFF09, 0x3011, 0xFF3D:
			depth--
		default:
			if depth <= 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// isTotal tells a totals row: a cell that says so, alone or at its end or
// before a colon ("drinks subtotal", "total: 3000").
func isTotal(s string) bool {
	s = amount.Narrow(s)
	if i := strings.IndexAny(s, ":"); i > 0 {
		s = s[:i]
	}
	n := normal(s)
	if vocab().total[n] {
		return true
	}
	for _, t := range vocab().Totals[:4] {
		if strings.HasSuffix(n, t) && len(n) > len(t) {
			return true
		}
	}
	return false
}
