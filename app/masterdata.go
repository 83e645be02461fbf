package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/pinyin"
)

// SaveItem adds (ID 0) or changes an item and gives its ID. Prices and fields
// this person may not see keep what they were; changing a price wants its own
// right. A barcode that another item bears is a question first: ShareBarcode is
// the answer that it is meant.
// Faults: Invalid (a list, each naming its field), Conflict "master.stale",
// "master.code-taken", "master.barcode-taken", "master.unit-fixed",
// "master.track-fixed", "master.track-stock", "master.is-merged".
type SaveItem struct {
	Item         master.Item
	ShareBarcode bool
}

func (c SaveItem) spec() Need { return Need{Perm: access.ItemEdit} }

func (c SaveItem) run(_ context.Context, x *Exec) (int64, error) {
	return saveItem(x, c.Item, c.ShareBarcode)
}

func saveItem(x *Exec, it master.Item, share bool) (int64, error) {
	tidyItem(&it)
	var old master.Item
	if it.ID == 0 {
		x.Note("new", true)
	} else {
		var err error
		if old, err = x.Tx.Item(it.ID); err != nil {
			return 0, err
		}
		it = x.keepHidden(it, old)
	}
	custom, wrong := x.takeCustom(master.OfItem, "", it.Custom, old.Custom)
	if err := join(it.Check(), wrong); err != nil {
		return 0, err
	}
	it.Custom = custom
	if it.ID != 0 {
		if err := itemFixed(x.Tx, old, it); err != nil {
			return 0, err
		}
		changed, err := x.mayPrice(old, it)
		if err != nil {
			return 0, err
		}
		if len(changed) > 0 {
			x.Note("price", strings.Join(changed, ", "))
		}
		if old.Disabled != it.Disabled {
			x.Note("disabled", it.Disabled)
		}
		if err := x.noteItem(old, it); err != nil {
			return 0, err
		}
	}
	if !share {
		if err := barcodesFree(x.Tx, old, it); err != nil {
			return 0, err
		}
	}
	x.Object("item:" + it.Code)
	x.Changed("items")
	return x.Tx.SaveItem(it)
}

// join puts the faults of two checks into one list.
func join(errs ...error) error {
	var l fault.List
	for _, err := range errs {
		var many fault.List
		var one *fault.Error
		switch {
		case err == nil:
		case errors.As(err, &many):
			l = append(l, many...)
		case errors.As(err, &one):
			if one.Kind != fault.Invalid {
				return err
			}
			l = append(l, one)
		default:
			return err
		}
	}
	return l.Err()
}

// barcodesFree asks before a code comes to stand for two items. Codes the item
// had before were answered for then.
func barcodesFree(tx Tx, old, it master.Item) error {
	for i, b := range it.Barcodes {
		if slices.ContainsFunc(old.Barcodes, func(o master.Barcode) bool { return o.Code == b.Code }) {
			continue
		}
		hits, err := tx.ItemsByBarcode(b.Code)
		if err != nil {
			return err
		}
		for _, h := range hits {
			if h.Item.ID != it.ID && h.Item.MergedInto == 0 {
				return fault.New("app.SaveItem", fault.Conflict, "master.barcode-taken",
					fault.Pairs("field", "barcodes."+strconv.Itoa(i+1), "barcode", b.Code, "code", h.Item.Code, "name", h.Item.Name))
			}
		}
	}
	return nil
}

// tidyItem trims what people and other programs leave around texts, and makes
// the search spellings.
func tidyItem(it *master.Item) {
	for _, s := range []*string{&it.Code, &it.Name, &it.Spec, &it.Brand, &it.Category, &it.Unit} {
		*s = strings.TrimSpace(*s)
	}
	it.Code, it.PLU = amount.Narrow(it.Code), strings.TrimSpace(amount.Narrow(it.PLU))
	it.Category = master.TidyCategory(it.Category)
	if it.Track != master.ByBatch {
		it.Expires, it.CostByBatch = false, false
	}
	for i := range it.Barcodes {
		it.Barcodes[i].Code = amount.Narrow(it.Barcodes[i].Code)
		if it.Barcodes[i].Unit == it.Unit {
			it.Barcodes[i].Unit = ""
		}
	}
	it.Initials, it.Pinyin = pinyin.Initials(it.Name), pinyin.Full(it.Name)
}

