package ui

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"

	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// Memory is what the program knows before any shop is open: where the shops
// are and how it shall look. It lies in the person's own settings folder and
// never holds a secret.
type Memory struct {
	Shops    []Known `json:"shops"`     // newest first
	Language string  `json:"language"`  // text.Lang
	Theme    string  `json:"theme"`     // system, light, dark
	TextSize string  `json:"text_size"` // standard, large, largest

	folder string
}

// Known is a shop that was open on this computer.
type Known struct {
	Folder string `json:"folder"`
	Name   string `json:"name"`
	User   string `json:"user"` // who signed in last
}

const (
	memoryFile = "settings.json"
	mostShops  = 8
)

// Folder is the program's own folder: TIEZHANG_HOME, or tiezhang in the
// system's folder for settings.
func Folder() string {
	if f := os.Getenv("TIEZHANG_HOME"); f != "" {
		return f
	}
	base, err := os.UserConfigDir()
	if err != nil {
		base = os.TempDir() // a computer without a home still opens shops
	}
	return filepath.Join(base, "tiezhang")
}

// Recall reads the memory. A file that is missing or spoilt is an empty
// memory: nothing in it cannot be chosen again.
func Recall(folder string) *Memory {
	m := &Memory{}
	if b, err := os.ReadFile(filepath.Join(folder, memoryFile)); err == nil {
		if json.Unmarshal(b, m) != nil {
			m = &Memory{}
		}
	}
	m.folder = folder
	return m
}

// Save writes the memory, whole or not at all.
func (m *Memory) Save() error {
	if err := os.MkdirAll(m.folder, 0o700); err != nil {
		return err
	}
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	tmp := filepath.Join(m.folder, memoryFile+".new")
	if err := os.WriteFile(tmp, append(b, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(m.folder, memoryFile))
}

// Opened notes a shop that was just opened.
func (m *Memory) Opened(k Known) {
	m.Forget(k.Folder)
	m.Shops = slices.Insert(m.Shops, 0, k)
	m.Shops = m.Shops[:min(len(m.Shops), mostShops)]
}

// Forget takes a shop off the list; its files stay where they are.
func (m *Memory) Forget(folder string) {
	m.Shops = slices.DeleteFunc(m.Shops, func(k Known) bool { return k.Folder == folder })
}

// Of gives what is known of a shop's folder.
func (m *Memory) Of(folder string) Known {
	for _, k := range m.Shops {
		if k.Folder == folder {
			return k
		}
	}
	return Known{Folder: folder}
}

// Words of the looks, as stored.
var (
	modes = map[string]theme.Mode{"": theme.Light, "system": theme.System, "light": theme.Light, "dark": theme.Dark}
	sizes = map[string]theme.TextSize{"standard": theme.Standard, "large": theme.Large, "largest": theme.Largest}
)

// Apply puts the remembered look on the running app.
func (m *Memory) Apply() {
	if m.Language != "" {
		text.Use(text.Lang(m.Language))
	}
	theme.Apply(theme.New(modes[m.Theme], sizes[m.TextSize]))
}

// Label is what a shop is called where its name is not known.
func (k Known) Label() string {
	if k.Name != "" {
		return k.Name
	}
	return filepath.Base(k.Folder)
}
