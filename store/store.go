// Package store keeps a shop in its folder: the encrypted file with its
// tables, and the keyring beside it. It implements app.Vault, app.Store,
// app.Tx and app.Keys.
//
// What belongs here: all SQL, the data layout and its migrations, the caches
// of the books and their check, the folder, the lock against a second program.
// What does not: what a document does to the books (app/ledger), who may do
// what (app), cryptography (store/keyring) and the driver (store/cipherdb).
package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/store/cipherdb"
)

// Store is an open shop file.
type Store struct {
	cur    atomic.Pointer[cipherdb.DB] // Rotate puts another in its place
	keys   *keys                       // nil in a store that is only looked at
	ring   atomic.Pointer[ringSeen]    // what the file says of the keyring; nil when that is not known
	odd    bool                        // the keyring was not as remembered when it was opened
	dir    string
	schema int
	logKey []byte
	now    func() time.Time

	index index      // items, for the picker
	items itemMemory // guarded by the writer's turn

	mu      sync.Mutex
	onClose []func() error // what the vault holds for us: the lock, the keys
	closed  bool

	rotating     sync.Mutex         // held by Rotate and by what removes an old generation
	stopRotating context.CancelFunc // guarded by mu; nil when no Rotate runs

	// step is called before every statement that writes, so that tests can
	// make any of them fail. It is set before the store is used.
	step func(q string) error
	// renamed is told of a new shop name after it is committed.
	renamed func(name string)
}

var (
	_ app.Store = (*Store)(nil)
	_ app.Tx    = (*tx)(nil)
)

// open puts a Store on an open file and brings its layout up to date.
func open(ctx context.Context, db *cipherdb.DB, dir string, dek [32]byte) (*Store, error) {
	s := &Store{dir: dir, now: time.Now}
	s.cur.Store(db)
	var err error
	if s.schema, err = migrate(ctx, db, s.now().Unix()); err != nil {
		return nil, err
	}
	return s, s.findLogKey(ctx, dek)
}

func (s *Store) findLogKey(ctx context.Context, dek [32]byte) error {
	return s.Read(ctx, func(x app.Tx) error {
		written, err := x.Setting(settingLogKey)
		if err == nil {
			s.logKey, err = chainKey(dek, written)
		}
		return err
	})
}

// file gives the present file.
func (s *Store) file() *cipherdb.DB { return s.cur.Load() }

// onFile runs f on the present file; if another took its place before f began,
// f is run again on that.
func (s *Store) onFile(f func(*cipherdb.DB) error) error {
	for {
		db := s.file()
		err := f(db)
		if fault.KeyOf(err) != "cipherdb.closed" || s.file() == db {
			return err
		}
	}
}

func logChainKey(dek [32]byte) []byte { return derive(dek, "tiezhang log chain v1") }

// derive makes a key of its own for one purpose.
func derive(dek [32]byte, purpose string) []byte {
	m := hmac.New(sha256.New, dek[:])
	m.Write([]byte(purpose))
	return m.Sum(nil)
}

// Write implements app.Store. Panics in fn roll back and go on up.
func (s *Store) Write(ctx context.Context, fn func(app.Tx) error) error {
	const op = "store.Write"
	if err := canceled(op, ctx); err != nil {
		return err
	}
	var t *tx
	err := s.onFile(func(db *cipherdb.DB) error {
		return db.Write(context.WithoutCancel(ctx), func(raw *sql.Tx) error {
			if err := canceled(op, ctx); err != nil { // it may have waited long for its turn
				return err
			}
			gen := s.index.generation()
			t = &tx{s: s, sql: raw, write: true, gen: gen}
			if err := fn(t); err != nil {
				return err
			}
			if err := s.writeRing(t); err != nil {
				return err
			}
			return canceled(op, ctx)
		})
	})
	if err != nil {
		return wrap(op, err)
	}
	if t.ring != nil {
		s.ringWritten(t.ring)
	}
	if len(t.dirty) > 0 {
		s.index.refresh(t.dirty)
	}
	if t.renamed != nil && s.renamed != nil {
		s.renamed(*t.renamed)
	}
	return nil
}

