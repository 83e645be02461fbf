package rule

import (
	"encoding/json"
	"slices"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
)

// MaxApprovals bounds the list the owner makes.
const MaxApprovals = 100

// Approval is one rule of the owner: documents it meets want somebody else's
// yes before they are posted.
type Approval struct {
	ID    string          `json:"id"`    // made once, so that a decision can name it
	Kind  doc.Kind        `json:"kind"`  // "" = every kind
	Roles []access.RoleID `json:"roles"` // whom it binds; none = everybody but the owner
	Over  string          `json:"over"`  // worth more than this, "5000.00"; "" or 0 = whatever it is worth
}

// Document is what the rules judge of one.
type Document struct {
	Kind doc.Kind
	Role access.RoleID // of who posts it
	// Worth is its amount, or the cost of the goods it moves where no money is
	// named (a loss); never negative.
	Worth amount.Money
}

// Meets tells whether the rule wants an approval for a document.
func (a Approval) Meets(d Document) bool {
	if a.Kind != "" && a.Kind != d.Kind {
		return false
	}
	if len(a.Roles) == 0 && d.Role == access.Owner || len(a.Roles) > 0 && !slices.Contains(a.Roles, d.Role) {
		return false
	}
	over, err := a.over()
	// A limit nobody can read is no reason to let a document pass.
	return err != nil || over == 0 || d.Worth > over
}

func (a Approval) over() (amount.Money, error) {
	if a.Over == "" {
		return 0, nil
	}
	return amount.ParseMoney(a.Over)
}

// Needed gives the first rule that wants an approval.
func Needed(rules []Approval, d Document) (Approval, bool) {
	for _, r := range rules {
		if r.Meets(d) {
			return r, true
		}
	}
	return Approval{}, false
}

// CheckApprovals reports everything wrong with a list of rules, naming the row.
func CheckApprovals(rules []Approval) error {
	var l fault.List
	bad := func(i int, field, key string, nv ...any) {
		l = append(l, fault.Bad("rule.CheckApprovals", key, append([]any{"line", i + 1, "field", field}, nv...)...))
	}
	if len(rules) > MaxApprovals {
		bad(MaxApprovals, "rules", "approval.too-many", "max", MaxApprovals)
	}
	seen := map[string]bool{}
	for i, r := range rules {
		if r.ID == "" || len(r.ID) > doc.MaxID || seen[r.ID] {
			bad(i, "id", "approval.id")
		}
		seen[r.ID] = true
		if _, ok := doc.Of(r.Kind); !ok && r.Kind != "" {
			bad(i, "kind", "approval.kind", "value", string(r.Kind))
		}
		if over, err := r.over(); err != nil || over < 0 || over > amount.MaxMoney {
			bad(i, "over", "approval.over", "value", r.Over)
		}
	}
	return l.Err()
}

// ParseApprovals reads the list as it is kept; "" is an empty one.
func ParseApprovals(s string) ([]Approval, error) {
	if s == "" {
		return nil, nil
	}
	var l []Approval
	if err := json.Unmarshal([]byte(s), &l); err != nil {
		return nil, fault.Wrap("rule.ParseApprovals", fault.Damaged, "approval.damaged", nil, err)
	}
	return l, nil
}

// Weaker tells whether any document that wanted an approval would want none, or
// might not, under the new rules: a rule of before is not covered by one of them.
func Weaker(old, now []Approval) bool {
	for _, o := range old {
		if !slices.ContainsFunc(now, func(n Approval) bool { return n.covers(o) }) {
			return true
		}
	}
	return false
}

// covers tells whether everything the other rule meets is met by this one.
func (a Approval) covers(o Approval) bool {
	if a.Kind != "" && a.Kind != o.Kind {
		return false
	}
	switch {
	case len(a.Roles) == 0 && slices.Contains(o.Roles, access.Owner), len(a.Roles) > 0 && len(o.Roles) == 0:
		return false
	case len(a.Roles) > 0 && slices.ContainsFunc(o.Roles, func(r access.RoleID) bool { return !slices.Contains(a.Roles, r) }):
		return false
	}
	mine, err := a.over()
	if err != nil || mine == 0 {
		return true
	}
	theirs, err := o.over()
	return err == nil && theirs >= mine
}

// Changes tells how two lists differ, rule by rule: what the log says of a change.
func Changes(old, now []Approval) (out []string) {
	at := func(l []Approval, id string) string {
		for _, a := range l {
			if a.ID == id {
				return a.text()
			}
		}
		return "-"
	}
	for _, o := range old {
		if is := at(now, o.ID); is != o.text() {
			out = append(out, o.ID+": "+o.text()+" > "+is)
		}
	}
	for _, n := range now {
		if at(old, n.ID) == "-" {
			out = append(out, n.ID+": - > "+n.text())
		}
	}
	return out
}

func (a Approval) text() string {
	kind, over := string(a.Kind), a.Over
	if kind == "" {
		kind = "*"
	}
	if over == "" {
		over = "0"
	}
	roles := make([]string, 0, len(a.Roles))
	for _, r := range a.Roles {
		roles = append(roles, string(r))
	}
	return kind + " " + over + " [" + strings.Join(roles, " ") + "]"
}
