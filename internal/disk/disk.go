// Package disk knows what the operating system's disk errors mean: Windows has
// numbers of its own for the things Unix calls ENOSPC, EROFS and ENODEV, and Go
// does not translate them.
//
// What belongs here: telling such errors apart, the rename that outwaits a virus
// scanner, and the ways small files are read and replaced that hold whatever
// somebody else put under their names. What does not: words (a fault says them)
// and any knowledge of what the files are.
package disk

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"syscall"
	"time"
)

// Full: no room, or none left of this person's share.
func Full(err error) bool { return isOne(err, full) || errors.Is(err, syscall.ENOSPC) }

// WriteProtected: the place can be read but not written, or not by this person.
func WriteProtected(err error) bool {
	return isOne(err, protected) || errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission)
}

// Gone: nothing there, be it the file, the stick or the other computer.
func Gone(err error) bool {
	return isOne(err, gone) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENODEV) || errors.Is(err, syscall.ENXIO) ||
		errors.Is(err, syscall.ENOTDIR)
}

func isOne(err error, list []syscall.Errno) bool {
	var e syscall.Errno
	return errors.As(err, &e) && slices.Contains(list, e)
}

// Rename is os.Rename. On Windows a file that was just written may be open in
// a virus scanner or an indexer for a moment, and then neither it nor what it
// would replace can be renamed; so it tries again for about two seconds.
func Rename(old, new string) error {
	return patiently(func() error { return os.Rename(old, new) }, time.Sleep)
}

func patiently(try func() error, sleep func(time.Duration)) error {
	const longest = time.Second
	err := try()
	for wait := 10 * time.Millisecond; isOne(err, passing) && wait <= longest; wait *= 2 {
		sleep(wait)
		err = try()
	}
	return err
}
