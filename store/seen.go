package store

import (
	"context"
	"encoding/json"
	"slices"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/store/keyring"
)

// settingRing keeps inside the encrypted file what the shop remembers of its
// keyring, which lies in the open: an older one can be put in its place by
// whoever may write there.
const settingRing = "keyring.seen"

// ringSeen is it. What once opened the shop and does so no more is void for
// good: an older keyring brings no password, kit or one-time code back. With
// anything else an older keyring opens, so that nobody is locked out who had lost
// the newer one, and it is reported.
type ringSeen struct {
	Seq  uint64   `json:"seq"`
	Sum  string   `json:"sum"`
	Live []string `json:"live"`
	Void []string `json:"void"`
}

// maxVoid bounds the memory: as many changes of password as a large shop makes
// in a decade.
const maxVoid = 8192

// next is what is remembered when the ring is this one; itself if nothing
// changed. The receiver may be nil: a shop that remembers nothing yet.
func (r *ringSeen) next(m keyring.Mark) *ringSeen {
	if r != nil && r.Sum == m.Sum {
		return r
	}
	n := &ringSeen{Seq: m.Seq, Sum: m.Sum}
	if r != nil {
		n.Void = slices.Clone(r.Void)
	}
	for _, h := range m.Holders {
		if !n.voided(h) {
			n.Live = append(n.Live, h)
		}
	}
	slices.Sort(n.Live)
	if r != nil {
		for _, h := range r.Live {
			if _, still := slices.BinarySearch(n.Live, h); !still {
				n.Void = append(n.Void, h)
			}
		}
	}
	n.Void = n.Void[max(0, len(n.Void)-maxVoid):]
	return n
}

func (r *ringSeen) voided(holder string) bool { return r != nil && slices.Contains(r.Void, holder) }

// odd tells that a ring is not the one remembered, nor one that came after it. A
// change of one's own password does not raise the sequence; a program killed
// between writing the ring and the file is taken for odd then.
func (r *ringSeen) odd(m keyring.Mark) bool {
	return r != nil && r.Sum != m.Sum && m.Seq <= r.Seq
}

func voided(op string) error {
	return fault.New(op, fault.Denied, "keyring.voided", nil)
}

// readRing gives what is remembered; nil when nothing is yet.
func (s *Store) readRing(ctx context.Context) (*ringSeen, error) {
	var text string
	err := s.Read(ctx, func(x app.Tx) (err error) { text, err = x.Setting(settingRing); return err })
	if err != nil || text == "" {
		return nil, err
	}
	r := new(ringSeen)
	if err := json.Unmarshal([]byte(text), r); err != nil {
		return nil, fault.Wrap("store.Unlock", fault.Damaged, "store.ring-seen", nil, err)
	}
	return r, nil
}

// writeRing remembers the keyring as it is, in a transaction that writes other
// things too: whatever changes it does so in one, and its log entry with it.
func (s *Store) writeRing(t *tx) error {
	if s.keys == nil {
		return nil
	}
	now := s.keys.seen.Load()
	if now == nil || now == s.ring.Load() {
		return nil
	}
	b, err := json.Marshal(now)
	if err != nil {
		return fault.Wrap("store.Write", fault.Internal, "store.ring-seen", nil, err)
	}
	t.ring = now
	return t.SetSetting(settingRing, string(b))
}

// ringWritten is told after the commit. A keyring of which only the second copy
// was left is whole again from here on: that it was so has been reported.
func (s *Store) ringWritten(r *ringSeen) {
	s.ring.Store(r)
	s.keys.mend()
}

// closeRing remembers what nothing else was written after. Before an odd keyring
// was reported, which is done in a transaction, it is not taken for known.
func (s *Store) closeRing() {
	if s.keys != nil && s.keys.seen.Load() != s.ring.Load() && (!s.odd || s.ring.Load() != nil) {
		_ = s.Write(context.Background(), func(app.Tx) error { return nil })
	}
}
