package app

import (
	"encoding/json"
	"time"
)

// Waits after wrong passwords: four are free, then they grow. The last stays:
// nobody is locked out for ever.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}

const freeTries = 4

// strikes are the wrong tries of one person since the last right one.
type strikes struct {
	N  int   `json:"n"`
	At int64 `json:"at"` // of the last, Unix seconds
	// Codes of them brought a code of the second factor.
	Codes int `json:"k,omitempty"`
	// Charged of them nobody typed: they stand for a copy that was missing. They
	// are waited for like any other, and told to nobody as wrong passwords.
	Charged int `json:"c,omitempty"`
}

// typed is how many were really tried.
func (s strikes) typed() int { return s.N - s.Charged }

// another is one more try.
func (s strikes) another(at int64, code bool) strikes {
	s.N, s.At = s.N+1, at
	if code {
		s.Codes++
	}
	return s
}

// without is what others have left of it when one try was no guess: that one is
// taken out, and nothing that was counted meanwhile.
func (s strikes) without(a attempt) strikes {
	if s == a.before.another(a.at, a.code) {
		return a.before
	}
	s.N = max(0, s.N-1)
	if a.code {
		s.Codes--
	}
	s.Codes = min(max(0, s.Codes), s.N)
	s.Charged = min(s.Charged, s.N-s.Codes)
	return s
}

// right is what a right password leaves: somebody who knows it could else guess
// at the code for ever.
func (s strikes) right() strikes {
	if s.Codes == 0 {
		return strikes{}
	}
	return strikes{N: s.Codes, At: s.At, Codes: s.Codes}
}

func (s strikes) sound() bool {
	return s.N >= 0 && s.At >= 0 && s.Charged >= 0 && s.Codes >= 0 && s.Charged <= s.N-s.Codes
}

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
	typed, codes := max(a.typed(), b.typed()), max(a.Codes, b.Codes)
	if b.N > a.N || b.N == a.N && b.At > a.At {
		a = b
	}
	a.Charged, a.Codes = a.N-typed, codes
	return a
}

// tally is the whole counter.
type tally struct {
	Version int                `json:"v"`
	Gen     int64              `json:"gen"`   // grows with every change
	High    int64              `json:"high"`  // latest time seen
	Names   map[string]strikes `json:"names"` // by the ID of the slot, or nobody
	Others  strikes            `json:"others"`
}

// nobody stands for every name that is nobody's; no slot has such an ID.
const nobody = "?"

const (
	tallyVersion = 1
	maxTally     = 256 << 10
	maxNames     = 2048 // twice as many as a keyring has slots
	maxTallyKey  = 64
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

func tallyKey(slot string) string {
	if slot == "" {
		return nobody
	}
	return slot
}

func (t tally) of(slot string) strikes {
	if s, ok := t.Names[tallyKey(slot)]; ok {
		return s
	}
	return t.Others
}

func (t *tally) set(slot string, s strikes) { t.Names[tallyKey(slot)] = s }

func (t *tally) bytes(now int64) ([]byte, error) {
	t.Gen++
	t.High = max(t.High, now)
	t.prune()
	return json.Marshal(t)
}

// prune leaves out those of whom nothing is said that is not said of the others
// too, and of too many the oldest: what is written can be read again.
func (t *tally) prune() {
	for k, s := range t.Names {
		if s == t.Others || len(k) > maxTallyKey {
			delete(t.Names, k)
		}
	}
	for len(t.Names) > maxNames {
		oldest := ""
		for k, s := range t.Names {
			if oldest == "" || s.At < t.Names[oldest].At {
				oldest = k
			}
		}
		delete(t.Names, oldest)
	}
}

// atLeast gives every name at least these strikes.
func (t *tally) atLeast(n int, at int64) {
	raise := func(s strikes) strikes {
		if s.N < n {
			return strikes{N: n, At: at, Charged: n - s.typed(), Codes: s.Codes}
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
		t.atLeast(freeTries+len(waits), now)
		return t, true
	case good < len(copies):
		t.atLeast(freeTries, now)
	}
	return t, false
}
