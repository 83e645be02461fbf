package bg

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tiezhang/app/fault"
)

// clock fires timers when told to.
type clock struct{ fs map[int]func() }

func (c *clock) after(_ time.Duration, f func()) func() {
	if c.fs == nil {
		c.fs = map[int]func(){}
	}
	id := len(c.fs)
	for c.fs[id] != nil {
		id++
	}
	c.fs[id] = f
	return func() { delete(c.fs, id) }
}

func (c *clock) fire() {
	fs := c.fs
	c.fs = nil
	for _, f := range fs {
		f()
	}
}

func setup() (*Queue, *clock, *Runner, *Owner) {
	q, c := &Queue{}, &clock{}
	r := NewRunner(q.Dispatch, c.after)
	return q, c, r, r.Owner()
}

func TestResultArrivesOnTheDispatcher(t *testing.T) {
	q, _, r, o := setup()
	got := 0
	Run(o, func(context.Context) (int, error) { return 7, nil }, func(v int, err error) {
		if err != nil {
			t.Fatal(err)
		}
		got = v
	})
	r.Wait()
	if got != 0 {
		t.Fatal("done ran before the interface thread took it")
	}
	q.Settle(r)
	if got != 7 || o.Busy() {
		t.Fatal(got, o.Busy())
	}
}

func TestClosedOwnerIsCancelledAndSilent(t *testing.T) {
	q, _, r, o := setup()
	called := false
	Run(o, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() }, func(int, error) { called = true })
	o.Close()
	q.Settle(r)
	if called {
		t.Fatal("done called after the page went")
	}
	Run(o, func(context.Context) (int, error) { called = true; return 0, nil }, func(int, error) { called = true })
	q.Settle(r)
	if called {
		t.Fatal("work started for a closed page")
	}
}

func TestStaleAnswerIsDropped(t *testing.T) {
	q, _, r, o := setup()
	var got []string
	done := func(s string, err error) { got = append(got, s) }
	first := make(chan struct{})
	RunKey(o, "search", func(context.Context) (string, error) { <-first; return "old", nil }, done)
	RunKey(o, "search", func(context.Context) (string, error) { return "new", nil }, done)
	RunKey(o, "other", func(context.Context) (string, error) { return "other", nil }, done)
	close(first)
	q.Settle(r)
	if s := strings.Join(got, ","); s != "new,other" && s != "other,new" {
		t.Fatal(got)
	}
}

func TestBusyOnlyWhenSlow(t *testing.T) {
	q, c, r, o := setup()
	var log []bool
	o.OnBusy = func(b bool) { log = append(log, b) }
	Run(o, func(context.Context) (int, error) { return 0, nil }, nil)
	q.Settle(r)
	c.fire()
	q.Settle(r)
	if len(log) != 0 {
		t.Fatal("fast work showed busy", log)
	}
	hold := make(chan struct{})
	Run(o, func(context.Context) (int, error) { <-hold; return 0, nil }, nil)
	Run(o, func(context.Context) (int, error) { <-hold; return 0, nil }, nil)
	c.fire()
	q.Drain()
	close(hold)
	q.Settle(r)
	if len(log) != 2 || !log[0] || log[1] {
		t.Fatal(log)
	}
}

func TestPanicBecomesInternal(t *testing.T) {
	q, _, r, o := setup()
	var got error
	Run(o, func(context.Context) (int, error) { panic("boom") }, func(_ int, err error) { got = err })
	q.Settle(r)
	if fault.KindOf(got) != fault.Internal || fault.KeyOf(got) != "ui.bg.panic" || !strings.Contains(got.Error(), "boom") {
		t.Fatal(got)
	}
}

func TestCancelledWorkSaysSo(t *testing.T) {
	q, _, r, o := setup()
	var got error
	task := Run(o, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() }, func(_ int, err error) { got = err })
	task.Cancel()
	q.Settle(r)
	if fault.KindOf(got) != fault.Canceled || !errors.Is(got, context.Canceled) {
		t.Fatal(got)
	}
}

func TestProgressKeepsTheNewest(t *testing.T) {
	q, _, r, o := setup()
	var seen []Progress
	o.OnProgress = func(p Progress) { seen = append(seen, p) }
	Run(o, func(ctx context.Context) (int, error) {
		for i := int64(1); i <= 1000; i++ {
			Report(ctx, i, 1000, "")
		}
		return 0, nil
	}, nil)
	q.Settle(r)
	if len(seen) != 1 || seen[0].Done != 1000 {
		t.Fatal(seen)
	}
	Report(context.Background(), 1, 2, "") // outside Run: nothing, and no panic
}

func TestLater(t *testing.T) {
	q, c, r, _ := setup()
	n := 0
	r.Later(time.Second, func() { n++ })
	stop := r.Later(time.Second, func() { n += 10 })
	c.fire()
	stop() // fired but not yet run: must still not run
	q.Drain()
	if n != 1 {
		t.Fatal(n)
	}
}
