package console_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCountingBlindByScript: a cashier closes the day with a count and without a
// question; a storekeeper compares a count and is not told what the books say.
func TestCountingBlindByScript(t *testing.T) {
	f := newFace(t)
	dir := filepath.Join(t.TempDir(), "shop")
	f.run(0, "new", dir, "--shop", "S", "--owner", "O")
	f.run(0, "post", dir, f.file("a.jsonl", `{"kind":"Item","code":"A1","name":"a","unit":"pc","price":"1"}
{"kind":"StockGain","id":"g","warehouse":"W1","lines":[{"item":"A1","qty":"37"}]}
{"kind":"OpeningCash","id":"oc","account":"C1","amount":"1000"}
`))
	t.Setenv("TIEZHANG_NEW_PASSWORD", "Green-Panda-Eats-77")
	f.run(0, "user", dir, "add", "Li", "--role", "cashier")
	f.run(0, "user", dir, "add", "Zhou", "--role", "storekeeper")
	t.Setenv("TIEZHANG_PASSWORD", "Green-Panda-Eats-77")
	out, _ := f.run(0, "count", dir, f.file("count.csv", "A1,30\n"), "--warehouse", "W1", "--user", "Zhou", "--json")
	if strings.Contains(out, "37") || strings.Contains(out, "-7") || !strings.Contains(out, `"blind":true`) {
		t.Error("a storekeeper is told:", out)
	}
	today := time.Now().Format("2006-01-02")
	var closed struct{ Expected, Difference string }
	f.json(&closed, "close", dir, "--day", today, "--counted", "990", "--reason", "change", "--user", "Li")
	if closed.Expected != "1000.00" || closed.Difference != "-10.00" {
		t.Errorf("%+v", closed)
	}
	t.Setenv("TIEZHANG_PASSWORD", "Blue-Tiger-Runs-42")
	if out, _ := f.run(0, "log", dir, "--json"); strings.Count(out, `"day.count"`) != 1 {
		t.Error("the count is not in the log:", out)
	}
}
