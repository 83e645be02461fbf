package app_test

import (
	"context"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/fault"
)

// TestConfirmingWithAStick: whoever needs a key stick is found to have it
// plugged in when an action asks for the password again; without it they are
// told to, not asked for the password over and over.
func TestConfirmingWithAStick(t *testing.T) {
	d := newDoor(t)
	usb := t.TempDir()
	plugged := true
	d.host.Sticks = func() []string {
		if plugged {
			return []string{usb}
		}
		return nil
	}
	s := d.in(doorOwner)
	ctx := app.WithPassword(context.Background(), worldPassword)
	path, err := app.Do(ctx, s, app.MakeKeyFile{Password: worldPassword, Folder: usb})
	if err != nil {
		t.Fatal(err)
	}
	d.clock.at = d.clock.at.Add(time.Hour)
	set := func() error {
		_, err := app.Do(ctx, s, app.SetSetting{Key: app.SettingPhone, Value: "1"})
		return err
	}
	if err := set(); err != nil {
		t.Errorf("with the stick: %v", err)
	}
	d.clock.at = d.clock.at.Add(time.Hour)
	plugged = false
	if err := set(); fault.KeyOf(err) != "signin.needs-stick" {
		t.Errorf("without it: %v", err)
	}
	if _, step := app.IsStep(set()); step {
		t.Error("the password is asked for again and again")
	}
	file, err := app.ReadKeyFile(path, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx = app.WithKeyFile(ctx, doorOwner, file)
	if err := set(); err != nil {
		t.Errorf("with the file brought along: %v", err)
	}
	d.close(s)
}
