package cipherdb

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tiezhang/app/fault"
)

var (
	ctx     = context.Background()
	testKey = [32]byte{0: 0xA5, 7: 0x5A, 31: 1}
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKey(t testing.TB, err error, kind fault.Kind, key string) {
	t.Helper()
	if err == nil || fault.KeyOf(err) != key || fault.KindOf(err) != kind {
		t.Fatalf("got %v, want %v %s", err, kind, key)
	}
}

// create makes a file with one table under an awkward name.
func create(t testing.TB) *DB {
	t.Helper()
	return createIn(t, t.TempDir())
}

func createIn(t testing.TB, dir string) *DB {
	t.Helper()
	name := "店铺 100%?#1.tzdb"
	if runtime.GOOS == "windows" { // where no file may have a ?
		name = "店铺 100%#1.tzdb"
	}
	db, err := Create(filepath.Join(dir, name), testKey, NewSalt())
	must(t, err)
	t.Cleanup(func() { db.Close() })
	must(t, db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("CREATE TABLE doc(id INTEGER PRIMARY KEY, code TEXT UNIQUE NOT NULL, body TEXT CHECK(length(body) < 100000)); CREATE INDEX doc_body ON doc(body)")
		return err
	}))
	return db
}

func insert(db *DB, from, n int) error {
	return db.Write(ctx, func(tx *sql.Tx) error {
		for i := from; i < from+n; i++ {
			if _, err := tx.Exec("INSERT INTO doc(code, body) VALUES (?, ?)", fmt.Sprintf("D%07d", i), strings.Repeat("body ", 40)); err != nil {
				return err
			}
		}
		return nil
	})
}

func count(t testing.TB, db *DB) (n int) {
	t.Helper()
	must(t, db.Read(ctx, func(tx *sql.Tx) error { return tx.QueryRow("SELECT count(*) FROM doc").Scan(&n) }))
	return n
}

func TestCreateWriteReopen(t *testing.T) {
	db := create(t)
	salt := db.Salt()
	must(t, insert(db, 0, 100))
	must(t, db.Close())
	must(t, db.Close())
	if left := SideFiles(db.Path()); len(left) != 0 {
		t.Fatalf("left behind: %v", left)
	}
	db, err := Open(db.Path(), testKey)
	must(t, err)
	defer db.Close()
	if db.Salt() != salt || count(t, db) != 100 {
		t.Fatal("not the same file")
	}
	_, err = Create(db.Path(), testKey, NewSalt())
	wantKey(t, err, fault.Conflict, "cipherdb.side-files")
	must(t, db.Close())
	_, err = Create(db.Path(), testKey, NewSalt())
	wantKey(t, err, fault.Conflict, "cipherdb.exists")
	wantKey(t, db.Write(ctx, func(*sql.Tx) error { return nil }), fault.Closed, "cipherdb.closed")
	wantKey(t, db.Read(ctx, func(*sql.Tx) error { return nil }), fault.Closed, "cipherdb.closed")
	_, err = Open(db.Path()+"x", testKey)
	wantKey(t, err, fault.NotFound, "cipherdb.missing")
}

func TestPragmasAreInForce(t *testing.T) {
	db := create(t)
	ask := func(q interface {
		QueryRow(string, ...any) *sql.Row
	}, name, want string) {
		t.Helper()
		var got string
		if err := q.QueryRow("PRAGMA " + name).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %q (%v), want %q", name, got, err, want)
		}
	}
	for name, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "wal_autocheckpoint": "0", "foreign_keys": "1", "temp_store": "2",
		"cache_size": "-16000", "trusted_schema": "0", "cell_size_check": "1", "journal_size_limit": "4194304",
		"recursive_triggers": "1", "busy_timeout": "5000", "query_only": "0", "page_size": "4096", "cipher_page_size": "4096",
		"cipher_hmac_algorithm": "HMAC_SHA512", "cipher_use_hmac": "1",
	} {
		ask(db.w, name, want)
	}
	for name, want := range map[string]string{
		"journal_mode": "wal", "wal_autocheckpoint": "0", "temp_store": "2", "cache_size": "-16000", "trusted_schema": "0",
		"query_only": "1", "busy_timeout": "5000",
	} {
		ask(db.r, name, want)
		ask(db.p, name, want)
	}
	// BEGIN IMMEDIATE: the write lock is there before the first write.
	must(t, db.Write(ctx, func(tx *sql.Tx) error {
		other := openPool(db.path, keyPragma(testKey, db.salt, false), nil, true, 1)
		defer other.Close()
		if _, err := other.Exec("PRAGMA busy_timeout=0"); err != nil {
			return err
		}
		if _, err := other.Begin(); !isBusy(err) {
			t.Errorf("a second BEGIN IMMEDIATE gave %v", err)
		}
		return nil
	}))
	err := db.Read(ctx, func(tx *sql.Tx) error { _, err := tx.Exec("DELETE FROM doc"); return err })
	wantKey(t, err, fault.ReadOnly, "cipherdb.read-only")
}

