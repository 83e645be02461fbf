package docview

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/store"
	"tiezhang/store/keyring"
	"tiezhang/ui/bg"
	"tiezhang/ui/page"
	"tiezhang/ui/uitest"
)

const password = "lamp-river-54-Mango-quiet"

type clock struct{ t time.Time }

func (c *clock) Now() time.Time { return c.t }

// rig is a real shop on disk behind a headless window.
type rig struct {
	*uitest.Window
	t       *testing.T
	dir     string
	clock   *clock
	host    app.Host
	s       *app.Session
	q       *bg.Queue
	runner  *bg.Runner
	env     *page.Env
	box     *fyne.Container
	page    *Page
	opened  []page.Route
	toasts  []string
	fails   []error
	closed  int
	saveTo  string
	written []string
	papers  []string // what was put on paper
}

func newHost(c *clock) app.Host {
	return app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: c, Machine: "test", Version: "test"}
}

func newRig(t *testing.T, opts ...uitest.Option) *rig {
	t.Helper()
	c := &clock{time.Date(2026, 11, 22, 9, 30, 0, 0, time.Local)}
	r := &rig{t: t, dir: filepath.Join(t.TempDir(), "shop"), clock: c, host: newHost(c)}
	s, _, err := r.host.New(context.Background(), r.dir, app.NewShop{ShopName: "海棠便利店", OwnerName: "王店长", Password: password,
		Names: map[string]string{"warehouse": "总仓", "cash": "现金", "wechat": "微信", "alipay": "支付宝", "bank": "银行卡"}})
	if err != nil {
		t.Fatal(err)
	}
	r.s = s
	t.Cleanup(func() { _ = r.s.Shop().Close(context.Background()) })
	for _, l := range []string{
		`{"kind":"Item","code":"A1","name":"康师傅红烧牛肉面","spec":"105g","unit":"袋","barcode":"6901234567892","price":"4.50","prices":{"wholesale":"3.80","purchase":"3.00","floor":"3.20"},"units":[{"name":"箱","factor":"24","barcode":"16901234567899"}]}`,
		`{"kind":"Item","code":"A2","name":"农夫山泉天然水","spec":"550ml","unit":"瓶","barcode":"6902083881405","price":"2.00","prices":{"wholesale":"1.50","purchase":"1.10"},"units":[{"name":"箱","factor":"24","price":"40.00"}]}`,
		`{"kind":"Item","code":"A3","name":"蒙牛纯牛奶","spec":"250ml","unit":"盒","barcode":"6907992500010","price":"3.50","prices":{"wholesale":"3.00","purchase":"2.40"}}`,
		`{"kind":"Item","code":"B1","name":"散装白糖","unit":"公斤"}`,
		`{"kind":"Item","code":"C1","name":"红旗打火机","unit":"个","barcode":"6900000000001","price":"1.00"}`,
		`{"kind":"Item","code":"C2","name":"红旗打火机蓝","unit":"个","barcode":"6900000000002","price":"1.50"}`,
		`{"kind":"Party","code":"S001","name":"华东食品批发","role":"supplier"}`,
		`{"kind":"Party","code":"K001","name":"幸福小学食堂","role":"customer","level":"wholesale"}`,
		`{"kind":"Party","code":"K002","name":"张记餐馆","role":"customer"}`,
		`{"kind":"Warehouse","code":"W2","name":"门店"}`,
	} {
		r.wire(l)
	}
	r.look(opts...)
	return r
}

// look opens a window on the shop as it is.
func (r *rig) look(opts ...uitest.Option) {
	uitest.App(r.t, opts...)
	r.box = container.NewStack()
	r.Window = uitest.Show(r.t, r.box, opts...)
	r.q = &bg.Queue{}
	r.runner = bg.NewRunner(r.q.Dispatch, func(time.Duration, func()) func() { return func() {} })
	r.env = &page.Env{Host: r.host, Session: r.s, Window: r.Win, Router: r.Router, Runner: r.runner,
		Open:     func(x page.Route) { r.opened = append(r.opened, x) },
		Replace:  func(_ page.Page, x page.Route) { r.opened = append(r.opened, x) },
		Close:    func(page.Page) { r.closed++ },
		Retitle:  func() {},
		Toast:    func(s string) { r.toasts = append(r.toasts, s) },
		Fail:     func(err error) { r.fails = append(r.fails, err) },
		OpenFile: func(p string) { r.written = append(r.written, p) },
		SaveFile: func(_, name string, chosen func(string)) { chosen(filepath.Join(r.saveTo, name)) },
		Paper: func(name string, pdf []byte) {
			name = filepath.Join(r.saveTo, name)
			if err := os.WriteFile(name, pdf, 0o600); err != nil {
				r.t.Error(err)
			}
			r.papers = append(r.papers, name)
		},
		Confirmed: func(do func(context.Context, func(error))) {
			do(context.Background(), func(err error) {
				switch {
				case err == nil:
				case fault.KindOf(err) == fault.NeedsStep:
					do(app.WithPassword(context.Background(), password), func(err error) {
						if err != nil {
							r.fails = append(r.fails, err)
						}
					})
				default:
					r.fails = append(r.fails, err)
				}
			})
		},
	}
}

