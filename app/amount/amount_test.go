package amount

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestMulDivAgainstBigNumbers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b, c := rapid.Int64().Draw(rt, "a"), rapid.Int64().Draw(rt, "b"), rapid.Int64().Draw(rt, "c")
		if c == 0 {
			return
		}
		got, err := MulDiv(a, b, c)
		num := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		den := big.NewInt(c)
		// half away from zero: (2|n| + |d|) div 2|d|, signed
		sign := num.Sign() * den.Sign()
		num.Abs(num)
		den.Abs(den)
		q := new(big.Int).Add(new(big.Int).Lsh(num, 1), den)
		q.Div(q, new(big.Int).Lsh(den, 1))
		if sign < 0 {
			q.Neg(q)
		}
		if !q.IsInt64() {
			if !errors.Is(err, ErrOverflow) {
				rt.Fatalf("%d × %d ÷ %d = %s, got %d, %v", a, b, c, q, got, err)
			}
			return
		}
		if err != nil || got != q.Int64() {
			rt.Fatalf("%d × %d ÷ %d = %s, got %d, %v", a, b, c, q, got, err)
		}
	})
}

func TestSplitSumsToTheTotal(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		total := Money(rapid.Int64Range(-1e12, 1e12).Draw(rt, "total"))
		ws := rapid.SliceOfN(rapid.Int64Range(0, 1e10), 1, 40).Draw(rt, "weights")
		w := make([]Money, len(ws))
		for i := range ws {
			w[i] = Money(ws[i])
		}
		parts, err := Split(total, w)
		if err != nil {
			rt.Fatal(err)
		}
		sum, err := Sum(parts...)
		if err != nil || sum != total {
			rt.Fatalf("parts sum to %s, not %s", sum, total)
		}
		for i, p := range parts {
			if w[i] == 0 && p != 0 && len(parts) > 1 && i > 0 {
				rt.Fatalf("a line without weight bears %s", p)
			}
		}
	})
}

func TestRoundingIsHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		q    Qty
		p    Price
		want string
	}{
		{10000, 5_000, "0.01"}, {10000, 4_999, "0.00"}, {-10000, 5_000, "-0.01"}, {33333, 3_000_000, "10.00"}, {5000, 10_000, "0.01"},
	} {
		m, err := Extend(c.q, c.p)
		if err != nil || m.String() != c.want {
			t.Errorf("%s × %s = %s, want %s (%v)", c.q, c.p, m, c.want, err)
		}
	}
}

func TestParsing(t *testing.T) {
	good := map[string]string{"12.5": "12.50", "１２．５０": "12.50", "1,234.5": "1234.50", "¥3": "3.00", "-0.01": "-0.01", " 7 ": "7.00", ".5": "0.50", "3.100": "3.10", "￥１，２００": "1200.00"}
	for in, want := range good {
		if m, err := ParseMoney(in); err != nil || m.String() != want {
			t.Errorf("%q: %s, %v", in, m, err)
		}
	}
	bad := map[string]error{"": ErrEmpty, "x": ErrSyntax, "1.2.3": ErrSyntax, "1e5": ErrSyntax, "NaN": ErrSyntax, "Inf": ErrSyntax, "1,23": ErrSyntax, "0.001": ErrPrecision, "99999999999999999999": ErrOverflow, "--1": ErrSyntax, "-": ErrSyntax, ".": ErrSyntax}
	for in, want := range bad {
		if m, err := ParseMoney(in); !errors.Is(err, want) {
			t.Errorf("%q: %s, %v, want %v", in, m, err, want)
		}
	}
	if q, err := ParseQty("0.0001"); err != nil || q != 1 {
		t.Errorf("smallest quantity: %v %v", q, err)
	}
	if r, err := ParseRate("13%"); err != nil || r.String() != "0.13" {
		t.Errorf("13%%: %v %v", r, err)
	}
}

func TestTextAndBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(rt, "n")
		if m, err := ParseMoney(Money(n).String()); err != nil || m != Money(n) {
			rt.Fatalf("money %d: %s %v", n, Money(n), err)
		}
		if p, err := ParsePrice(Price(n).String()); err != nil || p != Price(n) {
			rt.Fatalf("price %d: %s %v", n, Price(n), err)
		}
		if q, err := ParseQty(Qty(n).Grouped()); err != nil || q != Qty(n) {
			rt.Fatalf("quantity %d: %s %v", n, Qty(n).Grouped(), err)
		}
		if m, err := ParseMoney(Money(n).Grouped()); err != nil || m != Money(n) {
			rt.Fatalf("grouped %d: %s %v", n, Money(n).Grouped(), err)
		}
	})
}

func TestConvertIsExactOrRefused(t *testing.T) {
	if q, err := Convert(5*QtyScale, 12, 1); err != nil || q != 60*QtyScale {
		t.Errorf("5 boxes of 12: %v %v", q, err)
	}
	if _, err := Convert(1*QtyScale, 1, 3); !errors.Is(err, ErrInexact) {
		t.Errorf("a third: %v", err)
	}
	if _, err := Convert(1, 0, 1); !errors.Is(err, ErrFactor) {
		t.Errorf("factor nought: %v", err)
	}
	if _, err := Convert(math.MaxInt64, 1000, 1); !errors.Is(err, ErrOverflow) {
		t.Errorf("overflow: %v", err)
	}
}
