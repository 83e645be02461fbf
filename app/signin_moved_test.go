package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiezhang/app/rule"
)

// TestAMovedShopIsNoAlarm: on a computer that never opened the shop half of the
// counter is missing. That costs the free tries, and nobody is told of wrong
// passwords that were never typed.
func TestAMovedShopIsNoAlarm(t *testing.T) {
	d := newDoor(t)
	d.close(d.in(doorOwner))
	d.clock.at = d.clock.at.Add(time.Minute)
	d.host.State, d.place.Machine = filepath.Join(t.TempDir(), "elsewhere"), "PC2"
	s := d.in(doorOwner)
	if s.User().Failures != 0 || strings.Join(s.Unusual(), " ") != rule.OtherComputer {
		t.Errorf("%d failures, unusual %v", s.User().Failures, s.Unusual())
	}
	d.close(s)
	d.clock.at = d.clock.at.Add(time.Minute)
	s = d.in(doorOwner)
	defer d.close(s)
	if s.User().Failures != 0 || len(s.Unusual()) != 0 {
		t.Errorf("the second time: %d failures, unusual %v", s.User().Failures, s.Unusual())
	}
}

// TestAMovedShopHasNoFreeTries: what is not told still counts.
func TestAMovedShopHasNoFreeTries(t *testing.T) {
	d := newDoor(t)
	d.host.State = filepath.Join(t.TempDir(), "elsewhere")
	d.wrong(doorClerk, 1)
	if !d.waits(doorClerk) {
		t.Fatal("a second guess without a wait")
	}
	d.clock.at = d.clock.at.Add(time.Minute)
	s := d.in(doorClerk)
	defer d.close(s)
	if s.User().Failures != 1 {
		t.Errorf("one was typed, %d are told", s.User().Failures)
	}
}

// TestTypedOnesAreToldAllTheSame: taking a copy away hides no wrong password.
func TestTypedOnesAreToldAllTheSame(t *testing.T) {
	for i, name := range []string{"beside the shop", "in the settings"} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t)
			d.close(d.in(doorClerk))
			d.clock.at = d.clock.at.Add(time.Minute)
			d.wrong(doorClerk, 3)
			if err := os.Remove(d.files()[i]); err != nil {
				t.Fatal(err)
			}
			s := d.in(doorClerk)
			defer d.close(s)
			if s.User().Failures != 3 || !contains(s.Unusual(), rule.AfterFailures) {
				t.Errorf("%d failures, unusual %v", s.User().Failures, s.Unusual())
			}
		})
	}
}
