//go:build !windows

package place

import (
	"fmt"
	"os"
	"syscall"
)

func remote(env func(string) string) string { return remoteBySigns(env) }

// folderID is the folder's number on its disk: moving the folder keeps it, a
// copy has another.
func folderID(dir string) string {
	var st syscall.Stat_t
	if syscall.Stat(dir, &st) != nil {
		return ""
	}
	return fmt.Sprintf("%x:%x", st.Dev, st.Ino)
}

func machineID() string {
	for _, f := range []string{"/etc/machine-id", "/var/lib/dbus/machine-id"} {
		if b, err := os.ReadFile(f); err == nil && len(b) > 0 && len(b) < 256 {
			return string(b)
		}
	}
	return "" // macOS: the name has to do
}
