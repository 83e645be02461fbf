package target

import (
	"syscall"
)

var getLogicalDrives = syscall.NewLazyDLL("kernel32.dll").NewProc("GetLogicalDrives")

// Volumes lists the drive letters in use. It asks nothing of the drives
// themselves, so an empty card reader or a lost share does not hang it.
func Volumes() []string {
	mask, _, _ := getLogicalDrives.Call()
	var out []string
	for i := range 26 {
		if mask&(1<<i) != 0 {
			out = append(out, string(rune('A'+i))+`:\`)
		}
	}
	return out
}
