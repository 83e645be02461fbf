//go:build !windows

package console

// Attach does nothing: outside Windows a program always has the terminal it
// was started from.
func Attach() {}

// systemLanguage: outside Windows the environment says it.
func systemLanguage() string { return "" }
