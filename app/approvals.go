package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
	"tiezhang/app/rule"
)

// SettingApprovals holds the owner's approval rules, a JSON list of rule.Approval.
const SettingApprovals = "approval.rules"

// contentDigest is the SHA-256 of what a document says: all that somebody typed,
// and what follows from it alone. Versions, times and what depends on the day it
// is posted are left out, so that a decision holds for this very content and no
// other.
func contentDigest(d *doc.Document) ([32]byte, error) {
	c := d.Clone()
	c.Number, c.Status, c.Version, c.ReversedBy = "", "", 0, ""
	c.CreatedBy, c.PostedBy, c.CreatedAt, c.PostedAt, c.Settled = 0, 0, 0, 0, 0
	c.Points = 0
	if len(c.Custom) == 0 {
		c.Custom = nil
	}
	for i := range c.Lines {
		if len(c.Lines[i].Serials) == 0 {
			c.Lines[i].Serials = nil
		}
	}
	for i := range c.Payments {
		c.Payments[i].Stored = false
	}
	b, err := json.Marshal(c)
	if err != nil {
		return [32]byte{}, fault.Wrap("app.digest", fault.Internal, "app.internal", nil, err)
	}
	return sha256.Sum256(b), nil
}

func approvalRules(tx Tx) ([]rule.Approval, error) {
	s, err := tx.Setting(SettingApprovals)
	if err != nil {
		return nil, err
	}
	return rule.ParseApprovals(s)
}

// neededApproval gives the rule that wants somebody else's yes for a document.
// Looking ahead, nobody learns from it what goods cost who may not see cost.
func neededApproval(x *Exec, spec doc.Spec, d *doc.Document, p prepared) (rule.Approval, bool, error) {
	rules, err := approvalRules(x.Tx)
	if err != nil || len(rules) == 0 {
		return rule.Approval{}, false, err
	}
	worth := p.worth(spec, d)
	if x.preview && x.S.Sees(access.FieldCost) != access.Shown {
		worth = face(d)
	}
	r, ok := rule.Needed(rules, rule.Document{Kind: d.Kind, Role: x.S.role.ID, Worth: worth})
	return r, ok, nil
}

// face is what a document says it is about: its total, what is typed on its
// lines, an amount with what is given on top.
func face(d *doc.Document) amount.Money {
	var in, out amount.Money
	for _, ln := range d.Lines {
		if ln.Amount > 0 {
			in += ln.Amount
		} else {
			out -= ln.Amount
		}
	}
	top := d.Amount + d.Bonus
	return max(d.Total, -d.Total, top, -top, in, out)
}

// worth is what a document is about in money: what it says, or what the goods it
// moves are worth where that is more. Goods given away for nothing are worth what
// they cost, those sent to another warehouse too, and what is added and taken off
// in one document is not nothing.
func (p prepared) worth(spec doc.Spec, d *doc.Document) amount.Money {
	var in, out amount.Money
	add := func(m amount.Money) {
		if m > 0 {
			in += m
		} else {
			out -= m
		}
	}
	for _, m := range p.batch.Moves {
		if m.Doc == d.ID && m.Rule != ledger.Recost && m.Rule != ledger.Adjust && spec.LineMoney == doc.No {
			add(m.Value)
		}
	}
	return max(face(d), in, out, p.carried)
}

// carried is what goods are worth that change their place and not their cost.
func carried(tx Tx, spec doc.Spec, d *doc.Document) (sum amount.Money, err error) {
	if spec.Flow != doc.Move {
		return 0, nil
	}
	for _, ln := range d.Lines {
		p, err := tx.Pool(ledger.Pot{Item: ln.ItemID})
		if err != nil {
			return 0, err
		}
		if p.Qty <= 0 || p.Value <= 0 {
			continue
		}
		v, err := amount.MulDiv(int64(ln.Base), int64(p.Value), int64(p.Qty))
		if err != nil {
			return 0, fault.Bad("app.Post", "doc.overflow", "line", ln.No, "field", "qty")
		}
		sum += max(amount.Money(v), -amount.Money(v))
	}
	return sum, nil
}

// checkApproval wants, for a document a rule of the owner meets, the yes of
// somebody who may approve: given before for this very content, or given now.
// Looking ahead it only tells which rule.
func checkApproval(x *Exec, spec doc.Spec, d *doc.Document, digest [32]byte, p prepared) (string, error) {
	r, needed, err := neededApproval(x, spec, d, p)
	if err != nil || !needed {
		return "", err
	}
	a, asked, err := x.Tx.Approval(d.ID)
	if err != nil {
		return "", err
	}
	if asked && a.Decision == Approved && a.Digest == digest && a.By != x.S.user.ID { // whoever said yes does not post it too
		x.Note("approval", a.ID)
		return "", nil
	}
	if x.preview {
		return r.ID, nil
	}
	if err := x.S.second(x.ctxProof, access.DocumentApprove, placed(spec, *d, access.Object{New: true})); err != nil {
		return "", err
	}
	x.Note("approval", r.ID)
	return "", nil
}

