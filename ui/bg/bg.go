// Package bg runs work off the interface thread and brings the result back on
// to it.
//
// What belongs here: Run, owners (the life of a page), busy and progress
// notices, the dispatcher. It is the only package of ui with go statements.
// What does not: any knowledge of what the work is, and any widget.
package bg

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"tiezhang/app/fault"
)

// BusyDelay is how long work may take before the person is told to wait.
const BusyDelay = 150 * time.Millisecond

// Dispatcher puts a function on the interface thread: fyne.Do in the program,
// a Queue in tests.
type Dispatcher func(func())

// After calls f once after d, on any goroutine, unless the returned stop is
// called first.
type After func(d time.Duration, f func()) (stop func())

// Runner knows how to get back to the interface thread. One a program.
type Runner struct {
	dispatch Dispatcher
	after    After
	running  sync.WaitGroup
}

// NewRunner makes a runner. A nil after uses the machine's clock.
func NewRunner(dispatch Dispatcher, after After) *Runner {
	if after == nil {
		after = func(d time.Duration, f func()) func() {
			t := time.AfterFunc(d, f)
			return func() { t.Stop() }
		}
	}
	return &Runner{dispatch: dispatch, after: after}
}

// Wait blocks until no work is running. For the end of the program and for
// tests; never call it on the interface thread while work may need it.
func (r *Runner) Wait() { r.running.Wait() }

// Later calls f on the interface thread after d, unless stop is called first:
// for toasts, clocks and auto-lock.
func (r *Runner) Later(d time.Duration, f func()) (stop func()) {
	gone := false // only touched on the interface thread
	halt := r.after(d, func() {
		r.dispatch(func() {
			if !gone {
				f()
			}
		})
	})
	return func() { gone = true; halt() }
}

// Progress is how far a long piece of work has come. Total 0 means unknown.
type Progress struct {
	Done, Total int64
	Note        string // already in the person's language, or ""
}

// Owner is the life of a page, dialog or panel. All its methods and fields
// belong to the interface thread.
type Owner struct {
	// OnBusy is told true when work has been running for BusyDelay, and false
	// when the last such work is over.
	OnBusy func(bool)
	// OnProgress is told the newest progress of any work of this owner.
	OnProgress func(Progress)

	runner *Runner
	tasks  map[*Task]struct{}
	keyed  map[string]*Task
	slow   int
	closed bool
}

// Owner makes an owner. Close it when the page goes.
func (r *Runner) Owner() *Owner {
	return &Owner{runner: r, tasks: map[*Task]struct{}{}, keyed: map[string]*Task{}}
}

// Runner gives the runner, for Later.
func (o *Owner) Runner() *Runner { return o.runner }

// Close cancels all work of the owner; none of its done functions is called
// from now on.
func (o *Owner) Close() {
	if o.closed {
		return
	}
	o.closed = true
	for t := range o.tasks {
		t.cancel()
	}
	o.tasks, o.keyed = map[*Task]struct{}{}, map[string]*Task{}
	if o.slow > 0 {
		o.slow = 0
		if o.OnBusy != nil {
			o.OnBusy(false)
		}
	}
}

// Busy tells whether any work is under way, slow or not.
func (o *Owner) Busy() bool { return len(o.tasks) > 0 }

// Task is one piece of work under way.
type Task struct {
	owner  *Owner
	key    string
	cancel context.CancelFunc
	stop   func()
	isSlow bool

	mu      sync.Mutex
	latest  Progress
	pending bool
}

// Cancel asks the work to stop; done is called with a Canceled fault when the
// work obeys. Nil-safe.
func (t *Task) Cancel() {
	if t != nil {
		t.cancel()
	}
}

type taskKey struct{}

// Report tells the person how far the work is. Call it from inside work with
// the context work was given, as often as you like: only the newest value
// travels. Outside Run it does nothing.
func Report(ctx context.Context, done, total int64, note string) {
	t, ok := ctx.Value(taskKey{}).(*Task)
	if !ok {
		return
	}
	t.mu.Lock()
	t.latest = Progress{done, total, note}
	send := !t.pending
	t.pending = true
	t.mu.Unlock()
	if !send {
		return
	}
	t.owner.runner.dispatch(func() {
		t.mu.Lock()
		p := t.latest
		t.pending = false
		t.mu.Unlock()
		if t.alive() && t.owner.OnProgress != nil {
			t.owner.OnProgress(p)
		}
	})
}

