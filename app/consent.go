package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
)

// consent has the second person sign this very action with their own key, which
// only their password opens; whoever has a code on the phone gives one too, as at
// a sign-in. Nothing of u is known when it is nobody's account.
func (s *Session) consent(c confirmation, u User, p access.Permission) (k *oplog.Consent, step int64, err error) {
	name := u.Name
	if u.ID == 0 { // a guess all the same, and counted as one
		return nil, 0, s.shop.proved(c.proof.second, func() error { return fault.New("app.gate", fault.WrongKey, "keyring.wrong-password", nil) })
	}
	k = &oplog.Consent{For: string(p), Use: useName(c.x.use), Action: string(c.x.need.Perm), Params: paramsDigest(c.x.use), By: s.user.Name, Nonce: make([]byte, 16)}
	if use, ok := c.x.use.(interface{ spec() Need }); ok { // not that of a line of it
		k.Action = string(use.spec().Perm)
	}
	_, _ = rand.Read(k.Nonce) // never fails
	err = s.shop.confirmBy(c.ctx, name, c.proof.secondPw, func(proof Proof) (err error) {
		if u.TOTP && !u.Activate {
			secret, err := s.shop.keys.Verify(c.ctx, name, proof)
			s.shop.stays() // an owner who approves is not the one who is here
			if err != nil {
				return err
			}
			if strings.TrimSpace(c.proof.secondCode) == "" {
				return fault.New("app.gate", fault.NeedsStep, "gate.second-code", fault.Pairs("name", u.Name))
			}
			if step, err = secret.Check(c.proof.secondCode, c.x.Now, u.TOTPStep); err != nil {
				return err
			}
		}
		k.Key, k.Sig, err = s.shop.keys.Sign(c.ctx, name, proof, k.Message())
		return err
	})
	return k, step, err
}

// spendStep writes down that the approver's code was used: each is good once.
func (x *Exec) spendStep() error {
	if x.codeStep == 0 {
		return nil
	}
	u, err := x.Tx.UserByName(x.approver)
	if err != nil {
		return err
	}
	if u.TOTPStep >= x.codeStep {
		return fault.New("app.gate", fault.WrongKey, "totp.used", nil)
	}
	u.TOTPStep, x.codeStep = x.codeStep, 0
	_, err = x.Tx.SaveUser(u)
	return err
}

// settled refuses the approval of somebody who would not get further than the
// door: with a one-time code, an expired password, or without the second factor
// the rules want. Denied "gate.approver-pending", "signin.code-over".
func (sh *Shop) settled(ctx context.Context, u User, now time.Time) error {
	return sh.store.Read(ctx, func(tx Tx) error {
		pol, err := readPolicy(tx)
		if err != nil {
			return err
		}
		p, err := pendingOf(tx, u, pol, now)
		if err == nil && p != NothingPending {
			err = fault.New("app.gate", fault.Denied, "gate.approver-pending", fault.Pairs("name", u.Name))
		}
		return err
	})
}

// typed wants the number of what the action is done to, typed once more. What
// has no number wants the password instead.
func (s *Session) typed(c confirmation, p access.Permission) error {
	n, ok := c.x.use.(interface {
		number(s *Session, tx Tx) (string, error)
	})
	if !ok {
		return s.stepUp(c, p)
	}
	var number string
	read := func(tx Tx) (err error) { number, err = n.number(s, tx); return err }
	err := error(nil)
	if c.x.Tx != nil {
		err = read(c.x.Tx)
	} else {
		err = s.shop.store.Read(c.ctx, read)
	}
	switch {
	case err != nil:
		return err
	case number == "":
		return s.stepUp(c, p)
	case c.proof.typed == "":
		return fault.New("app.gate", fault.NeedsStep, "gate.type", fault.Pairs("number", number))
	case !strings.EqualFold(strings.TrimSpace(c.proof.typed), number):
		return fault.New("app.gate", fault.WrongKey, "gate.type-wrong", fault.Pairs("number", number))
	}
	return nil
}

func (c Reverse) number(s *Session, tx Tx) (string, error)     { return s.numberIn(tx, c.ID) }
func (c EndOrder) number(s *Session, tx Tx) (string, error)    { return s.numberIn(tx, c.ID) }
func (c ReopenOrder) number(s *Session, tx Tx) (string, error) { return s.numberIn(tx, c.ID) }
func (c DropDraft) number(s *Session, tx Tx) (string, error)   { return s.numberIn(tx, c.ID) }

func (c ReopenMonth) number(*Session, Tx) (string, error) { return fmt.Sprint(c.Month), nil }
func (c CloseMonth) number(*Session, Tx) (string, error)  { return fmt.Sprint(c.Month), nil }
func (c ReopenDay) number(*Session, Tx) (string, error)   { return c.Date.String(), nil }

// numberIn gives the number of a document this person may see.
func (s *Session) numberIn(tx Tx, id string) (string, error) {
	d, err := tx.Document(id)
	if err != nil {
		return "", err
	}
	k := mustSpec(d.Kind)
	if !s.has(viewRight(k), placed(k, d, access.Object{Mine: d.CreatedBy == s.user.ID})) {
		return "", outOfSight("app.gate", "doc.unknown", viewRight(k))
	}
	return d.Number, nil
}

func useName(use any) string { return reflect.TypeOf(use).Name() }

// secretFields are parameters that nothing may be derived from that is kept.
var secretFields = map[string]bool{"Password": true, "Old": true, "New": true, "Code": true, "File": true}

// paramsDigest is the SHA-256 over the fields of a use case as JSON, by name.
func paramsDigest(use any) []byte {
	v := reflect.ValueOf(use)
	h := sha256.New()
	e := json.NewEncoder(h)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Type.Kind() == reflect.Func || secretFields[f.Name] && f.Type.Kind() != reflect.Struct {
			continue
		}
		if err := e.Encode([]any{f.Name, v.Field(i).Interface()}); err != nil {
			_ = e.Encode([]any{f.Name, fmt.Sprintf("%+v", v.Field(i).Interface())})
		}
	}
	return h.Sum(nil)
}
