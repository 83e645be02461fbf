// Package master holds the shop's master data: items, parties, warehouses and
// money accounts, and the checks that make one acceptable.
//
// What belongs here: the types, their limits and their validation. What does
// not: how they are stored, searched or shown. Pure; standard library and
// app's leaves only.
package master

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
)

// PriceLevel names one of an item's prices.
type PriceLevel string

const (
	Retail    PriceLevel = "retail"
	Wholesale PriceLevel = "wholesale"
	Member    PriceLevel = "member"
	Floor     PriceLevel = "floor"    // never sell below without a second person
	Purchase  PriceLevel = "purchase" // usual purchase price, a hint only
)

// PriceLevels lists all of them in the order of the form.
var PriceLevels = []PriceLevel{Retail, Wholesale, Member, Floor, Purchase}

// Item is a thing the shop trades in. Prices are per base unit.
type Item struct {
	ID        int64
	Code      string
	Name      string
	Spec      string
	Brand     string
	Category  string // path, "食品/饮料"
	Unit      string // base unit: all stock is counted in it
	Units     []Unit // further units
	Barcodes  []Barcode
	Prices    map[PriceLevel]amount.Price
	Min, Max  amount.Qty // stock alert; zero means not watched
	Track     Tracking   // by batch, by serial number, or not at all
	Expires   bool       // its batches have an expiry day
	ShelfDays int        // days it keeps from production, a hint for the expiry day; 0 unknown
	// CostByBatch: each batch has a cost of its own (individual costing). Fixed
	// once stock has moved, like the base unit. Wants Track by batch.
	CostByBatch bool
	PLU         string            // number on the scale, for codes with weight or amount in them
	MergedInto  int64             // the item that took this one over; 0 none
	Custom      map[string]string // the owner's own fields, by field key
	Initials    string            // 拼音首字母, made by app/pinyin when saving
	Pinyin      string            // 全拼
	Note        string
	Disabled    bool
	Version     int64 // grows with every save; a stale form is refused
	HasMoves    bool  // set when read: base unit and factors are then fixed
}

// Tracking is how closely an item's pieces are followed.
type Tracking string

const (
	NotTracked Tracking = ""
	ByBatch    Tracking = "batch"
	BySerial   Tracking = "serial"
)

// Unit is another unit of the item: 1 of it = Num/Den base units.
type Unit struct {
	Name     string
	Num, Den int64
	Price    amount.Price // retail price of one of this unit; zero: factor × retail
}

// Barcode is one of the item's codes, for the base unit ("" ) or another.
type Barcode struct {
	Code string
	Unit string
}

// Factor gives num/den of a unit's name. ok is false for an unknown unit.
func (it Item) Factor(unit string) (num, den int64, ok bool) {
	if unit == "" || unit == it.Unit {
		return 1, 1, true
	}
	for _, u := range it.Units {
		if u.Name == unit {
			return u.Num, u.Den, true
		}
	}
	return 0, 0, false
}

// PartyKind tells what a party is to the shop.
type PartyKind string

const (
	Customer PartyKind = "customer"
	Supplier PartyKind = "supplier"
	Both     PartyKind = "both"
)

// Is tells whether the party can act as k.
func (p PartyKind) Is(k PartyKind) bool { return p == k || p == Both }

// Party is a customer, a supplier, or both.
type Party struct {
	ID      int64
	Code    string
	Name    string
	Kind    PartyKind
	Contact string
	Phone   string
	Address string
	Level   PriceLevel // price level offered to a customer; "" = retail
	Credit  amount.Money
	Owner   int64 // user who looks after it; 0 nobody
	// Card makes a customer a member: the number on the card. Points and Stored
	// are filled when read; what moves them are documents.
	Card     string
	Birthday string // "11-22", for greetings; "" unknown
	// BankName and BankAccount are where the party is paid, TaxNo is what an
	// invoice to it names.
	BankName, BankAccount, TaxNo string

	Points     int64
	Stored     amount.Money
	MergedInto int64             // the party that took this one over; 0 none
	Custom     map[string]string // the owner's own fields, by field key
	Initials   string
	Pinyin     string
	Note       string
	Disabled   bool
	Version    int64
}

// Employee is a person the shop's documents name: who sold, who fetched. An
// employee need not have an account in the program.
type Employee struct {
	ID       int64
	Code     string
	Name     string
	Phone    string
	IDCard   string // ID card number
	BankCard string // where wages go
	User     int64  // the account, 0 none
	Note     string
	Disabled bool
	Version  int64
}

