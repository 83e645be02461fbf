package app

import (
	"context"
	"encoding/json"
	"errors"
	"sort"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
)

// Need says what a command or query wants before it may run.
type Need struct {
	Perm access.Permission
	// Silent queries leave no log entry; everything else does, and a denial
	// always does.
	Silent bool
	// Draft: nothing is carried out yet, so the right is wanted but no
	// confirmation; posting asks for it.
	Draft bool
	// Whole: it is about the whole shop, so whoever works in some of the
	// warehouses only is refused.
	Whole bool
	// Pending: may run while the person still has to choose a password or a
	// second factor; nothing else may.
	Pending bool
}

// Command changes the shop. Only this package can make one, so nothing can be
// run around the gate.
type Command[R any] interface {
	spec() Need
	run(ctx context.Context, x *Exec) (R, error)
}

// Query reads the shop. Only this package can make one.
type Query[R any] interface {
	spec() Need
	ask(ctx context.Context, x *Exec) (R, error)
}

// Exec is what a running command or query has in hand: the transaction, who
// asks, and what the log entry will say.
type Exec struct {
	Tx   Tx
	S    *Session
	Now  time.Time
	need Need

	object  string
	reason  string
	detail  map[string]any
	changed map[string]bool
	skipLog bool
	after   []func()

	preview     bool
	step        error  // a confirmation to be asked for when all else was judged; see later
	named       int64  // the party a draft named before this person saved it
	unasked     bool   // the documents are made by the program: nobody can fill in a field
	action      string // event name for the log, when it is not the permission
	ctxProof    confirmation
	approver    string
	approvedFor access.Permission
	// approved: what runs now needed the approver; of the lines of a script each
	// for itself.
	approved bool
	// approverReach is where the approver works.
	approverReach access.Reach

	use      any            // the use case, for what a second person signs
	consent  *oplog.Consent // what they signed
	codeStep int64          // of the phone's code they gave, until it is written down as used
	code     *approvalCode  // a printed code in their stead
	lent     map[int64]bool // rights lent that were needed
	worth    amount.Money   // of what is posted, for a code's limit
	paid     bool           // the code and the lent rights were counted
}

// bind ties the confirmation a person brought to this run.
func (x *Exec) bind(ctx context.Context, p proof) {
	x.ctxProof = confirmation{ctx: ctx, proof: p, x: x}
}

// Object names what is acted on, for the log: "item:A1", a document's number.
func (x *Exec) Object(s string) { x.object = s }

// Reason is why, in the person's own words.
func (x *Exec) Reason(s string) { x.reason = s }

// Note adds a named value to the log entry. No personal data, no secrets.
func (x *Exec) Note(name string, v any) {
	if x.detail == nil {
		x.detail = map[string]any{}
	}
	x.detail[name] = v
}

// Changed names an area whose lists must be read again ("items", "documents").
func (x *Exec) Changed(areas ...string) {
	for _, a := range areas {
		x.changed[a] = true
	}
}

// Worth is what a document is about in money: an approval code may have a limit.
func (x *Exec) Worth(m amount.Money) { x.worth = max(x.worth, m, -m) }

// Quiet: nothing was changed after all (a document that had been posted
// before), so no entry is owed.
func (x *Exec) Quiet() { x.skipLog = true }

// After runs fn once the transaction is durable.
func (x *Exec) After(fn func()) { x.after = append(x.after, fn) }

// Allow decides a further right inside a running command: one that hangs on
// what the row says (whose it is, how large the discount).
func (x *Exec) Allow(p access.Permission, o access.Object) error {
	err := x.S.allow(x.ctxProof, p, o)
	if _, step := IsStep(err); step && x.preview {
		return nil // looking ahead asks for nothing
	}
	return err
}

// later decides a right at once and asks for its confirmation when the whole
// document has been judged. A step that is asked for first and never given would
// tell, try by try and for nothing, where a limit lies: the floor price, a cost.
func (x *Exec) later(p access.Permission, line int) error {
	err := x.Allow(p, access.Object{New: true})
	if _, step := IsStep(err); !step {
		return err
	}
	if x.step == nil {
		x.step = withLine(err, line)
	}
	return nil
}

// proof is what the person brought along for a confirmation.
type proof struct {
	password         string
	second, secondPw string
	secondCode       string // of the second person's authenticator app
	code             string // a printed approval code
	typed            string // the number of what it is done to
}

type proofKey struct{}

// WithPassword brings the person's own password for an action that asks for it
// again.
func WithPassword(ctx context.Context, password string) context.Context {
	p, _ := ctx.Value(proofKey{}).(proof)
	p.password = password
	return context.WithValue(ctx, proofKey{}, p)
}

