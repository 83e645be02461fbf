package cipherdb

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tiezhang/app/fault"
)

func digest(t testing.TB, p *Pinned) [32]byte {
	t.Helper()
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(p, 0, p.Size())); err != nil {
		t.Fatal(err)
	}
	return [32]byte(h.Sum(nil))
}

// The promise backups stand on: while pinned, not one byte of the main file
// changes, whatever is committed and whatever checkpoint is tried.
func TestPinnedFileStandsStill(t *testing.T) {
	db := create(t)
	must(t, insert(db, 0, 500))
	p, err := db.Pin(ctx)
	must(t, err)
	defer p.Release()
	if p.Size() == 0 || p.Size()%PageSize != 0 || p.Salt() != db.Salt() {
		t.Fatal(p.Size())
	}
	before := digest(t, p)
	for i := range 2000 {
		must(t, insert(db, 1000+i, 1))
		if i%100 == 0 {
			must(t, db.Checkpoint(ctx))
		}
		if i%500 == 0 { // modes the program never uses on a pinned file
			<-db.turn
			db.w.Exec("PRAGMA busy_timeout=0")
			for _, mode := range []string{"FULL", "RESTART", "TRUNCATE"} {
				db.checkpoint(ctx, mode)
			}
			db.giveTurn()
		}
	}
	if digest(t, p) != before {
		t.Fatal("the pinned file changed")
	}
	// It is a whole database: every page verifies, and it opens by itself.
	page := make([]byte, PageSize)
	for no := uint32(1); int64(no) <= p.Size()/PageSize; no++ {
		if _, err := p.ReadAt(page, int64(no-1)*PageSize); err != nil || !p.VerifyPage(page, no) {
			t.Fatalf("page %d: %v", no, err)
		}
	}
	copied := filepath.Join(t.TempDir(), "copy.tzdb")
	out, err := os.Create(copied)
	must(t, err)
	_, err = io.Copy(out, io.NewSectionReader(p, 0, p.Size()))
	must(t, err)
	must(t, out.Close())
	p.Release()
	p.Release()
	if _, err := p.ReadAt(page, 0); fault.KindOf(err) != fault.Closed {
		t.Fatal("reads after Release:", err)
	}
	c, err := Open(copied, testKey)
	must(t, err)
	defer c.Close()
	if got := count(t, c); got != 500 {
		t.Fatalf("%d rows in the copy", got)
	}
	if got := count(t, db); got != 2500 {
		t.Fatalf("%d rows in the shop", got)
	}
	must(t, db.Checkpoint(ctx))
	p, err = db.Pin(ctx)
	must(t, err)
	defer p.Release()
	if digest(t, p) == before {
		t.Fatal("after Release the log was not folded in")
	}
}

// A reader in the way delays the pin, not the till.
func TestPinWaitsForReadersWithoutHoldingTheTurn(t *testing.T) {
	db := create(t)
	must(t, insert(db, 0, 10))
	reading, done := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		db.Read(ctx, func(tx *sql.Tx) error {
			var n int
			err := tx.QueryRow("SELECT count(*) FROM doc").Scan(&n)
			close(reading)
			<-done
			return err
		})
	}()
	<-reading
	must(t, insert(db, 100, 10)) // now the reader is behind the log's end
	pinned := make(chan *Pinned)
	wg.Add(1)
	go func() {
		defer wg.Done()
		p, err := db.Pin(ctx)
		if err != nil {
			t.Error(err)
		}
		pinned <- p
	}()
	for i := range 50 {
		must(t, insert(db, 1000+i, 1))
	}
	close(done)
	p := <-pinned
	wg.Wait()
	if p != nil {
		p.Release()
	}
}

func TestCloseReleasesPins(t *testing.T) {
	db := create(t)
	must(t, insert(db, 0, 10))
	p, err := db.Pin(ctx)
	must(t, err)
	must(t, db.Close())
	if _, err := p.ReadAt(make([]byte, 10), 0); fault.KindOf(err) != fault.Closed {
		t.Fatal(err)
	}
	p.Release()
	_, err = db.Pin(ctx)
	wantKey(t, err, fault.Closed, "cipherdb.closed")
	if left := SideFiles(db.Path()); len(left) != 0 {
		t.Fatalf("left behind: %v", left)
	}
}

// The check the page MAC cannot make, written down as a test: a page that was
// genuine once passes. Self-check L3 is there for that.
func TestOldPagePutBackPassesThePageCheck(t *testing.T) {
	db := create(t)
	must(t, insert(db, 0, 200))
	p, err := db.Pin(ctx)
	must(t, err)
	old := make([]byte, p.Size())
	_, err = p.ReadAt(old, 0)
	must(t, err)
	p.Release()
	must(t, db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("UPDATE doc SET body = 'changed' WHERE id = 3")
		return err
	}))
	must(t, db.Close())
	now, err := os.ReadFile(db.Path())
	must(t, err)
	replaced := 0
	for no := 2; no*PageSize <= min(len(old), len(now)); no++ {
		a, b := old[(no-1)*PageSize:no*PageSize], now[(no-1)*PageSize:no*PageSize]
		if bytes.Equal(a, b) {
			continue
		}
		replaced++
		if !db.Pages().Verify(a, uint32(no)) {
			t.Fatal("an old page does not verify; the documented limit is gone: tell the self-check")
		}
		if db.Pages().Verify(a, uint32(no+1)) {
			t.Fatal("a page verifies in another's place")
		}
	}
	if replaced == 0 {
		t.Fatal("the update changed no page")
	}
}
