package text

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"fyne.io/fyne/v2/lang"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/assets"
)

func TestLanguagesAreEquallyComplete(t *testing.T) {
	c, err := Load(assets.I18N)
	if err != nil {
		t.Fatal(err)
	}
	zh, en := c.Keys(Chinese), c.Keys(English)
	for _, k := range zh {
		a, _ := c.Raw(Chinese, k)
		b, ok := c.Raw(English, k)
		if !ok {
			t.Errorf("%s has no English", k)
			continue
		}
		if (strings.TrimSpace(a) == "") != (strings.TrimSpace(b) == "") { // an example cell may be blank, in both
			t.Errorf("%s is empty in one language", k)
		}
		if x, y := argNames(a), argNames(b); !slices.Equal(x, y) {
			t.Errorf("%s: arguments %v in Chinese, %v in English", k, x, y)
		}
	}
	for _, k := range en {
		if _, ok := c.Raw(Chinese, k); !ok {
			t.Errorf("%s has no Chinese", k)
		}
	}
}

// Every key written as a literal in a T call or in a fault must have a text.
func TestKeysUsedInTheProgramExist(t *testing.T) {
	use := regexp.MustCompile(`text\.T\(\s*"([^"]+)"\s*[,)]|fault\.(?:New|Wrap)\("[^"]*",\s*(?:fault\.)?\w+,\s*"([^"]+)"|fault\.Bad\("[^"]*",\s*"([^"]+)"`)
	n := 0
	for _, dir := range []string{"../../app", "../../ui", "../../store", "../../backup"} {
		_ = filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
				return nil
			}
			b, err := os.ReadFile(p)
			if err != nil {
				return nil
			}
			for _, m := range use.FindAllStringSubmatch(string(b), -1) {
				key := m[1] + m[2] + m[3]
				n++
				if !Has(key) {
					t.Errorf("%s uses %q, which has no text", p, key)
				}
			}
			return nil
		})
	}
	if n == 0 {
		t.Error("no use of any key was found: the search is broken")
	}
}

func TestEveryKindOfFaultHasAGeneralSentence(t *testing.T) {
	for k := fault.Internal; k <= fault.Unsupported; k++ {
		if !Has("ui.fault." + k.String()) {
			t.Error(k)
		}
	}
}

func TestFill(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a {x} b", "a 1 b"}, {"{x}{x}", "11"}, {"{gone}", "—"}, {"{not a name}", "{not a name}"}, {"{open", "{open"}, {"{f}", T("ui.button.ok")}, {"{at}", "@home"},
	} {
		if got := fill(c.in, fault.Args{"x": 1, "f": "@ui.button.ok", "at": "@home"}); got != c.want {
			t.Errorf("%q: %q", c.in, got)
		}
	}
}

func TestSwitching(t *testing.T) {
	defer Use(Chinese)
	n := 0
	remove := OnChange(func() { n++ })
	Use(English)
	if T("ui.button.cancel") != "Cancel" || Current() != English || lang.L("Cancel") != "Cancel" {
		t.Error(T("ui.button.cancel"), lang.L("Cancel"))
	}
	Use(English) // no change, no call
	Use("xx")    // unknown, ignored
	Use(Chinese)
	if T("ui.button.cancel") != "取消" || lang.L("Cancel") != "取消" || lang.X("friday.short", "Fri") != "周五" {
		t.Error(T("ui.button.cancel"), lang.L("Cancel"), lang.X("friday.short", "Fri"))
	}
	remove()
	Use(English)
	if n != 2 {
		t.Error(n)
	}
}

func TestFaultWords(t *testing.T) {
	known := fault.New("bg.Run", fault.Internal, "ui.bg.panic", nil)
	if Fault(known) != T("ui.bg.panic") {
		t.Error(Fault(known))
	}
	for _, err := range []error{
		fault.New("x", fault.Denied, "no.such.key", nil),
		fault.New("x", fault.NoSpace, "", nil),
		errors.New("disk on fire"),
		context.Canceled,
	} {
		s := Fault(err)
		if strings.Contains(s, "no.such.key") || strings.Contains(s, "⟦") || strings.Contains(s, "fire") || len(s) < 12 {
			t.Errorf("%v: %q", err, s)
		}
	}
	if s := Fault(fault.New("x", fault.Denied, "no.such.key", nil)); !strings.Contains(s, "权限") || !strings.Contains(s, Code(fault.New("", 0, "no.such.key", nil))) {
		t.Error(s)
	}
	l := fault.List{known, fault.New("x", fault.Closed, "no.such", nil)}
	if got := FaultLines(l.Err()); len(got) != 2 {
		t.Error(got)
	}
	if s := Fault(fault.Wrap("outer", fault.Internal, "no.words", nil, known)); s != T("ui.bg.panic") {
		t.Error("inner words lost:", s)
	}
	if Fault(nil) != "" {
		t.Error("nil")
	}
}

func TestBadFilesAreNamed(t *testing.T) {
	for name, fsys := range map[string]fstest.MapFS{
		"foreign key":   {"i18n/a.en.json": {Data: []byte(`{"b.x":"1"}`)}},
		"not json":      {"i18n/a.en.json": {Data: []byte(`{`)}},
		"unknown lang":  {"i18n/a.fr.json": {Data: []byte(`{}`)}},
		"no lang":       {"i18n/a.json": {Data: []byte(`{}`)}},
		"twice the key": {"x/a.en.json": {Data: []byte(`{"a.x":"1"}`)}, "y/a.en.json": {Data: []byte(`{"a.x":"2"}`)}},
	} {
		if _, err := Load(fsys); err == nil || !strings.Contains(err.Error(), "json") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestShowing(t *testing.T) {
	day := time.Date(2026, 11, 2, 9, 5, 0, 0, time.UTC)
	for got, want := range map[string]string{
		MoneyTotal(-123450):          "-¥1,234.50",
		MoneyTotal(100):              "¥1.00",
		Money(-5):                    "-0.05",
		Percent(amount.Rate(130000)): "13%",
		Percent(amount.Rate(125)):    "0.0125%",
		Date(day):                    "2026-11-02",
		DateTime(day):                "2026-11-02 09:05",
		Weekday(day):                 "周一",
		Bytes(1536):                  "1.5 KB",
		Bytes(3):                     "3 B",
		Date(time.Time{}):            "",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
