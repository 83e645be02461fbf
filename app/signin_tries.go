package app

import (
	"context"
	"encoding/json"
	"time"
	"unicode/utf8"

	"tiezhang/app/fault"
)

// The counter of wrong passwords.
//
// It must hold before the encrypted file can be read, so it lies in the open,
// in two places: beside the shop's files and with the program's own settings.
// Whoever can write there can also carry the keyring off and guess at home,
// where nothing but the password's strength protects; what the counter stops is
// guessing at the till. So the rule is not that it cannot be forged, but that
// no way of spoiling it is worth more than waiting:
//
//   - a wrong guess is written down before it is tried, under a lock, so that
//     killing the program or starting many at once gains nothing;
//   - what cannot be written is not tried;
//   - of several copies the worst counts, so that an older one put back in one
//     place changes nothing;
//   - it counts people, not what was typed: a name in other letters is the same
//     person, and all names that are nobody's are one;
//   - a copy that is missing or damaged means that the free tries are used up,
//     and if none is left, the longest wait, each time it happens: deleting both
//     again and again gives no more guesses than waiting;
//   - a right password takes back wrong passwords, not wrong codes of the second
//     factor: those stay until somebody has come in with both;
//   - what the encrypted file remembers is added once it is open, and a counter
//     that fell behind it is reported.

// TryBook keeps the counter outside the encrypted file. Faults: ReadOnly,
// NoSpace, Locked.
type TryBook interface {
	// UpdateTries gives change all copies there should be (nil: missing or not
	// readable) and writes what it returns to all of them, durably; no other
	// program does so meanwhile. Nothing is written when change fails.
	UpdateTries(dir, mirror string, change func(copies [][]byte) ([]byte, error)) error
	// Slot gives the ID of the slot that a typed name leads to, as signing in finds
	// it; "" when it is nobody's.
	Slot(dir, user string) (string, error)
}

// attempt is one try under way.
type attempt struct {
	before strikes // of the person, before this try
	at     int64   // when it was made
	code   bool    // a code of the second factor was brought
	gen    int64   // of the counter it was written to
	high   int64   // latest time the counter had seen
	lost   bool
}

// longestName is more than any account's name or slot's ID has letters.
const longestName = 64

// typedName refuses what can be nobody's name, before it is counted, looked up or
// written anywhere.
func typedName(user string) error {
	if utf8.RuneCountInString(user) > longestName {
		return fault.New("app.SignIn", fault.WrongKey, "keyring.unknown-user", nil)
	}
	return nil
}

// waitFault tells how long there is to wait.
func waitFault(rest time.Duration, lost bool) error {
	key := "signin.wait"
	if lost {
		key = "signin.wait-lost"
	}
	return fault.New("app.SignIn", fault.Locked, key, fault.Pairs("minutes", int((rest+time.Minute-1)/time.Minute)))
}

// try lets check run if the person has a try, which is written down first; code
// tells that a code of the second factor is part of it. A right answer is not
// forgiven here but by forgive, once the person is in.
// Faults: Locked "signin.wait"; those of check; ReadOnly, NoSpace when the try
// cannot be written down.
func (h Host) try(dir, slot string, code bool, known *tally, check func() error) (attempt, error) {
	now := h.Clock.Now().Unix()
	var a attempt
	var t tally
	var wait time.Duration
	err := h.Vault.UpdateTries(dir, h.State, func(copies [][]byte) ([]byte, error) {
		var lost bool
		t, lost = h.tally(copies, known, now)
		s := t.of(slot)
		a = attempt{before: s, at: now, code: code, high: t.High, lost: lost}
		if wait = s.rest(now); wait == 0 {
			s = s.another(now, code)
		}
		t.set(slot, s) // also while waiting: a clock set back has moved its beginning
		b, err := t.bytes(now)
		a.gen = t.Gen
		return b, err
	})
	if err != nil {
		return a, err
	}
	if known != nil {
		*known = t
	}
	if wait > 0 {
		return a, waitFault(wait, a.lost)
	}
	if err := check(); err != nil {
		if !guessed(err) {
			h.settle(dir, slot, known, func(s strikes) strikes { return s.without(a) })
		}
		return a, err
	}
	return a, nil
}

// tally merges all copies; known, what an open shop remembers, is one more that
// cannot be spoiled, and with it nothing is lost.
func (h Host) tally(copies [][]byte, known *tally, now int64) (tally, bool) {
	if known == nil {
		return mergeTally(copies, now)
	}
	t := newTally()
	t.add(*known)
	for _, b := range copies {
		if o, ok := readTally(b); ok {
			t.add(o)
		}
	}
	return t, false
}

// guessed tells whether an error means that something was guessed wrong.
func guessed(err error) bool {
	return fault.KindOf(err) == fault.WrongKey || fault.KindOf(err) == fault.Canceled
}

// settle changes a person's record. It fails silently: the worst that stays is a
// try too many in the book.
func (h Host) settle(dir, slot string, known *tally, change func(strikes) strikes) {
	now := h.Clock.Now().Unix()
	_ = h.Vault.UpdateTries(dir, h.State, func(copies [][]byte) ([]byte, error) {
		t, _ := h.tally(copies, known, now)
		t.set(slot, change(t.of(slot)))
		b, err := t.bytes(now)
		if known != nil {
			*known = t
		}
		return b, err
	})
}