func (r *rig) wire(line string) app.WireResult {
	r.t.Helper()
	w, err := app.ParseWire([]byte(line))
	if err != nil {
		r.t.Fatal(line, err)
	}
	res, err := app.Do(context.Background(), r.s, app.PostWire{Wire: w})
	if err != nil {
		r.t.Fatal(line, err)
	}
	return res
}

func (r *rig) settle() { r.q.Settle(r.runner) }

// open shows a document's page in the window.
func (r *rig) open(kind doc.Kind, arg string) *Page {
	r.t.Helper()
	p, err := Make(r.env, page.Route{Screen: page.Document, Kind: string(kind), Arg: arg})
	if err != nil {
		r.t.Fatal(err)
	}
	if r.page != nil {
		r.page.Close()
	}
	r.page = p.(*Page)
	r.box.Objects = []fyne.CanvasObject{p.Content()}
	r.box.Refresh()
	r.Router.ShowPage(p.Keys())
	p.Enter()
	r.settle()
	if r.page.model != nil {
		r.page.model.SetClock(r.Clock)
	}
	return r.page
}

// do types a script: plain text with fingers, <F9> keys and chords, {code} scans.
func (r *rig) do(script string) {
	r.t.Helper()
	for script != "" {
		if name, rest, ok := strings.Cut(script[1:], ">"); script[0] == '<' && ok {
			r.Chord(name)
			script = rest
		} else if code, rest, ok := strings.Cut(script[1:], "}"); script[0] == '{' && ok {
			r.Scan(code)
			script = rest
		} else {
			n := strings.IndexAny(script[1:], "<{") + 1
			if n == 0 {
				n = len(script)
			}
			for _, c := range script[:n] {
				r.Type(string(c))
				r.settle()
			}
			script = script[n:]
		}
		r.settle()
	}
}

func (r *rig) document(id string) doc.Document {
	r.t.Helper()
	v, err := app.Ask(context.Background(), r.s, app.GetDocument{ID: id})
	if err != nil {
		r.t.Fatal(err)
	}
	return v.Doc
}

func (r *rig) onHand(code string) string {
	r.t.Helper()
	v, err := app.Ask(context.Background(), r.s, app.GetItem{Code: code})
	if err != nil {
		r.t.Fatal(err)
	}
	return v.OnHand.String()
}

func (r *rig) noFails() {
	r.t.Helper()
	for _, err := range r.fails {
		r.t.Errorf("shown as failed: %v", err)
	}
}

// lines gives the lines as "code unit qty price amount".
func (r *rig) lines() string {
	var out []string
	for _, l := range r.page.lines() {
		m, _ := l.Amount()
		out = append(out, strings.Join([]string{l.Item.Code, l.UnitName(), l.Qty.String(), l.Price.String(), m.String()}, " "))
	}
	return strings.Join(out, "|")
}

// copyShop copies the files of the open shop, as a dead machine leaves them.
func (r *rig) copyShop() string {
	r.t.Helper()
	to := filepath.Join(r.t.TempDir(), "killed")
	err := filepath.Walk(r.dir, func(p string, fi os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(r.dir, p)
		if fi.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		if strings.HasSuffix(p, ".lock") || strings.HasSuffix(p, "-shm") {
			return nil
		}
		in, err := os.Open(p)
		if err != nil {
			return err
		}
		defer in.Close()
		out, err := os.Create(filepath.Join(to, rel))
		if err != nil {
			return err
		}
		if _, err := io.Copy(out, in); err != nil {
			return err
		}
		return out.Close()
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return to
}

func money(s string) amount.Money {
	m, err := amount.ParseMoney(s)
	if err != nil {
		panic(err)
	}
	return m
}
