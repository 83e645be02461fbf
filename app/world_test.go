package app_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
	"tiezhang/app/report"
	"tiezhang/app/rule"
	"tiezhang/app/sheet"
	"tiezhang/store"
	"tiezhang/store/keyring"
)

// The world of the gate's tests: one real shop with a person for every standard
// role, goods, parties, and a document of every kind.

const worldPassword = "Corn-Flask-89-Orbit"

var worldStart = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// setClock is a clock the test turns.
type setClock struct{ at time.Time }

func (c *setClock) Now() time.Time { return c.at }

// undoVault opens real shops whose transactions can be rolled back at their
// very end: a use case passes the whole gate, its log entry included, and the
// next one finds the shop as it was.
type undoVault struct {
	store.Vault
	last *undoStore
}

func (v *undoVault) wrap(o app.Opened, err error) (app.Opened, error) {
	if err == nil {
		v.last = &undoStore{Store: o.Store, keys: o.Keys}
		o.Store = v.last
		o.Keys = undoKeys{o.Keys, v.last}
	}
	return o, err
}

func (v *undoVault) Create(ctx context.Context, dir string, seed app.NewShop) (app.Opened, app.RecoveryCode, error) {
	o, code, err := v.Vault.Create(ctx, dir, seed)
	o, err = v.wrap(o, err)
	return o, code, err
}

type undoStore struct {
	app.Store
	keys   app.Keys
	undo   bool
	rotate error // what Rotate answers
	// breakLog makes every AppendLog fail.
	breakLog error
	asked    int           // how often it was asked to, then
	entries  []oplog.Entry // written so far, also those rolled back
}

// Rotate leaves the file as it is and does what is done in the new one: what a
// rotation really does is the store's tests' business.
func (s *undoStore) Rotate(ctx context.Context, first func(app.Tx) error, _ app.Progress) error {
	if s.rotate != nil {
		return s.rotate
	}
	return s.Write(ctx, first)
}

// undoKeys keeps a key stick from being wanted of somebody in earnest.
type undoKeys struct {
	app.Keys
	st *undoStore
}

func (k undoKeys) SetKeyFile(ctx context.Context, name string, old app.Proof, file []byte) error {
	if !k.st.undo && k.st.breakLog == nil {
		return k.Keys.SetKeyFile(ctx, name, old, file)
	}
	_, err := k.Verify(ctx, name, old)
	return err
}

var errUndo = errors.New("undone by the test")

func (s *undoStore) Write(ctx context.Context, fn func(app.Tx) error) error {
	err := s.Store.Write(ctx, func(tx app.Tx) error {
		tx = logReader{tx, s}
		if s.breakLog != nil {
			tx = brokenLog{tx, s}
		}
		if err := fn(tx); err != nil {
			return err
		}
		if s.undo {
			return errUndo
		}
		return nil
	})
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}

// digest is everything in the shop but its log, and how long the log is.
func (s *undoStore) digest(t testing.TB) (sum string, log int64) {
	t.Helper()
	h := sha256.New()
	e := json.NewEncoder(h)
	err := s.Read(context.Background(), func(tx app.Tx) error {
		put := func(v any, err error) error {
			if err != nil {
				return err
			}
			return e.Encode(v)
		}
		for _, spec := range report.Specs() {
			// Reports follow from the same rows as the lists, and some tell what was
			// refused, as the log does.
			if spec.Name == "log" || spec.Report && spec.Name != "stock-balance" {
				continue
			}
			q := report.Query{Name: spec.Name, Zero: true}
			for _, f := range spec.Wants {
				switch f {
				case report.ByItem:
					q.Item = "A1"
				case report.ByParty:
					q.Party = "C001"
				}
			}
			p, err := tx.Report(context.Background(), q, report.In(spec.Columns, spec.GroupOf(q)))
			if err := put(p, err); err != nil {
				return fmt.Errorf("%s: %w", spec.Name, err)
			}
		}
		users, err := tx.Users()
		if err := put(users, err); err != nil {
			return err
		}
		roles, err := tx.Roles()
		if err := put(roles, err); err != nil {
			return err
		}
		drafts, err := tx.Drafts(0)
		if err := put(drafts, err); err != nil {
			return err
		}
		for _, k := range []string{app.SettingShopName, app.SettingPhone, app.SettingLanguage, app.SettingTheme, app.SettingNegative, app.SettingDayClosed,
			app.SettingMonthClosed, app.SettingBackupFolders, app.SettingLastBackup, app.SettingRecoveryKit} {
			v, err := tx.Setting(k)
			if err := put(v, err); err != nil {
				return err
			}
		}
		totals, err := tx.Totals()
		if err := put(totals, err); err != nil {
			return err
		}
		log, _, err = tx.LogHead()
		return err
	})
	if err != nil {
		t.Fatalf("digest: %v", err)
	}
	return fmt.Sprintf("%x", h.Sum(nil)), log
}

