package place

import (
	"os"
	"path/filepath"
	"runtime"
)

// Sticks lists where removable disks are found on this system: the drives but
// the system's own, or the folders disks are mounted in. Key files are looked
// for there.
func Sticks() []string {
	var out []string
	add := func(path string) {
		if st, err := os.Stat(path); err == nil && st.IsDir() {
			out = append(out, path)
		}
	}
	if runtime.GOOS == "windows" {
		for c := 'D'; c <= 'Z'; c++ {
			add(string(c) + `:\`)
		}
		return out
	}
	for _, pattern := range []string{"/Volumes/*", "/media/*", "/media/*/*", "/run/media/*/*", "/mnt", "/mnt/*"} {
		found, _ := filepath.Glob(pattern)
		for _, f := range found {
			add(f)
		}
	}
	return out
}