// freshTries begins a counter where a shop has just been made or brought back
// by somebody who proved that it is theirs.
func (h Host) freshTries(dir string) error {
	now := h.Clock.Now().Unix()
	return h.Vault.UpdateTries(dir, h.State, func([][]byte) ([]byte, error) {
		t := newTally()
		return t.bytes(now)
	})
}

// tries is an open shop's counter: what it remembers cannot be taken away by
// spoiling files, and lies in the encrypted file too.
type tries struct {
	known tally
	dirty bool // not yet in the encrypted file
	// last is when each person last guessed wrong, by the program's own clock,
	// which nobody can set.
	last map[string]time.Duration
}

// rest is how long must still be waited by the program's own clock.
func (t *tries) rest(slot string, running time.Duration) time.Duration {
	at, ok := t.last[tallyKey(slot)]
	if !ok {
		return 0
	}
	return t.known.of(slot).wait() - (running - at)
}

// check proves a password, or whatever else a person brings, at an open shop:
// signing in, a confirmation, a second person's approval all count together. It
// writes nothing into the encrypted file, as it may run inside a transaction;
// flushTries does. A right answer takes back the wrong passwords; wrong codes only
// a sign-in does.
func (sh *Shop) check(name string, code bool, proof func() error) (attempt, error) {
	sh.tryMu.Lock()
	defer sh.tryMu.Unlock()
	slot, _ := sh.keys.Slot(name)
	if rest := sh.tries.rest(slot, sh.running()); rest > 0 {
		return attempt{}, waitFault(rest, false)
	}
	known := &sh.tries.known
	a, err := sh.host.try(sh.store.Dir(), slot, code, known, proof)
	switch {
	case err == nil:
		sh.host.settle(sh.store.Dir(), slot, known, func(s strikes) strikes { return s.without(a).right() })
	case guessed(err) && sh.host.Running != nil:
		sh.tries.last[tallyKey(slot)] = sh.running()
	}
	sh.tries.dirty = true
	return a, err
}

// running is the program's own clock; 0 for ever when the host has none.
func (sh *Shop) running() time.Duration {
	if sh.host.Running == nil {
		return 0
	}
	return sh.host.Running()
}

// confirm proves a person's password once more.
func (sh *Shop) confirm(ctx context.Context, name, password string) error {
	return sh.confirmBy(ctx, name, password, func(p Proof) error {
		_, err := sh.keys.Verify(ctx, name, p)
		return err
	})
}

// confirmBy proves it by doing what it is for.
func (sh *Shop) confirmBy(ctx context.Context, name, password string, do func(Proof) error) error {
	file := keyFileOf(ctx, name)
	if file == nil {
		if n, err := sh.keys.KeyFileName(name); err == nil {
			file = sh.host.KeyFile(n)
		}
	}
	return sh.proved(name, func() error {
		err := do(Proof{Password: password, KeyFile: file})
		if fault.KeyOf(err) == "keyring.needs-key-file" { // a dialog that asks for the password again would be no help
			err = fault.Wrap("app.confirm", fault.NotFound, "signin.needs-stick", fault.Pairs("name", name), err)
		}
		return err
	})
}

// proved counts something that proves a password by doing what it is for.
func (sh *Shop) proved(name string, do func() error) error {
	_, err := sh.check(name, false, do)
	return err
}

type keyFileKey struct{}

// WithKeyFile brings what is on a person's key stick for a confirmation.
func WithKeyFile(ctx context.Context, user string, file []byte) context.Context {
	m := map[string][]byte{user: file}
	if old, ok := ctx.Value(keyFileKey{}).(map[string][]byte); ok {
		for k, v := range old {
			if k != user {
				m[k] = v
			}
		}
	}
	return context.WithValue(ctx, keyFileKey{}, m)
}

func keyFileOf(ctx context.Context, user string) []byte {
	m, _ := ctx.Value(keyFileKey{}).(map[string][]byte)
	return m[user]
}

// settingTries keeps the counter inside the encrypted file.
const settingTries = "signin.tries"

// flushTries writes the counter into the encrypted file when it has changed.
// The lock is not held meanwhile: a running command may want it inside its own
// transaction.
func (sh *Shop) flushTries(ctx context.Context) {
	sh.tryMu.Lock()
	b, err := json.Marshal(sh.tries.known)
	dirty := sh.tries.dirty
	sh.tries.dirty = false
	sh.tryMu.Unlock()
	if err != nil || !dirty {
		return
	}
	err = sh.store.Write(context.WithoutCancel(ctx), func(tx Tx) error { return tx.SetSetting(settingTries, string(b)) })
	if err != nil {
		sh.tryMu.Lock()
		sh.tries.dirty = true
		sh.tryMu.Unlock()
	}
}

// forgive clears a person's record after a sign-in or a reset, in the open and in
// the encrypted file.
func (sh *Shop) forgive(name string) {
	sh.tryMu.Lock()
	slot, _ := sh.keys.Slot(name)
	sh.host.settle(sh.store.Dir(), slot, &sh.tries.known, func(strikes) strikes { return strikes{} })
	delete(sh.tries.last, tallyKey(slot))
	sh.tries.dirty = true
	sh.tryMu.Unlock()
	sh.flushTries(context.Background())
}
