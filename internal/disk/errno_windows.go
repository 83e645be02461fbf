package disk

import "syscall"

// The numbers of winerror.h.
var (
	full = []syscall.Errno{
		39,   // ERROR_HANDLE_DISK_FULL
		112,  // ERROR_DISK_FULL
		1295, // ERROR_DISK_QUOTA_EXCEEDED
	}
	protected = []syscall.Errno{
		19,   // ERROR_WRITE_PROTECT: the little switch on the side of a stick
		6009, // ERROR_FILE_READ_ONLY
	}
	gone = []syscall.Errno{
		15,   // ERROR_INVALID_DRIVE
		20,   // ERROR_BAD_UNIT
		21,   // ERROR_NOT_READY
		53,   // ERROR_BAD_NETPATH
		55,   // ERROR_DEV_NOT_EXIST
		59,   // ERROR_UNEXP_NET_ERR
		64,   // ERROR_NETNAME_DELETED
		67,   // ERROR_BAD_NET_NAME
		433,  // ERROR_NO_SUCH_DEVICE
		1006, // ERROR_FILE_INVALID: the volume was pulled out with the file open
		1112, // ERROR_NO_MEDIA_IN_DRIVE
		1167, // ERROR_DEVICE_NOT_CONNECTED
		1231, // ERROR_NETWORK_UNREACHABLE
	}
	passing = []syscall.Errno{
		5,  // ERROR_ACCESS_DENIED, which is also what a replaced file that is open gives
		32, // ERROR_SHARING_VIOLATION
		33, // ERROR_LOCK_VIOLATION
	}
)

// noWait: opening waits for nobody here.
const noWait = 0
