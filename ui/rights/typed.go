package rights

import (
	"strconv"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/ui/text"
)

// A limit can be typed into its cell. What is beyond all reason is refused: a
// scanner is a keyboard too, and a barcode must not become the largest amount of
// a document.

// typeable is how a limit is typed.
type typeable struct {
	hint  string                              // text key: what is accepted
	plain func(r *access.Role) string         // the number as one would type it
	put   func(r *access.Role, s string) bool // s is narrow, without a unit; "" is no limit
}

// The most that can be typed.
const (
	mostDocument = 9_999_999_99
	mostDays     = 366
	mostRows     = 1_000_000
	mostTimes    = 1_000
)

func number(most int, of func(*access.Role) *int) typeable {
	return typeable{
		plain: func(r *access.Role) string {
			if *of(r) == 0 {
				return ""
			}
			return strconv.Itoa(*of(r))
		},
		put: func(r *access.Role, s string) bool {
			n := 0
			if s != "" {
				var err error
				if n, err = strconv.Atoi(s); err != nil || n < 0 || n > most {
					return false
				}
			}
			*of(r) = n
			return true
		},
	}
}

// typed are the limits by their row; each says in words what it takes.
var typed = map[string]typeable{
	"rights.discount": {
		hint:  "rights.type.discount",
		plain: func(r *access.Role) string { return strings.TrimSuffix(text.Percent(amount.Rate(r.MaxDiscount)), "%") },
		put: func(r *access.Role, s string) bool {
			v := amount.Rate(noDiscountLimit)
			if s != "" {
				var err error
				if v, err = amount.ParseRate(s + "%"); err != nil || v < 0 || v > noDiscountLimit {
					return false
				}
			}
			r.MaxDiscount = int64(v)
			return true
		},
	},
	"rights.limit.document": {
		hint: "rights.type.document",
		plain: func(r *access.Role) string {
			if r.MaxDocument == 0 {
				return ""
			}
			return text.Money(amount.Money(r.MaxDocument))
		},
		put: func(r *access.Role, s string) bool {
			v := amount.Money(0)
			if s != "" {
				var err error
				if v, err = amount.ParseMoney(s); err != nil || v < 0 || v > mostDocument {
					return false
				}
			}
			r.MaxDocument = int64(v)
			return true
		},
	},
	"rights.limit.backdate": named("rights.type.backdate", number(mostDays, func(r *access.Role) *int { return &r.BackdateDays })),
	"rights.limit.export":   named("rights.type.export", number(mostRows, func(r *access.Role) *int { return &r.ExportRows })),
	"rights.limit.unmask":   named("rights.type.unmask", number(mostTimes, func(r *access.Role) *int { return &r.Unmaskings })),
}

func named(hint string, t typeable) typeable { t.hint = hint; return t }

// maxTyped is how many characters a limit has at most; a longer burst is a
// barcode, and is shown to be refused, not cut to fit.
const maxTyped = 24

// typing tells whether a limit is being typed.
func (m *model) typing() bool { return m.edit != nil }

// onLimit gives the limit under the cursor.
func (m *model) onLimit() (typeable, bool) {
	if m.row >= len(m.shown) || m.col >= len(m.roles) {
		return typeable{}, false
	}
	t, ok := typed[m.shown[m.row].limit]
	return t, ok
}

// begin opens the cell with what it has, for changing it, or with a first
// character that replaces it. It tells whether the cell can be typed in.
func (m *model) begin(first string) bool {
	t, ok := m.onLimit()
	if !ok || m.locked {
		return false
	}
	s := first
	if s == "" {
		s = t.plain(&m.roles[m.col])
	}
	m.edit, m.problem = &s, ""
	return true
}

// digit tells what begins an edit when it is typed on a limit: a number in
// either width.
func digit(r rune) bool {
	s := amount.Narrow(string(r))
	return len(s) == 1 && (s[0] >= '0' && s[0] <= '9' || s[0] == '.')
}

// typeRune adds a character.
func (m *model) typeRune(r rune) {
	if s := amount.Narrow(string(r)); m.typing() && s != "" && len([]rune(*m.edit)) < maxTyped {
		*m.edit += s
		m.problem = ""
	}
}

// rubOut takes the last character away.
func (m *model) rubOut() {
	if rs := []rune(*m.edit); len(rs) > 0 {
		*m.edit = string(rs[:len(rs)-1])
	}
	m.problem = ""
}

// takeBack leaves the cell as it was.
func (m *model) takeBack() { m.edit, m.problem = nil, "" }

// accept puts what was typed into the role. What cannot be is told by problem,
// and stays to be mended.
func (m *model) accept() bool {
	if !m.typing() {
		return true
	}
	t, ok := m.onLimit()
	if !ok {
		m.takeBack()
		return true
	}
	s := amount.Narrow(*m.edit)
	for _, unit := range []string{"%", text.T("rights.type.yuan")} {
		s = strings.TrimSpace(strings.TrimSuffix(s, unit))
	}
	role := m.roles[m.col].Current()
	// Nobody types a number with noughts before it; codes begin like that.
	if len(s) > 1 && s[0] == '0' && s[1] != '.' || !t.put(&role, s) {
		m.problem = text.T(t.hint, "typed", *m.edit)
		return false
	}
	m.roles[m.col] = role
	m.takeBack()
	return true
}
