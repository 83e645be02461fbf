// Package text turns keys into the words people read, in the language chosen.
//
// What belongs here: the catalogue, words for faults, and how numbers and
// dates are shown. What does not: the words themselves (assets/i18n), and any
// decision about where they stand.
package text

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"tiezhang/app/fault"
	"tiezhang/assets"
)

// Lang is a language the program is complete in.
type Lang string

const (
	Chinese Lang = "zh-Hans"
	English Lang = "en"
)

// Languages lists them, the default first.
func Languages() []Lang { return []Lang{Chinese, English} }

// Catalogue holds the texts of all languages.
type Catalogue struct{ texts map[Lang]map[string]string }

// Load reads every <area>.<language>.json found in fsys. A key of the wrong
// area, or one given twice, is an error: the second writer would not see why
// the text does not change.
func Load(fsys fs.FS) (*Catalogue, error) {
	c := &Catalogue{texts: map[Lang]map[string]string{}}
	for _, l := range Languages() {
		c.texts[l] = map[string]string{}
	}
	var problems []error
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		if err := c.add(fsys, name); err != nil {
			problems = append(problems, err) // and read the rest all the same
		}
		return nil
	})
	return c, errors.Join(append(problems, err)...)
}

func (c *Catalogue) add(fsys fs.FS, name string) error {
	parts := strings.Split(path.Base(name), ".")
	if len(parts) != 3 {
		return fmt.Errorf("text: %s: want area.language.json", name)
	}
	area, lang := parts[0], Lang(parts[1])
	all, ok := c.texts[lang]
	if !ok {
		return fmt.Errorf("text: %s: unknown language %q", name, lang)
	}
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	var m map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		return fmt.Errorf("text: %s: %w", name, err)
	}
	for k, v := range m {
		if !strings.HasPrefix(k, area+".") {
			return fmt.Errorf("text: %s: key %q is not of area %q", name, k, area)
		}
		if _, twice := all[k]; twice {
			return fmt.Errorf("text: %s: key %q is given twice", name, k)
		}
		all[k] = v
	}
	return nil
}

// Keys lists the keys of a language, sorted.
func (c *Catalogue) Keys(l Lang) []string {
	out := make([]string, 0, len(c.texts[l]))
	for k := range c.texts[l] {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Raw gives the text with its {names} unfilled.
func (c *Catalogue) Raw(l Lang, key string) (string, bool) {
	s, ok := c.texts[l][key]
	return s, ok
}

var state struct {
	sync.RWMutex
	once      sync.Once
	cat       *Catalogue
	lang      Lang
	listeners map[int]func()
	next      int
}

func catalogue() (*Catalogue, Lang) {
	state.once.Do(func() {
		c, err := Load(assets.I18N)
		if err != nil {
			// The files are built in and a test reads them, so this is a slip
			// in a build nobody tested: show what could be read.
			fmt.Println(err)
		}
		state.Lock()
		if state.cat == nil {
			state.cat = c
		}
		if state.lang == "" {
			state.lang = Chinese
		}
		state.Unlock()
	})
	state.RLock()
	defer state.RUnlock()
	return state.cat, state.lang
}

// Current gives the language in use.
func Current() Lang { _, l := catalogue(); return l }

// Use switches the language and tells the listeners. Interface thread only.
func Use(l Lang) {
	c, old := catalogue()
	if _, ok := c.texts[l]; !ok || l == old {
		return
	}
	state.Lock()
	state.lang = l
	fs := make([]func(), 0, len(state.listeners))
	for i := range state.next {
		if f := state.listeners[i]; f != nil {
			fs = append(fs, f)
		}
	}
	state.Unlock()
	fyneLanguage(l)
	for _, f := range fs {
		f()
	}
}

// OnChange calls f after every switch of language until remove is called.
func OnChange(f func()) (remove func()) {
	state.Lock()
	defer state.Unlock()
	if state.listeners == nil {
		state.listeners = map[int]func(){}
	}
	id := state.next
	state.next++
	state.listeners[id] = f
	return func() {
		state.Lock()
		defer state.Unlock()
		delete(state.listeners, id)
	}
}

// T gives the text of a key with its {names} filled from name, value pairs or
// from one fault.Args. An argument "@some.key" is itself a key (for the names
// of fields). A key of no text gives the other language's text, else the key
// in brackets; a test of this package keeps that from happening.
func T(key string, args ...any) string {
	s, ok := lookup(key)
	if !ok {
		return "⟦" + key + "⟧"
	}
	return fill(s, asArgs(args))
}

// Has tells whether there is a text for key.
func Has(key string) bool { _, ok := lookup(key); return ok }

func lookup(key string) (string, bool) {
	c, l := catalogue()
	if c == nil {
		return "", false
	}
	if s, ok := c.texts[l][key]; ok {
		return s, true
	}
	for _, other := range Languages() {
		if s, ok := c.texts[other][key]; ok {
			return s, true
		}
	}
	return "", false
}

func asArgs(args []any) fault.Args {
	if len(args) == 1 {
		switch a := args[0].(type) {
		case fault.Args:
			return a
		case map[string]any:
			return a
		}
	}
	return fault.Pairs(args...)
}

// fill replaces {name}. A name without a value is shown as a dash: braces on
// the screen help nobody.
func fill(s string, args fault.Args) string {
	if !strings.Contains(s, "{") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '{')
		j := -1
		if i >= 0 {
			j = strings.IndexByte(s[i:], '}')
		}
		if j < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		name := s[i+1 : i+j]
		v, ok := args[name]
		switch {
		case !argName(name):
			b.WriteString(s[i : i+j+1])
		case !ok || v == nil:
			b.WriteString("—")
		default:
			word := fmt.Sprint(v)
			if k, isKey := strings.CutPrefix(word, "@"); isKey && Has(k) {
				word = T(k)
			}
			b.WriteString(word)
		}
		s = s[i+j+1:]
	}
}

func argName(s string) bool {
	if s == "" {
		return false
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return true
}

// argNames lists the {names} of a text, sorted, each once.
func argNames(s string) []string {
	var out []string
	for _, p := range strings.Split(s, "{")[1:] {
		if n, _, ok := strings.Cut(p, "}"); ok && argName(n) && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// raw gives a key's text in the language in use with its {names} unfilled.
func raw(key string) string { s, _ := lookup(key); return s }
