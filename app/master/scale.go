package master

import (
	"slices"
	"strconv"
	"strings"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
)

// ScaleFormat tells how a scale in the shop writes its labels: a prefix, the
// item's number on the scale, what it weighed or costs, perhaps a check digit.
type ScaleFormat struct {
	Prefix   string     `json:"prefix"`   // two digits, the first of them 2: codes every shop may use as it likes
	PLU      int        `json:"plu"`      // digits of the item's number
	Value    ScaleValue `json:"value"`    // what follows it
	Digits   int        `json:"digits"`   // of each value
	Decimals int        `json:"decimals"` // of the weight, or of an amount that stands alone
	// CheckDigit: the last digit is EAN's, and a label that was read wrong is refused.
	CheckDigit bool `json:"check"`
	// Times is how many of the item's base units 1 on the label is: 2 where the
	// scale writes kilograms and the shop counts in half kilograms.
	Times int `json:"times"`
}

// ScaleValue is what a label says beside the item.
type ScaleValue string

const (
	ScaleWeight ScaleValue = "weight"
	ScaleAmount ScaleValue = "amount"
	// ScaleBoth is the code of eighteen digits: the amount in fen, then the weight.
	ScaleBoth ScaleValue = "amount-weight"
)

// ScaleValues lists them in the order of the form.
var ScaleValues = []ScaleValue{ScaleWeight, ScaleAmount, ScaleBoth}

// MaxScaleFormats is how many kinds of label a shop may have.
const MaxScaleFormats = 8

// ScaleUsual is what most scales are set to when they come: 13 digits with the
// amount in fen.
var ScaleUsual = ScaleFormat{Prefix: "21", PLU: 5, Value: ScaleAmount, Digits: 5, Decimals: 2, CheckDigit: true, Times: 1}

// Length is how many digits a label of the format has.
func (f ScaleFormat) Length() int {
	n := len(f.Prefix) + f.PLU + f.Digits
	if f.Value == ScaleBoth {
		n += f.Digits
	}
	if f.CheckDigit {
		n++
	}
	return n
}

// Check reports everything wrong with a format, each fault naming its field.
func (f ScaleFormat) Check() error {
	var l fault.List
	wrong := func(field, key string, nv ...any) {
		l = append(l, fault.Bad("master.ScaleFormat", key, append([]any{"field", field}, nv...)...))
	}
	if len(f.Prefix) != 2 || f.Prefix[0] != '2' || !isDigits(f.Prefix) {
		wrong("prefix", "scale.prefix", "prefix", f.Prefix)
	}
	if f.PLU < 3 || f.PLU > 7 {
		wrong("plu", "scale.digits", "least", 3, "most", 7)
	}
	if f.Digits < 4 || f.Digits > 7 {
		wrong("digits", "scale.digits", "least", 4, "most", 7)
	}
	if !slices.Contains(ScaleValues, f.Value) {
		wrong("value", "scale.value")
	}
	if most := f.mostDecimals(); f.Decimals < 0 || f.Decimals > most {
		wrong("decimals", "scale.decimals", "most", most)
	}
	if f.Times < 1 || f.Times > 1000 {
		wrong("times", "scale.times")
	}
	return l.Err()
}

func (f ScaleFormat) mostDecimals() int {
	if f.Value == ScaleAmount {
		return 2 // fen
	}
	return 4 // a tenth of a gram in kilograms
}

// CheckScale reports what is wrong with a shop's formats: each by itself, and
// two that could read the same label. Faults name the format by "line".
func CheckScale(fs []ScaleFormat) error {
	if len(fs) > MaxScaleFormats {
		return fault.Bad("master.CheckScale", "master.too-many", "field", "formats", "max", MaxScaleFormats)
	}
	for i, f := range fs {
		if err := f.Check(); err != nil {
			return err
		}
		for j, g := range fs[:i] {
			if f.Prefix == g.Prefix && f.Length() == g.Length() {
				return fault.Bad("master.CheckScale", "scale.twice", "line", i+1, "field", "prefix", "other", j+1, "prefix", f.Prefix)
			}
		}
	}
	return nil
}

// ScaleLabel is what a label says.
type ScaleLabel struct {
	PLU      string
	Qty      amount.Qty // in the item's base unit
	HasQty   bool
	Money    amount.Money
	HasMoney bool
}

// ReadScale reads a code by the first format it fits; ok is false for a code
// that is no label. A label read wrong gives Invalid "scale.check", one that
// says nothing "scale.zero".
func ReadScale(fs []ScaleFormat, code string) (l ScaleLabel, ok bool, err error) {
	if !isDigits(code) {
		return l, false, nil
	}
	for _, f := range fs {
		if len(code) == f.Length() && strings.HasPrefix(code, f.Prefix) {
			l, err = f.read(code)
			return l, true, err
		}
	}
	return l, false, nil
}

