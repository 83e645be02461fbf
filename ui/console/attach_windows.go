package console

import (
	"os"
	"syscall"
	"unsafe"
)

var (
	kernel32                 = syscall.NewLazyDLL("kernel32.dll")
	attachConsole            = kernel32.NewProc("AttachConsole")
	getConsoleWindow         = kernel32.NewProc("GetConsoleWindow")
	setStdHandle             = kernel32.NewProc("SetStdHandle")
	getUserDefaultLocaleName = kernel32.NewProc("GetUserDefaultLocaleName")
)

// Attach gives the script face the console it was started from. On Windows a
// program with a window gets none, so without this every word would be lost.
// A stream that was redirected, to a file or a pipe, stays as it is. Only the
// script face asks for it: a window with a console would be ended when
// somebody closes that console.
func Attach() {
	streams := []struct {
		id   int
		file **os.File
		name string
	}{
		{syscall.STD_INPUT_HANDLE, &os.Stdin, "CONIN$"},
		{syscall.STD_OUTPUT_HANDLE, &os.Stdout, "CONOUT$"},
		{syscall.STD_ERROR_HANDLE, &os.Stderr, "CONOUT$"},
	}
	lost := streams[:0]
	for _, s := range streams { // before attaching, which may fill them in
		if !connected(s.id) {
			lost = append(lost, s)
		}
	}
	if len(lost) == 0 || attachConsole.Find() != nil {
		return
	}
	const parent = ^uintptr(0) // ATTACH_PARENT_PROCESS
	if ok, _, _ := attachConsole.Call(parent); ok == 0 {
		if w, _, _ := getConsoleWindow.Call(); w == 0 {
			return // started from the desktop: there is nobody to talk to
		}
	}
	for _, s := range lost {
		if f, err := os.OpenFile(s.name, os.O_RDWR, 0); err == nil {
			*s.file = f // os writes to a console in UTF-16, whatever its code page
			_, _, _ = setStdHandle.Call(uintptr(uint32(s.id)), f.Fd())
		}
	}
}

// connected tells whether a standard stream leads anywhere.
func connected(id int) bool {
	h, err := syscall.GetStdHandle(id)
	if err != nil || h == 0 || h == syscall.InvalidHandle {
		return false
	}
	kind, err := syscall.GetFileType(h)
	return err == nil && kind != syscall.FILE_TYPE_UNKNOWN
}

// systemLanguage gives the language of the person's Windows, such as "zh-CN":
// hardly any Windows has LANG.
func systemLanguage() string {
	var name [85]uint16 // LOCALE_NAME_MAX_LENGTH
	if n, _, _ := getUserDefaultLocaleName.Call(uintptr(unsafe.Pointer(&name[0])), uintptr(len(name))); n == 0 {
		return ""
	}
	return syscall.UTF16ToString(name[:])
}