// world is the shop and what the use cases name of it.
type world struct {
	t     testing.TB
	clock *setClock
	st    *undoStore
	shop  *app.Shop
	who   access.RoleID // who asks now
	self  *app.Session  // the session of who

	item, second, free, gone       int64 // items: with all prices, without a floor price, with nothing on hand
	customer, mine, credit, supply int64
	wh1, wh2, cash, bank           int64
	today                          day.Date
	folder                         string
	kept                           app.Kept
	rows                           map[string]int // of each list, as the owner sees it
	sheet                          app.Import
	inCash, inBank                 amount.Money
	masterRows
	lent             int64 // a right lent to the spare person
	codes            app.PrintedCodes
	asked, askedMine int64 // questions about documents: the owner's and the cashier's
}

// person is the name of the user with a role: the owner is called otherwise.
func person(r access.RoleID) string { return "p-" + string(r) }

func (w *world) as(r access.RoleID) *app.Session {
	w.t.Helper()
	s, err := w.shop.SignIn(context.Background(), person(r), worldPassword)
	if err != nil {
		w.t.Fatalf("sign in as %s: %v", r, err)
	}
	w.who, w.self = r, s
	return s
}

// lasting carries a command out for good.
func lasting[R any, C app.Command[R]](w *world, ctx context.Context, c C) R {
	w.t.Helper()
	r, err := app.Do(ctx, w.self, c)
	if err != nil {
		w.t.Fatalf("%T %+v: %v", c, c, err)
	}
	return r
}

