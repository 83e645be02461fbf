package rule

import "time"

// Place is where somebody signs in: a computer, an account of its system, and
// the folder the shop lies in.
type Place struct {
	Machine string
	OSUser  string
	Folder  string // identity of the folder, not its path: a copy has another
	Path    string
	Remote  string // "" at the computer itself; else by what means: "rdp", "ssh", "vnc"
}

// Hours are the shop's opening hours in minutes after midnight; equal means
// not set. Closing before opening is a night shop.
type Hours struct{ From, To int }

// Contain tells whether a time lies within.
func (h Hours) Contain(t time.Time) bool {
	m := t.Hour()*60 + t.Minute()
	switch {
	case h.From == h.To:
		return true
	case h.From < h.To:
		return m >= h.From && m < h.To
	}
	return m >= h.From || m < h.To
}

// Seen is a place somebody signed in at before.
type Seen struct {
	Place
	UserID int64
}

// SignIn is what is known when somebody has just been let in.
type SignIn struct {
	UserID   int64
	Now      time.Time // in the shop's own time zone: opening hours are local
	Here     Place
	Before   []Seen    // all people's places; none in a shop nobody has signed in to
	Hours    Hours     //
	HighSeen time.Time // the latest time the shop has seen, zero if none
	LastIn   time.Time // the person's last sign-in, zero if this is the first
	Failures int       // wrong passwords since then
	Restored bool      // the shop was restored from a backup and nobody was in since
	Tampered bool      // the counter of wrong passwords was taken away or put back
	Keyring  bool      // the keyring was another than remembered, or only its second copy was left
	Switch   bool      // the shop was open already: the computer has been looked at
}

// The reasons, which are part of the log: they never change their meaning.
const (
	OtherComputer = "computer"   // a computer the shop has not been used on
	OtherAccount  = "os-user"    // another account of the same computer's system
	CopiedFolder  = "copied"     // the same computer, another folder
	ClosedHours   = "hours"      // outside opening hours
	ClockBack     = "clock-back" // before the latest time the shop has seen
	RemoteDesktop = "remote"     // not sitting at the computer
	LongAway      = "away"       // first in 14 days
	AfterFailures = "failures"   // right at last
	AfterRestore  = "restored"   // first since the shop was restored
	CounterGone   = "counter"    // the counter of wrong passwords was tampered with
	OtherKeyring  = "keyring"    // an older keyring was put back, or the file was lost
)

const (
	clockSlack = 5 * time.Minute     // a clock set by hand is not exact
	away       = 14 * 24 * time.Hour //
	manyWrong  = 3                   // one or two slips of the finger are nobody's business
)

// Reason is one finding.
type Reason struct {
	Name  string
	Level Level
}

// Unusual tells what is unusual about a sign-in, the weightiest first.
func Unusual(s SignIn) []Reason {
	var high, note []Reason
	add := func(found bool, name string, l Level) {
		if found && l == High {
			high = append(high, Reason{name, l})
		} else if found {
			note = append(note, Reason{name, l})
		}
	}
	computer, account, folder := s.known()
	add(!computer, OtherComputer, High)
	add(computer && !account, OtherAccount, High)
	add(computer && account && !folder && !s.Restored, CopiedFolder, High)
	add(s.Here.Remote != "", RemoteDesktop, High)
	add(!s.HighSeen.IsZero() && s.Now.Before(s.HighSeen.Add(-clockSlack)), ClockBack, High)
	add(s.Tampered, CounterGone, High)
	add(s.Keyring, OtherKeyring, High)
	add(s.Failures >= manyWrong, AfterFailures, High)
	add(s.Restored, AfterRestore, Note)
	add(!s.Hours.Contain(s.Now), ClosedHours, Note)
	add(!s.LastIn.IsZero() && s.Now.Sub(s.LastIn) >= away, LongAway, Note)
	return append(high, note...)
}

// known compares the place with those seen before. In a shop without any, and
// while the shop is open at this very place, everything is known.
func (s SignIn) known() (computer, account, folder bool) {
	if len(s.Before) == 0 || s.Switch {
		return true, true, true
	}
	for _, b := range s.Before {
		if b.Machine != s.Here.Machine {
			continue
		}
		computer = true
		if b.OSUser != s.Here.OSUser {
			continue
		}
		account = true
		// A folder that was moved keeps its identity, one that was restored by hand
		// keeps its path; a copy beside the old one has neither.
		folder = folder || b.Folder == s.Here.Folder && b.Folder != "" || b.Folder == "" && b.Path == s.Here.Path
	}
	return computer, account, folder
}
