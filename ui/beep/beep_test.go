package beep

import (
	"context"
	"testing"
	"time"

	"tiezhang/ui/bg"
)

func TestPlayNeverBlocks(t *testing.T) {
	release := make(chan struct{})
	heard := make(chan Kind, 4)
	defer Through(func(ctx context.Context, k Kind) {
		heard <- k
		select {
		case <-release:
		case <-ctx.Done(): // cut off by the next sound
		}
	})()
	q := &bg.Queue{}
	r := bg.NewRunner(q.Dispatch, func(time.Duration, func()) func() { return func() {} })
	o := r.Owner()
	Play(o, Wrong) // a sound that hangs
	if k := <-heard; k != Wrong {
		t.Fatal(k)
	}
	Play(o, Asked) // would wait for ever if it waited
	if k := <-heard; k != Asked {
		t.Fatal(k)
	}
	close(release)
	q.Settle(r)
	o.Close()
	Play(o, Wrong) // a page that is gone is silent
	q.Settle(r)
	if len(heard) != 0 {
		t.Fatal("a closed page made a sound")
	}
}

func TestSystemNeverFails(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // no player, no sound: nothing happens
	for k := range sounds {
		ctx, stop := context.WithCancel(context.Background())
		stop()
		system(ctx, k)
	}
}
