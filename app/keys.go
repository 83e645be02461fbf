package app

import (
	"context"
	"encoding/json"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
)

// Settings only this file writes.
const (
	settingRotated   = "key.rotated" // Unix seconds
	settingRotateDue = "key.due"     // JSON of rotateDue; "" when nothing is due
)

// rotateEvery is how old a data key gets before a new one is called for.
const rotateEvery = 365 * 24 * time.Hour

// Why a new data key is called for.
const (
	DueLeft  = "left"  // somebody who could open the shop has left
	DueOwner = "owner" // somebody is no owner any more
	DueAge   = "age"   // the key is a year old
)

type rotateDue struct {
	Since int64  `json:"since"`
	Why   string `json:"why"`
}

// RotateKey encrypts the shop under a new data key. What anybody copied before
// opens nothing that is written afterwards. Work goes on meanwhile, and sessions
// go on after it: the Store changes files between two transactions. Backups made
// before stay good, under the passwords and the recovery kit of their day.
// Faults: those of Rotator.Rotate; Conflict "backup.running".
type RotateKey struct{ Progress Progress }

func (t RotateKey) spec() Need { return Need{Perm: access.KeyExport} }

func (t RotateKey) work(ctx context.Context, x *Exec) (struct{}, error) {
	x.Quiet() // the entry is written in the new file, before it takes over
	return struct{}{}, x.rotate(ctx, t.Progress)
}

// rotate changes the key and logs it in the very file that has the new one.
func (x *Exec) rotate(ctx context.Context, p Progress) error {
	sh := x.S.shop
	if !sh.backing.TryLock() { // a backup holds the file still
		return fault.New("app.RotateKey", fault.Conflict, "backup.running", nil)
	}
	defer sh.backing.Unlock()
	y := &Exec{S: x.S, Now: x.Now, need: Need{Perm: access.KeyExport}, approver: x.approver, consent: x.consent, code: x.code}
	return sh.store.Rotate(ctx, func(tx Tx) error {
		y.reset(tx)
		y.Object("keyring")
		y.Note("key", "rotated")
		now, err := json.Marshal(x.Now.Unix())
		if err != nil {
			return fault.Wrap("app.RotateKey", fault.Internal, "app.internal", nil, err)
		}
		if err := tx.SetSetting(settingRotated, string(now)); err != nil {
			return err
		}
		if err := tx.SetSetting(settingRotateDue, ""); err != nil {
			return err
		}
		return x.S.appendLog(y, oplog.OK, "")
	}, p)
}

// callForRotation notes that the key should be changed; the first reason stays.
func callForRotation(tx Tx, why string, now time.Time) error {
	have, err := tx.Setting(settingRotateDue)
	if err != nil || have != "" {
		return err
	}
	b, err := json.Marshal(rotateDue{Since: now.Unix(), Why: why})
	if err != nil {
		return fault.Wrap("app.RotateKey", fault.Internal, "app.internal", nil, err)
	}
	return tx.SetSetting(settingRotateDue, string(b))
}

// KeyInfo tells how the data key stands.
type KeyInfo struct {
	RotatedAt int64  // Unix seconds; of the shop's making if it was never changed
	Due       bool   // a new one is called for
	Why       string // DueLeft, DueOwner, DueAge
	Since     int64  // when it became due
	OldKept   bool   // the file under the key before is still there: the next verified backup removes it
}

// KeyState asks it.
type KeyState struct{}

func (q KeyState) spec() Need { return Need{Perm: access.UserView, Silent: true} }

func (q KeyState) ask(_ context.Context, x *Exec) (KeyInfo, error) {
	k, err := keyInfo(x)
	k.OldKept = x.S.shop.store.OldKept()
	return k, err
}

// keyInfo reads it, all but OldKept, which looks at the disk.
func keyInfo(x *Exec) (KeyInfo, error) {
	var k KeyInfo
	at, err := x.Tx.Setting(settingRotated)
	if err != nil {
		return k, err
	}
	if json.Unmarshal([]byte(at), &k.RotatedAt) != nil { // never: as old as the log
		first, err := x.Tx.LogEntries(1, 1)
		if err != nil {
			return k, err
		}
		if len(first) == 1 {
			if e, err := oplog.Open(first[0]); err == nil {
				k.RotatedAt = e.Time / 1000
			}
		}
	}
	due, err := x.Tx.Setting(settingRotateDue)
	if err != nil {
		return k, err
	}
	var d rotateDue
	if over := time.Unix(k.RotatedAt, 0).Add(rotateEvery); due != "" && json.Unmarshal([]byte(due), &d) == nil {
		k.Due, k.Why, k.Since = true, d.Why, d.Since
	} else if k.RotatedAt > 0 && x.Now.After(over) {
		k.Due, k.Why, k.Since = true, DueAge, over.Unix()
	}
	return k, nil
}
