//go:build linux

package proof

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// smallDisk mounts a file system of a few megabytes.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("mounting a small disk wants root")
	}
	dir := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("this machine lets nobody mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestFullDiskWhilePosting lets the disk run full under a posting: it says so,
// what was not acknowledged is not there by halves, and when space is freed the
// same file goes through.
func TestFullDiskWhilePosting(t *testing.T) {
	f := newFace(t)
	disk := smallDisk(t, "64m")
	dir := filepath.Join(disk, "shop")
	f.run(0, "new", dir, "--shop", "S", "--owner", "O")
	f.run(0, "post", dir, f.file("master.jsonl", master))
	const documents = 400
	lines, _ := trade(documents)
	file := f.file("day.jsonl", lines)

	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast, disk, 3<<20) // room for some of the documents
	out, errs := f.run(1, "post", dir, file)
	if !strings.Contains(errs, "no-space") {
		t.Errorf("a full disk is told as:\n%s%s", out, errs)
	}
	if strings.Count(errs, "no-space") > 1 {
		t.Errorf("it went on after the disk was full:\n%s", errs)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	var v verdict
	f.json(&v, "verify", dir)
	if !v.OK {
		t.Fatalf("%+v", v)
	}
	there := v.Totals.Documents
	if there == 0 || there > documents {
		t.Errorf("%d documents were posted before the disk was full: it was not filled in the middle", there)
	}
	var p postings
	f.json(&p, "post", dir, file)
	if p.Again != there || p.Posted != documents+1-there {
		t.Errorf("%d survived, then %d known and %d new", there, p.Again, p.Posted)
	}
	f.json(&v, "verify", dir)
	if !v.OK || v.Totals.Documents != documents+1 {
		t.Errorf("in the end %+v", v)
	}
}

// fill leaves just so many bytes free.
func fill(t *testing.T, file, disk string, leave int64) {
	t.Helper()
	var st syscall.Statfs_t
	if err := syscall.Statfs(disk, &st); err != nil {
		t.Fatal(err)
	}
	n := int64(st.Bavail)*st.Bsize - leave //nolint:gosec // small numbers
	if n <= 0 {
		t.Fatalf("only %d bytes free", int64(st.Bavail)*st.Bsize) //nolint:gosec // small numbers
	}
	if err := os.WriteFile(file, make([]byte, n), 0o600); err != nil {
		t.Fatal(err)
	}
}
