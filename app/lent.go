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

// Lent lists what was lent to this person when they signed in.
func (s *Session) Lent() []Lent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.lent)
}

// high is the time by which a lent right ends, in Unix seconds: the clock's, or
// the log's where the clock was set back.
func (x *Exec) high(lent []access.Lent) int64 {
	now := x.Now.Unix()
	if len(lent) == 0 {
		return now
	}
	from := int64(1) << 62
	for _, l := range x.S.Lent() {
		from = min(from, l.Seq)
	}
	return max(now, x.S.shop.highSince(from))
}

// highSince is the latest time in the log from an entry on, in Unix seconds.
func (sh *Shop) highSince(from int64) int64 {
	var ms int64
	if err := sh.store.Read(context.Background(), func(tx Tx) (err error) { ms, err = tx.HighTime(from); return err }); err != nil {
		return 1 << 62 // what cannot be read lends nothing
	}
	return ms / 1000
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
	for _, id := range sortedIDs(x.lent) {
		if err := x.Tx.UseLent(id); err != nil {
			return err
		}
		x.Note("lent", id)
		x.After(func() { x.S.usedLent(id) })
	}
	return x.payCode()
}

// payAhead counts them before a task that holds no transaction begins.
func (x *Exec) payAhead(ctx context.Context) error {
	if len(x.lent) == 0 && x.code == nil && x.step == 0 {
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

// lentTo reads what is lent to a person now.
func lentTo(tx Tx, user int64, now time.Time) ([]Lent, error) {
	return tx.Lents(user, true, now.Unix())
}
