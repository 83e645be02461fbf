// Package rights is the screen on which the owner says what each role may do:
// every right, field and limit of all roles in one table.
//
// What belongs here: the table, its model and the words of a role. What does
// not: what a right means (package access) and keeping it (package app).
package rights

import (
	"slices"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/pinyin"
	"tiezhang/ui/text"
)

// row is one line of the table: a heading, a permission, a field or a limit.
type row struct {
	heading string // text key
	perm    access.Permission
	field   access.Field
	limit   string // one of limits
}

// groups put the permissions in the order a shopkeeper looks for them, by the
// part before the dot; one named in full goes where it is named.
var groups = []struct {
	key      string
	prefixes []string
}{
	{"rights.group.sale", []string{"sale", "till", "drawer", string(access.Reprint)}},
	{"rights.group.purchase", []string{"purchase", "order"}},
	{"rights.group.stock", []string{"stock", "cost"}},
	{"rights.group.data", []string{"item", "price", "customer", "member", "supplier", "employee", "place", "import", "master", "phone", "personal"}},
	{"rights.group.money", []string{"money", "opening", "day", "month", "date", "document"}},
	{"rights.group.report", []string{"home", "report", "export"}},
	{"rights.group.system", []string{"user", "role", "settings", "key", "backup", "log", "verify"}},
}

// allRows lists every right there is; one whose group is not named above comes
// under "others", so that none can be forgotten.
func allRows() []row {
	var out []row
	seen := map[access.Permission]bool{}
	add := func(key string, pick func(p access.Permission, prefix string) bool) {
		at := len(out)
		for _, p := range access.Permissions() {
			prefix, _, _ := strings.Cut(string(p), ".")
			if !seen[p] && pick(p, prefix) {
				seen[p] = true
				out = append(out, row{perm: p})
			}
		}
		if len(out) > at {
			out = slices.Insert(out, at, row{heading: key})
		}
	}
	for _, g := range groups {
		add(g.key, func(p access.Permission, prefix string) bool {
			return slices.Contains(g.prefixes, prefix) || slices.Contains(g.prefixes, string(p))
		})
	}
	add("rights.group.others", func(access.Permission, string) bool { return true })
	out = append(out, row{heading: "rights.group.fields"})
	for _, f := range access.Fields {
		out = append(out, row{field: f})
	}
	out = append(out, row{heading: "rights.group.limits"})
	for _, l := range limits {
		out = append(out, row{limit: l.key})
	}
	return out
}

// words is what a row is called.
func (r row) words() string {
	switch {
	case r.heading != "":
		return text.T(r.heading)
	case r.perm != "":
		return text.T("action." + string(r.perm))
	case r.field != "":
		return text.T("formview.field." + string(r.field))
	}
	return text.T(r.limit)
}

// model is the table without a screen.
type model struct {
	roles    []access.Role // as they are on the screen
	was      []access.Role // as they were read
	all      []row
	shown    []row
	row, col int
	locked   bool // this person may look only

	edit    *string // what is being typed into the limit under the cursor
	problem string  // why it cannot be taken, in words
}

func newModel(roles []access.Role) *model {
	m := &model{all: allRows()}
	for _, r := range roles {
		m.was = append(m.was, r)
		m.roles = append(m.roles, r.Current())
	}
	m.find("")
	return m
}

// find narrows the rows to those whose name has a text, or its initials.
func (m *model) find(q string) {
	q = strings.ToLower(strings.TrimSpace(q))
	m.shown = nil
	var heading *row
	for _, r := range m.all {
		if r.heading != "" {
			heading = &row{heading: r.heading}
			continue
		}
		if q != "" && !matches(r.words(), q) {
			continue
		}
		if heading != nil {
			m.shown = append(m.shown, *heading)
			heading = nil
		}
		m.shown = append(m.shown, r)
	}
	m.row = 0
	m.step(0)
}

