package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// module is the path of go.mod.
const module = "tiezhang"

// file is one parsed source file; paths are slashed and relative to the root.
type file struct {
	path      string
	dir       string // "." for main
	test      bool
	generated bool
	lines     int
	ast       *ast.File
	fset      *token.FileSet
	imports   []string
}

func (f file) at(p token.Pos) string {
	return fmt.Sprintf("%s:%d", f.path, f.fset.Position(p).Line)
}

// under says whether the file is in one of the folders or below.
func (f file) under(dirs ...string) bool {
	for _, d := range dirs {
		if f.dir == d || strings.HasPrefix(f.dir, d+"/") {
			return true
		}
	}
	return false
}

// name gives the name under which the file uses an import, or "".
func (f file) name(importPath string) string {
	for _, spec := range f.ast.Imports {
		if p, _ := strconv.Unquote(spec.Path.Value); p == importPath {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return path.Base(importPath)
		}
	}
	return ""
}

func parse(name string, src []byte) (file, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return file{}, err
	}
	f := file{
		path: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(tree), lines: strings.Count(string(src), "\n"), ast: tree, fset: fset,
	}
	for _, spec := range tree.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return file{}, err
		}
		f.imports = append(f.imports, p)
	}
	return f, nil
}

const root = "../.."

// walk calls do for every file of the module, leaving out what the go command
// leaves out, other modules, and what is built.
func walk(t *testing.T, do func(name string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			base := d.Name()
			if rel != "." && (base == "testdata" || base == "build" || base[0] == '.' || base[0] == '_') {
				return fs.SkipDir
			}
			if _, err := os.Stat(filepath.Join(p, "go.mod")); rel != "." && err == nil {
				return fs.SkipDir
			}
			return nil
		}
		do(rel)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tree is the module as it is on disk, whatever the build tags.
func tree(t *testing.T) []file {
	t.Helper()
	var files []file
	walk(t, func(name string) {
		if !strings.HasSuffix(name, ".go") {
			return
		}
		src, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		f, err := parse(name, src)
		if err != nil {
			t.Errorf("%s does not parse: %v", name, err)
			return
		}
		files = append(files, f)
	})
	if len(files) < 10 {
		t.Fatalf("only %d files found: is the root wrong?", len(files))
	}
	return files
}

// sample is a tree of one or more files given as name, source, name, source.
func sample(t *testing.T, pairs ...string) []file {
	t.Helper()
	var files []file
	for i := 0; i < len(pairs); i += 2 {
		f, err := parse(pairs[i], []byte(pairs[i+1]))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// rule reports every breach in the tree, and proves that the check is awake:
// each of the bad samples must be caught and none of the good ones.
func rule(t *testing.T, check func([]file) []string, bad, good [][]string) {
	t.Helper()
	for _, breach := range check(tree(t)) {
		t.Error(breach)
	}
	for _, s := range bad {
		if len(check(sample(t, s...))) == 0 {
			t.Errorf("the check sleeps: it let this pass:\n%s", strings.Join(s, "\n"))
		}
	}
	for _, s := range good {
		if got := check(sample(t, s...)); len(got) > 0 {
			t.Errorf("the check is too strict: %v for:\n%s", got, strings.Join(s, "\n"))
		}
	}
}
