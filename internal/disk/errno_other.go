//go:build !windows

package disk

import "syscall"

// Here Go's own names say it all, but for the quota.
var (
	full                     = []syscall.Errno{syscall.EDQUOT}
	protected, gone, passing []syscall.Errno
)

// noWait opens a pipe nobody writes to without waiting for somebody who does.
const noWait = syscall.O_NONBLOCK