// WithSecond brings a second person's name and password for an action that
// wants their approval.
func WithSecond(ctx context.Context, user, password string) context.Context {
	p, _ := ctx.Value(proofKey{}).(proof)
	p.second, p.secondPw = user, password
	return context.WithValue(ctx, proofKey{}, p)
}

// WithSecondCode adds the six digits of the second person's authenticator app.
func WithSecondCode(ctx context.Context, code string) context.Context {
	p, _ := ctx.Value(proofKey{}).(proof)
	p.secondCode = code
	return context.WithValue(ctx, proofKey{}, p)
}

// WithCode brings a printed approval code instead of a second person.
func WithCode(ctx context.Context, code string) context.Context {
	p, _ := ctx.Value(proofKey{}).(proof)
	p.code = code
	return context.WithValue(ctx, proofKey{}, p)
}

// WithTyped brings the number of what an action is done to, as it was typed.
func WithTyped(ctx context.Context, number string) context.Context {
	p, _ := ctx.Value(proofKey{}).(proof)
	p.typed = number
	return context.WithValue(ctx, proofKey{}, p)
}

// Do runs a command through the gate: session alive, right, confirmation,
// one transaction with the command and its log entry, commit, publish.
//
// Faults of its own: Denied "gate.denied", "gate.signed-out"; NeedsStep
// "gate.password" (bring WithPassword), "gate.second" (bring WithSecond or
// WithCode), "gate.second-code" (bring WithSecondCode besides) and "gate.type" (bring WithTyped); the rest come from the command and the store.
func Do[R any, C Command[R]](ctx context.Context, s *Session, c C) (R, error) {
	need := c.spec()
	var r R
	if err := s.maySet(); err != nil {
		return r, err
	}
	err := s.guard(ctx, need, c, func(x *Exec) error {
		return s.shop.store.Write(ctx, func(tx Tx) error {
			x.reset(tx)
			var err error
			if r, err = c.run(ctx, x); err != nil {
				return err
			}
			if x.skipLog {
				return nil
			}
			if err := x.pay(); err != nil {
				return err
			}
			return s.appendLog(x, oplog.OK, "")
		})
	})
	if err != nil {
		var zero R
		return zero, err
	}
	return r, nil
}

// Ask answers a query through the gate, over one unchanging view.
func Ask[R any, Q Query[R]](ctx context.Context, s *Session, q Q) (R, error) {
	need := q.spec()
	var r R
	err := s.guard(ctx, need, q, func(x *Exec) error {
		err := s.shop.store.Read(ctx, func(tx Tx) error {
			x.reset(tx)
			var err error
			r, err = q.ask(ctx, x)
			return err
		})
		if err != nil || need.Silent && x.approver == "" {
			return err
		}
		return s.shop.store.Write(ctx, func(tx Tx) error {
			x.Tx = tx
			if err := x.pay(); err != nil {
				return err
			}
			return s.appendLog(x, oplog.OK, "")
		})
	})
	if err != nil {
		var zero R
		return zero, err
	}
	return r, nil
}

// Task is long work that holds no transaction: a backup, a full check. Only this
// package can make one.
type Task[R any] interface {
	spec() Need
	work(ctx context.Context, x *Exec) (R, error)
}

// Run lets a task through the gate and logs it when it is done. x.Tx is nil
// while it works; it opens short transactions through the shop's store.
func Run[R any, T Task[R]](ctx context.Context, s *Session, t T) (R, error) {
	need := t.spec()
	var r R
	if err := s.maySet(); err != nil {
		return r, err
	}
	err := s.guard(ctx, need, t, func(x *Exec) error {
		x.reset(nil)
		err := x.payAhead(ctx)
		if err != nil {
			return err
		}
		if r, err = t.work(ctx, x); err != nil {
			return err
		}
		if x.skipLog {
			return nil
		}
		return s.shop.store.Write(ctx, func(tx Tx) error {
			x.Tx = tx
			if err := x.pay(); err != nil { // what was asked for while it worked
				return err
			}
			return s.appendLog(x, oplog.OK, "")
		})
	})
	if err != nil {
		var zero R
		return zero, err
	}
	return r, nil
}

// reset readies an Exec for one run of the transaction.
func (x *Exec) reset(tx Tx) {
	x.Tx = tx
	x.object, x.reason, x.detail, x.skipLog, x.after = "", "", nil, false, nil
	x.changed = map[string]bool{}
}

