package archtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checkDependencies compares the direct requirements of a go.mod with the
// document that says why each of them is there.
func checkDependencies(gomod, document string) (out []string) {
	inBlock := false
	for line := range strings.Lines(gomod) {
		line = strings.TrimSpace(line)
		switch {
		case line == "require (":
			inBlock = true
			continue
		case line == ")":
			inBlock = false
			continue
		case strings.HasPrefix(line, "require "):
			line = strings.TrimPrefix(line, "require ")
		case !inBlock:
			continue
		}
		if strings.HasSuffix(line, "// indirect") || line == "" {
			continue
		}
		field := strings.Fields(line)
		// x/text, x/sys and x/image move with Fyne and share one paragraph.
		row := "| " + field[0] + " | " + field[1] + " |"
		moves := strings.HasPrefix(field[0], "golang.org/x/") && strings.Contains(document, field[0]+" (")
		if !moves && !strings.Contains(document, row) {
			out = append(out, fmt.Sprintf("docs/dependencies.md has no row %q: say why it is there, its licence and weight", row))
		}
	}
	return out
}

func TestDependenciesAreExplained(t *testing.T) {
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	gomod, document := read("go.mod"), read(filepath.Join("docs", "dependencies.md"))
	for _, breach := range checkDependencies(gomod, document) {
		t.Error(breach)
	}
	for _, bad := range []string{"require example.org/x v1.0.0\n", "require (\n\texample.org/x v1.0.0\n)\n", strings.Replace(gomod, "fyne/v2 v2", "fyne/v2 v3", 1)} {
		if len(checkDependencies(bad, document)) == 0 {
			t.Errorf("the check sleeps: it let this pass:\n%s", bad)
		}
	}
}
