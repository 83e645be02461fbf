package master

import (
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
)

func TestReadScale(t *testing.T) {
	formats := []ScaleFormat{
		{Prefix: "21", PLU: 5, Value: ScaleAmount, Digits: 5, Decimals: 2, CheckDigit: true, Times: 1},
		{Prefix: "22", PLU: 5, Value: ScaleWeight, Digits: 5, Decimals: 3, CheckDigit: true, Times: 1},
		{Prefix: "23", PLU: 4, Value: ScaleAmount, Digits: 5, Decimals: 1, Times: 1},
		{Prefix: "24", PLU: 5, Value: ScaleWeight, Digits: 5, Decimals: 3, Times: 2}, // kilograms on the label, jin in the shop
		{Prefix: "21", PLU: 5, Value: ScaleBoth, Digits: 5, Decimals: 3, CheckDigit: true, Times: 1},
	}
	if err := CheckScale(formats); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code, plu string
		qty       amount.Qty
		money     amount.Money
		ok        bool
		key       string
	}{
		{"2100012012348", "00012", 0, 1234, true, ""},
		{"2200012012505", "00012", 1_2500, 0, true, ""},
		{"23001200125", "0012", 0, 1250, true, ""},
		{"240001201250", "00012", 2_5000, 0, true, ""},
		{"210001201234012506", "00012", 1_2500, 1234, true, ""},
		{"2100012012347", "", 0, 0, true, "scale.check"}, // one digit read wrong
		{"2100012000000", "", 0, 0, true, "scale.zero"},
		{"6901234567892", "", 0, 0, false, ""},
		{"2500012012345", "", 0, 0, false, ""},
		{"210001201234", "", 0, 0, false, ""},   // cut
		{"21000120123499", "", 0, 0, false, ""}, // two bursts run into one
		{"21000120 2349", "", 0, 0, false, ""},  // no digits
		{"", "", 0, 0, false, ""},
	} {
		l, ok, err := ReadScale(formats, c.code)
		if ok != c.ok || fault.KeyOf(err) != c.key || l.PLU != c.plu || l.Qty != c.qty || l.Money != c.money {
			t.Errorf("%s: %+v %v %v", c.code, l, ok, err)
		}
	}
}

func TestCheckDigit(t *testing.T) {
	for _, code := range []string{"6901234567892", "4006381333931", "9780201379624", "96385074"} {
		last := len(code) - 1
		if got := CheckDigit(code[:last]); got != code[last] {
			t.Errorf("%s: %c", code, got)
		}
	}
}

func TestScaleFormatsAreChecked(t *testing.T) {
	good := ScaleUsual
	for name, f := range map[string]func(*ScaleFormat){
		"scale.prefix":   func(f *ScaleFormat) { f.Prefix = "69" },
		"scale.value":    func(f *ScaleFormat) { f.Value = "length" },
		"scale.decimals": func(f *ScaleFormat) { f.Decimals = 3 },
		"scale.times":    func(f *ScaleFormat) { f.Times = 0 },
	} {
		bad := good
		f(&bad)
		if key := fault.KeyOf(bad.Check()); key != name {
			t.Error(name, key)
		}
	}
	for _, f := range []func(*ScaleFormat){
		func(f *ScaleFormat) { f.Prefix = "2" }, func(f *ScaleFormat) { f.Prefix = "2\u0661" }, func(f *ScaleFormat) { f.PLU = 0 },
		func(f *ScaleFormat) { f.Digits = 19 }, func(f *ScaleFormat) { f.Decimals = -1 }, func(f *ScaleFormat) { f.Times = 1 << 40 },
	} {
		bad := good
		f(&bad)
		if CheckScale([]ScaleFormat{bad}) == nil {
			t.Errorf("accepted: %+v", bad)
		}
	}
	other := good
	other.Value, other.Decimals = ScaleWeight, 3
	if fault.KeyOf(CheckScale([]ScaleFormat{good, other})) != "scale.twice" {
		t.Error("two formats read the same label")
	}
}

// What a label was written with is what is read from it.
func TestScaleWriteAndRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := ScaleFormat{Prefix: "2" + string(rune('0'+rapid.IntRange(0, 9).Draw(t, "p"))), PLU: rapid.IntRange(3, 7).Draw(t, "plu"),
			Value: rapid.SampledFrom(ScaleValues).Draw(t, "value"), Digits: rapid.IntRange(4, 7).Draw(t, "digits"),
			CheckDigit: rapid.Bool().Draw(t, "check"), Times: rapid.SampledFrom([]int{1, 2, 10}).Draw(t, "times")}
		f.Decimals = rapid.IntRange(0, f.mostDecimals()).Draw(t, "decimals")
		if err := f.Check(); err != nil {
			t.Fatal(err)
		}
		most := int(pow10(f.Digits)) - 1
		weight := amount.Qty(int64(rapid.IntRange(1, most).Draw(t, "w")) * pow10(4-f.Decimals) * int64(f.Times))
		fen := int64(1)
		if f.Value == ScaleAmount {
			fen = pow10(2 - f.Decimals)
		}
		money := amount.Money(int64(rapid.IntRange(1, most).Draw(t, "m")) * fen)
		code := f.Write("12", weight, money)
		l, ok, err := ReadScale([]ScaleFormat{f}, code)
		if !ok || err != nil || len(code) != f.Length() {
			t.Fatal(code, ok, err)
		}
		if l.HasQty && l.Qty != weight || l.HasMoney && l.Money != money || l.HasQty == l.HasMoney && f.Value != ScaleBoth {
			t.Fatalf("%s: %+v, want %s %s", code, l, weight, money)
		}
		if f.CheckDigit { // no single digit can be misread
			i := rapid.IntRange(len(f.Prefix), len(code)-1).Draw(t, "i")
			bad := []byte(code)
			bad[i] = '0' + (bad[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
			if _, ok, err := ReadScale([]ScaleFormat{f}, string(bad)); ok && err == nil {
				t.Fatal("misread:", string(bad), "for", code)
			}
		}
	})
}

// Whatever the label and the price are, the line's money is the label's.
func TestWeighIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		price := amount.Price(rapid.Int64Range(1_0000, 9_999_000_000).Draw(t, "price")) // 0.01 … 9,999 with six decimals
		l := ScaleLabel{Money: amount.Money(rapid.Int64Range(1, 99_999_99).Draw(t, "money")), HasMoney: true}
		if rapid.Bool().Draw(t, "both") {
			l.Qty, l.HasQty = amount.Qty(rapid.Int64Range(1, 999_9999).Draw(t, "qty")), true
		}
		w, err := l.Weigh(price)
		if err != nil {
			t.Fatal(err)
		}
		m, err := amount.Extend(w.Qty, w.Price)
		if err != nil || m-w.Off != l.Money || w.Off < 0 {
			t.Fatalf("%s at %s: %+v gives %s", l.Money, price, w, m-w.Off)
		}
		if l.HasQty && w.Qty != l.Qty {
			t.Fatal("the weight on the label was changed")
		}
		if !l.HasQty && (w.Price != price || price <= 100_000_000 && w.Off != 0) {
			t.Fatalf("%+v", w) // up to 100 a unit the quantity alone hits every fen
		}
	})
}

func TestWeighNeedsAPrice(t *testing.T) {
	if _, err := (ScaleLabel{Money: 100, HasMoney: true}).Weigh(0); fault.KeyOf(err) != "scale.no-price" {
		t.Fatal(err)
	}
	w, err := (ScaleLabel{Qty: 1_2500, HasQty: true}).Weigh(0)
	if err != nil || w.Qty != 1_2500 {
		t.Fatal(w, err)
	}
}