// AskApproval saves a draft and asks for a yes to it. A question asked before
// about the same draft is withdrawn. Faults: those of posting it, and Invalid
// "approval.not-needed".
type AskApproval struct {
	Doc  doc.Document
	Note string
}

func (c AskApproval) spec() Need {
	s, ok := doc.Of(c.Doc.Kind)
	if !ok {
		return Need{}
	}
	return Need{Perm: draftRight(s), Draft: true}
}

func (c AskApproval) run(ctx context.Context, x *Exec) (int64, error) {
	spec := mustSpec(c.Doc.Kind)
	if _, err := (SaveDraft{c.Doc}).run(ctx, x); err != nil {
		return 0, err
	}
	x.skipLog = false // asking is an operation, saving was not
	digest, r, needed, err := x.judge(ctx, c.Doc.ID)
	if err != nil {
		return 0, err
	}
	if !needed {
		return 0, fault.Bad("app.AskApproval", "approval.not-needed")
	}
	x.action = "approval.ask"
	x.Object("draft:" + c.Doc.ID)
	x.Note("kind", string(spec.Kind))
	x.Note("rule", r.ID)
	x.Changed("approvals")
	return x.Tx.AskApproval(Approval{Doc: c.Doc.ID, Digest: digest, Rule: r.ID, AskedBy: x.S.user.ID, AskedAt: x.Now.Unix(), Note: c.Note})
}

// judge works out a stored draft as posting would: what it says, and which rule
// wants an approval.
func (x *Exec) judge(ctx context.Context, id string) (digest [32]byte, r rule.Approval, needed bool, err error) {
	d, err := x.Tx.Document(id)
	if err != nil {
		return digest, r, false, err
	}
	spec := mustSpec(d.Kind)
	was := x.preview
	x.preview = true
	defer func() { x.preview = was }()
	if digest, err = x.digestOf(d); err != nil {
		return digest, r, false, err
	}
	p, err := prepare(ctx, x, spec, &d, true)
	if err != nil {
		return digest, r, false, err
	}
	r, needed, err = neededApproval(x, spec, &d, p)
	return digest, r, needed, err
}

// digestOf is the digest of a stored draft as it says now.
func (x *Exec) digestOf(d doc.Document) ([32]byte, error) {
	d = d.Clone()
	spec := mustSpec(d.Kind)
	numberLines(&d)
	if _, err := resolve(x, spec, &d); err != nil {
		return [32]byte{}, err
	}
	if err := checkOwnFields(x, &d); err != nil {
		return [32]byte{}, err
	}
	if err := doc.Settle(spec, &d); err != nil {
		return [32]byte{}, err
	}
	return contentDigest(&d)
}

// Approve answers a question with yes. The document may then be posted as it
// is; any change wants a new question. Faults: Denied "gate.self-approval";
// Conflict "approval.changed", "approval.decided".
type Approve struct {
	ID     int64
	Reason string
}

func (c Approve) spec() Need { return Need{Perm: access.DocumentApprove} }

func (c Approve) run(_ context.Context, x *Exec) (struct{}, error) {
	return struct{}{}, x.decide(c.ID, Approved, c.Reason)
}

// Refuse answers with no, and says why.
type Refuse struct {
	ID     int64
	Reason string
}

func (c Refuse) spec() Need { return Need{Perm: access.DocumentApprove} }

func (c Refuse) run(_ context.Context, x *Exec) (struct{}, error) {
	if c.Reason == "" {
		return struct{}{}, fault.Bad("app.Refuse", "approval.reason", "field", "reason")
	}
	return struct{}{}, x.decide(c.ID, Refused, c.Reason)
}

func (x *Exec) decide(id int64, by Decision, reason string) error {
	a, err := x.Tx.ApprovalByID(id)
	if err != nil {
		return err
	}
	d, err := x.Tx.Document(a.Doc)
	if err != nil {
		return err
	}
	if err := x.seeDocument(d); err != nil {
		return err
	}
	if x.ownWork(a, d) {
		return fault.New("app.Approve", fault.Denied, "gate.self-approval", nil)
	}
	if a.Decision != "" || d.Status != doc.Draft {
		return fault.New("app.Approve", fault.Conflict, "approval.decided", nil)
	}
	if by == Approved {
		now, err := x.digestOf(d)
		if err != nil {
			return err
		}
		if now != a.Digest {
			return fault.New("app.Approve", fault.Conflict, "approval.changed", nil)
		}
	}
	x.action = "approval." + string(by)
	x.Object("draft:" + a.Doc)
	x.Reason(reason)
	x.Note("kind", string(d.Kind))
	x.Changed("approvals", "documents")
	return x.Tx.Decide(id, Answer{Decision: by, By: x.S.user.ID, At: x.Now.Unix(), Reason: reason})
}

// WithdrawApproval takes back one's own question.
type WithdrawApproval struct{ ID int64 }

func (c WithdrawApproval) spec() Need { return Need{Perm: access.HomeView} }

