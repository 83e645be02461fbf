package cipherdb

import (
	"bufio"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"tiezhang/app/fault"
)

// smallDisk mounts a file system of the given size.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting a small disk needs root")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skip("this machine does not let us mount: ", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

func TestFullDisk(t *testing.T) {
	dir := smallDisk(t, "2m")
	db := createIn(t, dir)
	must(t, insert(db, 0, 100))
	ballast := filepath.Join(dir, "ballast")
	f, err := os.Create(ballast)
	must(t, err)
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	f.Close()
	acknowledged := 100
	var full error
	for full == nil && acknowledged < 100000 { // what fits into the log's last blocks still goes through
		if full = insert(db, acknowledged, 20); full == nil {
			acknowledged += 20
		}
	}
	wantKey(t, full, fault.NoSpace, "cipherdb.full")
	for range 3 {
		wantKey(t, insert(db, acknowledged, 50), fault.NoSpace, "cipherdb.full")
	}
	if got := count(t, db); got != acknowledged {
		t.Fatalf("%d rows readable on a full disk, %d acknowledged", got, acknowledged)
	}
	must(t, os.Remove(ballast))
	must(t, insert(db, acknowledged, 20)) // goes on without being reopened
	acknowledged += 20
	must(t, db.Close())
	must(t, readAll(db.Path(), testKey))
	db, err = Open(db.Path(), testKey)
	must(t, err)
	defer db.Close()
	if got := count(t, db); got != acknowledged {
		t.Fatalf("%d rows after reopening, %d acknowledged", got, acknowledged)
	}
}

func TestReadOnlyDisk(t *testing.T) {
	dir := smallDisk(t, "8m")
	db := createIn(t, dir)
	must(t, db.Close())
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip("cannot remount: ", err)
	}
	_, err := Create(filepath.Join(dir, "y.tzdb"), testKey, NewSalt())
	wantKey(t, err, fault.ReadOnly, "cipherdb.read-only")
	db, err = Open(db.Path(), testKey)
	if err == nil {
		err = insert(db, 0, 1)
		db.Close()
	}
	wantKey(t, err, fault.ReadOnly, "cipherdb.read-only")
}

// TestHelperWriter is the child of TestKilledUnderLoad: it commits until it is
// killed, and says each number only after Write has returned.
func TestHelperWriter(t *testing.T) {
	path := os.Getenv("CIPHERDB_KILL_ME")
	if path == "" {
		t.Skip("only as a child process")
	}
	db, err := Open(path, testKey)
	must(t, err)
	from, err := strconv.Atoi(os.Getenv("CIPHERDB_FROM"))
	must(t, err)
	for i := from; ; i++ {
		must(t, insert(db, i, 1))
		fmt.Printf("committed %d\n", i)
		if i%7 == 0 {
			must(t, db.Checkpoint(ctx))
		}
		if i%40 == 0 {
			p, err := db.Pin(ctx)
			must(t, err)
			p.Release()
		}
	}
}

func TestKilledUnderLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	db := create(t)
	must(t, db.Close())
	next := 0
	for round := range 8 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestHelperWriter$")
		cmd.Env = append(os.Environ(), "CIPHERDB_KILL_ME="+db.Path(), "CIPHERDB_FROM="+strconv.Itoa(next))
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		last := -1
		var once sync.Once
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if n, ok := strings.CutPrefix(lines.Text(), "committed "); ok {
				last, err = strconv.Atoi(n)
				must(t, err)
				if last >= next+10+13*round { // a different depth each round; what is still in the pipe counts too
					once.Do(func() { cmd.Process.Kill() })
				}
			} else {
				t.Log(lines.Text())
			}
		}
		cmd.Wait()
		if last < 0 {
			t.Fatal("the child committed nothing")
		}
		db, err = Open(db.Path(), testKey)
		must(t, err)
		must(t, db.Read(ctx, func(tx *sql.Tx) error {
			var ok string
			if err := tx.QueryRow("PRAGMA integrity_check").Scan(&ok); err != nil || ok != "ok" {
				t.Fatalf("after the kill: %q %v", ok, err)
			}
			for i := range last + 1 {
				var one int
				if err := tx.QueryRow("SELECT 1 FROM doc WHERE code = ?", fmt.Sprintf("D%07d", i)).Scan(&one); err != nil {
					t.Fatalf("round %d: acknowledged %d is lost: %v", round, i, err)
				}
			}
			return tx.QueryRow("SELECT count(*) FROM doc").Scan(&next)
		}))
		must(t, db.Close())
	}
}
