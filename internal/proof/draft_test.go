package proof

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/store"
	"tiezhang/store/keyring"
)

const draftEnv = "TIEZHANG_PROOF_DRAFT"

func openShop(dir string) (*app.Session, error) {
	host := app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: wallClock{}, Machine: "proof", Version: "test"}
	return host.Open(context.Background(), dir, "O", password)
}

// TestChildTypes saves a draft as the document screen does, line by line, and
// waits for its end.
func TestChildTypes(t *testing.T) {
	dir := os.Getenv(draftEnv)
	if dir == "" {
		t.Skip("runs as a child of TestDraftSurvivesAKill")
	}
	ctx := context.Background()
	s, err := openShop(dir)
	if err != nil {
		t.Fatal(err)
	}
	v, err := app.Ask(ctx, s, app.GetItem{Code: "A1"})
	if err != nil {
		t.Fatal(err)
	}
	d := doc.Document{ID: "half-typed", Kind: doc.GoodsReceipt, Date: day.Of(time.Now()), Note: "SENTINEL-note"}
	for i := range 5 {
		d.Lines = append(d.Lines, doc.Line{No: i + 1, ItemID: v.Item.ID, Qty: 10_000, Price: 1_250_000, Note: fmt.Sprint("SENTINEL-note ", i)})
		if d.Version, err = app.Do(ctx, s, app.SaveDraft{Doc: d}); err != nil {
			t.Fatal(err)
		}
		fmt.Println("saved", i+1)
	}
	time.Sleep(time.Minute) // killed long before
}

// TestDraftSurvivesAKill kills the program with a half-typed document on its
// screen: every line that was saved is there again, exactly, and none of it
// lies in plain on the disk.
func TestDraftSurvivesAKill(t *testing.T) {
	f := newFace(t)
	dir := filepath.Join(t.TempDir(), "shop")
	f.run(0, "new", dir, "--shop", "S", "--owner", "O")
	f.run(0, "post", dir, f.file("master.jsonl", master))
	c := f.command("-test.run=^TestChildTypes$")
	c.Env = append(os.Environ(), draftEnv+"="+dir) // a test, not the script face
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	saved := 0
	for sc := bufio.NewScanner(out); saved < 5 && sc.Scan(); {
		if strings.HasPrefix(sc.Text(), "saved") {
			saved++
		}
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	if saved != 5 {
		t.Fatalf("the child saved %d lines", saved)
	}
	if n, found := search(t, "killed with a draft", []string{"SENTINEL-note"}, dir); len(found) != 0 || n < 3 {
		t.Errorf("%d files, in plain: %v", n, found)
	}
	s, err := openShop(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Shop().Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	ds, err := app.Ask(context.Background(), s, app.MyDrafts{})
	if err != nil || len(ds) != 1 {
		t.Fatalf("%d drafts, %v", len(ds), err)
	}
	d := ds[0]
	if d.ID != "half-typed" || d.Note != "SENTINEL-note" || len(d.Lines) != 5 || d.Lines[4].Note != "SENTINEL-note 4" || d.Lines[4].Price != 1_250_000 || d.Version != 5 {
		t.Errorf("back came %+v", d)
	}
}
