package cipherdb

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"tiezhang/app/fault"
)

// closedFile gives the bytes of a shop of several pages, closed in order.
func closedFile(t testing.TB) (path string, raw []byte, salt [SaltSize]byte) {
	t.Helper()
	db := create(t)
	must(t, insert(db, 0, 300))
	must(t, db.Close())
	raw, err := os.ReadFile(db.Path())
	must(t, err)
	if len(raw) < 10*PageSize {
		t.Fatalf("only %d bytes", len(raw))
	}
	return db.Path(), raw, db.Salt()
}

// readAll touches every page of the table and its indexes.
func readAll(path string, key [32]byte) error {
	db, err := Open(path, key)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Read(ctx, func(tx *sql.Tx) error {
		var bad sql.NullString
		rows, err := tx.Query("PRAGMA integrity_check")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(&bad); err != nil {
				return err
			}
			if bad.String != "ok" {
				return fault.New("test", fault.Damaged, "cipherdb.damaged-inside", nil)
			}
		}
		return rows.Err()
	})
}

func TestWrongKeyIsNotDamage(t *testing.T) {
	path, raw, _ := closedFile(t)
	other := testKey
	other[5] ^= 1
	_, err := Open(path, other)
	wantKey(t, err, fault.WrongKey, "cipherdb.wrong-key")
	must(t, readAll(path, testKey)) // and the attempt did no harm
	now, err := os.ReadFile(path)
	must(t, err)
	if !bytes.Equal(now, raw) {
		t.Fatal("a wrong key changed the file")
	}
}

func TestFlippedByteInEveryPageIsNoticed(t *testing.T) {
	path, raw, salt := closedFile(t)
	key := NewPageKey(testKey, salt)
	pages := len(raw) / PageSize
	for no := 1; no <= pages; no++ {
		for _, at := range []int{0, 100, PageSize - 81, PageSize - 70, PageSize - 1} { // head, body, IV, MAC
			if no == 1 && at == 0 {
				at = SaltSize // the salt itself is the case below
			}
			b := bytes.Clone(raw)
			b[(no-1)*PageSize+at] ^= 0x20
			if key.Verify(b[(no-1)*PageSize:no*PageSize], uint32(no)) {
				t.Fatalf("page %d byte %d passes the page check", no, at)
			}
			must(t, os.WriteFile(path, b, 0o600))
			if err := readAll(path, testKey); fault.KindOf(err) != fault.Damaged {
				t.Fatalf("page %d byte %d: %v", no, at, err)
			}
		}
		if !key.Verify(raw[(no-1)*PageSize:no*PageSize], uint32(no)) {
			t.Fatalf("page %d does not verify", no)
		}
	}
	b := bytes.Clone(raw)
	b[3] ^= 1 // the salt: no page verifies, so it cannot be told from a wrong key
	must(t, os.WriteFile(path, b, 0o600))
	wantKey(t, readAll(path, testKey), fault.WrongKey, "cipherdb.wrong-key")
}

func TestCutAndForeignFiles(t *testing.T) {
	path, raw, _ := closedFile(t)
	for _, n := range []int{0, 1, 15} {
		must(t, os.WriteFile(path, raw[:n], 0o600))
		wantKey(t, readAll(path, testKey), fault.Damaged, "cipherdb.damaged")
	}
	for _, n := range []int{PageSize, 3 * PageSize, len(raw) - PageSize, len(raw) - 100} {
		must(t, os.WriteFile(path, raw[:n], 0o600))
		if err := readAll(path, testKey); fault.KindOf(err) != fault.Damaged {
			t.Errorf("cut to %d: %v", n, err)
		}
	}
	for _, text := range []string{"SQLite format 3\x00" + strings.Repeat("\x00", 5000), strings.Repeat("PK\x03\x04 not a database ", 1000)} {
		must(t, os.WriteFile(path, []byte(text), 0o600))
		if err := readAll(path, testKey); fault.KindOf(err) != fault.WrongKey {
			t.Errorf("foreign file: %v", err)
		}
	}
	must(t, os.WriteFile(path, raw, 0o600))
	must(t, readAll(path, testKey))
	wantKey(t, readAll(filepath.Dir(path), testKey), fault.Unsupported, "cipherdb.disk")
}