func TestConstraintsKeepTheirCode(t *testing.T) {
	db := create(t)
	must(t, insert(db, 1, 1))
	err := insert(db, 1, 1)
	wantKey(t, err, fault.Conflict, "cipherdb.constraint")
	if !IsUnique(err) || IsCheck(err) || IsForeignKey(err) {
		t.Fatal("not unique?")
	}
	err = db.Write(ctx, func(tx *sql.Tx) error { _, err := tx.Exec("INSERT INTO doc(code) VALUES (NULL)"); return err })
	if !IsCheck(err) {
		t.Fatal(err)
	}
	must(t, db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec(`CREATE TABLE line(doc INTEGER REFERENCES doc(id));
			CREATE TRIGGER fixed BEFORE UPDATE ON doc BEGIN SELECT RAISE(ABORT, 'posted rows stay'); END`)
		return err
	}))
	err = db.Write(ctx, func(tx *sql.Tx) error { _, err := tx.Exec("INSERT INTO line VALUES (?)", 99); return err })
	if !IsForeignKey(err) {
		t.Fatal(err)
	}
	err = db.Write(ctx, func(tx *sql.Tx) error { _, err := tx.Exec("UPDATE doc SET body = ''"); return err })
	if text, ok := Raised(err); !ok || text != "posted rows stay" {
		t.Fatal(text, ok, err)
	}
	if count(t, db) != 1 {
		t.Fatal("a failed write left something")
	}
}

func TestWriteRollsBack(t *testing.T) {
	db := create(t)
	mine := fault.New("x", fault.Denied, "x.denied", nil)
	err := db.Write(ctx, func(tx *sql.Tx) error {
		tx.Exec("INSERT INTO doc(code) VALUES ('a')")
		return mine
	})
	if err != error(mine) {
		t.Fatal("a fault came out changed:", err)
	}
	func() {
		defer func() { _ = recover() }()
		db.Write(ctx, func(tx *sql.Tx) error {
			tx.Exec("INSERT INTO doc(code) VALUES ('b')")
			panic("defect")
		})
	}()
	c, cancel := context.WithCancel(ctx)
	err = db.Write(c, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(c, "INSERT INTO doc(code) VALUES ('c')"); err != nil {
			return err
		}
		cancel()
		return nil
	})
	if fault.KindOf(err) != fault.Canceled {
		t.Fatal(err)
	}
	wantKey(t, db.Write(c, func(*sql.Tx) error { return nil }), fault.Canceled, "cipherdb.canceled")
	if count(t, db) != 0 {
		t.Fatal("something stayed")
	}
	must(t, insert(db, 0, 1))
}

func TestReadIsASnapshot(t *testing.T) {
	db := create(t)
	must(t, insert(db, 0, 10))
	must(t, db.Read(ctx, func(tx *sql.Tx) error {
		var a, b int
		if err := tx.QueryRow("SELECT count(*) FROM doc").Scan(&a); err != nil {
			return err
		}
		must(t, insert(db, 10, 10))
		must(t, db.Checkpoint(ctx))
		if err := tx.QueryRow("SELECT count(*) FROM doc").Scan(&b); err != nil {
			return err
		}
		if a != 10 || b != 10 {
			t.Errorf("saw %d, then %d", a, b)
		}
		return nil
	}))
	if count(t, db) != 20 {
		t.Fatal("the write was lost")
	}
}