func prices(nv ...any) map[master.PriceLevel]amount.Price {
	m := map[master.PriceLevel]amount.Price{}
	for i := 0; i < len(nv); i += 2 {
		p, err := amount.ParsePrice(nv[i+1].(string))
		if err != nil {
			panic(err)
		}
		m[nv[i].(master.PriceLevel)] = p
	}
	return m
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, clock: &setClock{worldStart}, today: day.Of(worldStart), folder: filepath.Join(t.TempDir(), "usb")}
	v := &undoVault{Vault: store.Vault{Profile: keyring.ProfileForTests}}
	host := app.Host{Vault: v, Clock: w.clock, Machine: "test", Version: "test"}
	owner := person(access.Owner)
	s, _, err := host.New(context.Background(), filepath.Join(t.TempDir(), "shop"), app.NewShop{ShopName: "Corner", OwnerName: owner, Password: worldPassword})
	if err != nil {
		t.Fatal(err)
	}
	w.st, w.shop, w.self, w.who = v.last, s.Shop(), s, access.Owner
	t.Cleanup(func() {
		if err := w.shop.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	ctx := sure
	for _, r := range access.Standard() {
		if r.ID != access.Owner {
			lasting(w, ctx, app.AddUser{Name: person(r.ID), Password: worldPassword, Role: r.ID})
		}
	}
	lasting(w, ctx, app.AddUser{Name: "spare", Password: worldPassword, Role: access.Cashier})
	w.item = lasting(w, ctx, app.SaveItem{Item: master.Item{Code: "A1", Name: "Tea", Unit: "pc", Units: []master.Unit{{Name: "box", Num: 12, Den: 1}},
		Barcodes: []master.Barcode{{Code: "6901234567892"}}, Prices: prices(master.Retail, "3.00", master.Wholesale, "2.50", master.Floor, "2.00", master.Purchase, "1.00")}})
	w.free = lasting(w, ctx, app.SaveItem{Item: master.Item{Code: "B1", Name: "Salt", Unit: "pc", Prices: prices(master.Retail, "10.00", master.Purchase, "1.00")}})
	w.gone = lasting(w, ctx, app.SaveItem{Item: master.Item{Code: "N1", Name: "Soap", Unit: "pc", Prices: prices(master.Retail, "5.00")}})
	w.customer = lasting(w, ctx, app.SaveParty{Party: master.Party{Code: "C001", Name: "Wang", Kind: master.Customer, Phone: "13800001111", Card: "M001"}})
	w.credit = lasting(w, ctx, app.SaveParty{Party: master.Party{Code: "C003", Name: "Li", Kind: master.Customer, Credit: 10_00, Owner: w.userID(access.Cashier)}})
	w.supply = lasting(w, ctx, app.SaveParty{Party: master.Party{Code: "S001", Name: "Zhao", Kind: master.Supplier, Phone: "13900002222"}})
	w.wh2 = lasting(w, ctx, app.SaveWarehouse{Warehouse: master.Warehouse{Code: "W2", Name: "Back room"}})
	places, err := app.Ask(ctx, s, app.Places{})
	if err != nil {
		t.Fatal(err)
	}
	w.wh1, w.cash = places.Warehouses[0].ID, places.Accounts[0].ID
	for _, a := range places.Accounts {
		if a.Kind == master.Bank {
			w.bank = a.ID
		}
	}
	lasting(w, ctx, app.Post{Doc: doc.Document{ID: "stock", Kind: doc.OpeningStock, Date: w.today.AddDays(-30), WarehouseID: w.wh1, Lines: []doc.Line{
		{ItemID: w.item, Qty: qty(100), Price: 1_000_000}, {ItemID: w.free, Qty: qty(100), Price: 1_000_000}}}})
	for _, a := range []int64{w.cash, w.bank} {
		lasting(w, ctx, app.Post{Doc: doc.Document{ID: fmt.Sprint("cash-", a), Kind: doc.OpeningCash, Date: w.today.AddDays(-30), AccountID: a, Amount: 500_00}})
	}
	lasting(w, ctx, app.CloseDay{Date: w.today.AddDays(-10), Account: w.cash, Counted: 500_00, Expected: 500_00, Note: "all there"})
	for _, k := range []doc.Kind{doc.GoodsReceipt, doc.SalesDelivery, doc.RetailSale, doc.LendOut, doc.BorrowIn, doc.SalesOrder} { // what is returned and pulled from
		d := w.document(k, "sold-"+string(k))
		d.Lines[0].Qty = qty(5)
		if len(d.Payments) > 0 {
			d.Payments[0].Amount = 15_00
		}
		lasting(w, ctx, app.Post{Doc: d})
	}
	for _, k := range []doc.Kind{doc.OpeningReceivable, doc.PaymentIn, doc.StoredTopUp} { // what is settled and refunded
		d := w.document(k, "sold-"+string(k))
		d.Amount, d.PartyID = 100_00, w.customer
		lasting(w, ctx, app.Post{Doc: d})
	}
	lasting(w, ctx, app.CloseMonth{Month: 202609})
	lasting(w, ctx, app.SetApprovalRules{Rules: []rule.Approval{{ID: "big", Kind: doc.Quotation, Roles: roleIDs(), Over: "1000"}}})
	w.asked = lasting(w, ctx, app.AskApproval{Doc: w.bigOffer("asked"), Note: "a good customer"})
	for _, k := range doc.Specs() { // what is taken back and looked at
		d := w.document(k.Kind, "old-"+string(k.Kind))
		lasting(w, ctx, app.Post{Doc: d})
		d.ID = "open-" + string(k.Kind)
		lasting(w, ctx, app.SaveDraft{Doc: d})
	}
	w.lent = lasting(w, ctx, app.Lend{To: "spare", Actions: []access.Permission{access.MonthReopen}, Reason: "stands in", Hours: 72}).ID
	w.codes = lasting(w, ctx, app.PrintCodes{})
	if w.kept, err = app.Run(ctx, w.self, app.BackupNow{Folder: w.folder}); err != nil {
		t.Fatal(err)
	}
	// rows of the cashier's own
	w.as(access.Cashier)
	w.mine = lasting(w, ctx, app.SaveParty{Party: master.Party{Code: "C002", Name: "Zhou", Kind: master.Customer, Phone: "13700003333"}})
	lasting(w, ctx, app.Post{Doc: w.document(doc.RetailSale, "mine-RetailSale")})
	lasting(w, ctx, app.SaveDraft{Doc: w.document(doc.RetailSale, "mine-open-RetailSale")})
	lasting(w, ctx, app.Post{Doc: w.document(doc.SalesOrder, "mine-SalesOrder")})
	w.askedMine = lasting(w, ctx, app.AskApproval{Doc: w.bigOffer("mine-asked")})
	lasting(w, ctx, app.LogPrint{ID: "mine-SalesOrder"})
	w.as(access.Owner)
	lasting(w, ctx, app.LogPrint{ID: "sold-SalesOrder"})
	w.furnish()
	for a, to := range map[int64]*amount.Money{w.cash: &w.inCash, w.bank: &w.inBank} {
		if *to, err = app.Ask(ctx, w.self, app.CashBalance{Account: a}); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "items.csv")
	if err := os.WriteFile(file, []byte("商品编码,商品名称,单位\nZ1,Rice,kg\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if w.sheet, err = app.ReadImport(file, sheet.ItemsKind); err != nil {
		t.Fatal(err)
	}
	return w
}

func qty(n int64) amount.Qty { return amount.Qty(n * amount.QtyScale) }

// document is a sound document of any kind, made from its Spec alone.
func (w *world) document(k doc.Kind, id string) doc.Document {
	s, _ := doc.Of(k)
	d := doc.Document{ID: id, Kind: k, Date: w.today}
	if s.Warehouse != doc.No {
		d.WarehouseID = w.wh1
	}
	if s.Lines != doc.No {
		ln := doc.Line{No: 1, ItemID: w.item, Qty: qty(1)}
		if s.LineMoney != doc.No {
			ln.Qty, ln.Amount = 0, 3_00
		}
		if s.PriceNeed != doc.No {
			ln.Price = 3_000_000
		}
		if s.Flow == doc.Recount {
			ln.Qty, ln.Book = qty(100), qty(99)
		}
		if s.OriginNeeded || s.OriginMust {
			ln.Origin = doc.Origin{Doc: "sold-" + string(s.Origins[0]), Line: 1}
		}
		d.Lines = []doc.Line{ln}
		if s.Sides {
			made := ln
			made.No, made.ItemID, made.Side, d.Lines[0].Side = 2, w.free, 1, -1
			d.Lines = append(d.Lines, made)
		}
	}
	if s.Pays == doc.Must {
		d.Payments = []doc.Payment{{AccountID: w.cash, Amount: 3_00}}
	}
	if s.ToPlace == doc.Must {
		d.ToPlaceID = w.wh2
	}
	if s.Party == doc.Must {
		d.PartyID = w.customer
		if s.PartyRole == "supplier" || s.Trade == doc.AccPayable {
			d.PartyID = w.supply
		}
	}
	if s.Offsets {
		d.Allocs = []doc.Alloc{{Doc: "sold-OpeningReceivable", Amount: 1_00}, {Doc: "sold-PaymentIn", Amount: -1_00}}
	}
	if s.Account == doc.Must {
		d.AccountID = w.cash
	}
	if s.ToAccount == doc.Must {
		d.ToAccountID = w.bank
	}
	if s.Category == doc.Must {
		d.Category = "rent"
	}
	if s.Amount == doc.Must {
		d.Amount = 3_00
	}
	if s.CashCount {
		if err := w.st.Read(context.Background(), func(tx app.Tx) (err error) {
			d.Expected, err = tx.Balance(doc.AccCash, 0, w.cash)
			return err
		}); err != nil {
			w.t.Fatal(err)
		}
		d.Amount = d.Expected
	}
	return d
}

// bigOffer is a document the owner's rule wants an approval for.
func (w *world) bigOffer(id string) doc.Document {
	d := w.document(doc.Quotation, id)
	d.Lines[0].Price = 2000_000_000
	return d
}

// roleIDs are the standard roles.
func roleIDs() (ids []access.RoleID) {
	for _, r := range access.Standard() {
		ids = append(ids, r.ID)
	}
	return ids
}

// brokenLog is a transaction whose log cannot be written.
type brokenLog struct {
	app.Tx
	s *undoStore
}

func (b brokenLog) AppendLog(oplog.Sealed, oplog.Entry) error {
	b.s.asked++
	return b.s.breakLog
}

func wordsOf(t testing.TB, area string) map[string]string {
	t.Helper()
	b, err := os.ReadFile("../assets/i18n/" + area + ".en.json")
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for k, v := range m {
		out[strings.TrimPrefix(k, area+".")] = v
	}
	return out
}

// userID is the account of the person with a role.
func (w *world) userID(r access.RoleID) (id int64) {
	w.t.Helper()
	w.read(func(tx app.Tx) error {
		u, err := tx.UserByName(person(r))
		id = u.ID
		return err
	})
	return id
}
