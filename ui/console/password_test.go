package console_test

import (
	"path/filepath"
	"strings"
	"testing"
)

func (f *face) refused(key string, args ...string) {
	f.t.Helper()
	if _, errOut := f.run(1, args...); !strings.Contains(errOut, " "+key+"]") {
		f.t.Fatalf("tiezhang %s: want %s\n%s", strings.Join(args, " "), key, errOut)
	}
}

// TestPasswordByCode: an invited person has to choose a password before
// anything else, here as at the window; the code is good once.
func TestPasswordByCode(t *testing.T) {
	f := newFace(t)
	dir := filepath.Join(t.TempDir(), "shop")
	f.run(0, "new", dir, "--shop", "Corner", "--owner", "boss")
	var got struct{ Code string }
	f.json(&got, "user", dir, "invite", "小陈", "--role", "cashier")
	t.Setenv("TIEZHANG_PASSWORD", got.Code)
	f.refused("gate.pending-first", "report", dir, "items", "--user", "小陈")
	t.Setenv("TIEZHANG_NEW_PASSWORD", "short")
	f.refused("passphrase.too-short", "user", dir, "password", "--user", "小陈")
	t.Setenv("TIEZHANG_NEW_PASSWORD", "雨天卖伞 晴天卖帽 两样都卖")
	f.run(0, "user", dir, "password", "--user", "小陈")
	f.refused("keyring.wrong-password", "report", dir, "items", "--user", "小陈")
	t.Setenv("TIEZHANG_PASSWORD", "雨天卖伞 晴天卖帽 两样都卖")
	f.run(0, "report", dir, "items", "--user", "小陈")
}

// TestConsoleIsCounted: the script face passes the same counter as the window.
func TestConsoleIsCounted(t *testing.T) {
	f := newFace(t)
	dir := filepath.Join(t.TempDir(), "shop")
	f.run(0, "new", dir, "--shop", "Corner", "--owner", "boss")
	t.Setenv("TIEZHANG_PASSWORD", "Wrong-Flask-89-Orbit")
	for range 5 {
		f.refused("keyring.wrong-password", "report", dir, "items")
	}
	f.refused("signin.wait", "report", dir, "items")
	t.Setenv("TIEZHANG_PASSWORD", "Blue-Tiger-Runs-42")
	f.refused("signin.wait", "report", dir, "items")
}
