package store

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"tiezhang/store/cipherdb"
	"tiezhang/store/keyring"
)

// TestKilledWhileRotating kills a child at every step: exactly one of the files
// opens, under the keyring that is there, with equal content.
func TestKilledWhileRotating(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("kill -9 is not a thing of Windows")
	}
	for _, rotated := range []int{0, 2} {
		if rotated > 0 && testing.Short() {
			break
		}
		base := staffed(t)
		for range rotated { // the second leaves the file of the first behind, and that of two keys ago
			if err := base.s.Rotate(bg, nil, nil); err != nil {
				t.Fatal(err)
			}
		}
		killedWhileRotating(t, base, fmt.Sprint("after ", rotated, " before: "), rotated > 0)
	}
}

func killedWhileRotating(t *testing.T, base *shop, name string, kept bool) {
	seq, want := head(t, base.s), content(t, base.s.file(), head(t, base.s))
	oldKey := base.keys.Raw()
	_ = base.s.Close()
	for n, at := range rotateSteps {
		if kept && n < slices.Index(rotateSteps, "entered") {
			continue // before that the files of earlier keys are not looked at
		}
		t.Run(name+at, func(t *testing.T) {
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
				// The copy of two keys ago goes when the last one takes its place.
				exactlyOne(t, o, flipped || kept && n < slices.Index(rotateSteps, "old-kept"))
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
func exactlyOne(t *testing.T, o *shop, two bool) {
	t.Helper()
	key, err := hex.DecodeString(o.keys.Raw())
	if err != nil {
		t.Fatal(err)
	}
	current := filepath.Base(o.s.file().Path())
	files := generations(o.dir)
	if two && len(files) != 2 || !two && len(files) != 1 {
		t.Errorf("two %v: %v", two, files)
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
	if rest, _ := filepath.Glob(filepath.Join(o.dir, "*"+spareMark)); len(rest) > 0 {
		t.Error("marks left:", rest)
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
