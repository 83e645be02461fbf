package rule

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	home = Place{Machine: "PC1", OSUser: "wang", Folder: "1:2", Path: "/shop"}
)

func usual() SignIn {
	return SignIn{UserID: 1, Now: noon, Here: home, Before: []Seen{{home, 1}}, Hours: Hours{8 * 60, 21 * 60},
		HighSeen: noon.Add(-time.Hour), LastIn: noon.Add(-20 * time.Hour)}
}

func TestUnusual(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*SignIn)
		want   []Reason
	}{
		{"an ordinary morning", func(*SignIn) {}, nil},
		{"the first sign-in of all", func(s *SignIn) { s.Before, s.LastIn, s.HighSeen = nil, time.Time{}, time.Time{} }, nil},
		{"another computer", func(s *SignIn) { s.Here.Machine = "PC2" }, []Reason{{OtherComputer, High}}},
		{"another account of it", func(s *SignIn) { s.Here.OSUser = "guest" }, []Reason{{OtherAccount, High}}},
		{"a copy of the folder", func(s *SignIn) { s.Here.Folder, s.Here.Path = "1:9", "/copy" }, []Reason{{CopiedFolder, High}}},
		{"a copy put in place of the folder", func(s *SignIn) { s.Here.Folder = "1:9" }, []Reason{{CopiedFolder, High}}},
		{"the folder was moved", func(s *SignIn) { s.Here.Path = "/elsewhere" }, nil},
		{"no identity of folders: the same path", func(s *SignIn) { s.Here.Folder, s.Before[0].Folder = "", "" }, nil},
		{"no identity of folders: another path", func(s *SignIn) { s.Here.Folder, s.Before[0].Folder, s.Here.Path = "", "", "/copy" }, []Reason{{CopiedFolder, High}}},
		{"known to somebody else", func(s *SignIn) { s.Before[0].UserID = 7 }, nil},
		{"a switch at the open shop", func(s *SignIn) { s.Here, s.Switch = Place{Machine: "PC2"}, true }, nil},
		{"a remote desktop", func(s *SignIn) { s.Here.Remote = "rdp" }, []Reason{{RemoteDesktop, High}}},
		{"a remote switch", func(s *SignIn) { s.Here.Remote, s.Switch = "rdp", true }, []Reason{{RemoteDesktop, High}}},
		{"at opening", func(s *SignIn) { s.Now = noon.Add(-4 * time.Hour); s.HighSeen = time.Time{} }, nil},
		{"a minute before opening", func(s *SignIn) { s.Now = noon.Add(-4*time.Hour - time.Minute); s.HighSeen = time.Time{} }, []Reason{{ClosedHours, Note}}},
		{"at closing", func(s *SignIn) { s.Now = noon.Add(9 * time.Hour) }, []Reason{{ClosedHours, Note}}},
		{"a night shop at one", func(s *SignIn) { s.Hours = Hours{18 * 60, 6 * 60}; s.Now = noon.Add(13 * time.Hour) }, nil},
		{"a night shop at noon", func(s *SignIn) { s.Hours = Hours{18 * 60, 6 * 60} }, []Reason{{ClosedHours, Note}}},
		{"no hours set", func(s *SignIn) { s.Hours = Hours{}; s.Now = noon.Add(15 * time.Hour) }, nil},
		{"the clock four minutes back", func(s *SignIn) { s.HighSeen = noon.Add(4 * time.Minute) }, nil},
		{"the clock six minutes back", func(s *SignIn) { s.HighSeen = noon.Add(6 * time.Minute) }, []Reason{{ClockBack, High}}},
		{"thirteen days away", func(s *SignIn) { s.LastIn = noon.Add(-13 * 24 * time.Hour) }, nil},
		{"fourteen days away", func(s *SignIn) { s.LastIn = noon.Add(-14 * 24 * time.Hour) }, []Reason{{LongAway, Note}}},
		{"two slips", func(s *SignIn) { s.Failures = 2 }, nil},
		{"three wrong ones", func(s *SignIn) { s.Failures = 3 }, []Reason{{AfterFailures, High}}},
		{"just restored, the folder is new of course", func(s *SignIn) { s.Restored, s.Here.Folder = true, "1:9" }, []Reason{{AfterRestore, Note}}},
		{"the counter was put back", func(s *SignIn) { s.Tampered = true }, []Reason{{CounterGone, High}}},
		{"an older keyring", func(s *SignIn) { s.Keyring = true }, []Reason{{OtherKeyring, High}}},
		{"weighty ones come first", func(s *SignIn) { s.LastIn = noon.Add(-99 * 24 * time.Hour); s.Here.Machine = "PC2" }, []Reason{{OtherComputer, High}, {LongAway, Note}}},
	} {
		s := usual()
		s.Before = slices.Clone(s.Before)
		c.change(&s)
		if got := Unusual(s); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// A reason is told at most once, and what is unusual does not become usual by
// something else being unusual too.
func TestUnusualAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := usual()
		s.Here.Remote = rapid.SampledFrom([]string{"", "ssh"}).Draw(t, "remote")
		s.Here.Machine = rapid.SampledFrom([]string{"PC1", "PC2"}).Draw(t, "machine")
		s.Failures = rapid.IntRange(0, 9).Draw(t, "failures")
		s.Tampered = rapid.Bool().Draw(t, "tampered")
		got := Unusual(s)
		has := func(n string) bool { return slices.ContainsFunc(got, func(r Reason) bool { return r.Name == n }) }
		if has(RemoteDesktop) != (s.Here.Remote != "") || has(OtherComputer) != (s.Here.Machine != "PC1") || has(AfterFailures) != (s.Failures >= 3) || has(CounterGone) != s.Tampered {
			t.Fatalf("%+v gives %v", s, got)
		}
		names := map[string]bool{}
		for _, r := range got {
			if names[r.Name] {
				t.Fatalf("%s twice", r.Name)
			}
			names[r.Name] = true
		}
	})
}
