package cipherdb

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tiezhang/app/fault"
)

// Rekey writes an open database anew, under another key, into a second file:
//
//	r, err := db.Rekey(path, key)   makes the file
//	r.Copy(ctx, progress)           the bulk, from a pinned image; selling goes on
//	r.Compare(ctx, …)               the two side by side, in the state that was pinned
//	r.Finish(ctx, take)             what was written since; then take gets the new database
//	r.Discard()                     after a failure before take
//
// Until take gives nil the old database is untouched and the new one is nobody's.
type Rekey struct {
	db   *DB
	path string
	key  [32]byte
	to   *codec
	from *codec

	pin  *Pinned
	ivs  [][ivSize]byte // of each page as it was last copied; the old file changes its IV with every write
	over bool
}

// Rekey makes the file, which must not be there yet.
func (db *DB) Rekey(path string, key [32]byte) (*Rekey, error) {
	const op = "cipherdb.Rekey"
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fault.Wrap(op, fault.Internal, "cipherdb.disk", where(path), err)
	}
	if len(SideFiles(path)) > 0 {
		return nil, fault.New(op, fault.Conflict, "cipherdb.side-files", where(path))
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fault.Wrap(op, fault.Conflict, "cipherdb.exists", where(path), err)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return nil, mapOS(op, path, err)
	}
	return &Rekey{db: db, path: path, key: key, to: newCodec(key, NewSalt()), from: newCodec(db.key, db.salt)}, nil
}

// chunk is how many pages are in memory at a time.
const chunk = 256

// Copy pins the database and writes every page of it. The pin is held for
// Compare; Finish and Discard let it go.
func (r *Rekey) Copy(ctx context.Context, progress func(done, total int64)) error {
	const op = "cipherdb.Rekey"
	pin, err := r.db.Pin(ctx)
	if err != nil {
		return err
	}
	r.pin = pin
	return r.pass(ctx, op, pin, pin.Size(), progress)
}

// pass brings the new file to what src holds: the first time all of it, later
// the pages written since. It ends with the bytes on the disk.
func (r *Rekey) pass(ctx context.Context, op string, src io.ReaderAt, size int64, progress func(done, total int64)) (err error) {
	f, err := os.OpenFile(r.path, os.O_RDWR, 0o600)
	if err != nil {
		return mapOS(op, r.path, err)
	}
	defer func() {
		if cerr := f.Close(); err == nil && cerr != nil {
			err = mapOS(op, r.path, cerr)
		}
	}()
	total := size / PageSize
	if int64(len(r.ivs)) > total {
		r.ivs = r.ivs[:total]
	}
	in, iv := make([]byte, chunk*PageSize), make([]byte, chunk*ivSize)
	for first := int64(0); first < total; first += chunk {
		if err := ctx.Err(); err != nil {
			return fault.Wrap(op, fault.Canceled, "cipherdb.canceled", nil, err)
		}
		n := min(chunk, total-first)
		b := in[:n*PageSize]
		if err := readPages(src, b, first); err != nil {
			return mapOS(op, r.db.path, err)
		}
		rand.Read(iv)
		if err := r.turn(op, f, b, first, iv); err != nil {
			return err
		}
		if progress != nil {
			progress(min(first+n, total), total)
		}
	}
	if err := f.Truncate(total * PageSize); err != nil {
		return mapOS(op, r.path, err)
	}
	if err := f.Sync(); err != nil {
		return mapOS(op, r.path, err)
	}
	return nil
}

// turn writes those pages of a chunk that are not in the new file as they are;
// neighbours go out together.
func (r *Rekey) turn(op string, f io.WriterAt, b []byte, first int64, iv []byte) error {
	from := int64(-1) // the first page of the run not yet written, in the chunk
	n := int64(len(b) / PageSize)
	flush := func(to int64) error {
		if from < 0 {
			return nil
		}
		_, err := f.WriteAt(b[from*PageSize:to*PageSize], (first+from)*PageSize)
		from = -1
		if err != nil {
			return mapOS(op, r.path, err)
		}
		return nil
	}
	for i := range n {
		page, no := b[i*PageSize:(i+1)*PageSize], uint32(first+i+1)
		var have [ivSize]byte
		copy(have[:], page[ivAt:])
		known := first+i < int64(len(r.ivs))
		if known && r.ivs[first+i] == have || !carries(page, no) && !known {
			if err := flush(i); err != nil {
				return err
			}
		} else {
			if carries(page, no) {
				if !r.from.open(page, no) {
					return fault.New(op, fault.Damaged, "cipherdb.damaged", where(r.db.path))
				}
				r.to.seal(page, no, iv[i*ivSize:(i+1)*ivSize])
			}
			if from < 0 {
				from = i
			}
		}
		if known {
			r.ivs[first+i] = have
		} else {
			r.ivs = append(r.ivs, have)
		}
	}
	return flush(n)
}

