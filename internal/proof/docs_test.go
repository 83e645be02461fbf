package proof

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/app/report"
)

// TestConsolePageIsComplete holds docs/console.md to the program: every command,
// flag, field, kind, report and column is on it.
func TestConsolePageIsComplete(t *testing.T) {
	b, err := os.ReadFile("../../docs/console.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	need := func(what, text string) {
		if !strings.Contains(page, text) {
			t.Errorf("docs/console.md does not tell the %s %s", what, text)
		}
	}
	help, _ := newFace(t).run(0, "help")
	commands := 0
	for _, l := range strings.Split(help, "\n") {
		words := strings.Fields(l)
		if len(words) < 2 || words[0] != "tiezhang" {
			continue
		}
		commands++
		need("command", "### "+words[1]+" ")
		for _, f := range regexp.MustCompile(`--[a-z-]+`).FindAllString(l, -1) {
			need("flag of "+words[1], f)
		}
	}
	if commands < 12 {
		t.Errorf("help tells only %d commands", commands)
	}
	fields := 0
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			fields++
			if !strings.Contains(page, "`"+name+"`") && !strings.Contains(page, `"`+name+`"`) {
				t.Errorf("docs/console.md does not tell the field %s", name)
			}
			if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct {
				walk(f.Type.Elem())
			}
		}
	}
	walk(reflect.TypeFor[app.Wire]())
	if fields < 50 {
		t.Errorf("only %d fields were found", fields)
	}
	for _, s := range doc.Specs() {
		need("kind", "| `"+string(s.Kind)+"`")
	}
	for _, s := range report.Specs() {
		row := regexp.MustCompile("(?m)^\\| `" + s.Name + "` .*$").FindString(page)
		if row == "" {
			t.Errorf("docs/console.md does not tell the report %s", s.Name)
			continue
		}
		cells := strings.Split(row, "|")
		for _, c := range s.Columns {
			want := c.Key
			if c.Field != "" {
				want += " (" + string(c.Field) + ")"
			}
			if !strings.Contains(" "+cells[3], " "+want) {
				t.Errorf("docs/console.md: report %s has a column %s", s.Name, want)
			}
		}
	}
}