// keepHidden puts back the prices this person could not see and so could not
// have meant to change.
func (x *Exec) keepHidden(it, old master.Item) master.Item {
	shown := x.maskItem(old)
	p := map[master.PriceLevel]amount.Price{}
	for k, v := range it.Prices {
		p[k] = v
	}
	for k, v := range old.Prices {
		if _, ok := shown.Prices[k]; !ok {
			p[k] = v
		}
	}
	it.Prices = p
	it.MergedInto, it.HasMoves = old.MergedInto, old.HasMoves
	return it
}

// mayPrice asks for the rights that changing an item's prices wants, and names
// those that change.
func (x *Exec) mayPrice(old, it master.Item) ([]string, error) {
	changed, floor := priceChanges(old, it)
	if floor {
		if err := x.Allow(access.PriceFloor, access.Object{}); err != nil {
			return nil, err
		}
	}
	if len(changed) > 1 || len(changed) == 1 && !floor {
		return changed, x.Allow(access.PriceEdit, access.Object{})
	}
	return changed, nil
}

// priceChanges names the prices that differ, those of other units by the unit,
// and tells whether the floor is among them. The usual purchase price is a hint.
func priceChanges(old, it master.Item) (changed []string, floor bool) {
	for _, lv := range master.PriceLevels {
		if lv != master.Purchase && old.Prices[lv] != it.Prices[lv] {
			changed = append(changed, string(lv))
			floor = floor || lv == master.Floor
		}
	}
	was := map[string]amount.Price{}
	for _, u := range old.Units {
		was[u.Name] = u.Price
	}
	for _, u := range it.Units {
		if before, there := was[u.Name]; there && before != u.Price {
			changed = append(changed, u.Name)
		}
	}
	return changed, floor
}

// itemFixed refuses what would change the meaning of what has happened: units
// and the way of costing once stock has moved, how pieces are followed while
// there are some.
func itemFixed(tx Tx, old, it master.Item) error {
	if old.MergedInto != 0 && !it.Disabled {
		return fault.New("app.SaveItem", fault.Conflict, "master.is-merged", fault.Pairs("name", old.Name))
	}
	if err := unitsFixed(old, it); err != nil || !old.HasMoves {
		return err
	}
	if old.CostByBatch != it.CostByBatch {
		return fault.New("app.SaveItem", fault.Conflict, "master.track-fixed", fault.Pairs("field", "cost_by_batch"))
	}
	if old.Track == it.Track || old.Track == master.NotTracked && it.Track == master.ByBatch {
		return nil // what is there already is stock of no batch, and goes out as such
	}
	u, err := tx.ItemUse(it.ID, 1)
	if err != nil {
		return err
	}
	if len(u.Stock) > 0 {
		return fault.New("app.SaveItem", fault.Conflict, "master.track-stock", fault.Pairs("field", "track", "qty", u.Stock[0].Qty.String(), "place", u.Stock[0].Name))
	}
	return nil
}

// unitsFixed refuses to change the base unit or a factor once stock has moved:
// it would change what past quantities mean.
func unitsFixed(old, it master.Item) error {
	if !old.HasMoves {
		return nil
	}
	if old.Unit != it.Unit {
		return fault.New("app.SaveItem", fault.Conflict, "master.unit-fixed", fault.Pairs("field", "unit", "unit", old.Unit))
	}
	for _, u := range old.Units {
		num, den, ok := it.Factor(u.Name)
		if ok && (num != u.Num || den != u.Den) {
			return fault.New("app.SaveItem", fault.Conflict, "master.unit-fixed", fault.Pairs("field", "units", "unit", u.Name))
		}
	}
	return nil
}

