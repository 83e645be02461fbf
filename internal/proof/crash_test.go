package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// TestKilledWhilePosting kills the program while it posts a file, at a moment
// of its own choosing each time, and wants: the shop opens, its books are
// sound, what is there is a prefix of the file, and running the file again
// completes it with every document posted exactly once.
func TestKilledWhilePosting(t *testing.T) {
	t.Parallel()
	rounds := 21 // the first is measured, the others are killed
	if testing.Short() {
		rounds = 6
	}
	const documents = 300
	f := newFace(t)
	lines, left := trade(documents)
	file, first := f.file("day.jsonl", lines), f.file("master.jsonl", master)
	rng := rand.New(rand.NewPCG(20261122, 7))
	var whole time.Duration // how long the file takes undisturbed, measured once
	cut := 0
	for round := range rounds {
		dir := filepath.Join(t.TempDir(), "shop"+strconv.Itoa(round))
		f.run(0, "new", dir, "--shop", "S", "--owner", "O")
		f.run(0, "post", dir, first)
		start := time.Now()
		if round == 0 {
			f.run(0, "post", dir, file)
			whole = time.Since(start)
			continue
		}
		c := f.command("post", dir, file)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rng.Int64N(int64(whole))))
		if err := c.Process.Kill(); err != nil {
			t.Logf("round %d: it had ended", round)
		}
		_ = c.Wait()

		var v verdict
		f.json(&v, "verify", dir)
		if !v.OK {
			t.Fatalf("round %d: %+v", round, v)
		}
		there := v.Totals.Documents
		switch {
		case there > documents: // too late: the machine has less to do than when it was measured
			whole = whole * 2 / 3
		case there > 0:
			cut++
		}
		var p postings
		f.json(&p, "post", dir, file)
		if p.Again != there || p.Posted != documents+1-there || len(p.Failed) != 0 {
			t.Fatalf("round %d: %d documents survived, then %d new and %d known: %v", round, there, p.Posted, p.Again, p.Failed)
		}
		numbers := map[string]bool{}
		for i, r := range p.Results {
			want := "stock"
			if i > 0 {
				want = "d" + strconv.Itoa(i-1)
			}
			if r.ID != want || numbers[r.Number] || r.Number == "" {
				t.Fatalf("round %d, document %d: %+v", round, i, r)
			}
			numbers[r.Number] = true
		}
		f.json(&v, "verify", dir)
		if !v.OK || v.Totals.Documents != documents+1 || v.Totals.StockQty != strconv.Itoa(left) {
			t.Fatalf("round %d: in the end %+v, want %d pieces", round, v, left)
		}
	}
	if cut == 0 {
		t.Error("no round was cut in the middle: the test proves nothing")
	}
	t.Logf("%d of %d rounds were cut in the middle of posting; the file takes %v", cut, rounds-1, whole)
}

// TestAcknowledgedIsKept lets the program post from a pipe, one document at a
// time, and kills it: what a later look finds is at least what had been posted
// when a second reader last counted.
func TestAcknowledgedIsKept(t *testing.T) {
	f := newFace(t)
	dir := filepath.Join(t.TempDir(), "shop")
	f.run(0, "new", dir, "--shop", "S", "--owner", "O")
	f.run(0, "post", dir, f.file("master.jsonl", master))
	lines, _ := trade(40)
	all := bytes.SplitAfter([]byte(lines), []byte("\n"))
	posted := 0
	rng := rand.New(rand.NewPCG(5, 5))
	for round := 0; posted < 30; round++ {
		n := 1 + rng.IntN(6)
		var batch bytes.Buffer
		for _, l := range all[posted : posted+n] {
			batch.Write(l)
		}
		// acknowledged: the run ended and said so
		var p postings
		out, _ := f.run(0, "post", dir, f.file("part.jsonl", batch.String()), "--json")
		if err := json.Unmarshal([]byte(out), &p); err != nil || p.Posted != n {
			t.Fatalf("%v %+v", err, p)
		}
		posted += n
		// the next run is killed with input still coming
		c := f.command("post", dir, "-")
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(in, `{"kind":"RetailSale","id":"cut%d","lines":[{"item":"A1","qty":"1"}]}`+"\n", round)
		time.Sleep(time.Duration(rng.Int64N(int64(150 * time.Millisecond))))
		_ = c.Process.Kill()
		_ = c.Wait()
		var v verdict
		f.json(&v, "verify", dir)
		if !v.OK || v.Totals.Documents < posted {
			t.Fatalf("round %d: %d acknowledged, %+v", round, posted, v)
		}
	}
}