// A second opening in the same process must be refused before the file is
// touched, also through a link.
func TestSecondOpeningIsRefused(t *testing.T) {
	db := create(t)
	must(t, insert(db, 0, 5))
	_, err := Open(db.Path(), testKey)
	wantKey(t, err, fault.Locked, "cipherdb.already-open")
	link := filepath.Join(t.TempDir(), "link.tzdb")
	if os.Symlink(db.Path(), link) == nil {
		_, err = Open(link, testKey)
		wantKey(t, err, fault.Locked, "cipherdb.already-open")
	}
	must(t, insert(db, 5, 5))
	must(t, db.Close())
	wrong := testKey
	wrong[1]++
	for range 2 { // a failed opening ends its claim
		_, err = Open(db.Path(), wrong)
		wantKey(t, err, fault.WrongKey, "cipherdb.wrong-key")
	}
	db, err = Open(db.Path(), testKey)
	must(t, err)
	if count(t, db) != 10 {
		t.Fatal("rows")
	}
	must(t, db.Close())
}

func TestCancelInsideATransaction(t *testing.T) {
	db := create(t)
	c, cancel := context.WithCancel(ctx)
	err := db.Write(c, func(tx *sql.Tx) error {
		cancel()
		for {
			if _, err := tx.Exec("INSERT INTO doc(code) VALUES (hex(randomblob(8)))"); err != nil {
				return err
			}
		}
	})
	wantKey(t, err, fault.Canceled, "cipherdb.canceled")
	if count(t, db) != 0 {
		t.Fatal("something stayed")
	}
	must(t, insert(db, 0, 1))
}

// Statements that give rows but are run for their effect, or are not read to
// the end, leave nothing behind that holds a lock.
func TestNothingIsLeftReading(t *testing.T) {
	db := create(t)
	for i := range 20 {
		must(t, db.Write(ctx, func(tx *sql.Tx) error {
			if _, err := tx.Exec("INSERT INTO doc(code) VALUES (?), (?) RETURNING id", fmt.Sprint("a", i), fmt.Sprint("b", i)); err != nil {
				return err
			}
			_, err := tx.Exec("SELECT id FROM doc")
			return err
		}))
		must(t, db.Read(ctx, func(tx *sql.Tx) error {
			if _, err := tx.Exec("SELECT id FROM doc"); err != nil {
				return err
			}
			rows, err := tx.Query("SELECT id FROM doc WHERE id > ?", 0)
			if err != nil {
				return err
			}
			defer rows.Close()
			rows.Next() // and leaves the rest
			var n int
			return tx.QueryRow("SELECT count(*) FROM doc").Scan(&n)
		}))
		<-db.turn
		busy, err := db.checkpoint(ctx, "TRUNCATE") // waits for nobody if nobody holds a lock
		db.giveTurn()
		if err != nil || busy || db.walBytes() != 0 {
			t.Fatalf("round %d: something still reads: busy %v, log %d bytes, %v", i, busy, db.walBytes(), err)
		}
	}
	if count(t, db) != 40 {
		t.Fatal("rows")
	}
}

// A change of the schema reaches the readers' connections.
func TestReadersFollowTheSchema(t *testing.T) {
	db := create(t)
	must(t, insert(db, 0, 3))
	columns := func() (n int) {
		must(t, db.Read(ctx, func(tx *sql.Tx) error {
			rows, err := tx.Query("SELECT * FROM doc")
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				c, err := rows.Columns()
				if err != nil {
					return err
				}
				n = len(c)
			}
			return rows.Err()
		}))
		return n
	}
	for range 5 {
		if got := columns(); got != 3 {
			t.Fatal(got)
		}
	}
	must(t, db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("ALTER TABLE doc ADD COLUMN note TEXT DEFAULT 'x'")
		return err
	}))
	columns() // the driver counts the columns before SQLite notices the change: once per connection SELECT * is stale
	if got := columns(); got != 4 {
		t.Fatal(got)
	}
	must(t, db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("DROP TABLE doc; CREATE TABLE doc(id INTEGER PRIMARY KEY, code TEXT UNIQUE, body TEXT)")
		return err
	}))
	must(t, insert(db, 0, 3))
}
