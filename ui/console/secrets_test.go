package console_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tiezhang/app/rule"
)

// What the program starts while it runs inherits none of the secrets the script
// face is told through its environment, and afterwards they are where they were.
func TestChildrenInheritNoSecrets(t *testing.T) {
	doc, err := os.ReadFile("../../docs/console.md")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, n := range regexp.MustCompile(`TIEZHANG_[A-Z_]+`).FindAllString(string(doc), -1) {
		names[n] = true
	}
	if len(names) < 7 {
		t.Fatal("the page names only", names)
	}
	f := newFace(t)
	for n := range names {
		if os.Getenv(n) == "" {
			t.Setenv(n, "Secret-of-"+n)
		}
	}
	var during []string
	f.host.Where = func(string) rule.Place { during = os.Environ(); return rule.Place{Machine: "test"} }
	f.run(0, "new", filepath.Join(t.TempDir(), "shop"), "--shop", "Corner", "--owner", "boss")
	if len(during) == 0 {
		t.Fatal("never looked")
	}
	for _, e := range during {
		if n, _, _ := strings.Cut(e, "="); names[n] {
			t.Errorf("%s is inherited", n)
		}
	}
	for n := range names {
		if os.Getenv(n) == "" {
			t.Errorf("%s is gone afterwards", n)
		}
	}
}
