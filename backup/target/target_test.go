package target_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/synctest"

	"tiezhang/app/fault"
	"tiezhang/backup/internal/faultfs"
	"tiezhang/backup/target"
)

var me = target.Owner{DB: [16]byte{1}, Key: [16]byte{2}, MAC: [32]byte{3}}

func want(t *testing.T, err error, key string) {
	t.Helper()
	if fault.KeyOf(err) != key || err == nil {
		t.Fatalf("want %s, got %v", key, err)
	}
}

func TestMarkerEveryByte(t *testing.T) {
	f := faultfs.New("/stick")
	m, err := target.Ensure(t.Context(), f, "/stick", me)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := target.Ensure(t.Context(), f, "/stick", me); err != nil || again != m {
		t.Fatal(again, err)
	}
	name := "/stick/" + target.MarkerName
	good := f.Get(name)
	for at := range good {
		b := bytes.Clone(good)
		b[at] ^= 1
		f.Put(name, b)
		_, err := target.Check(f, "/stick", me, m.Target)
		switch fault.KeyOf(err) {
		case "backup.target.markerDamaged", "backup.target.otherShop", "backup.target.otherTarget":
		default:
			// Only the name of the key may change: a marker of an older key is
			// believed as to whose it is.
			if got, rerr := target.ReadMarker(f, "/stick"); err != nil || rerr != nil || got.Key == m.Key || got.DB != m.DB || got.Target != m.Target {
				t.Fatalf("byte %d: %v", at, err)
			}
		}
	}
	for n := range good {
		f.Put(name, good[:n])
		_, err := target.Check(f, "/stick", me, m.Target)
		want(t, err, "backup.target.markerDamaged")
	}
}

func TestRekeyedShopKeepsItsStick(t *testing.T) {
	f := faultfs.New("/stick")
	m, err := target.Ensure(t.Context(), f, "/stick", me)
	if err != nil {
		t.Fatal(err)
	}
	later := me
	later.Key, later.MAC = [16]byte{9}, [32]byte{9}
	if _, err := target.Check(f, "/stick", later, m.Target); err != nil {
		t.Fatal(err)
	}
	wrong := me
	wrong.MAC = [32]byte{9}
	_, err = target.Check(f, "/stick", wrong, m.Target)
	want(t, err, "backup.target.markerDamaged")
}

// A first use that fails at any step leaves neither a marker nor a probe.
func TestEnsureFailsClean(t *testing.T) {
	for at := 1; ; at++ {
		f := faultfs.New("/stick")
		hit := ""
		f.Fail = func(step int, op, _ string) error {
			if step == at {
				hit = op
				return syscall.ENOSPC
			}
			return nil
		}
		_, err := target.Ensure(t.Context(), f, "/stick", me)
		f.Fail = nil
		if hit == "" {
			return
		}
		if err == nil {
			t.Fatal(hit, "not noticed")
		}
		if n := f.Names("/stick"); len(n) > 1 || len(n) == 1 && hit != "remove" && hit != "syncdir" {
			t.Fatal(hit, n)
		}
	}
}

func TestEnsureMakesNoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "没有插上")
	_, err := target.Ensure(t.Context(), target.OS{}, dir, me)
	want(t, err, "backup.target.noFolder")
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("the folder was made")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := target.Ensure(t.Context(), target.OS{}, file, me); err == nil {
		t.Fatal("a file taken for a folder")
	}
}

func TestRenameNeverReplaces(t *testing.T) {
	d := t.TempDir()
	for _, n := range []string{"a", "b"} {
		if err := target.WriteNew(target.OS{}, filepath.Join(d, n), []byte(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := (target.OS{}).Rename(filepath.Join(d, "a"), filepath.Join(d, "b")); !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(filepath.Join(d, "b")); string(b) != "b" {
		t.Fatal("replaced")
	}
	if err := target.WriteNew(target.OS{}, filepath.Join(d, "b"), []byte("x")); !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	if free, err := (target.OS{}).Free(d); err != nil || free == 0 {
		t.Fatal(free, err)
	}
}

// The stick is found wherever it is, twins are shown, strangers are not, and a
// volume that hangs costs the time limit and no more.
func TestFind(t *testing.T) {
	f := faultfs.New("/a/Tiezhang", "/b", "/c", "/d")
	for _, d := range []string{"/a/Tiezhang", "/b"} {
		if _, err := target.Ensure(t.Context(), f, d, me); err != nil {
			t.Fatal(err)
		}
	}
	other := me
	other.DB = [16]byte{7}
	if _, err := target.Ensure(t.Context(), f, "/c", other); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		h := hanging{f, make(chan struct{})}
		got := target.Find(context.Background(), h, []string{"/hang", "/a", "/b", "/c", "/d", "/nowhere"}, me.DB)
		close(h.never)
		seen := map[string]bool{}
		for _, g := range got {
			seen[filepath.ToSlash(g.Folder)] = true
		}
		if len(got) != 2 || !seen["/a/Tiezhang"] || !seen["/b"] {
			t.Fatal(got)
		}
	})
}

type hanging struct {
	*faultfs.FS
	never chan struct{}
}

func (h hanging) OpenFile(n string, fl int, m fs.FileMode) (target.File, error) {
	if filepath.Dir(n) == "/hang" {
		<-h.never
	}
	return h.FS.OpenFile(n, fl, m)
}
