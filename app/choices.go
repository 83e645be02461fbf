package app

import (
	"context"
	"fmt"
	"slices"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// Words lists the texts the shop already uses in a column of the item list
// (category, brand, unit), for filters and for choosing instead of typing anew.
type Words struct{ Column string }

func (q Words) spec() Need { return Need{Perm: access.ItemView, Silent: true} }

func (q Words) ask(ctx context.Context, x *Exec) ([]string, error) {
	seen := map[string]bool{}
	var out []string
	err := eachText(ctx, x.Tx, "items", q.Column, func(s string) {
		if s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	})
	slices.Sort(out)
	return out, err
}

// NextCode proposes a free code for a new row of master data: "item",
// "customer", "supplier", "warehouse" or "account".
type NextCode struct{ Kind string }

func (q NextCode) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q NextCode) ask(ctx context.Context, x *Exec) (string, error) {
	s, ok := codeSeries[q.Kind]
	if !ok {
		return "", fault.Bad("app.NextCode", "import.kind", "kind", q.Kind)
	}
	taken := map[string]bool{}
	if err := eachText(ctx, x.Tx, s.list, "code", func(c string) { taken[c] = true }); err != nil {
		return "", err
	}
	for n := 1; ; n++ {
		if c := s.prefix + fmt.Sprintf("%0*d", s.digits, n); !taken[c] {
			return c, nil
		}
	}
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
