package start

import (
	"os"
	"path/filepath"
	"runtime"
)

// sticks lists where removable disks are found on this system: the drives but
// the system's own, or the folders disks are mounted in.
func sticks() []string {
	if runtime.GOOS == "windows" {
		var out []string
		for c := 'D'; c <= 'Z'; c++ {
			if root := string(c) + `:\`; isDir(root) {
				out = append(out, root)
			}
		}
		return out
	}
	var out []string
	for _, pattern := range []string{"/Volumes/*", "/media/*", "/media/*/*", "/run/media/*/*", "/mnt", "/mnt/*"} {
		found, _ := filepath.Glob(pattern)
		for _, f := range found {
			if st, err := os.Stat(f); err == nil && st.IsDir() {
				out = append(out, f)
			}
		}
	}
	return out
}
