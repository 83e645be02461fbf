package screens_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/xuri/excelize/v2"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/report"
	"tiezhang/internal/pagetest"
	"tiezhang/ui/page"
	"tiezhang/ui/screens"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

const testdata = "../../testdata/"

func abs(t *testing.T, name string) string {
	t.Helper()
	p, err := filepath.Abs(testdata + name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func items(t *testing.T, s *app.Session) int {
	t.Helper()
	p, err := app.Ask(t.Context(), s, app.Report{Query: report.Query{Name: "items", Limit: 1, Count: true}})
	if err != nil {
		t.Fatal(err)
	}
	return p.Total
}

func TestImportWizard(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	r.Show(screens.MakeImport(r.Env, page.Route{Screen: page.Import, Kind: "items"}))
	r.Save("import-file")
	r.Pick = abs(t, "items-wholesaler.xlsx")
	r.Key(fyne.KeyReturn) // the focus is on "choose a file"
	r.Settle()
	r.Quiet()
	r.Save("import-columns")
	r.Key(fyne.KeyReturn) // try it
	r.Settle()
	r.Quiet()
	if n := items(t, r.Owner); n != 0 {
		t.Fatalf("the dry run saved %d items", n)
	}
	r.Save("import-check")
	screens.Press(r.Page, text.T("screens.import.save-problems"))
	r.Settle()
	r.Quiet()
	f, err := excelize.OpenFile(r.Saved)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	comments := 0
	for _, s := range f.GetSheetList() {
		cs, err := f.GetComments(s)
		if err != nil {
			t.Fatal(err)
		}
		comments += len(cs)
	}
	if len(f.GetSheetList()) < 2 || comments < 50 {
		t.Errorf("sheets %v, %d comments", f.GetSheetList(), comments)
	}
	screens.Press(r.Page, text.T("screens.import.run", "count", 2971))
	r.Settle()
	r.Quiet()
	r.Save("import-done")
	if n := items(t, r.Owner); n != 2971 {
		t.Errorf("%d items imported", n)
	}
}

func TestImportRefusesNonsense(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	if _, err := screens.MakeImport(r.Env, page.Route{Screen: page.Import, Kind: "nonsense"}); fault.KeyOf(err) != "import.kind" {
		t.Error(err)
	}
	r.Show(screens.MakeImport(r.Env, page.Route{Screen: page.Import, Kind: "items"}))
	r.Pick = filepath.Join(t.TempDir(), "x.xlsx")
	if err := os.WriteFile(r.Pick, []byte("PK\x03\x04 not really"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Key(fyne.KeyReturn)
	r.Settle()
	if len(r.Failed) != 1 {
		t.Errorf("a broken file: %v", r.Failed)
	}
	// A list without titles: the person points at the row.
	r.Failed = nil
	r.Pick = filepath.Join(t.TempDir(), "y.csv")
	if err := os.WriteFile(r.Pick, []byte("1,2,3\n4,5,6\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Key(fyne.KeyReturn)
	r.Settle()
	if len(r.Failed) != 1 || fault.KeyOf(r.Failed[0]) != "sheet.no-header" {
		t.Errorf("no header: %v", r.Failed)
	}
	r.Failed = nil
	r.Key(fyne.KeyReturn) // try it all the same
	r.Settle()
	if len(r.Failed) != 1 || fault.KeyOf(r.Failed[0]) != "sheet.no-header" {
		t.Errorf("tried without columns: %v", r.Failed)
	}
}

func TestBackupAndVerify(t *testing.T) {
	text.Use(text.Chinese)
	s := pagetest.Shop(t)
	pagetest.Trade(t, s, 2)
	r := pagetest.Over(t, s)
	r.Show(screens.MakeBackup(r.Env, page.Route{Screen: page.Backup}))
	r.Save("backup-empty")
	r.Pick = filepath.Join(t.TempDir(), "usb")
	r.Chord("F9")
	r.Settle()
	r.Quiet()
	if n := screens.Points(r.Page); n != 1 {
		t.Fatalf("%d restore points, toasts %v", n, r.Toasts)
	}
	r.Pick = ""
	r.Chord("F9") // the place is known now
	r.Settle()
	r.Quiet()
	if n := screens.Points(r.Page); n != 2 {
		t.Errorf("%d restore points after two backups", n)
	}
	screens.Press(r.Page, text.T("screens.backup.verify"))
	r.Settle()
	r.Quiet()
	if !strings.Contains(strings.Join(r.Toasts, " "), text.T("screens.backup.sound", "name", "")[4:]) {
		t.Errorf("toasts %v", r.Toasts)
	}
	r.Save("backup-points")
	// a byte changed on the stick is found
	ks, err := app.RestorePoints(screens.Place(r.Page))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(ks[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(ks[0].Path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	screens.Press(r.Page, text.T("screens.backup.verify"))
	r.Settle()
	if len(r.Failed) != 1 || fault.KindOf(r.Failed[0]) != fault.Damaged {
		t.Errorf("a flipped bit: %v", r.Failed)
	}
	r.Failed = nil
	screens.Press(r.Page, text.T("screens.backup.restore"))
	r.Key(fyne.KeyReturn)
	if !r.Left {
		t.Error("closing the shop to restore")
	}
}

func TestSelfCheck(t *testing.T) {
	text.Use(text.Chinese)
	s := pagetest.Shop(t)
	pagetest.Trade(t, s, 2)
	r := pagetest.Over(t, s)
	r.Show(screens.MakeSecurity(r.Env, page.Route{Screen: page.Security, Kind: "check"}))
	r.Chord("F9")
	r.Settle()
	r.Quiet()
	if v := screens.Verdict(r.Page); v == nil || len(v.Findings) != 0 || v.Entries == 0 {
		t.Fatalf("%+v", v)
	}
	r.Save("check")
	screens.Press(r.Page, text.T("screens.check.print"))
	r.Settle()
	r.Quiet()
	if b, err := os.ReadFile(r.Saved); err != nil || !strings.HasPrefix(string(b), "%PDF-") {
		t.Error("no report", err)
	}
}

func TestSettings(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	p := r.Show(screens.MakeSettings(r.Env, page.Route{Screen: page.Settings}))
	r.Save("settings")
	r.Type("新店名")
	left := false
	p.Leave(func() { left = true })
	if left {
		t.Error("left with typing")
	}
	r.Key(fyne.KeyEscape)
	r.Chord("Ctrl+S")
	r.Settle()
	r.Quiet()
	v, err := app.Ask(t.Context(), r.Owner, app.Settings{})
	if err != nil || v[app.SettingShopName] != "新店名" {
		t.Errorf("%q %v", v[app.SettingShopName], err)
	}
	p.Leave(func() { left = true })
	if !left {
		t.Error("nothing is typed any more")
	}
	// A new recovery code, written down and kept as a PDF; the old one is void.
	screens.Press(p, text.T("screens.settings.recovery"))
	r.Key(fyne.KeyTab, fyne.KeyReturn)
	r.Settle()
	r.Quiet()
	if !r.Router.InModal() {
		t.Fatal("no code is shown")
	}
	r.Save("recovery")
	r.Chord("Ctrl+Enter")
	r.Settle()
	r.Quiet()
	if v, _ := app.Ask(t.Context(), r.Owner, app.Settings{}); v[app.SettingRecoveryKit] != "2026-11-22" {
		t.Errorf("kit %q", v[app.SettingRecoveryKit])
	}
}

func TestRolesCanBeReadByKeys(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	r.Show(screens.MakeSecurity(r.Env, page.Route{Screen: page.Security, Kind: "people"}))
	screens.Press(r.Page, text.T("screens.people.roles"))
	r.Settle()
	before := r.Picture()
	r.Key(fyne.KeyPageDown)
	if fmt.Sprint(before) == fmt.Sprint(r.Picture()) {
		t.Error("PageDown moves nothing")
	}
	r.Key(fyne.KeyEscape)
	if r.Router.InModal() {
		t.Error("Esc closes")
	}
	r.Quiet()
}

func TestAClerkSeesOnlyTheirOwn(t *testing.T) {
	text.Use(text.Chinese)
	r := pagetest.Open(t)
	r.As("小王", access.Cashier)
	p := r.Show(screens.MakeSettings(r.Env, page.Route{Screen: page.Settings}))
	for _, k := range []string{"screens.settings.export", "screens.settings.recovery"} {
		if screens.HasButton(p, text.T(k)) {
			t.Errorf("a cashier is offered %s", text.T(k))
		}
	}
	if !screens.HasButton(p, text.T("me.link")) {
		t.Error("no way to change one's own password")
	}
	r.Show(screens.MakeSecurity(r.Env, page.Route{Screen: page.Security, Kind: "log"}))
	r.Quiet()
	r.Save("log-clerk")
	r.Show(screens.MakeSecurity(r.Env, page.Route{Screen: page.Security, Kind: "people"}))
	if len(r.Failed) != 1 || fault.KindOf(r.Failed[0]) != fault.Denied {
		t.Errorf("people as a cashier: %v", r.Failed)
	}
	r.Failed = nil
}

func TestScreenshots(t *testing.T) {
	dir := os.Getenv("TIEZHANG_SCREENSHOTS")
	if dir == "" {
		t.Skip("set TIEZHANG_SCREENSHOTS to a folder")
	}
	t.Setenv("TIEZHANG_PICTURES", dir)
	for _, lang := range text.Languages() {
		text.Use(lang)
		for _, look := range []struct {
			name string
			opts []uitest.Option
		}{{"light", nil}, {"dark", []uitest.Option{uitest.Dark()}}, {"large", []uitest.Option{uitest.Text(theme.Largest)}}} {
			s := pagetest.Shop(t)
			pagetest.Trade(t, s, 3)
			r := pagetest.Over(t, s, append(look.opts, uitest.Size(1230, 700))...)
			save := func(n string) { r.Save(fmt.Sprintf("screen-%s-%s-%s", n, look.name, lang)) }
			r.Show(screens.MakeSettings(r.Env, page.Route{Screen: page.Settings}))
			save("settings")
			r.Show(screens.MakeBackup(r.Env, page.Route{Screen: page.Backup}))
			save("backup-none")
			dir := filepath.Join(t.TempDir(), "usb")
			for range 2 {
				if _, err := app.Run(context.Background(), s, app.BackupNow{Folder: dir}); err != nil {
					t.Fatal(err)
				}
			}
			r.Show(screens.MakeBackup(r.Env, page.Route{Screen: page.Backup}))
			save("backup")
			r.Show(screens.MakeSecurity(r.Env, page.Route{Screen: page.Security, Kind: "check"}))
			save("check-start")
			r.Chord("F9")
			r.Settle()
			save("check")
			r.Show(screens.MakeSecurity(r.Env, page.Route{Screen: page.Security, Kind: "people"}))
			screens.Press(r.Page, text.T("screens.people.roles"))
			r.Settle()
			save("roles")
			r.Key(fyne.KeyEscape)
			r.Show(screens.MakeSecurity(r.Env, security("me", "")))
			save("me")
			r.Show(screens.MakeSecurity(r.Env, security("key", "")))
			save("key")
			leaver(t, r)
			r.Show(screens.MakeSecurity(r.Env, security("people", "")))
			save("people")
			r.Show(screens.MakeSecurity(r.Env, security("leave", "小王")))
			r.Chord("F9")
			save("leave")
			r.Show(screens.MakeImport(r.Env, page.Route{Screen: page.Import, Kind: "items"}))
			save("import-file")
			r.Pick = abs(t, "items-wholesaler.xlsx")
			r.Key(fyne.KeyReturn)
			r.Settle()
			save("import-columns")
			r.Key(fyne.KeyReturn)
			r.Settle()
			save("import-check")
		}
	}
	text.Use(text.Chinese)
}