// readPages reads whole pages, but for the one Windows may refuse, whose place
// stays empty.
func readPages(src io.ReaderAt, b []byte, first int64) error {
	hole := int64(lockPage - 1)
	n := int64(len(b)) / PageSize
	if hole < first || hole >= first+n {
		_, err := io.ReadFull(io.NewSectionReader(src, first*PageSize, int64(len(b))), b)
		return err
	}
	cut := (hole - first) * PageSize
	clear(b[cut : cut+PageSize])
	if _, err := io.ReadFull(io.NewSectionReader(src, first*PageSize, cut), b[:cut]); err != nil {
		return err
	}
	rest := b[cut+PageSize:]
	_, err := io.ReadFull(io.NewSectionReader(src, (hole+1)*PageSize, int64(len(rest))), rest)
	return err
}

// Compare shows the pinned state and the new file, opened through SQLCipher, to
// look, and lets the pin go.
func (r *Rekey) Compare(look func(old *Pinned, now *DB) error) error {
	now, err := Open(r.path, r.key)
	if err != nil {
		return err
	}
	err = look(r.pin, now)
	if cerr := now.Close(); err == nil {
		err = cerr
	}
	r.pin.Release()
	return err
}

// finishWait is how long Finish waits for readers and other pins.
const finishWait = 10 * time.Second

// Finish keeps everybody from writing, brings over what was written since Copy,
// opens the new database and gives it to take. When take gives nil the old
// database takes no more work: whoever waited for their turn to write is sent
// away with Closed "cipherdb.closed", and it is closed when its last reader has
// gone. Fault Locked "cipherdb.busy" when a reader or a pin is in the way too long.
func (r *Rekey) Finish(ctx context.Context, take func(next *DB) error) error {
	const op = "cipherdb.Rekey"
	db := r.db
	if err := db.enter(op); err != nil {
		return err
	}
	wait, cancel := context.WithTimeout(ctx, finishWait)
	defer cancel()
	if err := r.quiet(wait, op); err != nil {
		db.using.Done()
		if ctx.Err() == nil && fault.KindOf(err) == fault.Canceled {
			err = fault.Wrap(op, fault.Locked, "cipherdb.busy", where(db.path), err)
		}
		return err
	}
	err := r.takeOver(ctx, op, take)
	if err == nil {
		db.life.Lock()
		db.retired = true
		db.life.Unlock()
	}
	db.giveTurn()
	db.using.Done()
	if err != nil {
		return err
	}
	r.over = true
	_ = db.Close() // nothing is in its log, so nothing can be lost
	return nil
}

// quiet takes the turn at a moment when the log is folded in and nobody else
// holds the file still.
func (r *Rekey) quiet(ctx context.Context, op string) error {
	db := r.db
	for {
		if err := db.takeTurn(ctx, op); err != nil {
			return err
		}
		db.life.Lock()
		free := len(db.pins) == 0
		db.life.Unlock()
		if free {
			done, err := db.foldAll(ctx)
			if err != nil && !isBusy(err) {
				db.giveTurn()
				return Fault(op, err)
			}
			if done {
				return nil // with the turn
			}
		}
		db.giveTurn()
		select {
		case <-time.After(pinRetry):
		case <-ctx.Done():
			return fault.Wrap(op, fault.Canceled, "cipherdb.canceled", nil, ctx.Err())
		}
	}
}

func (r *Rekey) takeOver(ctx context.Context, op string, take func(*DB) error) error {
	size, err := fileSize(r.db.raw)
	if err != nil {
		return mapOS(op, r.db.path, err)
	}
	if err := r.pass(ctx, op, r.db.raw, size, nil); err != nil {
		return err
	}
	next, err := Open(r.path, r.key)
	if err != nil {
		return err
	}
	if err := take(next); err != nil {
		return errors.Join(err, next.Close())
	}
	return nil
}

// Discard removes a file that did not take over. It does nothing after Finish.
func (r *Rekey) Discard() {
	if r.pin != nil {
		r.pin.Release()
	}
	if r.over {
		return
	}
	r.over = true
	for _, side := range SideFiles(r.path) {
		os.Remove(side)
	}
	os.Remove(r.path)
}
