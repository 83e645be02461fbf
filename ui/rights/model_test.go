package rights

import (
	"testing"

	"tiezhang/app/access"
	"tiezhang/ui/text"
)

func roles() []access.Role { return access.Standard() }

// TestEveryRightHasARow: a right that is in no row could never be changed.
func TestEveryRightHasARow(t *testing.T) {
	seen := map[access.Permission]int{}
	for _, r := range allRows() {
		if r.perm != "" {
			seen[r.perm]++
			if !text.Has("action." + string(r.perm)) {
				t.Errorf("%s has no words", r.perm)
			}
		}
		if r.heading == "rights.group.others" {
			t.Error("some rights are in no group")
		}
	}
	for _, p := range access.Permissions() {
		if seen[p] != 1 {
			t.Errorf("%s is in %d rows", p, seen[p])
		}
	}
}

func TestSpaceGoesThroughAllStatesAndBack(t *testing.T) {
	m := newModel(roles())
	for m.shown[m.row].perm != access.SaleView {
		before := m.row
		m.step(1)
		if m.row == before {
			t.Fatal("sale.view is not in the table")
		}
	}
	m.col = 2 // cashier: own rows
	start := m.words(m.shown[m.row], m.roles[m.col])
	seen := map[string]bool{start: true}
	for range len(grants) - 1 {
		m.cycle(1)
		seen[m.words(m.shown[m.row], m.roles[m.col])] = true
	}
	if len(seen) != len(grants) {
		t.Error("states seen:", seen)
	}
	m.cycle(1)
	if got := m.words(m.shown[m.row], m.roles[m.col]); got != start || len(m.changed()) != 0 {
		t.Errorf("after all states %q, began with %q; changed %d", got, start, len(m.changed()))
	}
	m.cycle(-1)
	if len(m.changed()) != 1 || m.changed()[0].ID != access.Cashier {
		t.Error("a change was not noticed:", m.changed())
	}
	if _, same := roles()[2].Grants[access.SaleView]; !same {
		t.Fatal("the role as it was read was changed")
	}
}

func TestOwnRowsOnlyWhereRowsHaveAnOwner(t *testing.T) {
	m := newModel(roles())
	for m.shown[m.row].perm != access.BackupRun {
		m.step(1)
	}
	for range 10 {
		m.cycle(1)
		if m.cell(m.shown[m.row], m.roles[m.col]) == "rights.own" {
			t.Fatal("a backup of one's own rows")
		}
	}
}

func TestFindingAndWalking(t *testing.T) {
	m := newModel(roles())
	m.find("红冲")
	if len(m.shown) < 4 {
		t.Fatal(len(m.shown))
	}
	for _, r := range m.shown {
		if r.heading == "" && r.perm == "" {
			t.Error("a field was found by the words of a right")
		}
	}
	m.find("hcxs") // initials of 红冲销售
	if len(m.shown) != 2 || m.shown[m.row].perm != access.SaleReverse {
		t.Errorf("%+v", m.shown)
	}
	m.find("没有这种权限")
	m.step(1)
	m.cycle(1) // nothing to change, nothing to break
	if len(m.shown) != 0 || len(m.changed()) != 0 {
		t.Error(m.shown)
	}
	m.find("")
	m.step(-100)
	if m.shown[m.row].heading != "" {
		t.Error("the cursor stands on a heading")
	}
	m.step(1000)
	if m.shown[m.row].limit == "" {
		t.Error("the last row is the limit")
	}
}

func TestLockedTableChangesNothing(t *testing.T) {
	m := newModel(roles())
	m.locked = true
	m.cycle(1)
	m.clear()
	if len(m.changed()) != 0 {
		t.Error("somebody who may only look changed a role")
	}
}