// SetPicture sets an item's picture (JPEG or PNG, at most master.MaxPicture bytes), or removes it.
type SetPicture struct {
	Item int64
	Data []byte
}

func (c SetPicture) spec() Need { return Need{Perm: access.ItemEdit} }

func (c SetPicture) run(_ context.Context, x *Exec) (struct{}, error) {
	if len(c.Data) > master.MaxPicture {
		return struct{}{}, fault.Bad("app.SetPicture", "master.picture-size", "field", "picture", "max", master.MaxPicture>>20)
	}
	if len(c.Data) > 0 && !isPicture(c.Data) {
		return struct{}{}, fault.Bad("app.SetPicture", "master.picture-type", "field", "picture")
	}
	it, err := x.Tx.Item(c.Item)
	if err != nil {
		return struct{}{}, err
	}
	x.Object("item:" + it.Code)
	x.Note("picture", len(c.Data))
	return struct{}{}, x.Tx.SetPicture(c.Item, c.Data)
}

func isPicture(b []byte) bool {
	return strings.HasPrefix(string(b[:min(8, len(b))]), "\x89PNG\r\n\x1a\n") || strings.HasPrefix(string(b[:min(3, len(b))]), "\xff\xd8\xff")
}

// GetItem reads an item by ID, or by Code when ID is 0.
type GetItem struct {
	ID   int64
	Code string
}

// ItemView is an item with its picture and what is on hand.
type ItemView struct {
	Item    master.Item
	Picture []byte
	OnHand  amount.Qty
	// Root is the code and name of the item that took this one over; Took those of
	// what it took over itself.
	Root string
	Took []string
}

func (q GetItem) spec() Need { return Need{Perm: access.ItemView, Silent: true} }

func (q GetItem) ask(_ context.Context, x *Exec) (ItemView, error) {
	var v ItemView
	var err error
	if q.ID != 0 {
		v.Item, err = x.Tx.Item(q.ID)
	} else {
		v.Item, err = x.Tx.ItemByCode(q.Code)
	}
	if err != nil {
		return ItemView{}, err
	}
	if v.Picture, err = x.Tx.Picture(v.Item.ID); err != nil {
		return ItemView{}, err
	}
	if v.OnHand, err = x.onHand(v.Item.ID); err != nil {
		return ItemView{}, err
	}
	if v.Root, v.Took, err = x.itemRelatives(v.Item); err != nil {
		return ItemView{}, err
	}
	v.Item = x.maskItem(v.Item)
	return v, nil
}

// FindItems is the picker: the best items for a few letters, digits or words.
type FindItems struct {
	Query string
	Limit int
}

func (q FindItems) spec() Need { return Need{Perm: access.ItemView, Silent: true} }

func (q FindItems) ask(_ context.Context, x *Exec) ([]ItemHit, error) {
	hits, err := x.Tx.SearchItems(amount.Narrow(q.Query), q.Limit)
	if err != nil {
		return nil, err
	}
	hits = slices.DeleteFunc(hits, func(h ItemHit) bool { return h.Item.MergedInto != 0 }) // found under the one that took it over
	return x.maskHits(hits)
}

// ScanCode answers a scanner: every item that bears the code.
type ScanCode struct{ Code string }

func (q ScanCode) spec() Need { return Need{Perm: access.ItemView, Silent: true} }

