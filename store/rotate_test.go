package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
	"tiezhang/store/cipherdb"
	"tiezhang/store/keyring"
)

// content is all a shop holds but what a rotation itself writes (what is remembered of
// the keyring too): the key of the
// log's chain, and the entries after a number.
func content(t testing.TB, db *cipherdb.DB, upTo int64) string {
	t.Helper()
	h := sha256.New()
	err := db.Read(bg, func(x *sql.Tx) error {
		sums, err := sumTables(bg, x, nil)
		if err != nil {
			return err
		}
		for _, s := range sums {
			if s.name != "setting" && s.name != "oplog" {
				fmt.Fprintf(h, "%s %d %x\n", s.name, s.rows, s.sum)
			}
		}
		for _, q := range []string{`SELECT key || '=' || value FROM setting WHERE key NOT IN ('` + settingLogKey + `', '` + settingRing + `') ORDER BY key`,
			fmt.Sprintf(`SELECT hex(hash) || bytes FROM oplog WHERE seq <= %d ORDER BY seq`, upTo)} {
			rows, err := x.QueryContext(bg, q)
			if err != nil {
				return err
			}
			for rows.Next() {
				var s string
				if err := rows.Scan(&s); err != nil {
					return err
				}
				fmt.Fprintln(h, s)
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func head(t testing.TB, s *Store) (seq int64) {
	t.Helper()
	err := s.Read(bg, func(x app.Tx) (err error) {
		seq, _, err = x.LogHead()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// chained checks the whole log with the key the store gives.
func chained(t testing.TB, s *Store) {
	t.Helper()
	err := s.Read(bg, func(x app.Tx) error {
		es, err := x.LogEntries(1, 0)
		if err != nil {
			return err
		}
		chain := oplog.NewChain(s.LogKey(), 1, oplog.Zero)
		for _, e := range es {
			if b := chain.Check(e); b != nil {
				return fmt.Errorf("entry %d: %s", b.Seq, b.What)
			}
		}
		return nil
	})
	if err != nil {
		t.Error("log:", err)
	}
}

// staffed is a traded shop with a clerk and a second owner.
func staffed(t *testing.T) *shop {
	sh := tradedShop(t)
	for _, n := range []string{"小李", "二老板"} {
		if err := sh.keys.AddUser(bg, n, n+"的密码 123"); err != nil {
			t.Fatal(err)
		}
		sh.write(func(x app.Tx) error { _, err := x.SaveUser(app.User{Name: n, Role: access.Cashier}); return err })
	}
	if err := sh.keys.SetOwner(bg, "二老板", true); err != nil {
		t.Fatal(err)
	}
	return sh
}

// reopened opens a closed shop for a person.
func (sh *shop) reopened(user, password string) *shop {
	sh.t.Helper()
	o, err := testVault().Unlock(bg, sh.dir, user, password)
	if err != nil {
		sh.t.Fatalf("%s: %v", user, err)
	}
	n := *sh
	n.s, n.keys = o.Store.(*Store), o.Keys
	return &n
}

func note(sh *shop) func(app.Tx) error {
	return func(x app.Tx) error { return logOne(sh.s, x, "keys.rotated") }
}

func TestRotate(t *testing.T) {
	sh := staffed(t)
	before, seq, oldKey, logKey := content(t, sh.s.file(), head(t, sh.s)), head(t, sh.s), sh.keys.Raw(), sh.s.LogKey()
	var stages []string
	err := sh.s.Rotate(bg, note(sh), func(stage string, done, total int64) {
		if !slices.Contains(stages, stage) {
			stages = append(stages, stage)
		}
		if done < 0 || done > total {
			t.Errorf("%s: %d of %d", stage, done, total)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(stages, []string{"rotate.stage.copy", "rotate.stage.compare", "rotate.stage.flip"}) {
		t.Error(stages)
	}
	if sh.keys.Raw() == oldKey {
		t.Error("the key is the old one")
	}
	if got := content(t, sh.s.file(), seq); got != before {
		t.Error("the content changed")
	}
	if head(t, sh.s) != seq+1 || !bytes.Equal(sh.s.LogKey(), logKey) {
		t.Error("the log did not go on")
	}
	chained(t, sh.s)
	// The session goes on: posting, keys, a backup's image.
	sh.post(sh.draft(doc.GoodsReceipt, d1, row(sh.items[0], 3, 2)))
	if err := sh.keys.Check(bg, "小李", "小李的密码 123"); err != nil {
		t.Error(err)
	}
	if err := sh.keys.AddUser(bg, "小王", "小王的密码 123"); err != nil {
		t.Error(err)
	}
	sh.sound()
	if bad, err := sh.s.CheckFile(bg, nil); err != nil || len(bad) > 0 {
		t.Error(bad, err)
	}
	after := content(t, sh.s.file(), head(t, sh.s))
	now := sh.keys.Raw()
	_ = sh.s.Close()
	for _, who := range []string{"老板", "小李", "二老板", "小王"} {
		pw := who + "的密码 123"
		if who == "老板" {
			pw = ownerPassword
		}
		n := sh.reopened(who, pw)
		if n.keys.Raw() != now || content(t, n.s.file(), head(t, n.s)) != after {
			t.Errorf("%s opens another shop", who)
		}
		chained(t, n.s)
		_ = n.s.Close()
	}
	o, err := testVault().Recover(bg, sh.dir, strings.Join(sh.code.Groups, "-"))
	if err != nil {
		t.Fatal("the recovery kit:", err)
	}
	// The old generation stays until it is said that a backup was verified.
	if _, err := os.Stat(filepath.Join(sh.dir, DBName)); err != nil {
		t.Error(err)
	}
	if gone, err := o.Store.DropOld(); !gone || err != nil {
		t.Error(gone, err)
	}
	if gone, err := o.Store.DropOld(); gone || err != nil {
		t.Error("twice:", gone, err)
	}
	_ = o.Store.Close()
	if left := generations(sh.dir); len(left) != 1 || !isGeneration(left[0]) {
		t.Error(left)
	}
	if _, err := os.Stat(filepath.Join(sh.dir, oldKeyring)); err == nil {
		t.Error("the old keyring is still there")
	}
}

// Rotating again and again, with and without a backup between, leaves one file
// and at most one before it.
func TestRotateAgain(t *testing.T) {
	sh := staffed(t)
	want := content(t, sh.s.file(), head(t, sh.s))
	seq := head(t, sh.s)
	seen := map[string]bool{sh.keys.Raw(): true}
	for i := range 4 {
		if err := sh.s.Rotate(bg, nil, nil); err != nil {
			t.Fatal(err)
		}
		if seen[sh.keys.Raw()] {
			t.Fatal("a key came back")
		}
		seen[sh.keys.Raw()] = true
		if n := generations(sh.dir); len(n) != 2 {
			t.Errorf("%d: %v", i, n)
		}
		if i == 1 {
			if gone, err := sh.s.DropOld(); !gone || err != nil {
				t.Error(gone, err)
			}
			if n := generations(sh.dir); len(n) != 1 {
				t.Error(n)
			}
		}
	}
	_ = sh.s.Close()
	n := sh.reopened("老板", ownerPassword)
	if content(t, n.s.file(), seq) != want {
		t.Error("the content changed")
	}
	chained(t, n.s)
	_ = n.s.Close()
}

// A rotation that is refused, canceled or fails leaves the shop as it was.
func TestRotateFails(t *testing.T) {
	sh := staffed(t)
	want, seq, key := content(t, sh.s.file(), head(t, sh.s)), head(t, sh.s), sh.keys.Raw()
	as := func(what string) {
		t.Helper()
		if sh.keys.Raw() != key || content(t, sh.s.file(), seq) != want || head(t, sh.s) != seq {
			t.Errorf("%s changed the shop", what)
		}
		if n := generations(sh.dir); len(n) != 1 {
			t.Errorf("%s left %v", what, n)
		}
		if _, err := os.Stat(filepath.Join(sh.dir, oldKeyring)); err == nil {
			t.Errorf("%s left the old keyring", what)
		}
	}
	own := errors.New("no")
	if err := sh.s.Rotate(bg, func(app.Tx) error { return own }, nil); !errors.Is(err, own) {
		t.Error(err)
	}
	as("a use case that failed")
	ctx, cancel := context.WithCancel(bg)
	cancel()
	if err := sh.s.Rotate(ctx, nil, nil); fault.KindOf(err) != fault.Canceled {
		t.Error(err)
	}
	as("a canceled one")
	defer func() { rotateStep = func(string) error { return nil } }()
	for _, at := range []string{"begun", "copied", "compared", "entered", "old-kept", "keyring"} {
		rotateStep = func(name string) error {
			if name == at {
				return own
			}
			return nil
		}
		if err := sh.s.Rotate(bg, nil, nil); !errors.Is(err, own) {
			t.Errorf("%s: %v", at, err)
		}
		as("failing at " + at)
		if _, err := os.Stat(filepath.Join(sh.dir, KeyringName+".prev")); err != nil {
			t.Errorf("%s: the keyring lost the copy before it: %v", at, err)
		}
	}
	rotateStep = func(string) error { return nil }
	// A clerk opened the shop: no owner is there to seal the new key to anybody.
	_ = sh.s.Close()
	n := sh.reopened("小李", "小李的密码 123")
	wantFault(t, n.s.Rotate(bg, nil, nil), fault.Denied, "keyring.owner-only")
	if _, err := n.keys.Verify(bg, "二老板", app.Proof{Password: "二老板的密码 123"}); err != nil {
		t.Fatal(err)
	}
	n.keys.Present("二老板")
	if err := n.s.Rotate(bg, nil, nil); err != nil { // the second owner can
		t.Error(err)
	}
	_ = n.s.Close()
}

// People go on working while the key is changed: nothing they were told was
// written is lost, no reader sees half a state, and keys changed meanwhile count.
func TestWorkWhileRotating(t *testing.T) {
	sh := staffed(t)
	var stop atomic.Bool
	var wg sync.WaitGroup
	var acked [3]int
	for w := range acked {
		wg.Go(func() {
			for i := 1; !stop.Load(); i++ {
				err := sh.s.Write(bg, func(x app.Tx) error {
					for _, k := range []string{"a", "b"} {
						if err := x.SetSetting(fmt.Sprintf("w%d%s", w, k), fmt.Sprint(i)); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
					return
				}
				acked[w] = i
			}
		})
	}
	wg.Go(func() {
		for !stop.Load() {
			err := sh.s.Read(bg, func(x app.Tx) error {
				a, _ := x.Setting("w0a")
				b, err := x.Setting("w0b")
				if a != b {
					t.Errorf("half a transaction: %s %s", a, b)
				}
				return err
			})
			if err != nil {
				t.Error("reader:", err)
				return
			}
		}
	})
	if err := sh.s.Rotate(bg, nil, func(stage string, done, total int64) {
		if stage == "rotate.stage.flip" && done == 0 {
			if err := sh.keys.SetPassword(bg, "小李", "小李的密码 123", "换过的密码 456"); err != nil {
				t.Error(err)
			}
		}
	}); err != nil {
		t.Error(err)
	}
	stop.Store(true)
	wg.Wait()
	_ = sh.s.Close()
	n := sh.reopened("小李", "换过的密码 456")
	n.read(func(x app.Tx) error {
		for w, want := range acked {
			if got, err := x.Setting(fmt.Sprintf("w%da", w)); err != nil || got != fmt.Sprint(want) {
				t.Errorf("writer %d was told %d, the shop has %s %v", w, want, got, err)
			}
		}
		return nil
	})
	_ = n.s.Close()
}

// Closing the shop ends a rotation; the shop is then the old one or the new.
func TestCloseWhileRotating(t *testing.T) {
	for _, at := range []string{"begun", "copied", "entered", "done"} {
		sh := staffed(t)
		want, seq := content(t, sh.s.file(), head(t, sh.s)), head(t, sh.s)
		closing := make(chan error, 1)
		rotateStep = func(name string) error {
			if name == at {
				go func() { closing <- sh.s.Close() }()
			}
			return nil
		}
		err := sh.s.Rotate(bg, nil, nil)
		rotateStep = func(string) error { return nil }
		if err != nil && fault.KindOf(err) != fault.Canceled {
			t.Errorf("%s: %v", at, err)
		}
		if err := <-closing; err != nil {
			t.Errorf("%s: %v", at, err)
		}
		wantFault(t, sh.s.Rotate(bg, nil, nil), fault.Closed, "cipherdb.closed")
		n := sh.reopened("老板", ownerPassword)
		if content(t, n.s.file(), seq) != want {
			t.Errorf("%s: the content changed", at)
		}
		_ = n.s.Close()
	}
}

// An old keyring is put back beside newer data: the data is not touched, and
// what to do is said.
func TestOldKeyringPutBack(t *testing.T) {
	sh := staffed(t)
	path := filepath.Join(sh.dir, KeyringName)
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := sh.s.Rotate(bg, nil, nil); err != nil {
		t.Fatal(err)
	}
	sh.write(func(x app.Tx) error { return x.SetSetting("after", "yes") })
	_ = sh.s.Close()
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, with := range []string{"the old file", "no old file", "no old keyring", "neither"} {
		if with == "no old file" || with == "neither" {
			_ = os.Rename(filepath.Join(sh.dir, DBName), filepath.Join(sh.dir, "away"))
		}
		if with == "no old keyring" || with == "neither" {
			_ = os.Remove(filepath.Join(sh.dir, oldKeyring))
		}
		if err := os.WriteFile(path, first, 0o600); err != nil {
			t.Fatal(err)
		}
		for range 2 { // trying again breaks nothing either
			_, err := testVault().Unlock(bg, sh.dir, "老板", ownerPassword)
			wantFault(t, err, fault.Damaged, "store.newer-generation")
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
		n := sh.reopened("老板", ownerPassword)
		n.read(func(x app.Tx) error {
			if v, err := x.Setting("after"); v != "yes" || err != nil {
				t.Errorf("%s: %q %v", with, v, err)
			}
			return nil
		})
		_ = n.s.Close()
	}
}

// The two keyrings' names change places, with the shop closed or open: nothing is
// opened as of before, and nothing removed as the data of before.
func TestKeyringsSwapped(t *testing.T) {
	sh := staffed(t)
	first, err := os.ReadFile(filepath.Join(sh.dir, KeyringName))
	if err != nil {
		t.Fatal(err)
	}
	if err := sh.s.Rotate(bg, nil, nil); err != nil {
		t.Fatal(err)
	}
	sh.write(func(x app.Tx) error { return x.SetSetting("after", "yes") })
	now, before := filepath.Join(sh.dir, KeyringName), filepath.Join(sh.dir, oldKeyring)
	current := sh.s.file().Path()
	newest, err := os.ReadFile(now)
	if err != nil {
		t.Fatal(err)
	}
	put := func(path string, b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	whole := func(step string) {
		t.Helper()
		for _, f := range []string{current, filepath.Join(sh.dir, DBName), now, before} {
			if _, err := os.Stat(f); err != nil {
				t.Errorf("%s: %v", step, err)
			}
		}
	}
	_ = sh.s.Close()
	put(now, first)
	put(now+keyring.Copy, first)
	put(before, newest)
	for range 2 {
		_, err := testVault().Unlock(bg, sh.dir, "老板", ownerPassword)
		wantFault(t, err, fault.Damaged, "store.keyrings-swapped")
		whole("closed")
	}
	// An open shop goes by the ring it has in memory: that of another key in its
	// place beside it is not taken for the one before.
	put(now, newest)
	put(before, first)
	n := sh.reopened("老板", ownerPassword)
	next, _, err := n.keys.(*keys).ring.Rotated(n.keys.(*keys).owner(), keyring.NewNextKey())
	if err != nil {
		t.Fatal(err)
	}
	put(before, next.Bytes())
	_, err = n.s.DropOld()
	wantFault(t, err, fault.Damaged, "store.keyrings-swapped")
	wantFault(t, n.s.Rotate(bg, nil, nil), fault.Damaged, "store.keyrings-swapped")
	if !n.s.OldKept() {
		t.Error("nobody is told")
	}
	whole("open")
	put(before, first)
	if gone, err := n.s.DropOld(); !gone || err != nil {
		t.Error("names put back:", gone, err)
	}
	n.read(func(x app.Tx) error {
		if v, err := x.Setting("after"); v != "yes" || err != nil {
			t.Errorf("%q %v", v, err)
		}
		return nil
	})
	_ = n.s.Close()
}
