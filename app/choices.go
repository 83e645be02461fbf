package app

import (
	"context"
	"fmt"
	"strconv"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// Words lists the texts the shop already uses in a column of the item list
// (category, brand, unit), for filters and for choosing instead of typing anew.
type Words struct{ Column string }

func (q Words) spec() Need { return Need{Perm: access.ItemView, Silent: true} }

func (q Words) ask(_ context.Context, x *Exec) ([]string, error) { return x.Tx.Words(q.Column) }

// NextCode proposes a free code for a new row of master data: "item",
// "customer", "supplier", "warehouse" or "account".
type NextCode struct{ Kind string }

func (q NextCode) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q NextCode) ask(_ context.Context, x *Exec) (string, error) {
	s, ok := codeSeries[q.Kind]
	if !ok {
		return "", fault.Bad("app.NextCode", "import.kind", "kind", q.Kind)
	}
	last, err := x.Tx.LastCode(s.list, s.prefix)
	if err != nil {
		return "", err
	}
	n := 0
	if digits := last[min(len(s.prefix), len(last)):]; len(digits) < 15 { // longer ones were no running numbers
		n, _ = strconv.Atoi(digits)
	}
	return s.prefix + fmt.Sprintf("%0*d", s.digits, n+1), nil
}

// codeSeries: the prefixes are the initials of the Chinese words.
var codeSeries = map[string]struct {
	list, prefix string
	digits       int
}{
	"item":      {"items", "SP", 5},
	"customer":  {"parties", "KH", 4},
	"supplier":  {"parties", "GY", 4},
	"warehouse": {"warehouses", "W", 1},
	"account":   {"accounts", "C", 1},
	"employee":  {"employees", "YG", 2},
}
