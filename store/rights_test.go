package store

import (
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/day"
	"tiezhang/app/fault"
)

// TestRightsStayAsWritten: what was lent, printed and used cannot be made more of
// by whoever reaches the tables themselves. This is the second lock; the gate is
// the first.
func TestRightsStayAsWritten(t *testing.T) {
	sh := newShop(t, 1)
	hash := [32]byte{7}
	d, err := day.Parse("2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	sh.write(func(x app.Tx) error {
		us, err := x.Users()
		if err != nil {
			return err
		}
		u := us[0].ID
		l := app.Lent{User: u, By: u, Actions: []access.Permission{access.MoneyView}, Reason: "r", At: 1000, Until: 2000, Uses: 2, Seq: 1}
		if l.ID, err = x.SaveLent(l); err != nil {
			return err
		}
		if err := x.UseLent(l.ID); err != nil {
			return err
		}
		s := app.CodeSheet{By: u, At: 1000, Until: 2000, Seq: 1, Salt: [16]byte{1}}
		if _, err := x.SaveCodeSheet(s, [][32]byte{hash, {8}}); err != nil {
			return err
		}
		c, ok, err := x.FindCode(hash)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if err := x.UseCode(c.ID, u, 1500, 3); err != nil {
			return err
		}
		if err := x.UseCode(c.ID, u, 1600, 4); fault.KeyOf(err) != "gate.code-used" {
			t.Errorf("a code was used twice: %v", err)
		}
		return x.AddRation(u, d, "export", 10)
	})
	for _, q := range []string{
		`UPDATE lent SET until = until + 1`, `UPDATE lent SET actions = 'user.edit'`, `UPDATE lent SET uses = 0`, `UPDATE lent SET used = 0`, `UPDATE lent SET used = 3`,
		`UPDATE lent SET user = user`, `DELETE FROM lent`, `UPDATE lent SET ended_at = 1; UPDATE lent SET ended_at = 0`,
		`INSERT INTO lent (user, actions, own, reason, at, until, uses, by, seq) SELECT user, actions, 0, 'r', 0, 259201, 0, by, 1 FROM lent`,
		`UPDATE approval_code SET used_at = 0`, `UPDATE approval_code SET hash = randomblob(32)`, `DELETE FROM approval_code`,
		`UPDATE code_sheet SET until = until + 1`, `UPDATE code_sheet SET up_to = 1`, `DELETE FROM code_sheet`,
		`INSERT INTO code_sheet (by, at, until, actions, up_to, salt, seq) SELECT by, 0, 1209601, '', 0, salt, 1 FROM code_sheet`,
		`UPDATE ration SET used = used - 1`, `DELETE FROM ration`,
	} {
		err := sh.s.Write(bg, func(x app.Tx) error {
			for _, part := range strings.Split(q, ";") {
				if _, err := x.(*tx).exec(part); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			t.Errorf("went through: %s", q)
		}
	}
	sh.read(func(x app.Tx) error {
		ls, err := x.Lents(0, true, 1999)
		if err != nil || len(ls) != 1 || ls[0].Used != 1 {
			t.Errorf("%+v %v", ls, err)
		}
		if ls, err := x.Lents(0, true, 2000); err != nil || len(ls) != 0 {
			t.Errorf("at its end it still stands: %+v %v", ls, err)
		}
		n, err := x.Rationed(ls[0].User, d, "export")
		if n != 10 {
			t.Errorf("a ration of %d", n)
		}
		return err
	})
}
