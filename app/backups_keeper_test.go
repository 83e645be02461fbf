package app_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/demo"
	"tiezhang/app/fault"
	"tiezhang/app/report"
	"tiezhang/store"
	"tiezhang/store/keyring"
)

// keeper is a shop whose backups are put to the test.
type keeper struct {
	t    *testing.T
	host app.Host
	now  *keeperClock
	root string
	dir  string
	usb  string
	code string
	s    *app.Session
}

type keeperClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *keeperClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *keeperClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

const (
	keeperShop     = "老王五金店·南门分店"
	keeperOwner    = "王掌柜"
	keeperClerk    = "小李收银"
	keeperMachine  = "KASSE-7/laowang"
	keeperPassword = "corn-flask-89-orbit"
	clerkPassword  = "plain-river-42-tin"
)

func keeperHost(now app.Clock) app.Host {
	return app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: now, Machine: keeperMachine, Version: "0.1.0"}
}

// newKeeper makes a shop with a few days of trade.
func newKeeper(t *testing.T, days int) *keeper {
	t.Helper()
	root := t.TempDir()
	k := &keeper{t: t, root: root, dir: filepath.Join(root, "主机", "铺子"), usb: filepath.Join(root, "U盘"),
		now: &keeperClock{at: time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)}}
	k.host = keeperHost(k.now)
	s, code, err := k.host.New(t.Context(), k.dir, app.NewShop{ShopName: keeperShop, OwnerName: keeperOwner, Password: keeperPassword,
		Names: map[string]string{"warehouse": "主仓库", "cash": "现金"}})
	if err != nil {
		t.Fatal(err)
	}
	k.s, k.code = s, strings.Join(code.Groups, " ")
	t.Cleanup(k.shut)
	if days > 0 {
		var ws []app.Wire
		if err := demo.Make(demo.Plan{Seed: 7, Days: days, End: day.Must("2026-11-22"), Bills: 5,
			Names: map[string]string{"rent": "房租", "power": "电费", "reason": "破损", "note": "备注"}}, func(w app.Wire) error { ws = append(ws, w); return nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := app.Do(t.Context(), s, app.PostWires{Wires: ws}); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

func (k *keeper) shut() {
	if k.s != nil {
		if err := k.s.Shop().Close(context.Background()); err != nil {
			k.t.Error(err)
		}
		k.s = nil
	}
}

func (k *keeper) open() {
	k.t.Helper()
	s, err := k.host.Open(k.t.Context(), k.dir, keeperOwner, keeperPassword)
	if err != nil {
		k.t.Fatal(err)
	}
	k.s = s
}

func (k *keeper) backup() app.Kept {
	k.t.Helper()
	b, err := app.Run(k.t.Context(), k.s, app.BackupNow{Folder: k.usb})
	if err != nil {
		k.t.Fatal(err)
	}
	return b
}

// post makes an item and books a document of it.
func (k *keeper) post(id string) {
	k.t.Helper()
	if err := postOne(k.t.Context(), k.s, id); err != nil {
		k.t.Fatal(err)
	}
}

func postOne(ctx context.Context, s *app.Session, id string) error {
	for _, line := range []string{
		`{"kind":"Item","code":"` + id + `","name":"螺丝 ` + id + `","unit":"盒","price":"3.00"}`,
		`{"kind":"OpeningStock","id":"` + id + `","date":"2026-11-22","warehouse":"W1","lines":[{"item":"` + id + `","qty":"10","price":"1.50"}]}`,
	} {
		var w app.Wire
		if err := json.Unmarshal([]byte(line), &w); err != nil {
			return err
		}
		if _, err := app.Do(ctx, s, app.PostWires{Wires: []app.Wire{w}}); err != nil {
			return err
		}
	}
	return nil
}

func (k *keeper) due() app.Due {
	k.t.Helper()
	d, err := app.Ask(k.t.Context(), k.s, app.BackupDue{})
	if err != nil {
		k.t.Fatal(err)
	}
	return d
}

// books is everything a shopkeeper would compare.
type books struct {
	Totals  app.Totals
	Reports map[string]report.Page
}

func readBooks(t *testing.T, s *app.Session) books {
	t.Helper()
	v, err := app.Run(t.Context(), s, app.VerifyShop{})
	if err != nil || len(v.Findings) > 0 {
		t.Fatalf("self-check: %v %v", v.Findings, err)
	}
	b := books{Totals: v.Totals, Reports: map[string]report.Page{}}
	for _, name := range []string{"stock-balance", "sales-detail", "receivables", "payables", "cash-flow"} {
		q := report.Query{Name: name, Count: true}
		if name == "sales-detail" || name == "cash-flow" {
			q.From, q.To = day.Must("2026-01-01"), day.Must("2026-12-31")
		}
		p, err := app.Ask(t.Context(), s, app.Report{Query: q})
		if err != nil || len(p.Rows) == 0 && name == "stock-balance" {
			t.Fatal(name, len(p.Rows), err)
		}
		b.Reports[name] = p
	}
	return b
}

func wantKey(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || key != "" && fault.KeyOf(err) != key {
		t.Fatalf("want %v %s, got %v", kind, key, err)
	}
}

func listed(t *testing.T, dir string) (out []string) {
	t.Helper()
	es, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		out = append(out, e.Name())
	}
	return out
}

func noErr(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
