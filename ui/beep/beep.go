// Package beep makes the short sounds a cashier hears without looking up.
//
// What belongs here: a sound a kind of news, by what the system has. What does
// not: deciding when, and anything that waits: a sound that cannot be made is
// no fault.
package beep

import (
	"context"
	"sync"
	"time"

	"tiezhang/ui/bg"
)

// Kind is what the sound tells.
type Kind uint8

const (
	// Wrong: what was scanned is not on the bill. Low.
	Wrong Kind = iota
	// Asked: a question stands on the screen.
	Asked
)

// longest is how long a sound may take before it is cut off.
const longest = 2 * time.Second

var (
	mu     sync.Mutex
	player = system
)

// Play makes the sound in the background. A newer sound of the same owner cuts
// the older one off: a scanner is faster than any of them. Call it on the
// interface thread.
func Play(o *bg.Owner, k Kind) {
	mu.Lock()
	f := player
	mu.Unlock()
	bg.RunKey(o, "beep", func(ctx context.Context) (struct{}, error) {
		ctx, stop := context.WithTimeout(ctx, longest)
		defer stop()
		f(ctx, k)
		return struct{}{}, nil
	}, nil)
}

// Through sends the sounds to f instead of the loudspeaker, until restore is
// called: for tests, and for a computer that shall be silent.
func Through(f func(context.Context, Kind)) (restore func()) {
	mu.Lock()
	defer mu.Unlock()
	old := player
	player = f
	return func() {
		mu.Lock()
		defer mu.Unlock()
		player = old
	}
}
