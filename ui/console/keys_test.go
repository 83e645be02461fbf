package console_test

import (
	"encoding/base32"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiezhang/app/totp"
)

type stillClock struct{ at time.Time }

func (c *stillClock) Now() time.Time { return c.at }

// The keys from the script face: a code from the phone, a stick, a one-time
// code, somebody leaving, a new key; each as a shop would do it.
func TestKeysByScript(t *testing.T) {
	f := newFace(t)
	clock := &stillClock{time.Now()} // the steps of the codes are turned here, not by the wall
	f.host.Clock = clock
	dir := filepath.Join(t.TempDir(), "shop")
	f.run(0, "new", dir, "--shop", "Corner", "--owner", "Boss")
	var code struct{ User, Code, Until string }
	f.json(&code, "user", dir, "invite", "Ann", "--role", "cashier")
	if until, err := time.Parse(time.RFC3339, code.Until); err != nil || len(strings.Split(code.Code, "-")) != 5 || until.Unix() != clock.at.Add(72*time.Hour).Unix() {
		t.Errorf("%+v %v", code, err)
	}
	// Ann has to choose a password first; the script face has no command for it.
	t.Setenv("TIEZHANG_PASSWORD", code.Code)
	_, errs := f.run(1, "report", dir, "items", "--user", "Ann")
	if !strings.Contains(errs, "[denied gate.pending-first]") {
		t.Error(errs)
	}
	t.Setenv("TIEZHANG_PASSWORD", "Blue-Tiger-Runs-42")
	t.Setenv("TIEZHANG_NEW_PASSWORD", "Green-Horse-Sits-17")
	f.run(0, "user", dir, "reset", "Ann")
	t.Setenv("TIEZHANG_NEW_PASSWORD", "")

	var setup struct{ Secret, URI string }
	f.json(&setup, "totp", dir, "start")
	raw, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(setup.Secret, " ", ""))
	if err != nil || len(raw) != 20 || !strings.HasPrefix(setup.URI, "otpauth://totp/Corner:Boss?") {
		t.Fatalf("%+v %v", setup, err)
	}
	secret := totp.Secret(raw)
	digits := func() {
		clock.at = clock.at.Add(totp.Period)
		t.Setenv("TIEZHANG_CODE", secret.Code(totp.Step(clock.at)))
	}
	digits()
	f.run(0, "totp", dir, "confirm")
	t.Setenv("TIEZHANG_CODE", "")
	_, errs = f.run(1, "user", dir, "list")
	if !strings.Contains(errs, "[needs-step signin.needs-code]") {
		t.Error(errs)
	}
	digits()
	f.run(0, "totp", dir, "off")
	t.Setenv("TIEZHANG_CODE", "")

	stick := t.TempDir()
	var made struct{ File string }
	f.json(&made, "key-stick", dir, "make", stick)
	if b, err := os.ReadFile(made.File); err != nil || len(b) != 32 || filepath.Dir(made.File) != stick {
		t.Error(made, err)
	}
	_, errs = f.run(1, "user", dir, "list")
	if !strings.Contains(errs, "[needs-step keyring.needs-key-file]") {
		t.Error(errs)
	}
	_, errs = f.run(1, "user", dir, "list", "--key-file", t.TempDir())
	if !strings.Contains(errs, "[not-found keyfile.missing]") {
		t.Error(errs)
	}
	f.run(0, "user", dir, "list", "--key-file", stick)
	f.run(0, "key-stick", dir, "drop", "--key-file", made.File)
	f.run(2, "key-stick", dir, "make")
	f.run(2, "totp", dir, "start", "Ann")

	key, _ := f.run(0, "export-key", dir)
	var left map[string]any
	f.json(&left, "user", dir, "leave", "Ann", "--later")
	if left["rotated"] != false || left["rotation_due"] != true || left["customers"] != float64(0) {
		t.Error(left)
	}
	f.run(0, "rotate", dir)
	if now, _ := f.run(0, "export-key", dir); now == key {
		t.Error("the key is the old one")
	}
	f.run(0, "verify", dir)
	stickB := filepath.Join(t.TempDir(), "backups")
	f.run(0, "backup", dir, "--to", stickB)
	if old, _ := filepath.Glob(filepath.Join(dir, "*.old")); len(old) > 0 {
		t.Error("after a verified backup:", old)
	}
	bak, _ := filepath.Glob(filepath.Join(stickB, "*.tzbak"))
	if len(bak) != 1 {
		t.Fatal(bak)
	}
	back := filepath.Join(t.TempDir(), "back")
	f.run(0, "restore", bak[0], "--to", back)
	f.run(0, "verify", back)
	// Over the shop that is there, too: whatever its file is called.
	f.run(0, "rotate", dir)
	f.run(0, "restore", bak[0], "--to", dir)
	f.run(0, "verify", dir)
	f.run(0, "rotate", dir)
	f.run(0, "verify", dir)
}