func (q ScanCode) ask(_ context.Context, x *Exec) ([]ItemHit, error) {
	code := amount.Narrow(q.Code)
	hits, err := x.Tx.ItemsByBarcode(code)
	if err != nil {
		return nil, err
	}
	if len(hits) == 0 { // shops print their own codes on labels
		it, err := x.Tx.ItemByCode(code)
		if err == nil && it.MergedInto != 0 { // an old label of a duplicate
			it, err = x.Tx.Item(it.MergedInto)
		}
		switch {
		case err == nil && !it.Disabled:
			on, err := x.onHand(it.ID)
			if err != nil {
				return nil, err
			}
			hits = []ItemHit{{Item: it, OnHand: on}}
		case err != nil && fault.KindOf(err) != fault.NotFound:
			return nil, err
		}
	}
	return x.maskHits(hits)
}

// maskHits leaves out of items found what this person may not see, and counts
// what there is where they work.
func (x *Exec) maskHits(hits []ItemHit) (out []ItemHit, err error) {
	for i := range hits {
		hits[i].Item = x.maskItem(hits[i].Item)
		if x.S.user.Reach.Everywhere() {
			continue
		}
		if hits[i].OnHand, err = x.onHand(hits[i].Item.ID); err != nil {
			return nil, err
		}
	}
	return hits, nil
}

// SaveWarehouse and SaveAccount add or change a place of stock or of money.
type SaveWarehouse struct{ Warehouse master.Warehouse }

func (c SaveWarehouse) spec() Need { return Need{Perm: access.PlaceEdit} }

func (c SaveWarehouse) run(_ context.Context, x *Exec) (int64, error) {
	w := c.Warehouse
	w.Code, w.Name = amount.Narrow(w.Code), strings.TrimSpace(w.Name)
	if err := w.Check(); err != nil {
		return 0, err
	}
	x.Object("warehouse:" + w.Code)
	x.Changed("places")
	return x.Tx.SaveWarehouse(w)
}

// SaveAccount adds or changes a money account.
type SaveAccount struct{ Account master.Account }

func (c SaveAccount) spec() Need { return Need{Perm: access.PlaceEdit} }

func (c SaveAccount) run(_ context.Context, x *Exec) (int64, error) {
	a := c.Account
	a.Code, a.Name = amount.Narrow(a.Code), strings.TrimSpace(a.Name)
	if err := a.Check(); err != nil {
		return 0, err
	}
	x.Object("account:" + a.Code)
	x.Changed("places")
	return x.Tx.SaveAccount(a)
}

// Places lists the warehouses and money accounts, for choices on forms.
type Places struct{}

// PlaceList is the answer of Places: all there are. Reach says in which
// warehouses the person works.
type PlaceList struct {
	Warehouses []master.Warehouse
	Accounts   []master.Account
	Reach      access.Reach
}

// Work gives the warehouses this person may put into a document: in use, their
// own, and none that stands for the hands of others.
func (l PlaceList) Work() []master.Warehouse {
	return slices.DeleteFunc(l.Open(), func(w master.Warehouse) bool { return !l.Reach.Has(w.ID) })
}

// Open gives the warehouses goods may be sent to: those in use.
func (l PlaceList) Open() []master.Warehouse {
	return slices.DeleteFunc(slices.Clone(l.Warehouses), func(w master.Warehouse) bool { return w.Disabled || w.Lent })
}

func (q Places) spec() Need { return Need{Perm: access.PlaceView, Silent: true} }

func (q Places) ask(_ context.Context, x *Exec) (PlaceList, error) {
	ws, err := x.Tx.Warehouses()
	if err != nil {
		return PlaceList{}, err
	}
	as, err := x.Tx.Accounts()
	return PlaceList{ws, as, x.S.Reach()}, err
}

// CashBalance tells what a money account should hold now, to who may see money.
// Who may only close the day counts first: see CountTill.
type CashBalance struct{ Account int64 }

func (q CashBalance) spec() Need { return Need{Perm: access.DayClose, Silent: true} }

func (q CashBalance) ask(_ context.Context, x *Exec) (amount.Money, error) {
	if err := x.Allow(access.MoneyView, access.Object{New: true}); err != nil {
		return 0, err
	}
	return x.Tx.Balance(doc.AccCash, 0, q.Account)
}