// crashed leaves a main file and its log as kill -9 would.
func crashed(t testing.TB, key [32]byte) (main, wal []byte) {
	t.Helper()
	db, err := Create(filepath.Join(t.TempDir(), "x.tzdb"), key, NewSalt())
	must(t, err)
	defer db.Close()
	must(t, db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("CREATE TABLE doc(id INTEGER PRIMARY KEY, code TEXT UNIQUE, body TEXT)")
		return err
	}))
	must(t, insert(db, 0, 50))
	// Copies by name are safe here: this process opens its database no more.
	main, err = os.ReadFile(db.Path())
	must(t, err)
	wal, err = os.ReadFile(db.Path() + "-wal")
	must(t, err)
	return main, wal
}

func TestLogsLeftBeside(t *testing.T) {
	main, wal := crashed(t, testKey)
	dir := t.TempDir()
	path := filepath.Join(dir, "x.tzdb")
	must(t, os.WriteFile(path, main, 0o600))
	must(t, os.WriteFile(path+"-wal", wal, 0o600))
	db, err := Open(path, testKey) // its own log: played
	must(t, err)
	if count(t, db) != 50 {
		t.Fatal("the log was not played")
	}
	must(t, db.Close())

	_, foreign := crashed(t, testKey) // same key, another file
	must(t, os.WriteFile(path+"-wal", foreign, 0o600))
	_, err = Open(path, testKey)
	wantKey(t, err, fault.Damaged, "cipherdb.foreign-log")
	link := filepath.Join(t.TempDir(), "link.tzdb")
	if os.Symlink(path, link) == nil { // a link does not hide the log
		_, err = Open(link, testKey)
		wantKey(t, err, fault.Damaged, "cipherdb.foreign-log")
	}
	if got := SideFiles(path); len(got) != 1 || got[0] != path+"-wal" {
		t.Fatal(got)
	}
	_, err = Create(filepath.Join(dir, "x.tzdb"), testKey, NewSalt())
	wantKey(t, err, fault.Conflict, "cipherdb.side-files")
	must(t, os.Rename(path+"-wal", path+"-wal.aside"))
	must(t, readAll(path, testKey))

	for _, n := range []int{0, 10, 32, 500} { // a log cut before its first frame holds nothing
		must(t, os.WriteFile(path+"-wal", wal[:n], 0o600))
		must(t, readAll(path, testKey))
		os.Remove(path + "-wal")
	}
}

// Nothing of the shop and nothing of the key is readable in any file, and the
// key is in no text the package gives out.
func TestNoPlainTextNoKey(t *testing.T) {
	db := create(t)
	const sentinel = "SENTINEL-13812345678-张三"
	must(t, db.Write(ctx, func(tx *sql.Tx) error {
		for i := range 3000 {
			if _, err := tx.Exec("INSERT INTO doc(code, body) VALUES (?, ?)", fmt.Sprint(sentinel, i), strings.Repeat(sentinel, 20)); err != nil {
				return err
			}
		}
		// A sort too large for the cache: it must not spill to disk in plain.
		_, err := tx.Exec("CREATE TABLE sorted AS SELECT body, code FROM doc ORDER BY body, code DESC")
		return err
	}))
	files, err := filepath.Glob(filepath.Join(filepath.Dir(db.Path()), "*"))
	must(t, err)
	if len(files) < 3 {
		t.Fatalf("expected database, log and index: %v", files)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		must(t, err)
		for _, secret := range []string{"SENTINEL", "张三", "CREATE TABLE", "SQLite format 3", string(testKey[:]), fmt.Sprintf("%x", testKey)} {
			if bytes.Contains(bytes.ToLower(b), bytes.ToLower([]byte(secret))) {
				t.Errorf("%q is readable in %s", secret, filepath.Base(f))
			}
		}
	}
	bad := testKey
	bad[0]++
	_, openErr := Open(db.Path(), bad)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		text := fmt.Sprintf(verb+verb, db, openErr) + dsnFor(db.Path())
		for _, k := range [][32]byte{testKey, bad} {
			for _, form := range []string{fmt.Sprintf("%x", k), fmt.Sprintf("%v", k), "PRAGMA key"} {
				if strings.Contains(strings.ToLower(text), strings.ToLower(form)) {
					t.Errorf("%s gives the key away", verb)
				}
			}
		}
	}
}

func TestReadOnlyFolder(t *testing.T) {
	_, err := Create(filepath.Join(t.TempDir(), "not-there", "x.tzdb"), testKey, NewSalt())
	wantKey(t, err, fault.ReadOnly, "cipherdb.read-only")
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("root writes anywhere")
	}
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o500))
	_, err = Create(filepath.Join(dir, "x.tzdb"), testKey, NewSalt())
	wantKey(t, err, fault.ReadOnly, "cipherdb.read-only")
}
