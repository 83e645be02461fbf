package store

import (
	"strings"

	"tiezhang/app/report"
)

// Where rows lie: the one warehouse asked for, or those the person who asks
// works in. The IDs are ours, so nothing is bound.

// narrow works out the warehouses of a query. One that is out of reach is
// answered as one that is not there.
func (b *build) narrow() error {
	b.places = b.q.Reach
	id, one := b.ids[report.ByPlace]
	if !one {
		return nil
	}
	if !b.q.Reach.Has(id) {
		return badFilter(string(report.ByPlace), b.q.Warehouse)
	}
	b.places = []int64{id}
	return nil
}

// placed tells whether rows must lie in certain warehouses.
func (b *build) placed() bool { return len(b.places) > 0 }

// at is the condition that a warehouse is one of them.
func (b *build) at(expr string) string { return expr + " IN (" + idList(b.places) + ")" }

func idList(ids []int64) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = itoa(id)
	}
	return strings.Join(out, ", ")
}

// andAt is at as one more condition, "" where all warehouses count.
func (b *build) andAt(expr string) string {
	if !b.placed() {
		return ""
	}
	return " AND " + b.at(expr)
}

// inPlace is the filter by warehouse of a column.
func inPlace(expr string) func(*build) string {
	return func(b *build) string { return b.at(expr) }
}

// docPlace keeps documents that lie in the warehouses or go there. Those in none,
// payments and freight, are in nobody's way, but not in a warehouse asked for.
func docPlace(b *build) string {
	c := b.at("d.warehouse") + " OR " + b.at("d.to_place")
	if b.q.Warehouse == "" {
		c += " OR d.warehouse IS NULL AND d.to_place IS NULL"
	}
	return c
}

func (b *build) andDocPlace() string {
	if !b.placed() {
		return ""
	}
	return " AND (" + docPlace(b) + ")"
}

// pool is what there is of every item: of all warehouses with its value, or of
// some without, because the cost pool spans all of them.
func (b *build) pool() string {
	if !b.placed() {
		return "item_pool"
	}
	return "(SELECT item, sum(qty) AS qty, NULL AS value FROM stock_balance WHERE " + b.at("warehouse") + " GROUP BY item)"
}
