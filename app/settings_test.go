package app_test

import (
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/access"
)

// TestALookIsOneOfThoseThereAre: what anybody may write into the shop without an
// entry in the log is a choice, not a text.
func TestALookIsOneOfThoseThereAre(t *testing.T) {
	w := newWorld(t)
	w.as(access.Cashier)
	for _, c := range []app.SetLook{{Language: strings.Repeat("x", 1<<20)}, {Theme: "pink"}, {TextSize: "12"}, {Language: "en", Theme: "dark", TextSize: " large"}} {
		if got := keyOf(app.Do(plain, w.self, c)); got != "setting.look" {
			t.Errorf("%.20q %q %q: %q", c.Language, c.Theme, c.TextSize, got)
		}
	}
	for _, c := range []app.SetLook{{Language: "zh-Hans", Theme: "system", TextSize: "largest"}, {Language: "en", Theme: "dark", TextSize: "standard"}, {}} {
		lasting(w, plain, c)
	}
}

// TestWhereBackupsLieIsNotToldToEverybody, on any path.
func TestWhereBackupsLieIsNotToldToEverybody(t *testing.T) {
	w := newWorld(t)
	for role, may := range map[access.RoleID]bool{access.Owner: true, access.Manager: true, access.Accountant: true, access.Cashier: false, access.Buyer: false, access.Storekeeper: false} {
		w.as(role)
		set, err := app.Ask(plain, w.self, app.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(set[app.SettingBackupFolders], "usb") && strings.Contains(set[app.SettingLastBackup], "usb"); got != may {
			t.Errorf("settings tell %s: %v", role, got)
		}
		home, err := app.Ask(plain, w.self, app.Home{})
		if err != nil {
			t.Fatal(err)
		}
		status, err := app.Ask(plain, w.self, app.Status{})
		if err != nil {
			t.Fatal(err)
		}
		due, err := app.Ask(plain, w.self, app.BackupDue{})
		if err != nil {
			t.Fatal(err)
		}
		for name, l := range map[string]app.LastBackup{"home": home.LastBackup, "status": status.LastBackup, "due": due.Last} {
			if l.At == 0 || (l.Folder != "") != may || (l.Name != "") != may {
				t.Errorf("%s tells %s: %+v", name, role, l)
			}
		}
	}
}