// Warehouse is a place that holds stock.
type Warehouse struct {
	ID       int64
	Code     string
	Name     string
	Lent     bool // stands for the hands of others: only lending and its return go there
	Disabled bool
	Version  int64
}

// AccountKind is the sort of a money account.
type AccountKind string

const (
	Cash   AccountKind = "cash"
	Bank   AccountKind = "bank"
	WeChat AccountKind = "wechat"
	Alipay AccountKind = "alipay"
	Card   AccountKind = "card"
	Stored AccountKind = "stored" // pays out of what a member has paid in advance: holds no money itself
)

// AccountKinds lists them in the order of the form.
var AccountKinds = []AccountKind{Cash, WeChat, Alipay, Bank, Card, Stored}

// Account is a place that holds money.
type Account struct {
	ID       int64
	Code     string
	Name     string
	Kind     AccountKind
	Disabled bool
	Version  int64
}

// Limits on text, in characters.
const (
	MaxCode    = 32
	MaxName    = 100
	MaxText    = 200
	MaxNote    = 2000
	MaxUnits   = 8
	MaxCodes   = 32
	MaxPicture = 2 << 20 // bytes of an item's picture
)

// Check reports everything wrong with an item, each fault naming its field.
func (it Item) Check() error {
	var l fault.List
	l = text(l, "item", "code", it.Code, MaxCode, true)
	l = text(l, "item", "name", it.Name, MaxName, true)
	l = text(l, "item", "spec", it.Spec, MaxText, false)
	l = text(l, "item", "brand", it.Brand, MaxName, false)
	l = text(l, "item", "category", it.Category, MaxText, false)
	l = text(l, "item", "unit", it.Unit, 16, true)
	l = text(l, "item", "note", it.Note, MaxNote, false)
	if strings.Count(it.Category, "/") >= MaxDepth {
		l = append(l, bad("item", "category", "master.category-deep", "max", MaxDepth))
	}
	l = it.checkTracking(l)
	if len(it.Units) > MaxUnits {
		l = append(l, bad("item", "units", "master.too-many", "max", MaxUnits))
	}
	seen := map[string]bool{it.Unit: true}
	for i, u := range it.Units {
		f := "units." + strconv.Itoa(i+1)
		l = text(l, "item", f, u.Name, 16, true)
		if u.Num <= 0 || u.Den <= 0 || u.Num > 1_000_000 || u.Den > 1_000_000 {
			l = append(l, bad("item", f, "master.factor", "unit", u.Name))
		}
		if seen[u.Name] {
			l = append(l, bad("item", f, "master.unit-twice", "unit", u.Name))
		}
		seen[u.Name] = true
		if u.Price < 0 || u.Price > amount.MaxPrice {
			l = append(l, bad("item", f, "master.price-range"))
		}
	}
	if len(it.Barcodes) > MaxCodes {
		l = append(l, bad("item", "barcodes", "master.too-many", "max", MaxCodes))
	}
	for i, b := range it.Barcodes {
		f := "barcodes." + strconv.Itoa(i+1)
		l = text(l, "item", f, b.Code, MaxCode, true)
		if b.Unit != "" && !seen[b.Unit] {
			l = append(l, bad("item", f, "master.unknown-unit", "unit", b.Unit))
		}
		for _, o := range it.Barcodes[:i] {
			if o.Code == b.Code {
				l = append(l, bad("item", f, "master.barcode-twice", "barcode", b.Code))
			}
		}
	}
	for lv, p := range it.Prices {
		if p < 0 || p > amount.MaxPrice {
			l = append(l, bad("item", "prices."+string(lv), "master.price-range"))
		}
	}
	if it.Min < 0 || it.Max < 0 || it.Min > amount.MaxQty || it.Max > amount.MaxQty {
		l = append(l, bad("item", "min", "master.qty-range"))
	} else if it.Max > 0 && it.Min > it.Max {
		l = append(l, bad("item", "min", "master.min-over-max"))
	}
	return l.Err()
}

// checkTracking: batch, expiry and serial number go together in certain ways
// only, and the number on the scale is digits.
func (it Item) checkTracking(l fault.List) fault.List {
	if it.Track != NotTracked && it.Track != ByBatch && it.Track != BySerial {
		l = append(l, bad("item", "track", "master.track"))
	}
	if it.Expires && it.Track != ByBatch {
		l = append(l, bad("item", "expires", "master.expires-batch"))
	}
	if it.CostByBatch && it.Track != ByBatch {
		l = append(l, bad("item", "cost_by_batch", "master.cost-batch"))
	}
	if it.ShelfDays < 0 || it.ShelfDays > 36500 {
		l = append(l, bad("item", "shelf_days", "master.shelf-days"))
	}
	if len(it.PLU) > 6 || strings.Trim(it.PLU, "0123456789") != "" {
		l = append(l, bad("item", "plu", "master.plu"))
	}
	return l
}

