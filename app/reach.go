package app

import (
	"cmp"
	"context"
	"slices"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// Some people work in some of the warehouses only. What lies in the others is to
// them as if it were not there: documents, stock, batches, pieces, lines of
// reports. Figures that cannot be split by warehouse (the shop's money, the story
// of a cost) are refused to them, rather than shown in part.

// placed is a document as an object: where it lies, and where it goes. The place
// of what is lent stands for no warehouse.
func placed(s doc.Spec, d doc.Document, o access.Object) access.Object {
	o.At[0] = d.WarehouseID
	if s.Lent == 0 {
		o.At[1] = d.ToPlaceID
	}
	return o
}

// worksAt refuses to write a document of a warehouse this person does not work
// in, or their approver does not. Goods may be sent to any.
func (x *Exec) worksAt(d doc.Document) error {
	from := access.Object{New: true, At: [2]int64{d.WarehouseID}}
	if !x.S.user.Reach.Covers(from) {
		return fault.New("app.place", fault.Denied, "gate.place", fault.Pairs("field", "warehouse"))
	}
	return x.approverAt(from)
}

// reached answers a document out of reach as a missing one, where another names
// it. Whose it is does not matter there: one seller takes back what another sold.
func (x *Exec) reached(d doc.Document, err error) (doc.Document, error) {
	if err == nil && !x.S.user.Reach.Covers(placed(mustSpec(d.Kind), d, access.Object{})) {
		return doc.Document{}, outOfSight("app.place", "doc.unknown", viewRight(mustSpec(d.Kind)))
	}
	return d, err
}

// approverAt: a second person answers only for where they work.
func (x *Exec) approverAt(o access.Object) error {
	if x.approver != "" && !x.approverReach.Covers(o) {
		return fault.New("app.gate", fault.Denied, "gate.approver-place", fault.Pairs("name", x.approver))
	}
	return nil
}

// whole refuses what only somebody who works in all warehouses may see or do.
func (x *Exec) whole() error {
	if x.S.user.Reach.Everywhere() {
		return nil
	}
	return fault.New("app.gate", fault.Denied, "gate.whole", nil)
}

// onHand is what there is of an item where this person works.
func (x *Exec) onHand(item int64) (sum amount.Qty, err error) {
	reach := x.S.user.Reach
	if reach.Everywhere() {
		return x.Tx.OnHand(item, 0)
	}
	for _, w := range reach {
		q, err := x.Tx.OnHand(item, w)
		if err != nil {
			return 0, err
		}
		sum += q
	}
	return sum, nil
}

// batches are those of an item in a warehouse, 0 for wherever this person works;
// none where they do not.
func (x *Exec) batches(item, warehouse int64) ([]BatchStock, error) {
	reach := x.S.user.Reach
	switch {
	case reach.Everywhere() || warehouse != 0 && reach.Has(warehouse):
		return x.Tx.Batches(item, warehouse)
	case warehouse != 0:
		return nil, nil
	}
	var out []BatchStock
	for _, w := range reach {
		bs, err := x.Tx.Batches(item, w)
		if err != nil {
			return nil, err
		}
		for _, b := range bs {
			if i := slices.IndexFunc(out, func(o BatchStock) bool { return o.Batch == b.Batch }); i >= 0 {
				out[i].Qty += b.Qty
			} else {
				out = append(out, b)
			}
		}
	}
	// as the store has them: what never expires comes last
	slices.SortStableFunc(out, func(a, b BatchStock) int {
		if (a.Expiry == 0) != (b.Expiry == 0) {
			if a.Expiry == 0 {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.Expiry, b.Expiry)
	})
	return out, nil
}

// pieces are those of an item in a warehouse, 0 for wherever this person works.
func (x *Exec) pieces(item, warehouse int64, fragment string, limit int) ([]Serial, error) {
	reach := x.S.user.Reach
	switch {
	case reach.Everywhere() || warehouse != 0 && reach.Has(warehouse):
		return x.Tx.Serials(item, warehouse, fragment, limit)
	case warehouse != 0:
		return nil, nil
	}
	var out []Serial
	for _, w := range reach {
		ps, err := x.Tx.Serials(item, w, fragment, limit-len(out))
		if err != nil || len(out)+len(ps) >= limit {
			return append(out, ps...), err
		}
		out = append(out, ps...)
	}
	return out, nil
}

// here leaves out the warehouses this person does not work in.
func (x *Exec) here(ws []master.Warehouse) []master.Warehouse {
	return slices.DeleteFunc(slices.Clone(ws), func(w master.Warehouse) bool { return !x.S.user.Reach.Has(w.ID) })
}

// SetReach says in which warehouses a person works; none named = in all. It takes
// hold at their next sign-in. Faults: NotFound "user.unknown"; Invalid
// "user.owner-everywhere", "user.place-unknown".
type SetReach struct {
	Name  string
	Reach access.Reach
}

func (c SetReach) spec() Need { return Need{Perm: access.UserEdit} }

func (c SetReach) run(_ context.Context, x *Exec) (struct{}, error) {
	u, err := x.Tx.UserByName(c.Name)
	if err != nil {
		return struct{}{}, err
	}
	was := u.Reach
	if u.Reach, err = x.checkReach(u.Role, c.Reach); err != nil {
		return struct{}{}, err
	}
	if u.ID == x.S.user.ID && !slices.Equal(was, u.Reach) {
		return struct{}{}, fault.New("app.SetReach", fault.Denied, "user.own-account", nil)
	}
	x.Object("user:" + u.Name)
	if err := x.noteReach(u.Reach); err != nil {
		return struct{}{}, err
	}
	x.Changed("users")
	_, err = x.Tx.SaveUser(u)
	return struct{}{}, err
}

// checkReach holds the warehouses a person is given against those there are. The
// owner works everywhere: somebody must.
func (x *Exec) checkReach(role access.RoleID, r access.Reach) (access.Reach, error) {
	if r.Everywhere() {
		return nil, nil
	}
	if role == access.Owner {
		return nil, fault.Bad("app.user", "user.owner-everywhere", "field", "reach")
	}
	r = slices.Clone(r)
	slices.Sort(r)
	r = slices.Compact(r)
	for _, id := range r {
		w, err := x.Tx.Warehouse(id)
		switch {
		case err != nil && fault.KindOf(err) == fault.NotFound || err == nil && w.Lent:
			return nil, fault.Bad("app.user", "user.place-unknown", "field", "reach")
		case err != nil:
			return nil, err
		}
	}
	return r, nil
}

// noteReach writes the warehouses a person was given into the log, by code.
func (x *Exec) noteReach(r access.Reach) error {
	if r.Everywhere() {
		x.Note("reach", "*")
		return nil
	}
	var codes []string
	for _, id := range r {
		w, err := x.Tx.Warehouse(id)
		if err != nil {
			return err
		}
		codes = append(codes, w.Code)
	}
	x.Note("reach", codes)
	return nil
}
