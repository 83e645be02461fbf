package target

import (
	"os"
	"syscall"
)

// dropCache switches the cache off for this descriptor.
func dropCache(f *os.File) {
	c, err := f.SyscallConn()
	if err != nil {
		return
	}
	_ = c.Control(func(fd uintptr) {
		_, _, _ = syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_NOCACHE, 1)
	})
}