// guard is the part of the gate common to commands and queries.
func (s *Session) guard(ctx context.Context, need Need, use any, body func(*Exec) error) error {
	if err := s.ready(need); err != nil {
		return err
	}
	p, _ := ctx.Value(proofKey{}).(proof)
	x := &Exec{S: s, Now: s.shop.clock.Now(), need: need, preview: need.Draft, use: use}
	x.bind(ctx, p)
	err := x.permit(need.Perm)
	if err == nil && need.Whole {
		err = x.whole()
	}
	if err == nil {
		err = body(x)
	}
	if err != nil {
		if _, step := IsStep(err); step && s.leftUnanswered() {
			s.logFailure(ctx, x, fault.Wrap("app.gate", fault.Denied, "gate.unanswered", fault.Pairs("times", unansweredMost), err))
		}
		s.logFailure(ctx, x, err)
		s.shop.flushTries(ctx) // what was guessed at on the way
		return err
	}
	s.touch(x.Now)
	for _, fn := range x.after {
		fn()
	}
	s.shop.publish(x.changed)
	return nil
}

// permit decides the command's own permission. Row scope is decided in run by
// Allow, where the row is known; here a new object is assumed.
func (x *Exec) permit(p access.Permission) error {
	return x.Allow(p, access.Object{New: true})
}

// logFailure writes down what was refused or went wrong, in a transaction of
// its own; wrong input is not worth an entry. It must not hide the first error.
func (s *Session) logFailure(ctx context.Context, x *Exec, err error) {
	result := oplog.Failed
	switch kind := fault.KindOf(err); {
	case errors.Is(err, denied): // a row out of sight too, though it is answered as a missing one
		result = oplog.Denied
	case kind == fault.Internal, kind == fault.Damaged:
	default:
		return
	}
	key := fault.KeyOf(err)
	_ = s.shop.store.Write(context.WithoutCancel(ctx), func(tx Tx) error {
		x.Tx = tx
		return s.appendLog(x, result, key)
	})
}

// outOfSight answers a row somebody may not see as one that is not there: they
// learn nothing, and the log knows that they were refused.
func outOfSight(op, key string, p access.Permission) error {
	return fault.Wrap(op, fault.NotFound, key, nil, fault.New(op, fault.Denied, "gate.denied", fault.Pairs("action", string(p))))
}

// denied is any refusal, whatever was made of it on its way out.
var denied = fault.New("", fault.Denied, "", nil)

// appendLog chains one entry in the running transaction.
func (s *Session) appendLog(x *Exec, result, key string) error {
	seq, prev, err := x.Tx.LogHead()
	if err != nil {
		return err
	}
	approver, consent := x.approver, x.consent
	if !x.approved {
		approver, consent = "", nil
	}
	e := oplog.Entry{
		Seq: seq + 1, Epoch: s.epoch, UserID: s.user.ID, User: s.user.Name, Role: string(s.role.ID),
		Approver: approver, Action: string(x.need.Perm), Object: x.object, Reason: x.reason, Result: result, Fault: key,
		Detail: detailText(x.detail), Machine: s.shop.machine, Version: s.shop.version, Schema: s.shop.store.Schema(),
		Time: x.Now.UnixMilli(), Mono: seq + 1, Consent: consent,
	}
	if x.action != "" {
		e.Action = x.action
	}
	if x.code != nil && x.approved { // every entry that needed one says what stands for the approval
		x.Note("approval_code", []int64{x.code.sheet.ID, int64(x.code.row.No)})
		e.Detail = detailText(x.detail)
	}
	sealed, err := oplog.Seal(s.shop.store.LogKey(), prev, e)
	if err != nil {
		return fault.Wrap("app.log", fault.Internal, "gate.log", nil, err)
	}
	s.shop.sawTime(x.Now.Unix())
	return x.Tx.AppendLog(sealed, e)
}

// detailText is JSON with sorted names (encoding/json sorts map keys).
func detailText(m map[string]any) string {
	if len(m) == 0 {
		return ""
	}
	b, err := json.Marshal(m)
	if err != nil { // a value that is no JSON: say which names there were
		names := make([]string, 0, len(m))
		for n := range m {
			names = append(names, n)
		}
		sort.Strings(names)
		b, _ = json.Marshal(names)
	}
	return string(b)
}

// IsStep tells whether an error asks for a confirmation, and which.
func IsStep(err error) (access.Confirm, bool) {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.NeedsStep {
		return access.None, false
	}
	for { // a row of an import or of a script may have been named around it
		var inner *fault.Error
		if !errors.As(f.Err, &inner) || inner.Kind != fault.NeedsStep {
			break
		}
		f = inner
	}
	switch f.Key {
	case "gate.second", "gate.second-code":
		return access.Second, true
	case "gate.type":
		return access.Typed, true
	}
	return access.Password, true
}
