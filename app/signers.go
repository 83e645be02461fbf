package app

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
)

// Signer says whose a public key is, from an entry of the log on: it holds for
// the entries after Seq, until the next that has the same name. An owner vouches
// for it, so that somebody who can write to the file cannot put in a key of their
// own. An empty key is nobody's: the person has none any more.
type Signer struct {
	Name string
	Key  []byte
	Seq  int64
	Sig  []byte
}

func (s Signer) message() []byte {
	b, _ := json.Marshal([]any{"tiezhang signer 1", s.Name, s.Key, s.Seq}) // of strings and bytes: cannot fail
	return b
}

// SignerTx keeps them.
type SignerTx interface {
	// Signers lists them in the order they were written.
	Signers() ([]Signer, error)
	AddSigner(s Signer) error
	// CodeOf gives who made a printed approval code that was used, "" when there is
	// none such.
	CodeOf(sheet, no int64) (maker string, err error)
}

// vouch writes down the keys that changed, in the transaction of what changed
// them, and whatever was missed before: the keyring is no part of a transaction.
// It wants an owner's keys, as a change of the keyring does.
func (sh *Shop) vouch(tx Tx) error {
	users, err := tx.Users()
	if err != nil {
		return err
	}
	rows, err := tx.Signers()
	if err != nil {
		return err
	}
	seq, _, err := tx.LogHead()
	if err != nil {
		return err
	}
	last := map[string][]byte{}
	for _, s := range rows {
		last[strings.ToLower(s.Name)] = s.Key
	}
	for _, u := range users {
		key, err := sh.keys.SignKey(u.Name)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if bytes.Equal(last[strings.ToLower(u.Name)], key) {
			continue
		}
		s := Signer{Name: u.Name, Key: key, Seq: seq + 1}
		if s.Sig, err = sh.keys.Vouch(s.message()); err != nil {
			return err
		}
		if err := tx.AddSigner(s); err != nil {
			return err
		}
	}
	return nil
}

// vouchAgain does it at an owner's sign-in; who has no owner's keys at hand yet
// does it another time.
func (sh *Shop) vouchAgain(tx Tx, role access.Role) error {
	if role.ID != access.Owner {
		return nil
	}
	if err := sh.vouch(tx); err != nil && fault.KeyOf(err) != "keyring.owner-only" {
		return err
	}
	return nil
}

// approvals checks who is said to have approved the entries of the log, one after
// the other.
type approvals struct {
	tx   Tx
	keys Keys
	v    *Verdict
	of   map[string][]Signer
	// used is the entry each approval was last used in: a printed code, or a
	// signature by its nonce. Lines sent together are approved together, so the
	// entries of one run share theirs.
	used map[string]int64
	run  int64 // the first entry of the run
	last oplog.Entry
}

func newApprovals(tx Tx, keys Keys, v *Verdict) (*approvals, error) {
	a := &approvals{tx: tx, keys: keys, v: v, of: map[string][]Signer{}, used: map[string]int64{}}
	rows, err := tx.Signers()
	if err != nil {
		return nil, err
	}
	for _, s := range rows {
		if !keys.Vouched(s.message(), s.Sig) {
			a.found("check.signer", s.Seq, s.Name)
			continue
		}
		n := strings.ToLower(s.Name)
		a.of[n] = append(a.of[n], s)
	}
	users, err := tx.Users()
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		key, err := keys.SignKey(u.Name)
		if err != nil { // nobody's key may sign for them, and none does
			continue
		}
		if of := a.of[strings.ToLower(u.Name)]; len(of) == 0 || !bytes.Equal(of[len(of)-1].Key, key) {
			a.found("check.signer", 0, u.Name)
		}
	}
	return a, nil
}

func (a *approvals) found(key string, seq int64, name string) {
	a.v.Findings = append(a.v.Findings, Finding{Level: 2, Key: key, Args: map[string]any{"seq": seq, "name": name}})
}

