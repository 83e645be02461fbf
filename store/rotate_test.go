package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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

// content is all a shop holds but what a rotation itself writes: the key of the
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
		for _, q := range []string{`SELECT key || '=' || value FROM setting WHERE key <> '` + settingLogKey + `' ORDER BY key`,
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
	o, err := testVault().Recover(bg, sh.dir, strings.Join(sh.code.Groups, "-"), "新的 密码 2027 年")
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
	if err := n.keys.Check(bg, "二老板", "二老板的密码 123"); err != nil {
		t.Fatal(err)
	}
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

// TestKilledWhileRotating kills a child at every step: exactly one of the files
// opens, under the keyring that is there, with equal content.
func TestKilledWhileRotating(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("kill -9 is not a thing of Windows")
	}
	base := staffed(t)
	seq, want := head(t, base.s), content(t, base.s.file(), head(t, base.s))
	oldKey := base.keys.Raw()
	_ = base.s.Close()
	for n, at := range rotateSteps {
		t.Run(at, func(t *testing.T) {
			sh := *base
			sh.t, sh.dir = t, filepath.Join(t.TempDir(), "shop")
			copyDir(t, base.dir, sh.dir)
			cmd := exec.Command(os.Args[0], "-test.run=^TestChildRotates$")
			cmd.Env = append(os.Environ(), "STORE_TEST_ROTATE="+sh.dir, "STORE_TEST_KILL="+at)
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != -1 { // ended by a signal
				t.Fatalf("the child was to be killed: %v\n%s", err, out)
			}
			flipped := n >= slices.Index(rotateSteps, "flipped")
			for _, who := range [][2]string{{"老板", ownerPassword}, {"小李", "小李的密码 123"}} {
				o := sh.reopened(who[0], who[1])
				if (o.keys.Raw() != oldKey) != flipped {
					t.Errorf("%s: flipped %v", who[0], o.keys.Raw() != oldKey)
				}
				if content(t, o.s.file(), seq) != want {
					t.Errorf("%s: the content changed", who[0])
				}
				if got := head(t, o.s); got != seq && !flipped || got != seq+1 && flipped {
					t.Errorf("log head %d after %d", got, seq)
				}
				chained(t, o.s)
				o.sound()
				if bad, err := o.s.CheckFile(bg, nil); err != nil || len(bad) > 0 {
					t.Error(bad, err)
				}
				exactlyOne(t, o, flipped)
				_ = o.s.Close()
			}
			// And it can be done again.
			o := sh.reopened("老板", ownerPassword)
			if err := o.s.Rotate(bg, nil, nil); err != nil {
				t.Error(err)
			}
			if gone, err := o.s.DropOld(); !gone || err != nil {
				t.Error(gone, err)
			}
			_ = o.s.Close()
			if left := generations(sh.dir); len(left) != 1 {
				t.Error("left:", left)
			}
		})
	}
}

// exactlyOne holds a folder to one shop: of its files one opens with the
// present key, ".prev" is of the present key, and no file is there that no
// keyring is for.
func exactlyOne(t *testing.T, o *shop, flipped bool) {
	t.Helper()
	key, err := hex.DecodeString(o.keys.Raw())
	if err != nil {
		t.Fatal(err)
	}
	current := filepath.Base(o.s.file().Path())
	files := generations(o.dir)
	if flipped && len(files) != 2 || !flipped && len(files) != 1 {
		t.Errorf("flipped %v: %v", flipped, files)
	}
	for _, f := range files {
		// Not through SQLite: the shop is open. The first page's MAC tells.
		raw := readOutside(t, filepath.Join(o.dir, f))
		ok := cipherdb.NewPageKey([32]byte(key), [16]byte(raw[:16])).Verify(raw[:cipherdb.PageSize], 1)
		if ok != (f == current) {
			t.Errorf("%s opens %v, the shop is %s", f, ok, current)
		}
	}
	if prev, err := keyring.Open(filepath.Join(o.dir, KeyringName+".prev")); err == nil && prev.KeyID() != o.s.keys.ring.KeyID() {
		t.Error("the keyring before is of another key")
	}
	if rest, _ := filepath.Glob(filepath.Join(o.dir, "*.tmp")); len(rest) > 0 && flipped {
		t.Error(rest)
	}
}

// readOutside reads a file that SQLite may have open without opening it in this
// process.
func readOutside(t *testing.T, path string) []byte {
	t.Helper()
	b, err := exec.Command("cat", path).Output()
	if err != nil || len(b) < cipherdb.PageSize {
		t.Fatal(err)
	}
	return b
}

func copyDir(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(to, 0o700); err != nil {
		t.Fatal(err)
	}
	es, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		in, err := os.Open(filepath.Join(from, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out, err := os.OpenFile(filepath.Join(to, e.Name()), os.O_WRONLY|os.O_CREATE, 0o600)
		if err == nil {
			_, err = io.Copy(out, in)
		}
		if err := errors.Join(err, in.Close(), out.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestChildRotates(t *testing.T) {
	dir, at := os.Getenv("STORE_TEST_ROTATE"), os.Getenv("STORE_TEST_KILL")
	if dir == "" {
		t.Skip("runs as a child of TestKilledWhileRotating")
	}
	o, err := testVault().Unlock(bg, dir, "老板", ownerPassword)
	if err != nil {
		t.Fatal(err)
	}
	rotateStep = func(name string) error {
		if name == at {
			me, _ := os.FindProcess(os.Getpid())
			_ = me.Kill()
			select {} // it takes a moment
		}
		return nil
	}
	sh := &shop{t: t, s: o.Store.(*Store)}
	fmt.Println("not killed:", sh.s.Rotate(bg, note(sh), nil))
}