// step moves the cursor by rows, over headings.
func (m *model) step(by int) {
	if len(m.shown) == 0 {
		return
	}
	dir := 1
	if by < 0 {
		dir = -1
	}
	at := min(max(m.row+by, 0), len(m.shown)-1)
	for at >= 0 && at < len(m.shown) && m.shown[at].heading != "" {
		at += dir
	}
	if at < 0 || at >= len(m.shown) { // a heading is first: stay below it
		at = m.row
		for at < len(m.shown)-1 && m.shown[at].heading != "" {
			at++
		}
	}
	m.row = at
}

func (m *model) turn(by int) { m.col = min(max(m.col+by, 0), len(m.roles)-1) }

// grants are the states of a right, in the order Space goes through them.
var grants = []struct {
	granted bool
	grant   access.Grant
	key     string
}{
	{false, access.Grant{}, "rights.none"},
	{true, access.Grant{}, "rights.yes"},
	{true, access.Grant{Confirm: access.Password}, "rights.password"},
	{true, access.Grant{Confirm: access.Second}, "rights.second"},
	{true, access.Grant{Confirm: access.Typed}, "rights.typed"},
	{true, access.Grant{Scope: access.Own}, "rights.own"},
}

// cell gives the text key of a cell, or "" for a limit (its words are a number).
func (m *model) cell(r row, role access.Role) string {
	switch {
	case r.perm != "":
		g, ok := role.Grants[r.perm]
		for _, s := range grants {
			if s.granted == ok && (!ok || s.grant == g) {
				return s.key
			}
		}
		return "rights.yes"
	case r.field != "":
		return []string{"rights.hidden", "rights.masked", "rights.shown"}[min(int(role.Fields[r.field]), 2)]
	}
	return ""
}

// words gives what a cell shows.
func (m *model) words(r row, role access.Role) string {
	if r.limit != "" {
		return limitOf(r.limit).words(&role)
	}
	return text.T(m.cell(r, role))
}

// cycle changes the cell under the cursor to its next state (by = 1) or the one
// before (by = -1).
func (m *model) cycle(by int) {
	if m.locked || m.row >= len(m.shown) || m.col >= len(m.roles) {
		return
	}
	m.takeBack()
	r, role := m.shown[m.row], m.roles[m.col].Current()
	switch {
	case r.perm != "":
		at := 0
		for i, s := range grants {
			if s.key == m.cell(r, role) {
				at = i
			}
		}
		n := len(grants)
		if !access.MayBeOwn(r.perm) {
			n--
		}
		m.grantTo(&role, r.perm, ((at+by)%n+n)%n)
	case r.field != "":
		role.Fields[r.field] = access.Sight((int(role.Fields[r.field]) + by + 3) % 3)
	case r.limit != "":
		limitOf(r.limit).step(&role, by)
	}
	m.roles[m.col] = role
}

func (m *model) grantTo(role *access.Role, p access.Permission, state int) {
	if s := grants[state]; s.granted {
		role.Grants[p] = s.grant
	} else {
		delete(role.Grants, p)
	}
}

// clear takes the right under the cursor away.
func (m *model) clear() {
	if m.locked || m.row >= len(m.shown) || m.shown[m.row].perm == "" {
		return
	}
	role := m.roles[m.col].Current()
	m.grantTo(&role, m.shown[m.row].perm, 0)
	m.roles[m.col] = role
}

// changed lists the roles that differ from what was read.
func (m *model) changed() []access.Role {
	var out []access.Role
	for i, r := range m.roles {
		if len(m.was[i].Differences(r)) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// differs tells whether a cell was changed since it was read.
func (m *model) differs(r row, col int) bool {
	a, b := m.was[col], m.roles[col]
	return m.cell(r, a) != m.cell(r, b) || r.limit != "" && limitOf(r.limit).words(&a) != limitOf(r.limit).words(&b)
}

// matches: the words have the text, or the initials of their pinyin begin so.
func matches(words, q string) bool {
	return strings.Contains(strings.ToLower(words), q) || strings.Contains(pinyin.Initials(words), q)
}
