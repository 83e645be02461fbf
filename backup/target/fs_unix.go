//go:build !windows

package target

import (
	"os"
	"syscall"
)

func openUncached(name string) (File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	dropCache(f) // best effort: some file systems refuse
	return f, nil
}

func freeSpace(name string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(name, &s); err != nil {
		return 0, err
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}
