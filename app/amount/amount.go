// Package amount holds the program's numbers: money, unit price, quantity and
// rate as scaled integers, with exact 128-bit products and one rounding rule.
//
// What belongs here: the types, arithmetic that can overflow, rounding, and
// turning text into numbers and back. What does not: anything that knows what
// is being counted. No floating point, ever.
package amount

import (
	"errors"
	"math"
	"math/bits"
)

// Money is an amount of yuan in fen: scale 1e-2.
type Money int64

// Price is a unit price in millionths of a yuan: scale 1e-6. It is an input or
// a quotation; costs are stored as values (Money), never as a unit price.
type Price int64

// Qty is a quantity in ten-thousandths of the item's base unit: scale 1e-4.
type Qty int64

// Rate is a share (tax, discount) in millionths: scale 1e-6, so 13 % is 130000.
type Rate int64

// Scales: units of the type in one whole.
const (
	MoneyScale = 100
	PriceScale = 1_000_000
	QtyScale   = 10_000
	RateScale  = 1_000_000
)

// Limits on what may be entered. They leave room to sum a hundred million rows
// without overflow of int64.
const (
	MaxMoney Money = 1_000_000_000_00         // ¥10 亿 a line
	MaxPrice Price = 100_000_000 * PriceScale // ¥1 亿 a piece
	MaxQty   Qty   = 1_000_000_000 * QtyScale // 10 亿 pieces
)

// ErrOverflow: the result does not fit; the input is far outside a shop's range.
var ErrOverflow = errors.New("amount: overflow")

// MulDiv gives a×b÷c rounded half away from zero, exactly, through a 128-bit
// product. c must not be zero; the result must fit int64, else ErrOverflow.
func MulDiv(a, b, c int64) (int64, error) {
	if c == 0 {
		return 0, errors.New("amount: division by zero")
	}
	neg := (a < 0) != (b < 0) != (c < 0)
	hi, lo := bits.Mul64(abs(a), abs(b))
	d := abs(c)
	if hi >= d {
		return 0, ErrOverflow
	}
	q, r := bits.Div64(hi, lo, d)
	if r >= d-r { // r*2 >= d without overflow: half goes away from zero
		q++
	}
	if neg {
		if q > 1<<63 {
			return 0, ErrOverflow
		}
		return -int64(q), nil //nolint:gosec // bounded just above; 1<<63 negates to MinInt64
	}
	if q > math.MaxInt64 {
		return 0, ErrOverflow
	}
	return int64(q), nil
}

func abs(x int64) uint64 {
	if x < 0 {
		return uint64(-(x + 1)) + 1
	}
	return uint64(x)
}

// Add gives a+b or ErrOverflow. It serves all four types.
func Add[T ~int64](a, b T) (T, error) {
	s := a + b
	if (s > a) == (b > 0) || b == 0 {
		return s, nil
	}
	return 0, ErrOverflow
}

// Sum adds them all or gives ErrOverflow.
func Sum[T ~int64](xs ...T) (T, error) {
	var s T
	var err error
	for _, x := range xs {
		if s, err = Add(s, x); err != nil {
			return 0, err
		}
	}
	return s, nil
}

// Extend gives quantity × price in money, rounded once, half away from zero.
func Extend(q Qty, p Price) (Money, error) {
	// q·1e-4 × p·1e-6 = x·1e-10 yuan; money is 1e-2, so divide by 1e8.
	v, err := MulDiv(int64(q), int64(p), QtyScale*PriceScale/MoneyScale)
	return Money(v), err
}

// UnitPrice gives money ÷ quantity as a price for showing (an average cost, a
// price typed as an amount). It is not for storing costs.
func UnitPrice(m Money, q Qty) (Price, error) {
	v, err := MulDiv(int64(m), QtyScale*PriceScale/MoneyScale, int64(q))
	return Price(v), err
}

// Part gives the share part/whole of m, rounded half away from zero.
func Part(m Money, part, whole Qty) (Money, error) {
	if part == whole {
		return m, nil
	}
	v, err := MulDiv(int64(m), int64(part), int64(whole))
	return Money(v), err
}

// Apply gives m × r.
func (r Rate) Apply(m Money) (Money, error) {
	v, err := MulDiv(int64(m), int64(r), RateScale)
	return Money(v), err
}

// Convert gives q × num ÷ den: a quantity in another unit turned into the base
// unit by an exact rational factor (1 箱 = 12 瓶 is 12/1). ErrInexact when the
// result does not fall on the quantity's scale, so 1/3 of a box is refused
// rather than becoming 0.3333.
func Convert(q Qty, num, den int64) (Qty, error) {
	if num <= 0 || den <= 0 {
		return 0, ErrFactor
	}
	hi, lo := bits.Mul64(abs(int64(q)), uint64(num))
	if hi >= uint64(den) {
		return 0, ErrOverflow
	}
	v, rem := bits.Div64(hi, lo, uint64(den))
	if rem != 0 {
		return 0, ErrInexact
	}
	if v > math.MaxInt64 {
		return 0, ErrOverflow
	}
	if q < 0 {
		return -Qty(v), nil
	}
	return Qty(v), nil
}

// Errors of Convert.
var (
	ErrInexact = errors.New("amount: not a whole number of the smallest unit")
	ErrFactor  = errors.New("amount: unit factor must be positive")
)

// Split shares total over the weights by largest remainder: the parts always
// sum to total, and equal weights differ by at most one unit. Ties go to the
// earlier line. All weights zero: everything to the first part. Weights must
// not be negative.
func Split(total Money, weights []Money) ([]Money, error) {
	out := make([]Money, len(weights))
	if len(weights) == 0 {
		if total != 0 {
			return nil, errors.New("amount: nothing to split over")
		}
		return out, nil
	}
	var sum int64
	for _, w := range weights {
		if w < 0 {
			return nil, errors.New("amount: negative weight")
		}
		s, err := Add(sum, int64(w))
		if err != nil {
			return nil, err
		}
		sum = s
	}
	if sum == 0 {
		out[0] = total
		return out, nil
	}
	rest := abs(int64(total))
	rems := make([]uint64, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(abs(int64(total)), uint64(w))
		q, r := bits.Div64(hi, lo, uint64(sum)) // w ≤ sum, so q ≤ |total| and hi < sum
		out[i], rems[i] = Money(q), r
		rest -= q
	}
	for ; rest > 0; rest-- { // fewer rounds than lines
		best := -1
		for i, r := range rems {
			if weights[i] > 0 && (best < 0 || r > rems[best]) {
				best = i
			}
		}
		out[best]++
		rems[best] = 0
	}
	if total < 0 {
		for i := range out {
			out[i] = -out[i]
		}
	}
	return out, nil
}
