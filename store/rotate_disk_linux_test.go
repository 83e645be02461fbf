package store

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"tiezhang/app"
	"tiezhang/app/fault"
)

// TestRotateOnAFullDisk: there is no room for a second file, or only for a part
// of one, or only just. Nothing is lost, nothing is left, and what is wrong is
// said; with room again it goes through.
func TestRotateOnAFullDisk(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounting a small disk needs root")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=24m"); err != nil {
		t.Skip("this machine does not let us mount: ", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	base := staffed(t)
	_ = base.s.Close()
	sh := *base
	sh.dir = filepath.Join(dir, "shop")
	copyDir(t, base.dir, sh.dir)
	at := sh.reopened("老板", ownerPassword)
	seq, want, key := head(t, at.s), content(t, at.s.file(), head(t, at.s)), at.keys.Raw()
	st, err := os.Stat(at.s.file().Path())
	if err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(dir, "ballast")
	full, through := 0, false
	for room := int64(0); room < 3*st.Size() && !through; room += st.Size()/7 + 1 {
		fill(t, dir, ballast, room)
		switch err := at.s.Rotate(bg, nil, nil); {
		case err == nil:
			through = true
		case fault.KindOf(err) != fault.NoSpace:
			t.Errorf("with room for %d: %v", room, err)
		default:
			full++
			if at.keys.Raw() != key || content(t, at.s.file(), seq) != want {
				t.Errorf("with room for %d the shop changed", room)
			}
			if n := generations(sh.dir); len(n) != 1 {
				t.Errorf("with room for %d: left %v", room, n)
			}
		}
		if !through {
			_ = at.s.Close()
			at = sh.reopened("小李", "小李的密码 123")
			if content(t, at.s.file(), seq) != want {
				t.Errorf("with room for %d the shop opens changed", room)
			}
			_ = at.s.Close()
			at = sh.reopened("老板", ownerPassword)
		}
	}
	if full < 4 || !through {
		t.Errorf("refused %d times, went through %v", full, through)
	}
	_ = os.Remove(ballast)
	if content(t, at.s.file(), seq) != want {
		t.Error("the content changed")
	}
	at.write(func(x app.Tx) error { return x.SetSetting("after", "yes") })
	_ = at.s.Close()
	_ = sh.reopened("小李", "小李的密码 123").s.Close()
}

// fill takes all of a disk but so much.
func fill(t *testing.T, dir, ballast string, room int64) {
	t.Helper()
	_ = os.Remove(ballast)
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		t.Fatal(err)
	}
	size := int64(st.Bavail)*st.Bsize - room
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 4096)
	for ; size > 0; size -= int64(len(block)) {
		if _, err := f.Write(block); err != nil {
			break
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
