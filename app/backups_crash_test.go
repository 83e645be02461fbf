package app_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
)

const (
	crashDir  = "TIEZHANG_TEST_CRASH_DIR"
	crashUSB  = "TIEZHANG_TEST_CRASH_USB"
	crashCall = "TIEZHANG_TEST_CRASH_AT"
)

// TestCrashChild is the victim: it backs up and kills itself, as kill -9 would,
// at the n-th progress call.
func TestCrashChild(t *testing.T) {
	dir, at := os.Getenv(crashDir), os.Getenv(crashCall)
	if dir == "" {
		t.Skip("only runs inside TestKilledWhileBackingUp")
	}
	left, err := strconv.Atoi(at)
	noErr(t, err)
	s, err := keeperHost(&keeperClock{at: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}).Open(t.Context(), dir, keeperOwner, keeperPassword)
	noErr(t, err)
	_, err = app.Run(t.Context(), s, app.BackupNow{Folder: os.Getenv(crashUSB), Progress: func(string, int64, int64) {
		if left--; left == 0 {
			p, _ := os.FindProcess(os.Getpid())
			_ = p.Kill()
			select {}
		}
	}})
	noErr(t, err)
	noErr(t, s.Shop().Close(t.Context()))
}

func TestKilledWhileBackingUp(t *testing.T) {
	k := newKeeper(t, 1)
	old := k.backup()
	oldBytes, err := os.ReadFile(old.Path)
	noErr(t, err)
	k.shut()
	killed, whole := 0, 0
	code := app.Opener{Code: k.code}
	for at := 1; whole == 0; at += 2 {
		if at > 60 {
			t.Fatal("a backup never ends")
		}
		c := exec.Command(os.Args[0], "-test.run=^TestCrashChild$", "-test.count=1")
		c.Env = append(os.Environ(), crashDir+"="+k.dir, crashUSB+"="+k.usb, crashCall+"="+strconv.Itoa(at))
		out, err := c.CombinedOutput()
		if err == nil {
			whole++
		} else {
			killed++
			if bytes.Contains(out, []byte("FAIL")) {
				t.Fatalf("it did not die, it failed:\n%s", out)
			}
		}
		now, err := os.ReadFile(old.Path)
		if err != nil || !bytes.Equal(now, oldBytes) {
			t.Fatal("the older backup changed", at, err)
		}
		kept, err := app.RestorePoints(k.usb)
		noErr(t, err)
		for _, b := range kept {
			if r, err := k.host.VerifyBackup(t.Context(), b.Path, &code, nil); err != nil || !r.Genuine {
				t.Fatal("killed at", at, "and", b.Name, "is not whole:", err)
			}
		}
	}
	if killed < 3 {
		t.Fatal("killed only", killed, "times: the sweep is not real")
	}
	k.open()
	defer k.shut()
	readBooks(t, k.s)
	b := k.backup()
	for _, n := range listed(t, k.usb) {
		if strings.HasSuffix(n, ".part") {
			t.Error("left over:", n)
		}
	}
	if _, err := k.host.TryRestore(t.Context(), b.Path, k.root, code, nil); err != nil {
		t.Error(err)
	}
	if _, err := k.host.RestoreBackup(t.Context(), old.Path, filepath.Join(k.root, "old"), code, nil); err != nil {
		t.Error(err)
	}
}
