package ui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/ui/control"
	"tiezhang/ui/keys"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// bindKeys binds the keys that work on every page.
func (s *Shell) bindKeys() {
	in := func() bool { return s.space != nil }
	bind := func(c keys.Chord, action string, always bool, run func()) {
		s.router.Shell().Bind(keys.Binding{Chord: c, Action: "shell." + action, Title: "shell.key." + action, Run: run, Enabled: in, Always: always})
	}
	bind("Ctrl+K", "palette", false, s.openPalette)
	bind(keys.F1, "help", false, s.help)
	bind("Ctrl+L", "lock", true, s.lock)
	bind("Ctrl+M", "rail", false, func() { s.win.Canvas().Focus(s.space.rail) })
	bind("Ctrl+W", "close", false, func() { s.space.closePage(s.space.tabs[s.space.front].page) })
	bind("Ctrl+Tab", "next", false, func() { s.step(1) })
	bind("Ctrl+Shift+Tab", "previous", false, func() { s.step(-1) })
	bind("Ctrl+Q", "exit", false, s.Exit)
	s.router.Shell().Bind(keys.Binding{Chord: "F12", Action: "shell.view.leave", Title: "shell.view.leave", Run: s.endView, Enabled: func() bool { return in() && s.space.own != nil }})
	for i := range 9 {
		s.router.Shell().Bind(keys.Binding{Chord: keys.Chord("Alt+" + strconv.Itoa(i+1)), Action: "shell.tab" + strconv.Itoa(i+1), Title: "shell.key.tab",
			Run: func() { s.space.show(i) }, Enabled: func() bool { return in() && i < len(s.space.tabs) }})
	}
}

func (s *Shell) step(by int) {
	n := len(s.space.tabs)
	s.space.show((s.space.front + by + n) % n)
}

// help lists the keys that work now.
func (s *Shell) help() {
	grid := container.NewGridWithColumns(2)
	tabs := false
	for _, b := range s.router.Bindings() {
		if b.Title == "" || b.Enabled != nil && !b.Enabled() {
			continue
		}
		chord := string(b.Chord)
		if b.Title == "shell.key.tab" { // nine of them are one line
			if tabs {
				continue
			}
			tabs, chord = true, "Alt+1 \u2026 9"
		}
		k := control.NewWords(chord, 110)
		k.Bold = true
		grid.Add(container.NewHBox(k, control.NewWords(text.T(b.Title), 190)))
	}
	scroll := container.NewVScroll(grid)
	h := min(grid.MinSize().Height, s.win.Canvas().Size().Height*0.55)
	scroll.SetMinSize(fyne.NewSize(grid.MinSize().Width, h))
	foot := control.NewWords(text.T("shell.help.status"), 600)
	foot.Color = theme.NameMuted
	m := control.NewModal(text.T("shell.help"), container.NewBorder(nil, foot, nil, nil, scroll))
	m.Cancel = m.DefaultButton(text.T("ui.button.close"), m.Close)
	m.Open(s.win.Canvas())
}
