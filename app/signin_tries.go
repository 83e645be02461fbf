package app

import (
	"context"
	"encoding/json"
	"strings"
	"time"

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
//   - a copy that is missing or damaged means that the free tries are used up,
//     and if none is left, a wait as well, each time it happens;
//   - what the encrypted file remembers is added once it is open, and a counter
//     that fell behind it is reported.

// TryBook keeps the counter outside the encrypted file. Faults: ReadOnly,
// NoSpace, Locked.
type TryBook interface {
	// UpdateTries gives change all copies there should be (nil: missing or not
	// readable) and writes what it returns to all of them, durably; no other
	// program does so meanwhile. Nothing is written when change fails.
	UpdateTries(dir, mirror string, change func(copies [][]byte) ([]byte, error)) error
}

// Waits after wrong passwords: four are free, then they grow. The last stays:
// nobody is locked out for ever.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}

const freeTries = 4

// strikes are the wrong tries of one name since the last right one.
type strikes struct {
	N  int   `json:"n"`
	At int64 `json:"at"` // of the last, Unix seconds
	// Charged of them nobody typed: they stand for a copy that was missing. They
	// are waited for like any other, and told to nobody as wrong passwords.
	Charged int `json:"c,omitempty"`
}

// typed is how many were really tried.
func (s strikes) typed() int { return s.N - s.Charged }

// another is one more try.
func (s strikes) another(at int64) strikes { return strikes{N: s.N + 1, At: at, Charged: s.Charged} }

func (s strikes) sound() bool { return s.N >= 0 && s.At >= 0 && s.Charged >= 0 && s.Charged <= s.N }

func (s strikes) wait() time.Duration {
	over := s.N - freeTries
	if over <= 0 {
		return 0
	}
	return waits[min(over, len(waits))-1]
}

// rest is how long must still be waited. When the clock stands before the last
// try it was set back: the wait begins anew from there, never longer than a
// whole one, so that a clock that once ran years ahead locks nobody out.
func (s *strikes) rest(now int64) time.Duration {
	w := s.wait()
	if now < s.At {
		s.At = now
	}
	return max(0, w-time.Duration(now-s.At)*time.Second)
}

// worse of two records of the same name. What was typed according to either was
// typed.
func worse(a, b strikes) strikes {
	typed := max(a.typed(), b.typed())
	if b.N > a.N || b.N == a.N && b.At > a.At {
		a = b
	}
	a.Charged = a.N - typed
	return a
}

// tally is the whole counter.
type tally struct {
	Version int                `json:"v"`
	Gen     int64              `json:"gen"`   // grows with every change
	High    int64              `json:"high"`  // latest time seen
	Names   map[string]strikes `json:"names"` // in lower case
	Others  strikes            `json:"others"`
}

const (
	tallyVersion = 1
	maxTally     = 64 << 10
	maxNames     = 512
)

// readTally never takes half a counter: what is not whole is none.
func readTally(b []byte) (tally, bool) {
	var t tally
	if len(b) == 0 || len(b) > maxTally || json.Unmarshal(b, &t) != nil || t.Version != tallyVersion || t.Names == nil || len(t.Names) > maxNames || t.Gen <= 0 {
		return tally{}, false
	}
	for _, s := range t.Names {
		if !s.sound() {
			return tally{}, false
		}
	}
	return t, t.Others.sound()
}

func newTally() tally { return tally{Version: tallyVersion, Gen: 1, Names: map[string]strikes{}} }

func tallyKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

func (t tally) of(name string) strikes {
	if s, ok := t.Names[tallyKey(name)]; ok {
		return s
	}
	return t.Others
}

func (t *tally) set(name string, s strikes) {
	t.Names[tallyKey(name)] = s
}

func (t *tally) bytes(now int64) ([]byte, error) {
	t.Gen++
	t.High = max(t.High, now)
	return json.Marshal(t)
}

// atLeast gives every name at least these strikes.
func (t *tally) atLeast(n int, at int64) {
	raise := func(s strikes) strikes {
		if s.N < n {
			return strikes{N: n, At: at, Charged: n - s.typed()}
		}
		return s
	}
	for k, s := range t.Names {
		t.Names[k] = raise(s)
	}
	t.Others = raise(t.Others)
}

// add takes over what another copy knows and this one does not.
func (t *tally) add(o tally) {
	for k := range o.Names {
		t.Names[k] = worse(t.of(k), o.of(k))
	}
	for k := range t.Names {
		t.Names[k] = worse(t.Names[k], o.of(k))
	}
	t.Others = worse(t.Others, o.Others)
	t.Gen, t.High = max(t.Gen, o.Gen), max(t.High, o.High)
}

// mergeTally makes one counter of all copies. lost tells that all were missing
// or damaged.
func mergeTally(copies [][]byte, now int64) (t tally, lost bool) {
	t = newTally()
	good := 0
	for _, b := range copies {
		if o, ok := readTally(b); ok {
			t.add(o)
			good++
		}
	}
	switch {
	case good == 0:
		t.atLeast(freeTries+1, now)
		return t, true
	case good < len(copies):
		t.atLeast(freeTries, now)
	}
	return t, false
}

// attempt is one try under way.
type attempt struct {
	before strikes // of the name, before this try
	gen    int64   // of the counter it was written to
	high   int64   // latest time the counter had seen
	lost   bool
}

// try lets check run if the name has a try, which is written down first. A right
// answer is not forgiven here but by forgive, once the person is in.
// Faults: Locked "signin.wait"; those of check; ReadOnly, NoSpace when the try
// cannot be written down.
func (h Host) try(dir, name string, known *tally, check func() error) (attempt, error) {
	now := h.Clock.Now().Unix()
	var a attempt
	var wait time.Duration
	err := h.Vault.UpdateTries(dir, h.State, func(copies [][]byte) ([]byte, error) {
		t, lost := h.tally(copies, known, now)
		s := t.of(name)
		a = attempt{before: s, high: t.High, lost: lost}
		if wait = s.rest(now); wait == 0 {
			s = s.another(now)
		}
		t.set(name, s) // also while waiting: a clock set back has moved its beginning
		b, err := t.bytes(now)
		a.gen = t.Gen
		return b, err
	})
	if err != nil {
		return a, err
	}
	if wait > 0 {
		key := "signin.wait"
		if a.lost {
			key = "signin.wait-lost"
		}
		return a, fault.New("app.SignIn", fault.Locked, key, fault.Pairs("minutes", int((wait+time.Minute-1)/time.Minute)))
	}
	if err := check(); err != nil {
		if !guessed(err) {
			h.settle(dir, name, known, func(strikes) strikes { return a.before })
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

// settle changes a name's record. It fails silently: the worst that stays is a
// try too many in the book.
func (h Host) settle(dir, name string, known *tally, change func(strikes) strikes) {
	now := h.Clock.Now().Unix()
	_ = h.Vault.UpdateTries(dir, h.State, func(copies [][]byte) ([]byte, error) {
		t, _ := h.tally(copies, known, now)
		t.set(name, change(t.of(name)))
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
}

// check proves a password, or whatever else a person brings, at an open shop:
// signing in, a confirmation, a second person's approval all count together. It
// writes nothing into the encrypted file, as it may run inside a transaction;
// flushTries does.
func (sh *Shop) check(name string, proof func() error) (attempt, error) {
	sh.tryMu.Lock()
	defer sh.tryMu.Unlock()
	known := &sh.tries.known
	a, err := sh.host.try(sh.store.Dir(), name, known, proof)
	s := a.before
	switch {
	case err == nil:
		s = strikes{}
		sh.host.settle(sh.store.Dir(), name, known, func(strikes) strikes { return s })
	case guessed(err):
		s = a.before.another(sh.clock.Now().Unix())
	}
	known.set(name, s)
	known.Gen, known.High = max(known.Gen, a.gen), max(known.High, sh.clock.Now().Unix())
	sh.tries.dirty = true
	return a, err
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
	_, err := sh.check(name, do)
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

// forgive clears a name's record after a sign-in or a reset, in the open and in
// the encrypted file.
func (sh *Shop) forgive(name string) {
	sh.tryMu.Lock()
	sh.host.settle(sh.store.Dir(), name, &sh.tries.known, func(strikes) strikes { return strikes{} })
	sh.tries.known.set(name, strikes{})
	sh.tries.dirty = true
	sh.tryMu.Unlock()
	sh.flushTries(context.Background())
}
