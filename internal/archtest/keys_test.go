package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// use is one place where the code names a text by its key. args is nil when
// the names of the arguments cannot be read from the source.
type use struct {
	key, at string
	args    []string
	known   bool
}

func literal(e ast.Expr) (string, bool) {
	if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
		s, err := strconv.Unquote(l.Value)
		return s, err == nil
	}
	return "", false
}

// keyUses finds fault.New, fault.Wrap, fault.Bad, fault.Error{Key: …} and
// text.T with a key written out, and the argument names where they are too.
func keyUses(files []file) (found []use) {
	for _, f := range files {
		if f.test {
			continue
		}
		faults, texts := f.name(module+"/app/fault"), f.name(module+"/ui/text")
		// member is "New" for fault.New when pkg is the name of package fault.
		member := func(e ast.Expr, pkg string) string {
			if sel, ok := e.(*ast.SelectorExpr); ok && pkg != "" {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg {
					return sel.Sel.Name
				}
			}
			return ""
		}
		// pairs reads name, value, name, value.
		pairs := func(list []ast.Expr, dots token.Pos) ([]string, bool) {
			names := []string{}
			for i := 0; i < len(list); i += 2 {
				name, ok := literal(list[i])
				if !ok || dots != token.NoPos {
					return nil, false
				}
				names = append(names, name)
			}
			return names, true
		}
		argsOf := func(e ast.Expr) ([]string, bool) {
			switch e := e.(type) {
			case *ast.Ident:
				return []string{}, e.Name == "nil"
			case *ast.CallExpr:
				if member(e.Fun, faults) == "Pairs" {
					return pairs(e.Args, e.Ellipsis)
				}
			case *ast.CompositeLit:
				if member(e.Type, faults) != "Args" {
					return nil, false
				}
				names := []string{}
				for _, elt := range e.Elts {
					name, ok := literal(elt.(*ast.KeyValueExpr).Key)
					if !ok {
						return nil, false
					}
					names = append(names, name)
				}
				return names, true
			}
			return nil, false
		}
		note := func(e ast.Expr, args []string, known bool) {
			if key, ok := literal(e); ok && key != "" {
				found = append(found, use{key, f.at(e.Pos()), args, known})
			}
		}
		each(f, func(c *ast.CallExpr) {
			switch member(c.Fun, faults) {
			case "New", "Wrap":
				if len(c.Args) > 3 {
					args, known := argsOf(c.Args[3])
					note(c.Args[2], args, known)
				}
			case "Bad":
				if len(c.Args) > 1 {
					args, known := pairs(c.Args[2:], c.Ellipsis)
					note(c.Args[1], args, known)
				}
			}
			if member(c.Fun, texts) == "T" && len(c.Args) > 0 {
				note(c.Args[0], nil, false)
			}
		})
		each(f, func(c *ast.CompositeLit) {
			if member(c.Type, faults) != "Error" {
				return
			}
			for _, e := range c.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					if id, ok := kv.Key.(*ast.Ident); ok && id.Name == "Key" {
						note(kv.Value, nil, false)
					}
				}
			}
		})
	}
	return found
}

// added lists, by folder, the argument names that code there gives to faults
// on their way out, e.Args["file"] = path or e.Args = fault.Args{"file": path},
// where the file is known.
func added(files []file) map[string][]string {
	found := map[string][]string{}
	for _, f := range files {
		if f.test || f.name(module+"/app/fault") == "" {
			continue
		}
		each(f, func(a *ast.AssignStmt) {
			for i, left := range a.Lhs {
				if sel, ok := left.(*ast.SelectorExpr); ok && sel.Sel.Name == "Args" && i < len(a.Rhs) {
					if lit, ok := a.Rhs[i].(*ast.CompositeLit); ok {
						for _, elt := range lit.Elts {
							if kv, ok := elt.(*ast.KeyValueExpr); ok {
								if name, ok := literal(kv.Key); ok {
									found[f.dir] = append(found[f.dir], name)
								}
							}
						}
					}
				}
				ix, ok := left.(*ast.IndexExpr)
				if !ok {
					continue
				}
				if name, ok := literal(ix.Index); ok {
					found[f.dir] = append(found[f.dir], name)
				}
			}
		})
	}
	return found
}

func checkUses(uses []use, known map[string]string, late map[string][]string) (out []string) {
	for _, u := range uses {
		text, ok := known[u.key]
		if !ok {
			out = append(out, fmt.Sprintf("%s: %s has no text in assets/i18n: the person would see the key", u.at, u.key))
			continue
		}
		for _, name := range arguments(text) {
			if u.known && !slices.Contains(u.args, name) && !addedAbove(late, u.at, name) {
				out = append(out, fmt.Sprintf("%s: the text of %s has {%s}, but only %v are given: the person would see the braces", u.at, u.key, name, u.args))
			}
		}
	}
	return out
}

// addedAbove says whether the folder of a place, or one above it, adds the
// argument later.
func addedAbove(late map[string][]string, at, name string) bool {
	for dir := path.Dir(at); dir != "."; dir = path.Dir(dir) {
		if slices.Contains(late[dir], name) {
			return true
		}
	}
	return false
}

func TestEveryKeyHasWords(t *testing.T) {
	known := map[string]string{}
	for _, one := range readTexts(t) {
		for key, text := range one.entries {
			known[key] = text
		}
	}
	files := tree(t)
	for _, breach := range checkUses(keyUses(files), known, added(files)) {
		t.Error(breach)
	}

	const src = `package app
		import ("tiezhang/app/fault"; "tiezhang/ui/text")
		var a = fault.New("op", fault.Invalid, "x.new", nil)
		var b = fault.Wrap("op", fault.Invalid, "x.wrap", fault.Args{"row": 1}, a)
		var c = fault.Bad("op", "x.bad", "row", 3)
		var d = &fault.Error{Op: "op", Key: "x.literal"}
		var e = fault.New("op", fault.Invalid, "x.pairs", fault.Pairs("row", 3))
		var f = text.T("x.text")
		var g = fault.New("op", fault.Invalid, "x.unknown", args())`
	uses := keyUses(sample(t, "app/x.go", src))
	if got := checkUses(uses, nil, nil); len(got) != 7 {
		t.Errorf("the check sleeps: of 7 keys without a text it saw %d:\n%s", len(got), strings.Join(got, "\n"))
	}
	words := func(text string) map[string]string {
		m := map[string]string{}
		for _, u := range uses {
			m[u.key] = text
		}
		return m
	}
	if got := checkUses(uses, words("no arguments"), nil); len(got) > 0 {
		t.Errorf("the check is too strict: %v", got)
	}
	if got := checkUses(uses, words("in {row}"), nil); len(got) != 1 { // x.new gives none
		t.Errorf("{row} is missing at one place, found: %v", got)
	}
	if got := checkUses(uses, words("in {line}"), nil); len(got) != 4 {
		t.Errorf("{line} is missing at four places, found: %v", got)
	}
	for _, how := range []string{`e.Args["line"] = l`, `e.Args = fault.Args{"line": l}`} {
		late := added(sample(t, "app/y.go", `package app; import "tiezhang/app/fault"; func named(e *fault.Error, l int) { `+how+` }`))
		if got := checkUses(uses, words("in {line}"), late); len(got) > 0 {
			t.Errorf("the check does not see what is added later by %s: %v", how, got)
		}
	}
}