func (f ScaleFormat) read(code string) (ScaleLabel, error) {
	if last := len(code) - 1; f.CheckDigit && code[last] != CheckDigit(code[:last]) {
		return ScaleLabel{}, fault.Bad("master.ReadScale", "scale.check", "code", code)
	}
	rest := code[len(f.Prefix):]
	l := ScaleLabel{PLU: rest[:f.PLU]}
	rest = rest[f.PLU:]
	take := func() int64 { // at most seven digits
		v, _ := strconv.ParseInt(rest[:f.Digits], 10, 64)
		rest = rest[f.Digits:]
		return v
	}
	switch f.Value {
	case ScaleWeight:
		l.Qty, l.HasQty = f.qty(take()), true
	case ScaleAmount:
		l.Money, l.HasMoney = amount.Money(take()*pow10(2-f.Decimals)), true
	default:
		l.Money, l.HasMoney = amount.Money(take()), true
		l.Qty, l.HasQty = f.qty(take()), true
	}
	if l.HasQty && l.Qty == 0 || l.HasMoney && l.Money == 0 {
		return ScaleLabel{}, fault.Bad("master.ReadScale", "scale.zero", "code", code)
	}
	return l, nil
}

func (f ScaleFormat) qty(v int64) amount.Qty {
	return amount.Qty(v * pow10(4-f.Decimals) * int64(max(1, f.Times)))
}

// Write makes the code of a label: what the form shows as an example. The
// number is cut or filled to the digits there are.
func (f ScaleFormat) Write(plu string, qty amount.Qty, m amount.Money) string {
	part := func(v int64) string {
		s := strconv.FormatInt(v, 10)
		s = strings.Repeat("0", max(0, f.Digits-len(s))) + s
		return s[len(s)-f.Digits:]
	}
	weight := part(int64(qty) / pow10(4-f.Decimals) / int64(max(1, f.Times)))
	plu = strings.Repeat("0", max(0, f.PLU-len(plu))) + plu
	s := f.Prefix + plu[len(plu)-f.PLU:]
	switch f.Value {
	case ScaleWeight:
		s += weight
	case ScaleAmount:
		s += part(int64(m) / pow10(2-f.Decimals))
	default:
		s += part(int64(m)) + weight
	}
	if f.CheckDigit {
		s += string(CheckDigit(s))
	}
	return s
}

// CheckDigit is EAN's check digit of the digits before it.
func CheckDigit(s string) byte {
	sum, times := 0, 3
	for i := len(s) - 1; i >= 0; i-- {
		sum += int(s[i]-'0') * times
		times = 4 - times
	}
	return byte('0' + (10-sum%10)%10)
}

func pow10(n int) int64 {
	v := int64(1)
	for range n {
		v *= 10
	}
	return v
}

func isDigits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// Weighed is a line as a label means it: quantity times price less off is the
// label's money to the fen.
type Weighed struct {
	Qty   amount.Qty
	Price amount.Price
	Off   amount.Money
}

// Weigh turns a label into a line of an item at a price. Where the quantity has
// too few decimals to hit the label's money, the next larger one is taken and
// the odd fen come off. A label dearer than the shop's price raises the price:
// the customer has seen the label. Invalid "scale.no-price" where an amount
// cannot be turned into a quantity.
func (l ScaleLabel) Weigh(price amount.Price) (Weighed, error) {
	w := Weighed{Qty: l.Qty, Price: price}
	if !l.HasMoney {
		return w, nil
	}
	if !l.HasQty {
		if price <= 0 {
			return w, fault.Bad("master.Weigh", "scale.no-price")
		}
		q, err := amount.MulDiv(int64(l.Money), qtyPerMoney, int64(price))
		if err != nil || q > int64(amount.MaxQty) {
			return w, tooMuch()
		}
		w.Qty = amount.Qty(max(1, q-1))
		return l.atLeast(w, func(w *Weighed) { w.Qty++ })
	}
	got, err := amount.Extend(w.Qty, price)
	if err != nil {
		return w, tooMuch()
	}
	if got >= l.Money {
		w.Off = got - l.Money
		return w, nil
	}
	p, err := amount.MulDiv(int64(l.Money), qtyPerMoney, int64(l.Qty))
	if err != nil {
		return w, tooMuch()
	}
	w.Price = amount.Price(max(1, p-1))
	return l.atLeast(w, func(w *Weighed) { w.Price++ })
}

// qtyPerMoney: fen (2 decimals) over a price (6) is a quantity (4), and over a
// quantity a price.
const qtyPerMoney = 1_0000_0000

// atLeast takes the first of a few steps whose money is not under the label's.
func (l ScaleLabel) atLeast(w Weighed, more func(*Weighed)) (Weighed, error) {
	for range 4 {
		got, err := amount.Extend(w.Qty, w.Price)
		if err != nil {
			return w, tooMuch()
		}
		if got >= l.Money {
			w.Off = got - l.Money
			return w, nil
		}
		more(&w)
	}
	return w, tooMuch()
}

func tooMuch() error { return fault.Bad("master.Weigh", "doc.overflow", "field", "qty") }
