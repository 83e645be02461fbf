package backup

import (
	"errors"
	"io"

	"tiezhang/app/fault"
	"tiezhang/backup/archive"
)

// image reads a pinned database, or any raw image, by page number.
type image struct {
	r        io.ReaderAt
	pages    uint64
	pageSize int
}

func newImage(r io.ReaderAt, size int64, pageSize int) (*image, error) {
	if pageSize < 512 || size <= 0 || size%int64(pageSize) != 0 {
		return nil, fault.New("backup.source", fault.Damaged, "backup.source.size", fault.Pairs("size", size, "pageSize", pageSize))
	}
	return &image{r: r, pages: uint64(size) / uint64(pageSize), pageSize: pageSize}, nil
}

// read fills b with consecutive pages from first on. The lock page is not
// touched: Windows would refuse, and SQLite never writes it.
func (i *image) read(b []byte, first uint32) error {
	lock := archive.LockPage(uint32(i.pageSize))
	n := uint32(len(b) / i.pageSize)
	if lock >= first && lock < first+n {
		cut := int(lock-first) * i.pageSize
		if err := i.plain(b[:cut], first); err != nil {
			return err
		}
		clear(b[cut : cut+i.pageSize])
		b, first = b[cut+i.pageSize:], lock+1
	}
	return i.plain(b, first)
}

func (i *image) plain(b []byte, first uint32) error {
	if len(b) == 0 {
		return nil
	}
	n, err := i.r.ReadAt(b, int64(first-1)*int64(i.pageSize))
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fault.Wrap("backup.source", fault.Damaged, "backup.source.unreadable", fault.Pairs("page", first+uint32(n/i.pageSize)), err)
}

// ReadPages reads pages by number, joining runs of neighbours into one read.
func (i *image) ReadPages(b []byte, nos []uint32) error {
	for at := 0; at < len(nos); {
		end := at + 1
		for end < len(nos) && nos[end] == nos[end-1]+1 {
			end++
		}
		if err := i.read(b[at*i.pageSize:end*i.pageSize], nos[at]); err != nil {
			return err
		}
		at = end
	}
	return nil
}
