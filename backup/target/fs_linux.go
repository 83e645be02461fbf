package target

import (
	"os"
	"syscall"
)

const fadvDontNeed = 4

// dropCache asks the kernel to forget the clean pages of a file, so that the
// next read comes from the disk. The caller has fsynced.
func dropCache(f *os.File) {
	c, err := f.SyscallConn()
	if err != nil {
		return
	}
	_ = c.Control(func(fd uintptr) {
		_, _, _ = syscall.Syscall6(syscall.SYS_FADVISE64, fd, 0, 0, fadvDontNeed, 0, 0)
	})
}
