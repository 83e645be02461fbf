package target

import (
	"os"
	"syscall"
	"unsafe"
)

// ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED.
var noSpaceErrors = []error{syscall.Errno(112), syscall.Errno(39), syscall.Errno(1295)}

// dropCache does nothing here: an uncached handle would demand aligned reads.
// The fsync before has at least made the drive answer for the data.
func dropCache(*os.File) {}

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
