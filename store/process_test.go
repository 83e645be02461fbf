package store

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// TestNoPlaintext looks for words of the shop in every file of its folder,
// while it is open, with a transaction under way, and after. The shop's name
// and the names of people are known outside by design and are not among them.
func TestNoPlaintext(t *testing.T) {
	sh := newShop(t, 1)
	words := []string{"SENTINEL-item", "SENTINEL-party", "SENTINEL-note", "SENTINEL-setting", "SENTINEL-log", "SENTINEL-picture", "哨兵名称", ownerPassword, sh.keys.Raw()}
	look := func(when string) {
		files := 0
		err := filepath.Walk(sh.dir, func(p string, st os.FileInfo, err error) error {
			if err != nil || st.IsDir() {
				return err
			}
			files++
			b, err := os.ReadFile(p)
			for _, w := range words {
				if bytes.Contains(b, []byte(w)) {
					t.Errorf("%s: %s holds %q", when, filepath.Base(p), w)
				}
			}
			return err
		})
		if err != nil || files < 3 {
			t.Errorf("%s: %d files, %v", when, files, err)
		}
	}
	sh.write(func(x app.Tx) error {
		id, err := x.SaveItem(master.Item{Code: "S1", Name: words[0] + words[6], Unit: "个", Initials: "sb", Pinyin: "shaobing"})
		if err != nil {
			return err
		}
		if err := x.SetPicture(id, bytes.Repeat([]byte(words[5]), 5000)); err != nil {
			return err
		}
		if _, err := x.SaveParty(master.Party{Code: "S2", Name: words[1], Kind: master.Both}); err != nil {
			return err
		}
		if err := x.SetSetting("x", words[3]); err != nil {
			return err
		}
		return logOne(sh.s, x, words[4])
	})
	sh.write(func(x app.Tx) error {
		d := sh.draft(doc.OpeningStock, d1, row(sh.items[0], 1, 1))
		d.Note = words[2]
		if err := post(x, d); err != nil {
			return err
		}
		if _, err := x.(*tx).exec(`CREATE TEMP TABLE big AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
			SELECT i, m.name || i || (SELECT note FROM document LIMIT 1) AS w FROM n, item m ORDER BY w DESC`); err != nil {
			return err
		}
		// what is read of a file that SQLite has open must not be opened by name
		// and closed in this process: on Unix that drops its locks. A child does.
		lookOutside(t, sh.dir, words)
		_, err := x.(*tx).exec(`DROP TABLE temp.big`)
		return err
	})
	if err := sh.s.Close(); err != nil {
		t.Fatal(err)
	}
	look("closed")
}

// lookOutside searches the files from another process.
func lookOutside(t *testing.T, dir string, words []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestChildSearches$")
	cmd.Env = append(os.Environ(), "STORE_TEST_SEARCH="+dir, "STORE_TEST_WORDS="+strings.Join(words, "\x1f"))
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("searched")) {
		t.Errorf("%v %s", err, out)
	}
}

func TestChildSearches(t *testing.T) {
	dir := os.Getenv("STORE_TEST_SEARCH")
	if dir == "" {
		t.Skip("runs as a child of TestNoPlaintext")
	}
	es, err := os.ReadDir(dir)
	if err != nil || len(es) < 4 {
		t.Fatalf("%v %v: the log should be there", es, err)
	}
	for _, e := range es {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Error(err)
		}
		for _, w := range strings.Split(os.Getenv("STORE_TEST_WORDS"), "\x1f") {
			if bytes.Contains(b, []byte(w)) {
				t.Errorf("%s holds %q", e.Name(), w)
			}
		}
	}
	fmt.Println("searched")
}

// TestKilledWhilePosting kills a child in the middle of posting and wants
// everything it was told was posted.
func TestKilledWhilePosting(t *testing.T) {
	for _, after := range []int{1, 4, 30} {
		sh := newShop(t, 2)
		if err := sh.s.Close(); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestChildPosts$")
		cmd.Env = append(os.Environ(), "STORE_TEST_POST="+sh.dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var acked []string
		lines := bufio.NewScanner(out)
		for len(acked) < after && lines.Scan() {
			if id, ok := strings.CutPrefix(lines.Text(), "posted "); ok {
				acked = append(acked, id)
			}
		}
		_, err = testVault().Unlock(bg, sh.dir, "老板", ownerPassword)
		wantFault(t, err, fault.Locked, "shop.locked") // the child has it
		_ = cmd.Process.Kill()
		for lines.Scan() { // what it still managed to say counts too
			if id, ok := strings.CutPrefix(lines.Text(), "posted "); ok {
				acked = append(acked, id)
			}
		}
		_ = cmd.Wait()
		if len(acked) < after {
			t.Fatalf("the child posted %d", len(acked))
		}
		o, err := testVault().Unlock(bg, sh.dir, "老板", ownerPassword)
		if err != nil {
			t.Fatal(err)
		}
		sh.s = o.Store.(*Store)
		sh.read(func(x app.Tx) error {
			for _, id := range acked {
				if d, err := x.Document(id); err != nil || d.Status != doc.Posted || len(d.Lines) != 2 {
					t.Errorf("%s was acknowledged: %v", id, err)
				}
			}
			return nil
		})
		sh.sound()
		if bad, err := sh.s.CheckFile(bg, nil); err != nil || len(bad) != 0 {
			t.Errorf("file: %v %v", bad, err)
		}
		_ = sh.s.Close()
	}
}

func TestChildPosts(t *testing.T) {
	dir := os.Getenv("STORE_TEST_POST")
	if dir == "" {
		t.Skip("runs as a child of TestKilledWhilePosting")
	}
	o, err := testVault().Unlock(bg, dir, "老板", ownerPassword)
	if err != nil {
		t.Fatal(err)
	}
	sh := &shop{t: t, s: o.Store.(*Store), wh: [2]int64{1, 2}, cash: 1, customer: 1, supplier: 2, items: []int64{1, 2}}
	for { // until it is killed
		fmt.Println("posted", sh.post(sh.draft(doc.GoodsReceipt, d1, row(1, 3, 2), row(2, 1, 7))))
		fmt.Println("posted", sh.post(sh.draft(doc.SalesDelivery, d1, row(1, 2, 5), row(2, 1, 9))))
	}
}