// reviews holds every signed review of rights to the key of who is said to have
// signed it, and to its entry in the log.
func (a *approvals) reviews() error {
	rows, err := a.tx.Reviews()
	if err != nil {
		return err
	}
	for _, r := range rows {
		ok := len(r.Key) == ed25519.PublicKeySize && ed25519.Verify(r.Key, r.message(), r.Sig) && bytes.Equal(r.Key, a.keyAt(r.User, r.Seq))
		ss, err := a.tx.LogEntries(r.Seq, 1)
		if err != nil {
			return err
		}
		if ok = ok && len(ss) == 1; ok {
			e, err := oplog.Open(ss[0])
			ok = err == nil && e.Object == "rights:"+r.Digest && e.UserID == r.UserID && e.Result == oplog.OK
		}
		if !ok {
			a.found("check.review", r.Seq, r.User)
		}
	}
	return nil
}

// keyAt is the key a person had when an entry was written.
func (a *approvals) keyAt(name string, seq int64) (key []byte) {
	for _, s := range a.of[strings.ToLower(name)] {
		if s.Seq < seq {
			key = s.Key
		}
	}
	return key
}

// check looks at one entry.
func (a *approvals) check(e oplog.Entry) error {
	if e.Epoch != a.last.Epoch || e.Time != a.last.Time || e.User != a.last.User {
		a.run = e.Seq
	}
	a.last = e
	k := e.Consent
	switch {
	case e.Approver == "" && k == nil:
		return nil
	case strings.EqualFold(e.Approver, e.User): // the gate lets nobody, whatever way the name is written
		a.found("check.log.self-approved", e.Seq, e.Approver)
	case k == nil:
		ok, err := a.byCode(e)
		if err != nil {
			return err
		}
		if !ok {
			a.found("check.log.unproved", e.Seq, e.Approver)
		}
	case !k.Sound(e) || !bytes.Equal(k.Key, a.keyAt(e.Approver, e.Seq)) || !about(*k, e) || !a.once("signed "+string(k.Nonce), e):
		a.found("check.log.consent", e.Seq, e.Approver)
	}
	return nil
}

// eventOf are the use cases whose entries bear a name of their own instead of
// their right.
var eventOf = map[string][]string{
	useName(AskApproval{}): {"approval.ask"}, useName(Approve{}): {"approval." + string(Approved)}, useName(Refuse{}): {"approval." + string(Refused)},
	useName(WithdrawApproval{}): {"approval.withdrawn"}, useName(EndOrder{}): {"order.end"}, useName(ReopenOrder{}): {"order.reopen"},
	useName(LogPrint{}): {actionPrint},
}

// about tells whether a signature is about what its entry says was done. Of lines
// sent together each says what it was itself.
func about(k oplog.Consent, e oplog.Entry) bool {
	if k.Action == e.Action || k.Use == useName(PostWires{}) {
		return true
	}
	return e.Result == oplog.OK && slices.Contains(eventOf[k.Use], e.Action)
}

// once tells whether an approval is used for the first time, or by another entry
// of the same run.
func (a *approvals) once(approval string, e oplog.Entry) bool {
	was, used := a.used[approval]
	a.used[approval] = e.Seq
	return !used || was >= a.run
}

// byCode tells whether the entry names a printed code of the approver's that was
// used for it. What was refused in the end used none up.
func (a *approvals) byCode(e oplog.Entry) (bool, error) {
	var d struct {
		Code []int64 `json:"approval_code"`
	}
	if json.Unmarshal([]byte(e.Detail), &d) != nil || len(d.Code) != 2 {
		return false, nil
	}
	if e.Result != oplog.OK {
		return true, nil
	}
	maker, err := a.tx.CodeOf(d.Code[0], d.Code[1])
	if err != nil {
		return false, err
	}
	return strings.EqualFold(maker, e.Approver) && a.once(fmt.Sprint("code ", d.Code), e), nil
}
