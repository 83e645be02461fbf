package app_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/backup/target"
)

func TestBackupDue(t *testing.T) {
	const day = 24 * time.Hour
	k := newKeeper(t, 0)
	want := func(what string, level app.DueLevel, days, documents int, changed bool) {
		t.Helper()
		if d := k.due(); d.Level != level || d.Days != days || d.Documents != documents || d.Changed != changed {
			t.Errorf("%s: %+v", what, d)
		}
	}
	want("a new shop", app.DueNot, 0, 0, true)
	k.post("A-1")
	want("never backed up", app.DueYellow, 0, 1, true)
	k.now.add(7 * day)
	want("never, for a week", app.DueRed, 7, 1, true)
	k.backup()
	want("just done", app.DueNot, 0, 0, false)
	if d := k.due(); d.Last.Documents != 1 || d.Last.Folder != k.usb || d.Last.At != k.now.Now().Unix() {
		t.Errorf("%+v", d.Last)
	}
	k.now.add(20 * day)
	if _, err := app.Run(t.Context(), k.s, app.VerifyShop{}); err != nil {
		t.Fatal(err)
	}
	k.shut()
	k.open()
	want("on holiday, only looked at", app.DueNot, 20, 0, false)
	k.backup()
	k.post("A-2")
	k.now.add(3*day - time.Second)
	want("almost three days", app.DueNot, 2, 1, true)
	k.now.add(time.Second)
	want("three days", app.DueYellow, 3, 1, true)
	k.now.add(4*day - time.Second)
	want("almost seven", app.DueYellow, 6, 1, true)
	k.now.add(time.Second)
	want("seven", app.DueRed, 7, 1, true)
	k.now.add(-30 * day)
	want("the clock was set back", app.DueYellow, 0, 1, true)
}

func TestBackupAtExit(t *testing.T) {
	k := newKeeper(t, 0)
	exit := func(ctx context.Context) (app.Kept, error) { return k.s.Shop().BackupAtExit(ctx, nil) }
	nothing := func(why string) {
		t.Helper()
		if b, err := exit(t.Context()); err != nil || b.Name != "" {
			t.Errorf("%s: %+v %v", why, b, err)
		}
	}
	nothing("no place is known")
	if _, err := os.Stat(k.usb); err == nil {
		t.Error("a folder was made")
	}
	k.backup()
	nothing("nothing changed")
	k.post("A-1")
	b, err := exit(t.Context())
	if err != nil || b.Sequence != 2 || b.Documents != 1 || b.VerifiedAt.IsZero() {
		t.Fatal(b, err)
	}
	nothing("done already")
	if d := k.due(); d.Changed || d.Last.Name != b.Name {
		t.Errorf("%+v", d)
	}

	// Skipped in the middle: nothing half-done stays, and it is due next time.
	k.post("A-2")
	ctx, skip := context.WithCancel(t.Context())
	_, err = k.s.Shop().BackupAtExit(ctx, func(string, int64, int64) { skip() })
	wantKey(t, err, fault.Canceled, "")
	if n := listed(t, k.usb); len(n) != 3 {
		t.Error(n)
	}
	if d := k.due(); !d.Changed {
		t.Error("counted as done")
	}
	// The stick was pulled; its mount point is empty.
	away := k.usb + " away"
	noErr(t, os.Rename(k.usb, away))
	nothing("the stick is away")
	noErr(t, os.Mkdir(k.usb, 0o700))
	nothing("an empty mount point")
	if n := listed(t, k.usb); len(n) != 0 {
		t.Error("written into it:", n)
	}
	noErr(t, os.Remove(k.usb))
	// Another shop's stick under the same name.
	other := newKeeper(t, 0)
	other.backup()
	noErr(t, os.Rename(other.usb, k.usb))
	nothing("another shop's stick")
	noErr(t, os.RemoveAll(k.usb))
	// The second known place is there.
	second := filepath.Join(k.root, "第二个")
	noErr(t, os.Rename(away, k.usb))
	if _, err := app.Run(t.Context(), k.s, app.BackupNow{Folder: second}); err != nil {
		t.Fatal(err)
	}
	k.post("A-3")
	noErr(t, os.Remove(filepath.Join(second, target.MarkerName)))
	// Nobody need be signed in.
	sh := k.s.Shop()
	sh.Lock(t.Context())
	b, err = sh.BackupAtExit(t.Context(), nil)
	if err != nil || filepath.Dir(b.Path) != k.usb {
		t.Error(b, err)
	}
}
