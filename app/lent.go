package app

import (
	"context"
	"slices"
	"time"

	"tiezhang/app/access"
)

// lentNow gives the rights lent to this person as access knows them.
func (s *Session) lentNow() []access.Lent {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.viewer != nil || len(s.lent) == 0 {
		return nil
	}
	out := make([]access.Lent, 0, len(s.lent))
	for _, l := range s.lent {
		left := -1
		if l.Uses > 0 {
			left = l.Uses - l.Used
		}
		out = append(out, access.Lent{ID: l.ID, Actions: l.Actions, Own: l.Own, Until: l.Until, Left: left})
	}
	return out
}

// Lent lists what was lent to this person, as it stood when they signed in or
// when it was last changed since.
func (s *Session) Lent() []Lent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.lent)
}

// latest is the time by which what is lent ends, in Unix seconds: the clock's, or
// the latest the log knows where the clock was set back. Looking goes by it as
// well as doing.
func (sh *Shop) latest(now time.Time) int64 {
	return max(now.Unix(), sh.high.Load())
}

// watchTime begins anew with the latest time since the first of these was lent:
// a clock that once ran years ahead and was put right ends nothing lent since.
func (sh *Shop) watchTime(tx Tx, lent []Lent) error {
	sh.high.Store(0)
	if len(lent) == 0 {
		return nil
	}
	from := lent[0].Seq
	for _, l := range lent {
		from = min(from, l.Seq)
	}
	ms, err := tx.HighTime(from)
	sh.sawTime(ms / 1000)
	return err
}

// sawTime remembers the latest time anything happened since.
func (sh *Shop) sawTime(sec int64) {
	for {
		old := sh.high.Load()
		if sec <= old || sh.high.CompareAndSwap(old, sec) {
			return
		}
	}
}

func (x *Exec) needsLent(id int64) {
	if x.lent == nil {
		x.lent = map[int64]bool{}
	}
	x.lent[id] = true
}

// pay counts the code and the lent rights a command went through with, in its
// own transaction: what is used up meanwhile takes the command with it.
func (x *Exec) pay() error {
	if err := x.spendStep(); err != nil {
		return err
	}
	if x.paid {
		return nil
	}
	if err := x.payLent(); err != nil {
		return err
	}
	seq, _, err := x.Tx.LogHead()
	if err != nil {
		return err
	}
	return x.payCode(seq + 1)
}

func (x *Exec) payLent() error {
	for _, id := range sortedIDs(x.lent) {
		if err := x.Tx.UseLent(id); err != nil {
			return err
		}
		x.Note("lent", id)
		x.Changed("users") // the uses left are on screens
		x.After(func() { x.S.usedLent(id) })
	}
	return nil
}

// payAhead counts them before a task that holds no transaction begins.
func (x *Exec) payAhead(ctx context.Context) error {
	if len(x.lent) == 0 && x.code == nil && x.codeStep == 0 {
		return nil
	}
	err := x.S.shop.store.Write(ctx, func(tx Tx) error {
		x.Tx = tx
		return x.pay()
	})
	x.Tx, x.paid = nil, len(x.lent) > 0 || x.code != nil
	return err
}

func sortedIDs(m map[int64]bool) []int64 {
	out := make([]int64, 0, len(m))
	for id := range m {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

func (s *Session) usedLent(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.lent {
		if s.lent[i].ID == id {
			s.lent[i].Used++
		}
	}
}

// rereadLent tells whoever is signed in of what was lent or taken back since.
// Only one session lives at a time, and signing in reads it anyway: this is for
// people who lend to themselves or take that back.
func (sh *Shop) rereadLent() {
	s := sh.currentSession()
	if s == nil {
		return
	}
	err := sh.store.Read(context.Background(), func(tx Tx) error {
		lent, err := lentTo(tx, s.user.ID, sh.clock.Now())
		if err == nil {
			s.mu.Lock()
			s.lent = lent
			s.mu.Unlock()
			err = sh.watchTime(tx, lent)
		}
		return err
	})
	if err != nil { // what cannot be read lends nothing
		s.mu.Lock()
		s.lent = nil
		s.mu.Unlock()
	}
}

// lentTo reads what is lent to a person now.
func lentTo(tx Tx, user int64, now time.Time) ([]Lent, error) {
	return tx.Lents(user, true, now.Unix())
}