// Read implements app.Store.
func (s *Store) Read(ctx context.Context, fn func(app.Tx) error) error {
	const op = "store.Read"
	if err := canceled(op, ctx); err != nil {
		return err
	}
	gen := s.index.generation()
	return wrap(op, s.onFile(func(db *cipherdb.DB) error {
		return db.Read(context.WithoutCancel(ctx), func(raw *sql.Tx) error {
			return fn(&tx{s: s, sql: raw, gen: gen})
		})
	}))
}

func canceled(op string, ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fault.Wrap(op, fault.Canceled, "store.canceled", nil, err)
	}
	return nil
}

// image is a pinned file as the port wants it.
type image struct{ *cipherdb.Pinned }

func (i image) Release() error { i.Pinned.Release(); return nil }

// Pin implements app.Store.
func (s *Store) Pin(ctx context.Context, look func(app.Tx) error) (app.Image, error) {
	gen := s.index.generation()
	p, err := s.pin(ctx)
	if err != nil {
		return nil, err
	}
	if look == nil {
		return image{p}, nil
	}
	err = p.Read(func(raw *sql.Tx) error { return look(&tx{s: s, sql: raw, gen: gen}) })
	if err != nil {
		p.Release()
		return nil, wrap("store.Pin", err)
	}
	return image{p}, nil
}

func (s *Store) pin(ctx context.Context) (p *cipherdb.Pinned, err error) {
	err = s.onFile(func(db *cipherdb.DB) error {
		p, err = db.Pin(ctx)
		return err
	})
	return p, err
}

// Schema implements app.Store.
func (s *Store) Schema() int { return s.schema }

// LogKey implements app.Store.
func (s *Store) LogKey() []byte { return append([]byte(nil), s.logKey...) }

// Dir implements app.Store.
func (s *Store) Dir() string { return s.dir }

// CheckFile implements app.Store: every page of the main file against its MAC
// on a pinned image, then SQLite's own check of the structure. What it gives
// back names places for the report; nil is good.
func (s *Store) CheckFile(ctx context.Context, progress func(done, total int64)) ([]string, error) {
	const op = "store.CheckFile"
	p, err := s.pin(ctx)
	if err != nil {
		return nil, err
	}
	bad, err := badPages(ctx, p, progress)
	p.Release()
	if err != nil {
		return nil, wrap(op, err)
	}
	err = s.Read(ctx, func(x app.Tx) error {
		return x.(*tx).eachCtx(ctx, `PRAGMA quick_check(20)`, nil, func(scan func(...any) error) error {
			var line string
			if err := scan(&line); err != nil {
				return err
			}
			if line != "ok" {
				bad = append(bad, line)
			}
			return nil
		})
	})
	if fault.KindOf(err) == fault.Damaged { // it could not even be read through: that is a finding
		return append(bad, "quick_check"), nil
	}
	return bad, err
}

func badPages(ctx context.Context, p *cipherdb.Pinned, progress func(done, total int64)) (bad []string, err error) {
	const most = 20 // as many as a report can use
	size, page := p.Size(), make([]byte, p.PageSize())
	total := size / int64(len(page))
	for no := int64(1); no <= total; no++ {
		if _, err := p.ReadAt(page, (no-1)*int64(len(page))); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if !p.VerifyPage(page, uint32(no)) && len(bad) < most {
			bad = append(bad, "page "+itoa(no))
		}
		if no%1024 == 0 || no == total {
			if err := canceled("store.CheckFile", ctx); err != nil {
				return nil, err
			}
			if progress != nil {
				progress(no, total)
			}
		}
	}
	return bad, nil
}

// Close implements app.Store. The lock goes last: while the file is being
// closed no other program may open it.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.stopRotating != nil {
		s.stopRotating()
	}
	s.mu.Unlock()
	s.rotating.Lock() // whichever file is the shop after it is the one to close
	defer s.rotating.Unlock()
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.mu.Unlock()
	if closed {
		return nil
	}
	s.closeRing()
	errs := []error{s.file().Close()}
	for _, f := range s.onClose {
		errs = append(errs, f())
	}
	return errors.Join(errs...)
}
