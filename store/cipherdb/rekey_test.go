package cipherdb

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tiezhang/app/fault"
)

// rekeyed runs a whole rekeying and gives the new database.
func rekeyed(t *testing.T, db *DB, key [32]byte, between func()) *DB {
	t.Helper()
	path := filepath.Join(filepath.Dir(db.Path()), "next")
	r, err := db.Rekey(path, key)
	must(t, err)
	defer r.Discard()
	must(t, r.Copy(context.Background(), nil))
	must(t, r.Compare(func(old *Pinned, now *DB) error { return nil }))
	if between != nil {
		between()
	}
	var next *DB
	must(t, r.Finish(context.Background(), func(n *DB) error { next = n; return nil }))
	t.Cleanup(func() { next.Close() })
	return next
}

// Every page of the copy is the old one's, byte for byte under its cipher, also
// the free ones, and what was written, added and taken away after the bulk.
func TestRekeyIsTheSameFile(t *testing.T) {
	db := createIn(t, t.TempDir())
	must(t, insert(db, 0, 3000))
	must(t, db.Write(context.Background(), func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM doc WHERE id % 3 = 0")
		return err
	}))
	must(t, db.Checkpoint(context.Background()))
	before, err := os.Stat(db.Path())
	must(t, err)
	oldKey := newCodec(db.key, db.salt)
	var key [32]byte
	rand.Read(key[:])
	var plain [][]byte
	next := rekeyed(t, db, key, func() {
		must(t, insert(db, 3000, 500))
		must(t, db.Write(context.Background(), func(tx *sql.Tx) error {
			_, err := tx.Exec("UPDATE doc SET body = body || '!' WHERE id % 7 = 1")
			return err
		}))
		p, err := db.Pin(context.Background())
		must(t, err)
		for no := int64(1); no <= p.Size()/PageSize; no++ {
			page := make([]byte, PageSize)
			_, err := p.ReadAt(page, (no-1)*PageSize)
			must(t, err)
			if carries(page, uint32(no)) && !oldKey.open(page, uint32(no)) {
				t.Fatal("old page", no)
			}
			plain = append(plain, page)
		}
		p.Release()
	})
	if int64(len(plain)) <= before.Size()/PageSize {
		t.Fatal("it did not grow between")
	}
	p, err := next.Pin(context.Background())
	must(t, err)
	defer p.Release()
	if p.Size() != int64(len(plain))*PageSize {
		t.Fatalf("%d pages, want %d", p.Size()/PageSize, len(plain))
	}
	newKey := newCodec(key, next.salt)
	for i, want := range plain {
		page, no := make([]byte, PageSize), uint32(i+1)
		_, err := p.ReadAt(page, int64(i)*PageSize)
		must(t, err)
		if newKey.macs.Verify(page, no) == oldKey.macs.Verify(page, no) {
			t.Errorf("page %d: under which key?", no)
		}
		if carries(page, no) && !newKey.open(page, no) {
			t.Errorf("new page %d", no)
		}
		if !bytes.Equal(page[startOf(no):plainSize], want[startOf(no):plainSize]) {
			t.Errorf("page %d differs", no)
		}
	}
	if next.Salt() == db.Salt() {
		t.Error("the same salt")
	}
}

// Who waits for their turn while another file takes over must not write into the
// old one: they are sent away, all of them, and nothing they wrote is half there.
func TestRekeySendsWritersAway(t *testing.T) {
	db := createIn(t, t.TempDir())
	must(t, insert(db, 0, 100))
	r, err := db.Rekey(filepath.Join(filepath.Dir(db.Path()), "next"), [32]byte{7})
	must(t, err)
	defer r.Discard()
	must(t, r.Copy(context.Background(), nil))
	must(t, r.Compare(func(*Pinned, *DB) error { return nil }))
	var wg sync.WaitGroup
	var mu sync.Mutex
	refused := 0
	var next *DB
	must(t, r.Finish(context.Background(), func(n *DB) error {
		next = n
		for range 4 {
			wg.Go(func() {
				err := insert(db, 1000, 1)
				mu.Lock()
				defer mu.Unlock()
				if fault.KeyOf(err) == "cipherdb.closed" {
					refused++
				} else {
					t.Error("written into a file that is no more:", err)
				}
			})
		}
		return nil
	}))
	wg.Wait()
	defer next.Close()
	if n := count(t, next); refused != 4 || n != 100 {
		t.Errorf("%d refused, %d rows", refused, n)
	}
	if err := insert(db, 2000, 1); fault.KeyOf(err) != "cipherdb.closed" {
		t.Error(err)
	}
}

// Until take has said yes the old database is the one, and goes on.
func TestRekeyGivenUp(t *testing.T) {
	db := createIn(t, t.TempDir())
	must(t, insert(db, 0, 100))
	path := filepath.Join(filepath.Dir(db.Path()), "next")
	no := errors.New("no")
	r, err := db.Rekey(path, [32]byte{7})
	must(t, err)
	must(t, r.Copy(context.Background(), nil))
	must(t, r.Compare(func(*Pinned, *DB) error { return nil }))
	if err := r.Finish(context.Background(), func(*DB) error { return no }); !errors.Is(err, no) {
		t.Error(err)
	}
	r.Discard()
	must(t, insert(db, 100, 10))
	if n := count(t, db); n != 110 {
		t.Error(n)
	}
	if left := append(SideFiles(path), path); len(left) != 1 {
		t.Error(left)
	} else if _, err := os.Stat(path); err == nil {
		t.Error("the file stays")
	}
	// A pin in the way is waited for, not for ever.
	p, err := db.Pin(context.Background())
	must(t, err)
	defer p.Release()
	r, err = db.Rekey(path, [32]byte{8})
	must(t, err)
	defer r.Discard()
	must(t, r.Copy(context.Background(), nil))
	must(t, r.Compare(func(*Pinned, *DB) error { return nil }))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err = r.Finish(ctx, func(*DB) error { t.Error("taken with a pin held"); return nil })
	if fault.KindOf(err) != fault.Canceled {
		t.Error(err)
	}
	must(t, insert(db, 110, 1))
}

// A page that is not genuine is not copied: the copy would make it so.
func TestRekeyRefusesDamage(t *testing.T) {
	dir := t.TempDir()
	db := createIn(t, dir)
	key := db.key
	must(t, insert(db, 0, 3000))
	path := db.Path()
	must(t, db.Close())
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	st, err := f.Stat()
	must(t, err)
	_, err = f.WriteAt([]byte("rot"), st.Size()-PageSize/2)
	must(t, err)
	must(t, f.Close())
	db, err = Open(path, key)
	must(t, err)
	defer db.Close()
	r, err := db.Rekey(filepath.Join(dir, "next"), [32]byte{7})
	must(t, err)
	defer r.Discard()
	err = r.Copy(context.Background(), nil)
	if fault.KeyOf(err) != "cipherdb.damaged" {
		t.Error(err)
	}
}
