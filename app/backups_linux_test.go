package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tiezhang/app"
	"tiezhang/app/fault"
)

// smallDisk mounts a disk of its own; only root may.
func smallDisk(t *testing.T, mib string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+mib+"m"); err != nil {
		t.Skip("a file system of its own cannot be mounted here:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill leaves nothing free.
func fillDisk(t *testing.T, dir string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "照片.raw"))
	noErr(t, err)
	defer f.Close()
	for n := 1 << 20; n > 0; {
		if _, err := f.Write(make([]byte, n)); errors.Is(err, syscall.ENOSPC) {
			n /= 16
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestStickIsFull(t *testing.T) {
	k := newKeeper(t, 1)
	k.usb = filepath.Join(smallDisk(t, "96"), "备份")
	old := k.backup()
	before, err := os.ReadFile(old.Path)
	noErr(t, err)
	code := app.Opener{Code: k.code}
	whole := func() {
		t.Helper()
		now, err := os.ReadFile(old.Path)
		if err != nil || string(now) != string(before) {
			t.Error("the older backup changed", err)
		}
		for _, n := range listed(t, k.usb) {
			if strings.HasSuffix(n, ".part") {
				t.Error("left over:", n)
			}
		}
		k.post("FULL-" + t.Name() + string(rune('A'+len(listed(t, k.usb))))) // selling goes on
	}
	// It fills up while the backup is being written.
	filled := false
	_, err = app.Run(t.Context(), k.s, app.BackupNow{Folder: k.usb, Progress: func(string, int64, int64) {
		if !filled {
			filled = true
			fillDisk(t, filepath.Dir(k.usb))
		}
	}})
	wantKey(t, err, fault.NoSpace, "backup.disk.full")
	whole()
	// It is full before; the message tells how much is missing.
	_, err = app.Run(t.Context(), k.s, app.BackupNow{Folder: k.usb})
	wantKey(t, err, fault.NoSpace, "backup.disk.needSpace")
	if r, err := k.host.VerifyBackup(t.Context(), old.Path, &code, nil); err != nil || !r.Genuine {
		t.Error(err)
	}
	// Nor is there room to restore to; nothing is left there.
	small := smallDisk(t, "1")
	_, err = k.host.RestoreBackup(t.Context(), old.Path, filepath.Join(small, "铺子"), code, nil)
	wantKey(t, err, fault.NoSpace, "")
	if n := listed(t, small); len(n) != 0 {
		t.Error("left over:", n)
	}
	// With room again, the next backup is whole.
	noErr(t, os.Remove(filepath.Join(filepath.Dir(k.usb), "照片.raw")))
	if b := k.backup(); b.Documents < 1 {
		t.Error(b)
	}
}

func TestStickIsWriteProtected(t *testing.T) {
	k := newKeeper(t, 0)
	disk := smallDisk(t, "96")
	k.usb = filepath.Join(disk, "备份")
	b := k.backup()
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip("cannot be remounted:", err)
	}
	_, err := app.Run(t.Context(), k.s, app.BackupNow{Folder: k.usb})
	wantKey(t, err, fault.ReadOnly, "backup.disk.readOnly")
	_, err = app.Run(t.Context(), k.s, app.BackupNow{Folder: filepath.Join(disk, "新")})
	wantKey(t, err, fault.ReadOnly, "backup.folder-make")
	k.post("A-1")
	_, err = k.s.Shop().BackupAtExit(context.Background(), nil)
	wantKey(t, err, fault.ReadOnly, "")
	// Restoring from it works.
	if _, err := k.host.RestoreBackup(t.Context(), b.Path, filepath.Join(k.root, "r"), app.Opener{Code: k.code}, nil); err != nil {
		t.Error(err)
	}
	_, err = k.host.RestoreBackup(t.Context(), b.Path, filepath.Join(disk, "r"), app.Opener{Code: k.code}, nil)
	wantKey(t, err, fault.ReadOnly, "")
}