func (t *Task) alive() bool {
	_, ok := t.owner.tasks[t]
	return ok && !t.owner.closed
}

// Run does work on a goroutine and then done on the interface thread. Call it
// on the interface thread. done is not called when the owner has been closed.
// A panic in work becomes a fault.Internal with the stack as its cause; work
// that ends because its context was cancelled gives a fault.Canceled.
func Run[R any](o *Owner, work func(ctx context.Context) (R, error), done func(R, error)) *Task {
	return RunKey(o, "", work, done)
}

// RunKey is Run where a newer call with the same key on the same owner cancels
// the older one and drops its answer: for searches that follow the typing.
func RunKey[R any](o *Owner, key string, work func(ctx context.Context) (R, error), done func(R, error)) *Task {
	ctx, cancel := context.WithCancel(context.Background())
	t := &Task{owner: o, key: key, cancel: cancel}
	if o.closed {
		cancel()
		return t
	}
	if key != "" {
		if old := o.keyed[key]; old != nil {
			old.cancel()
			o.drop(old)
		}
		o.keyed[key] = t
	}
	o.tasks[t] = struct{}{}
	t.stop = o.runner.after(BusyDelay, func() { o.runner.dispatch(t.slow) })
	ctx = context.WithValue(ctx, taskKey{}, t)
	o.runner.running.Add(1)
	go func() {
		defer o.runner.running.Done()
		r, err := guarded(ctx, work)
		o.runner.dispatch(func() {
			t.stop()
			cancel()
			if !t.alive() {
				return
			}
			o.drop(t)
			if done != nil {
				done(r, err)
			}
		})
	}()
	return t
}

func (t *Task) slow() {
	if !t.alive() || t.isSlow {
		return
	}
	t.isSlow = true
	o := t.owner
	o.slow++
	if o.slow == 1 && o.OnBusy != nil {
		o.OnBusy(true)
	}
}

func (o *Owner) drop(t *Task) {
	if _, ok := o.tasks[t]; !ok {
		return
	}
	t.stop()
	delete(o.tasks, t)
	if o.keyed[t.key] == t {
		delete(o.keyed, t.key)
	}
	if t.isSlow {
		o.slow--
		if o.slow == 0 && o.OnBusy != nil {
			o.OnBusy(false)
		}
	}
}

func guarded[R any](ctx context.Context, work func(context.Context) (R, error)) (r R, err error) {
	defer func() {
		if p := recover(); p != nil {
			var zero R
			r = zero
			err = fault.Wrap("bg.Run", fault.Internal, "ui.bg.panic", nil, fmt.Errorf("%v\n%s", p, debug.Stack()))
		}
	}()
	r, err = work(ctx)
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) && fault.KeyOf(err) == "" {
		err = fault.Wrap("bg.Run", fault.Canceled, "ui.bg.canceled", nil, err)
	}
	return r, err
}

// Queue is a Dispatcher for tests: functions wait until Drain runs them on the
// caller's goroutine.
type Queue struct {
	mu sync.Mutex
	fs []func()
}

// Dispatch adds f.
func (q *Queue) Dispatch(f func()) {
	q.mu.Lock()
	q.fs = append(q.fs, f)
	q.mu.Unlock()
}

// Drain runs what is queued, also what that queues, and gives the count.
func (q *Queue) Drain() int {
	n := 0
	for {
		q.mu.Lock()
		fs := q.fs
		q.fs = nil
		q.mu.Unlock()
		if len(fs) == 0 {
			return n
		}
		for _, f := range fs {
			f()
			n++
		}
	}
}

// Settle waits for all work of r to end and drains, until neither is left.
func (q *Queue) Settle(r *Runner) {
	for {
		r.Wait()
		if q.Drain() == 0 {
			return
		}
	}
}
