package rights

import (
	"strings"
	"testing"

	"tiezhang/app/access"
	"tiezhang/ui/text"
)

// on puts the cursor on a limit of a role.
func on(t *testing.T, m *model, key string, role access.RoleID) {
	t.Helper()
	for i, r := range m.shown {
		if r.limit == key {
			m.row = i
		}
	}
	for i, r := range m.roles {
		if r.ID == role {
			m.col = i
		}
	}
	if _, ok := m.onLimit(); !ok {
		t.Fatal("no limit", key)
	}
}

func typeIn(m *model, s string) bool {
	for i, r := range []rune(s) {
		if i == 0 {
			m.begin(string(r))
			*m.edit = ""
		}
		m.typeRune(r)
	}
	if s == "" {
		m.begin("")
		*m.edit = ""
	}
	return m.accept()
}

// TestTypedLimits: what is typed is what the role gets, and what cannot be is
// told and changes nothing.
func TestTypedLimits(t *testing.T) {
	text.Use(text.Chinese)
	document := func(r access.Role) int64 { return r.MaxDocument }
	discount := func(r access.Role) int64 { return r.MaxDiscount }
	days := func(r access.Role) int64 { return int64(r.BackdateDays) }
	rows := func(r access.Role) int64 { return int64(r.ExportRows) }
	times := func(r access.Role) int64 { return int64(r.Unmaskings) }
	for _, c := range []struct {
		key, typed string
		of         func(access.Role) int64
		want       int64 // -1: refused
	}{
		{"rights.limit.document", "3500", document, 3500_00},
		{"rights.limit.document", "３５００．５０", document, 3500_50},
		{"rights.limit.document", "12,000", document, 12_000_00},
		{"rights.limit.document", "800元", document, 800_00},
		{"rights.limit.document", "0", document, 0},
		{"rights.limit.document", "", document, 0},
		{"rights.limit.document", "9999999.99", document, 9_999_999_99},
		{"rights.limit.document", "10000000", document, -1},
		{"rights.limit.document", "6901234567892", document, -1}, // a barcode
		{"rights.limit.document", "06912340", document, -1},      // a short one
		{"rights.limit.document", "1.234", document, -1},
		{"rights.limit.document", "5-3", document, -1},
		{"rights.limit.document", "3..5", document, -1},
		{"rights.discount", "15", discount, 150_000},
		{"rights.discount", "１２．５％", discount, 125_000},
		{"rights.discount", "0", discount, 0},
		{"rights.discount", "0.5", discount, 5_000},
		{"rights.discount", "100", discount, 1_000_000},
		{"rights.discount", "", discount, 1_000_000},
		{"rights.discount", "101", discount, -1},
		{"rights.discount", "6901234567892", discount, -1},
		{"rights.limit.backdate", "45", days, 45},
		{"rights.limit.backdate", "0", days, 0},
		{"rights.limit.backdate", "367", days, -1},
		{"rights.limit.backdate", "1.5", days, -1},
		{"rights.limit.export", "2500", rows, 2500},
		{"rights.limit.export", "1000001", rows, -1},
		{"rights.limit.unmask", "7", times, 7},
		{"rights.limit.unmask", "1001", times, -1},
		{"rights.limit.unmask", "99999999999999999999", times, -1},
	} {
		m := newModel(roles())
		on(t, m, c.key, access.Accountant)
		m.roles[m.col].MaxDocument, m.roles[m.col].Unmaskings = 77_00, 4 // so that "no limit" is a change
		before := c.of(m.roles[m.col])
		ok := typeIn(m, c.typed)
		switch got := c.of(m.roles[m.col]); {
		case c.want < 0 && (ok || got != before || !m.typing()):
			t.Errorf("%s %q: taken as %d", c.key, c.typed, got)
		case c.want < 0 && (!strings.Contains(m.problem, c.typed) || !strings.Contains(m.problem, "0 到")):
			t.Errorf("%s %q: the words do not say what is accepted: %s", c.key, c.typed, m.problem)
		case c.want >= 0 && (!ok || got != c.want || m.typing() || m.problem != ""):
			t.Errorf("%s %q: %v %d, want %d; %s", c.key, c.typed, ok, got, c.want, m.problem)
		}
	}
}

// TestTypingIsTakenBack: nothing is changed before Enter, and by a person who may
// only look, or on a right, nothing at all.
func TestTypingIsTakenBack(t *testing.T) {
	m := newModel(roles())
	on(t, m, "rights.limit.document", access.Cashier)
	m.begin("9")
	m.typeRune('9')
	if len(m.changed()) != 0 {
		t.Error("changed while it is typed")
	}
	m.takeBack()
	if m.typing() || len(m.changed()) != 0 {
		t.Error("not taken back")
	}
	m.begin("5")
	m.cycle(1) // the space bar decides otherwise
	if m.typing() || m.roles[m.col].MaxDocument != documentSteps[1] {
		t.Error("stepping while typing:", m.roles[m.col].MaxDocument)
	}
	if m.begin(""); *m.edit != "500.00" {
		t.Error("what is there is not offered for changing:", *m.edit)
	}
	m.takeBack()
	m.row = 1
	if m.begin("3") {
		t.Error("a right was typed in")
	}
	on(t, m, "rights.discount", access.Cashier)
	m.locked = true
	if m.begin("3") {
		t.Error("somebody who may only look types")
	}
}
