package proof

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// words that must not lie on the disk in any file: all that a shop holds.
var words = []string{
	"SENTINEL-item", "哨兵商品甲", "SENTINEL-party", "哨兵客户乙", "SENTINEL-note", "哨兵备注丙", "13655550123", "SENTINEL-category",
	"SENTINEL-batch", "6955555000017", "SENTINEL-address", password, "SENTINEL-other-password-7",
}

// known outside by design: the sign-in screen shows the shop's name and who may
// sign in, and the key slots bear the names of those they belong to.
const (
	shopName  = "KNOWN-shop-name"
	ownerName = "KNOWN-owner-name"
)

func forms(w string) [][]byte {
	le, be := []byte{}, []byte{}
	for _, u := range utf16.Encode([]rune(w)) {
		le = append(le, byte(u), byte(u>>8))
		be = append(be, byte(u>>8), byte(u))
	}
	return [][]byte{[]byte(w), le, be}
}

// search looks for the words in every file below the folders.
func search(t *testing.T, when string, words []string, dirs ...string) (files int, found map[string][]string) {
	t.Helper()
	found = map[string][]string{}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if !d.Type().IsRegular() {
				return nil
			}
			files++
			b, err := os.ReadFile(p)
			if err != nil {
				return fmt.Errorf("%s: %w", when, err)
			}
			for _, w := range words {
				for _, f := range forms(w) {
					if bytes.Contains(b, f) || bytes.Contains([]byte(p), f) {
						found[w] = append(found[w], filepath.Base(p))
						break
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files, found
}

// TestNoPlaintextOnDisk runs a shop's day as other processes and searches all
// files of its folder, of the backup folder and of the temporary folder: while
// it runs, after it was killed with its write-ahead log still hot, and closed.
func TestNoPlaintextOnDisk(t *testing.T) {
	f := newFace(t)
	base := t.TempDir()
	dir, keep, back := filepath.Join(base, "shop"), filepath.Join(base, "usb"), filepath.Join(base, "restored")
	var made struct{ Recovery string }
	f.json(&made, "new", dir, "--shop", shopName, "--owner", ownerName)
	all := append([]string{made.Recovery, strings.ReplaceAll(made.Recovery, "-", "")}, words...)
	clean := func(when string, dirs ...string) {
		t.Helper()
		n, found := search(t, when, all, append(dirs, f.temp)...)
		for w, in := range found {
			t.Errorf("%s: %q lies in plain in %v", when, w, in)
		}
		if n < 3 {
			t.Errorf("%s: only %d files were looked at", when, n)
		}
	}
	clean("new", dir)

	f.env = append(f.env, "TIEZHANG_NEW_PASSWORD=SENTINEL-other-password-7")
	f.run(0, "user", dir, "add", "KNOWN-cashier", "--role", "cashier")
	day := f.file("day.jsonl", `{"kind":"Item","code":"SI1","name":"SENTINEL-item 哨兵商品甲","unit":"pc","price":"3.00","barcode":"6955555000017","note":"SENTINEL-note"}
{"kind":"Party","code":"SP1","name":"SENTINEL-party 哨兵客户乙","role":"both","phone":"13655550123","address":"SENTINEL-address"}
{"kind":"GoodsReceipt","id":"r1","party":"SP1","note":"SENTINEL-note 哨兵备注丙","lines":[{"item":"SI1","qty":"10","price":"1.00","batch":"SENTINEL-batch"}]}
{"kind":"Expense","id":"e1","amount":"1.00","category":"SENTINEL-category"}
`)
	f.run(0, "post", dir, day)
	clean("posted", dir)

	// a process that is still posting, its log hot, and then killed
	c := f.command("post", dir, "-")
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		fmt.Fprintf(in, `{"kind":"Item","code":"X%d","name":"SENTINEL-item %d 哨兵商品甲","unit":"pc","note":"SENTINEL-note 哨兵备注丙"}`+"\n", i, i)
	}
	wal := filepath.Join(dir, "shop.db-wal")
	hot := false
	for range 500 { // until the log has something in it: the child says nothing before its end
		if st, err := os.Stat(wal); err == nil && st.Size() > 64<<10 {
			hot = true
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !hot {
		t.Error("the log never grew: nothing was caught in the act")
	}
	clean("while posting", dir)
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	if st, err := os.Stat(wal); err != nil || st.Size() == 0 {
		t.Errorf("after the kill there is no hot log: %v", err)
	}
	clean("killed", dir)

	var b struct{ File string }
	f.json(&b, "backup", dir, "--to", keep)
	clean("backed up", dir, keep)
	f.env = append(f.env, "TIEZHANG_RECOVERY="+made.Recovery)
	f.run(0, "restore", b.File, "--to", back)
	f.run(0, "verify", back)
	clean("restored", dir, keep, back)

	// the exception is an exception, not blindness of the search
	if _, found := search(t, "known", []string{shopName, ownerName}, dir); len(found) != 2 {
		t.Errorf("the shop's and the owner's name should be readable beside the shop, found %v", found)
	}
	// and neither is in the database or in a backup
	if _, found := search(t, "backup", []string{shopName}, keep); len(found) != 0 {
		t.Errorf("the backup tells the shop's name: %v", found)
	}
}