func (c WithdrawApproval) run(_ context.Context, x *Exec) (struct{}, error) {
	a, err := x.Tx.ApprovalByID(c.ID)
	if err != nil {
		return struct{}{}, err
	}
	if a.AskedBy != x.S.user.ID {
		return struct{}{}, outOfSight("app.WithdrawApproval", "approval.unknown", access.DocumentApprove)
	}
	x.action = "approval.withdrawn"
	x.Object("draft:" + a.Doc)
	x.Changed("approvals")
	return struct{}{}, x.Tx.Decide(c.ID, Answer{Decision: Withdrawn, By: x.S.user.ID, At: x.Now.Unix()})
}

// Question is an approval as the screens show it.
type Question struct {
	Approval
	Document  doc.Document // without amounts this person may not see
	Party     string
	AskedName string
	ByName    string
	Changed   bool // the draft says something else now: it must be asked anew
	Mine      bool // asked by this person
	Own       bool // or written by them: somebody else decides
}

// PendingApprovals lists the open questions: all for who may approve, one's own
// for the others. Oldest first.
type PendingApprovals struct{}

func (q PendingApprovals) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q PendingApprovals) ask(_ context.Context, x *Exec) ([]Question, error) {
	as, err := x.Tx.PendingApprovals()
	if err != nil {
		return nil, err
	}
	var out []Question
	for _, a := range as {
		if a.AskedBy != x.S.user.ID && !x.S.May(access.DocumentApprove) {
			continue
		}
		q, err := x.question(a)
		if fault.KindOf(err) == fault.NotFound && err != nil {
			continue // not this person's to see
		}
		if err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	return out, nil
}

// ApprovalOf gives the latest question about a document; ID 0 when none was asked.
type ApprovalOf struct{ Doc string }

func (q ApprovalOf) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q ApprovalOf) ask(_ context.Context, x *Exec) (Question, error) {
	a, ok, err := x.Tx.Approval(q.Doc)
	if err != nil || !ok {
		return Question{}, err
	}
	return x.question(a)
}

// ownWork: whoever presses the button, nobody decides about what they wrote.
func (x *Exec) ownWork(a Approval, d doc.Document) bool {
	return slices.Contains([]int64{a.AskedBy, d.CreatedBy, d.SavedBy}, x.S.user.ID)
}

func (x *Exec) question(a Approval) (Question, error) {
	d, err := x.Tx.Document(a.Doc)
	if err != nil {
		return Question{}, err
	}
	if err := x.seeDocument(d); err != nil {
		return Question{}, err
	}
	q := Question{Approval: a, Mine: a.AskedBy == x.S.user.ID, Own: x.ownWork(a, d)}
	if d.Status == doc.Draft {
		now, err := x.digestOf(d)
		q.Changed = err != nil || now != a.Digest
	}
	q.Document, _ = x.maskDocument(d)
	if d.PartyID != 0 {
		p, err := x.Tx.Party(d.PartyID)
		if err != nil {
			return Question{}, err
		}
		q.Party = x.nameOf(p)
	}
	users, err := x.Tx.Users()
	if err != nil {
		return Question{}, err
	}
	for _, u := range users {
		if u.ID == a.AskedBy {
			q.AskedName = u.Name
		}
		if u.ID == a.By && a.By != 0 {
			q.ByName = u.Name
		}
	}
	return q, nil
}

// ApprovalRules gives the owner's rules.
type ApprovalRules struct{}

func (q ApprovalRules) spec() Need { return Need{Perm: access.SettingsView, Silent: true} }

func (q ApprovalRules) ask(_ context.Context, x *Exec) ([]rule.Approval, error) {
	return approvalRules(x.Tx)
}

// SetApprovalRules replaces them. Invalid "approval.*" naming the row; Denied
// "approval.owner-only" when who is no owner makes one weaker.
type SetApprovalRules struct{ Rules []rule.Approval }

func (c SetApprovalRules) spec() Need { return Need{Perm: access.SettingsEdit} }

func (c SetApprovalRules) run(_ context.Context, x *Exec) (struct{}, error) {
	if err := rule.CheckApprovals(c.Rules); err != nil {
		return struct{}{}, err
	}
	roles, err := x.Tx.Roles()
	if err != nil {
		return struct{}{}, err
	}
	for i, r := range c.Rules {
		for _, id := range r.Roles {
			if _, ok := roleOf(roles, id); !ok {
				return struct{}{}, fault.Bad("app.SetApprovalRules", "user.role", "field", "role", "line", i+1)
			}
		}
	}
	b, err := json.Marshal(c.Rules)
	if err != nil {
		return struct{}{}, fault.Wrap("app.SetApprovalRules", fault.Internal, "app.internal", nil, err)
	}
	x.Object("setting:" + SettingApprovals)
	old, err := approvalRules(x.Tx)
	if err != nil {
		return struct{}{}, err
	}
	if rule.Weaker(old, c.Rules) {
		if err := x.byOwner("approval.owner-only"); err != nil {
			return struct{}{}, err
		}
	}
	x.Note("rules", len(c.Rules))
	x.Note("changes", rule.Changes(old, c.Rules))
	x.Changed("settings")
	return struct{}{}, x.Tx.SetSetting(SettingApprovals, string(b))
}
