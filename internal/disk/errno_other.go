//go:build !windows

package disk

import "syscall"

// Here Go's own names say it all, but for the quota.
var (
	full                     = []syscall.Errno{syscall.EDQUOT}
	protected, gone, passing []syscall.Errno
)
