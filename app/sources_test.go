package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"tiezhang/app/access"
	"tiezhang/app/report"
)

// useCases finds every type of package app with a spec method.
func useCases(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range src.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != "spec" {
				continue
			}
			typ := fn.Recv.List[0].Type
			if p, ok := typ.(*ast.StarExpr); ok {
				typ = p.X
			}
			out[typ.(*ast.Ident).Name] = true
		}
	}
	if len(out) < 40 {
		t.Fatalf("only %d types with a spec method were found", len(out))
	}
	return out
}

// rightsUsed gives the names of package access the sources of app mention.
func rightsUsed(t *testing.T) map[string]bool {
	t.Helper()
	files, _ := filepath.Glob("*.go")
	files = append(files, filepath.Join("report", "specs.go"))
	out := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(src, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "access" {
					out[s.Sel.Name] = true
				}
			}
			return true
		})
	}
	return out
}

// rightNames gives the constants of package access that are permissions.
func rightNames(t *testing.T) map[access.Permission]string {
	t.Helper()
	src, err := parser.ParseFile(token.NewFileSet(), filepath.Join("access", "roles.go"), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	out := map[access.Permission]string{}
	ast.Inspect(src, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if ok && len(v.Names) == 1 && len(v.Values) == 1 {
			if id, ok := v.Type.(*ast.Ident); ok && id.Name == "Permission" {
				out[access.Permission(strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`))] = v.Names[0].Name
			}
		}
		return true
	})
	return out
}

// unused are rights that are kept for use cases to come; the matrix screen does
// not lie about them: docs/permissions.md says so.
func unused(t *testing.T) []string {
	t.Helper()
	used, names := rightsUsed(t), rightNames(t)
	for _, s := range report.Specs() { // every list wants one
		used[names[s.Perm]] = true
	}
	var out []string
	for _, p := range access.Permissions() {
		if names[p] == "" {
			t.Errorf("%s has no constant", p)
		} else if !used[names[p]] {
			out = append(out, string(p))
		}
	}
	if len(names) != len(access.Permissions()) {
		t.Errorf("%d constants, %d rows in the default matrix", len(names), len(access.Permissions()))
	}
	sort.Strings(out)
	return out
}
