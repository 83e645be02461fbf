package archtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"unicode"
)

var languages = []string{"zh-Hans", "en"}

// texts is one file: area, language, and its keys.
type texts struct {
	area, language string
	entries        map[string]string
}

func parseTexts(name string, data []byte) (texts, []string) {
	base := strings.TrimSuffix(path.Base(name), ".json")
	area, language, ok := strings.Cut(base, ".")
	t := texts{area: area, language: language, entries: map[string]string{}}
	if !ok || !slices.Contains(languages, language) {
		return t, []string{name + ": the name must be <area>.zh-Hans.json or <area>.en.json"}
	}
	var out []string
	d := json.NewDecoder(bytes.NewReader(data))
	if tok, err := d.Token(); err != nil || tok != json.Delim('{') {
		return t, []string{name + ": not a JSON object"}
	}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return t, append(out, fmt.Sprintf("%s: %v", name, err))
		}
		var v any
		if err := d.Decode(&v); err != nil {
			return t, append(out, fmt.Sprintf("%s: after %q: %v", name, k, err))
		}
		key, _ := k.(string)
		text, isText := v.(string)
		if _, twice := t.entries[key]; twice {
			out = append(out, fmt.Sprintf("%s: %s is there twice", name, key))
		}
		if !isText || strings.TrimSpace(text) == "" {
			out = append(out, fmt.Sprintf("%s: %s has no text", name, key))
		}
		if !strings.HasPrefix(key, area+".") {
			out = append(out, fmt.Sprintf("%s: %s must begin with %s.", name, key, area))
		}
		t.entries[key] = text
	}
	if _, err := d.Token(); err != nil {
		out = append(out, fmt.Sprintf("%s: %v", name, err))
	} else if _, err := d.Token(); err != io.EOF {
		out = append(out, name+": something follows the object")
	}
	return t, out
}

var argument = regexp.MustCompile(`\{([^{}]*)\}`)

// arguments lists the {names} of a text, sorted, each once.
func arguments(text string) []string {
	var names []string
	for _, m := range argument.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	sort.Strings(names)
	return slices.Compact(names)
}

// checkTexts compares the languages of every area.
func checkTexts(all []texts) (out []string) {
	byArea := map[string]map[string]map[string]string{}
	for _, t := range all {
		if byArea[t.area] == nil {
			byArea[t.area] = map[string]map[string]string{}
		}
		byArea[t.area][t.language] = t.entries
	}
	for area, langs := range byArea {
		for i, language := range languages {
			other := languages[1-i]
			for key, text := range langs[language] {
				translated, ok := langs[other][key]
				switch {
				case !ok:
					out = append(out, fmt.Sprintf("%s is in %s.%s.json but not in %s.%s.json", key, area, language, area, other))
				case i == 0 && !slices.Equal(arguments(text), arguments(translated)):
					out = append(out, fmt.Sprintf("%s: arguments %v in %s, %v in %s", key, arguments(text), language, arguments(translated), other))
				}
			}
		}
		for key, text := range langs["en"] {
			if strings.IndexFunc(argument.ReplaceAllString(text, ""), func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0 && !bilingual[key] {
				out = append(out, key+": Chinese in the English text")
			}
		}
	}
	sort.Strings(out)
	return out
}

// bilingual keys show Chinese in the English interface on purpose.
var bilingual = map[string]bool{
	"start.language.other": true, // the button that leads back to Chinese
}

func readTexts(t *testing.T) (all []texts) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(root, "assets", "i18n", "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no texts found: %v", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		one, breaches := parseTexts(filepath.Base(name), data)
		for _, b := range breaches {
			t.Error(b)
		}
		all = append(all, one)
	}
	return all
}

func TestBothLanguagesAreComplete(t *testing.T) {
	for _, breach := range checkTexts(readTexts(t)) {
		t.Error(breach)
	}

	zh := func(text string) texts { return texts{"x", "zh-Hans", map[string]string{"x.a": text}} }
	en := func(text string) texts { return texts{"x", "en", map[string]string{"x.a": text}} }
	for name, bad := range map[string][]texts{
		"missing":         {zh("库存")},
		"missing Chinese": {en("stock")},
		"arguments":       {zh("第 {row} 行"), en("line {line}")},
		"not translated":  {zh("库存"), en("库存")},
	} {
		if len(checkTexts(bad)) == 0 {
			t.Errorf("the check sleeps: %s", name)
		}
	}
	if got := checkTexts([]texts{zh("{n} 行，第 {row} 行"), en("row {row} of {n}, {n} in all")}); len(got) > 0 {
		t.Errorf("the check is too strict: %v", got)
	}
	for _, bad := range []string{`[]`, `{"x.a":"1","x.a":"2"}`, `{"y.a":"1"}`, `{"x.a":""}`, `{"x.a":3}`, `{"x.a":"1"`, `{"x.a":"1"}{}`} {
		if _, got := parseTexts("x.en.json", []byte(bad)); len(got) == 0 {
			t.Errorf("the check sleeps: it let %s pass", bad)
		}
	}
	if _, got := parseTexts("x.fr.json", []byte(`{}`)); len(got) == 0 {
		t.Error("the check sleeps: a language nobody completes")
	}
}
