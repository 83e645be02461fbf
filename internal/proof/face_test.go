package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/store"
	"tiezhang/store/keyring"
	"tiezhang/ui/console"
)

const (
	childEnv = "TIEZHANG_PROOF_CHILD"
	password = "SENTINEL-pass-word-42"
)

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

// TestMain lets the test binary be the script face in a process of its own, with
// keys that are cheap to derive; a release refuses to make or open those.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		host := app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: wallClock{}, Machine: "proof", Version: "test"}
		os.Exit(console.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, host))
	}
	os.Exit(m.Run())
}

// face is the script face as another process.
type face struct {
	t    testing.TB
	temp string // the child's temporary folder
	env  []string
}

func newFace(t testing.TB) *face {
	t.Helper()
	temp := filepath.Join(t.TempDir(), "tmp")
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	return &face{t: t, temp: temp, env: append(os.Environ(), childEnv+"=1", "TIEZHANG_PASSWORD="+password, "LC_ALL=C.UTF-8",
		"TMPDIR="+temp, "TEMP="+temp, "TMP="+temp, "HOME="+temp)}
}

func (f *face) command(args ...string) *exec.Cmd {
	f.t.Helper()
	me, err := os.Executable()
	if err != nil {
		f.t.Fatal(err)
	}
	c := exec.Command(me, args...)
	c.Env = f.env
	return c
}

// run runs a command to its end.
func (f *face) run(want int, args ...string) (stdout, stderr string) {
	f.t.Helper()
	var out, errs bytes.Buffer
	c := f.command(args...)
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	if c.ProcessState == nil {
		f.t.Fatalf("%v: %v", args, err)
	}
	if got := c.ProcessState.ExitCode(); got != want {
		f.t.Fatalf("tiezhang %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, want, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

// json runs a command that must succeed and reads its answer.
func (f *face) json(v any, args ...string) {
	f.t.Helper()
	out, _ := f.run(0, append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), v); err != nil {
		f.t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

func (f *face) file(name, text string) string {
	f.t.Helper()
	p := filepath.Join(f.t.TempDir(), name)
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
	return p
}

const master = `{"kind":"Item","code":"A1","name":"Tea","unit":"pc","price":"3.00"}
{"kind":"Party","code":"S001","name":"Zhao","role":"supplier"}
{"kind":"Party","code":"C001","name":"Wang","role":"customer"}
`

// day is a stock and n documents of mixed kinds that sell from it: s of each n.
func trade(n int) (lines string, left int) {
	var b strings.Builder
	left = 10 * n
	fmt.Fprintf(&b, `{"kind":"GoodsReceipt","id":"stock","party":"S001","lines":[{"item":"A1","qty":"%d","price":"1.00"}]}`+"\n", left)
	for i := range n {
		switch i % 3 {
		case 0:
			fmt.Fprintf(&b, `{"kind":"RetailSale","id":"d%d","lines":[{"item":"A1","qty":"2"}]}`+"\n", i)
			left -= 2
		case 1:
			fmt.Fprintf(&b, `{"kind":"SalesDelivery","id":"d%d","party":"C001","lines":[{"item":"A1","qty":"3","price":"2.50"}]}`+"\n", i)
			left -= 3
		default:
			fmt.Fprintf(&b, `{"kind":"PaymentIn","id":"d%d","party":"C001","amount":"1.00"}`+"\n", i)
		}
	}
	return b.String(), left
}

type verdict struct {
	OK       bool
	Findings []any
	Totals   struct {
		Documents int
		StockQty  string `json:"stock_qty"`
	}
}

type postings struct {
	Posted, Again int
	Failed        []struct {
		Line  int
		Key   string
		Error string
	}
	Results []struct{ Kind, ID, Number string }
}
