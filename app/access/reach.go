package access

import "slices"

// Reach is where a person works: the IDs of warehouses, nil for all of them. It
// belongs to the person and not to the role, so that two storekeepers have one
// role and each their own warehouse, and no right that was forgotten reaches
// further than the others.
type Reach []int64

// Everywhere tells whether nothing is out of reach.
func (r Reach) Everywhere() bool { return len(r) == 0 }

// Has tells whether the person works in a warehouse.
func (r Reach) Has(warehouse int64) bool {
	return r.Everywhere() || slices.Contains(r, warehouse)
}

// Covers tells whether a row is within reach: in no warehouse at all, or in one
// of the person's.
func (r Reach) Covers(o Object) bool {
	if r.Everywhere() || o.At == [2]int64{} {
		return true
	}
	for _, w := range o.At {
		if w != 0 && r.Has(w) {
			return true
		}
	}
	return false
}
