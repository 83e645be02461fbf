package store

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// asRead compares what a transaction says of an item with what lies in the file.
func asRead(t tb, x app.Tx, id int64, code string) {
	t.Helper()
	raw := x.(*tx)
	for name, read := range map[string][2]func() (master.Item, error){
		"id":   {func() (master.Item, error) { return x.Item(id) }, func() (master.Item, error) { return raw.itemRow("t", itemByID, id) }},
		"code": {func() (master.Item, error) { return x.ItemByCode(code) }, func() (master.Item, error) { return raw.itemRow("t", itemByCode, code) }},
	} {
		got, err := read[0]()
		want, err2 := read[1]()
		if fault.KeyOf(err) != fault.KeyOf(err2) || !reflect.DeepEqual(got, want) {
			t.Fatalf("by %s: %v %v\n got %+v\nfile %+v", name, err, err2, got, want)
		}
		for l := range got.Prices { // a caller may do with it as it likes
			delete(got.Prices, l)
		}
		for i := range got.Units {
			got.Units[i].Name = "spoilt"
		}
	}
}

// TestItemsAreRememberedAsTheyAre saves, renames, swaps codes, moves and takes
// all of that back, and looks at every item after every step.
func TestItemsAreRememberedAsTheyAre(t *testing.T) {
	sh := newShop(t, 5)
	back := errors.New("back")
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 4).Draw(rt, "transactions") {
			err := sh.s.Write(bg, func(x app.Tx) error {
				for range rapid.IntRange(1, 6).Draw(rt, "steps") {
					id := rapid.SampledFrom(sh.items).Draw(rt, "item")
					it, err := x.Item(id)
					if err != nil {
						return err
					}
					n++
					switch rapid.IntRange(0, 4).Draw(rt, "what") {
					case 0:
						it.Code = rapid.SampledFrom([]string{"A1", "a1", "B1", "B2", "B3"}).Draw(rt, "code") // may be taken
					case 1:
						it.Units = append(it.Units[:0:0], master.Unit{Name: "箱", Num: int64(n), Den: 1})
						it.Prices[master.Retail] = amount.Price(n)
					case 2:
						it.Barcodes = []master.Barcode{{Code: fmt.Sprint(n % 3)}} // may be taken
					case 3:
						it.Version-- // stale
					case 4:
						d := sh.draft(doc.GoodsReceipt, d1, row(id, 1, 3))
						if err := post(x, d); err != nil {
							return err
						}
						it.ID = 0 // nothing to save
					}
					if it.ID != 0 {
						if _, err := x.SaveItem(it); err != nil && fault.KindOf(err) != fault.Conflict {
							return err
						}
					}
					for _, i := range sh.items {
						asRead(rt, x, i, rapid.SampledFrom([]string{"A1", "a1", "A2", "B1", "b2", "nothing"}).Draw(rt, "asked"))
					}
				}
				if rapid.Bool().Draw(rt, "back") {
					return back
				}
				return nil
			})
			if err != nil && !errors.Is(err, back) {
				rt.Fatal(err)
			}
			for _, open := range []func(app.Tx) error{
				func(x app.Tx) error {
					for _, i := range sh.items {
						asRead(rt, x, i, "A1")
					}
					return nil
				},
			} {
				if err := errors.Join(sh.s.Read(bg, open), sh.s.Write(bg, open)); err != nil {
					rt.Fatal(err)
				}
			}
		}
	})
}

// TestViewKeepsItsItems: a view goes on seeing the item of its own time, and a
// refused save in a view leaves the writer's memory alone.
func TestViewKeepsItsItems(t *testing.T) {
	sh := newShop(t, 2)
	rename := func(name string) {
		sh.write(func(x app.Tx) error {
			it, err := x.Item(sh.items[0])
			if err != nil {
				return err
			}
			it.Name = name
			_, err = x.SaveItem(it)
			return err
		})
	}
	rename("one")
	sh.read(func(x app.Tx) error {
		if _, err := x.Item(sh.items[1]); err != nil { // the view begins with its first look
			return err
		}
		rename("two")
		sh.write(func(w app.Tx) error { asRead(t, w, sh.items[0], "A1"); return nil })
		for range 2 {
			it, err := x.Item(sh.items[0])
			if err != nil || it.Name != "one" {
				t.Errorf("%q %v", it.Name, err)
			}
			if _, err := x.SaveItem(it); fault.KeyOf(err) != "store.read-view" {
				t.Errorf("saved in a view: %v", err)
			}
		}
		return nil
	})
	sh.write(func(x app.Tx) error {
		if it, err := x.Item(sh.items[0]); err != nil || it.Name != "two" {
			t.Errorf("%q %v", it.Name, err)
		}
		return nil
	})
}
