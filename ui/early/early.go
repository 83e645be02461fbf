//go:build !windows

// Package early runs before Fyne does: it gives a machine without a language
// (LANG=C, as on servers and in scripts) one, because Fyne otherwise writes a
// complaint to standard error for each of its languages, in front of what the
// script face has to say there.
//
// What belongs here: this one step, with syscall as the only import. Packages
// are initialised in the order of their paths as soon as what they import is;
// importing anything that needs package unicode would make this one come after
// Fyne. A test of the built program holds it to that. What does not: anything
// else. Windows tells Fyne its language by itself.
package early

import "syscall"

func init() {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} { // the order in which they count
		v, ok := syscall.Getenv(name)
		if !ok || v == "" {
			continue
		}
		if plain(v) {
			_ = syscall.Setenv(name, "en_US.UTF-8") // a failure costs only quiet
		}
		return
	}
	_ = syscall.Setenv("LANG", "en_US.UTF-8")
}

func plain(v string) bool {
	return v == "C" || v == "POSIX" || len(v) > 2 && v[:2] == "C."
}