// Check reports everything wrong with a party.
func (p Party) Check() error {
	var l fault.List
	l = text(l, "party", "code", p.Code, MaxCode, true)
	l = text(l, "party", "name", p.Name, MaxName, true)
	l = text(l, "party", "contact", p.Contact, MaxName, false)
	l = text(l, "party", "phone", p.Phone, 32, false)
	l = text(l, "party", "address", p.Address, MaxText, false)
	l = text(l, "party", "note", p.Note, MaxNote, false)
	if p.Kind != Customer && p.Kind != Supplier && p.Kind != Both {
		l = append(l, bad("party", "kind", "master.party-kind"))
	}
	if p.Credit < 0 || p.Credit > amount.MaxMoney {
		l = append(l, bad("party", "credit", "master.price-range"))
	}
	l = text(l, "party", "card", p.Card, MaxCode, false)
	if p.Card != "" && p.Kind == Supplier {
		l = append(l, bad("party", "card", "master.card-supplier"))
	}
	if p.Birthday != "" && !monthDay(p.Birthday) {
		l = append(l, bad("party", "birthday", "master.birthday"))
	}
	return p.checkBank(l).Err()
}

// monthDay tells "11-22"; the 29th of February is one.
func monthDay(s string) bool {
	_, err := time.Parse("2006-01-02", "2024-"+s)
	return err == nil && len(s) == 5
}

// TidyBirthday brings "3/8", "0308" and "1990-03-08" into the one form, "03-08";
// what is none of them stays for the check to name.
func TidyBirthday(s string) string {
	for _, form := range []string{"01-02", "1-2", "1/2", "1.2", "0102", "2006-1-2", "2006/1/2", "2006.1.2", "20060102"} {
		if !strings.HasPrefix(form, "2006") {
			if t, err := time.Parse("2006 "+form, "2024 "+s); err == nil {
				return t.Format("01-02")
			}
			continue
		}
		if t, err := time.Parse(form, s); err == nil {
			return t.Format("01-02")
		}
	}
	return s
}

// Check reports everything wrong with an employee.
func (e Employee) Check() error {
	l := text(nil, "employee", "code", e.Code, MaxCode, true)
	l = text(l, "employee", "name", e.Name, MaxName, true)
	l = text(l, "employee", "phone", e.Phone, 32, false)
	if e.IDCard != "" && !idCardOK(e.IDCard) {
		l = append(l, bad("employee", "id_card", "master.id-card"))
	}
	if e.BankCard != "" && !bankOK(e.BankCard) {
		l = append(l, bad("employee", "bank_card", "master.bank", "least", minBank, "most", maxBank))
	}
	return text(l, "employee", "note", e.Note, MaxNote, false).Err()
}

// Check reports everything wrong with a warehouse.
func (w Warehouse) Check() error {
	l := text(nil, "warehouse", "code", w.Code, MaxCode, true)
	return text(l, "warehouse", "name", w.Name, MaxName, true).Err()
}

// Check reports everything wrong with a money account.
func (a Account) Check() error {
	l := text(nil, "account", "code", a.Code, MaxCode, true)
	l = text(l, "account", "name", a.Name, MaxName, true)
	for _, k := range AccountKinds {
		if a.Kind == k {
			return l.Err()
		}
	}
	return append(l, bad("account", "kind", "master.account-kind")).Err()
}

func bad(what, field, key string, nv ...any) *fault.Error {
	return fault.Bad("master.Check", key, append([]any{"what", what, "field", field}, nv...)...)
}

// text checks one text field: present if wanted, not too long, no control
// characters (a NUL or a line feed in a code breaks files and labels).
func text(l fault.List, what, field, s string, limit int, wanted bool) fault.List {
	switch {
	case wanted && strings.TrimSpace(s) == "":
		return append(l, bad(what, field, "master.missing"))
	case !utf8.ValidString(s):
		return append(l, bad(what, field, "master.not-text"))
	case utf8.RuneCountInString(s) > limit:
		return append(l, bad(what, field, "master.too-long", "max", limit))
	}
	for _, r := range s {
		if unicode.IsControl(r) && !(field == "note" && (r == '\n' || r == '\t')) {
			return append(l, bad(what, field, "master.control"))
		}
	}
	return l
}
