package target

import (
	"os"
	"syscall"
	"unsafe"
)

const fileFlagNoBuffering = 0x20000000

// openUncached opens past the cache of the system. What cannot be opened or read
// so (a folder, a disk with larger sectors, some network shares) is opened plainly;
// the fsync before has at least made the drive answer for the data.
func openUncached(name string) (File, error) {
	if p, err := syscall.UTF16PtrFromString(name); err == nil {
		h, err := syscall.CreateFile(p, syscall.GENERIC_READ, syscall.FILE_SHARE_READ|syscall.FILE_SHARE_WRITE|syscall.FILE_SHARE_DELETE,
			nil, syscall.OPEN_EXISTING, syscall.FILE_ATTRIBUTE_NORMAL|fileFlagNoBuffering, 0)
		if err == nil {
			f := newAlignedFile(os.NewFile(uintptr(h), name))
			if tryAligned(f) {
				return f, nil
			}
			_ = f.Close()
		}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return f, nil
}

var getDiskFreeSpaceEx = syscall.NewLazyDLL("kernel32.dll").NewProc("GetDiskFreeSpaceExW")

func freeSpace(name string) (uint64, error) {
	p, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return 0, err
	}
	var free uint64
	ok, _, err := getDiskFreeSpaceEx.Call(uintptr(unsafe.Pointer(p)), uintptr(unsafe.Pointer(&free)), 0, 0)
	if ok == 0 {
		return 0, err
	}
	return free, nil
}
