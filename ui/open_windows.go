package ui

import "golang.org/x/sys/windows"

// openPath shows a file in the program Windows has for it. A path and not a
// file: address, because Windows reads the escaped Chinese in an address in the
// local code page.
func openPath(path string) error {
	verb, err := windows.UTF16PtrFromString("open")
	if err != nil {
		return err
	}
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, verb, p, nil, nil, windows.SW_SHOWNORMAL)
}
