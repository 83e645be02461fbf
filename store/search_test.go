package store

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app"
	"tiezhang/app/master"
)

// TestSearchParties and the picker below share the idea: tokens in any order.
func TestSearchParties(t *testing.T) {
	sh := newShop(t, 0)
	sh.write(func(x app.Tx) error {
		for _, p := range []master.Party{{Code: "H1", Name: "红旗超市", Kind: master.Customer, Initials: "hqcs", Pinyin: "hongqichaoshi"},
			{Code: "H2", Name: "红星批发", Kind: master.Both, Initials: "hxpf", Pinyin: "hongxingpifa"}, {Code: "HX", Name: "华西", Kind: master.Supplier, Disabled: true}} {
			if _, err := x.SaveParty(p); err != nil {
				return err
			}
		}
		return nil
	})
	sh.read(func(x app.Tx) error {
		for _, c := range []struct {
			q    string
			kind master.PartyKind
			want string
		}{{"红", master.Customer, "H1 H2"}, {"红", master.Supplier, "H2"}, {"pf 红", "", "H2"}, {"HX", "", "H2"}, {"chaoshi", "", "H1"}, {"100%", "", ""}, {"_", "", ""}} {
			ps, err := x.SearchParties(c.q, c.kind, 10)
			var got []string
			for _, p := range ps {
				got = append(got, p.Code)
			}
			if err != nil || strings.Join(got, " ") != c.want {
				t.Errorf("%q %s: %v %v, want %s", c.q, c.kind, got, err, c.want)
			}
		}
		return nil
	})
}

func TestPicker(t *testing.T) {
	sh := newShop(t, 0)
	items := []master.Item{cola(),
		{Code: "KL", Name: "快乐水", Unit: "瓶", Initials: "kls", Pinyin: "kuaileshui"},
		{Code: "B7", Name: "百事可乐", Spec: "500ml", Unit: "瓶", Initials: "bskl", Pinyin: "baishikele", Barcodes: []master.Barcode{{Code: "6924882406108"}}},
		{Code: "B8", Name: "百事可乐", Spec: "2L", Unit: "瓶", Initials: "bskl", Pinyin: "baishikele"},
		{Code: "OLD", Name: "可乐旧款", Unit: "瓶", Initials: "kljk", Disabled: true}}
	sh.write(func(x app.Tx) error {
		for i := range items {
			id, err := x.SaveItem(items[i])
			if err != nil {
				return err
			}
			items[i].ID = id
		}
		return nil
	})
	find := func(x app.Tx, q string, limit int) string {
		hits, err := x.SearchItems(q, limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range hits {
			got = append(got, h.Item.Code)
		}
		return strings.Join(got, " ")
	}
	for _, c := range []struct {
		q     string
		limit int
		want  string
	}{
		{"kl", 10, "KL KL500 B7 B8 OLD"}, // the code itself, a code that begins so, inside initials, disabled last
		{"kl 500", 10, "KL500 B7"}, {"500 kl", 10, "KL500 B7"}, {"KL", 1, "KL"},
		{"可乐", 10, "B7 B8 KL500 OLD"}, {"6108", 10, "B7"}, {"6924882406108", 10, "B7"}, {"baishi", 10, "B7 B8"},
		{"百事 2l", 10, "B8"}, {"16901234567899", 10, "KL500"}, {"没有", 10, ""}, {"%", 10, ""}, {"_", 10, ""}, {"'", 10, ""},
		{strings.Repeat("长", 10000), 10, ""}, {"", 2, "B7 B8"}, {"   ", 1, "B7"},
	} {
		sh.read(func(x app.Tx) error {
			if got := find(x, c.q, c.limit); got != c.want {
				t.Errorf("%.20q: %s, want %s", c.q, got, c.want)
			}
			return nil
		})
	}
	// what is saved in a transaction is found in it at once, elsewhere after the commit
	sh.write(func(x app.Tx) error {
		it := items[3]
		it.Version, it.Name, it.Initials = 1, "雪碧", "xb"
		if _, err := x.SaveItem(it); err != nil {
			return err
		}
		if got := find(x, "xb", 5); got != "B8" {
			t.Errorf("in the transaction: %s", got)
		}
		if got := find(x, "百事", 5); got != "B7" {
			t.Errorf("in the transaction the old name still finds: %s", got)
		}
		sh.read(func(x app.Tx) error {
			if got := find(x, "xb", 5); got != "" {
				t.Errorf("before the commit: %s", got)
			}
			return nil
		})
		return nil
	})
	sh.read(func(x app.Tx) error {
		if got := find(x, "xb", 5); got != "B8" {
			t.Errorf("after the commit: %s", got)
		}
		return nil
	})
}

// TestPickerAgainstPlainSearch holds the index, kept up through saves and
// rollbacks, against going through the items by hand.
func TestPickerAgainstPlainSearch(t *testing.T) {
	alphabet := []string{"a", "b", "ab", "1", "可", "乐", "可乐", "7"}
	rapid.Check(t, func(rt *rapid.T) {
		var x index
		have := map[int64]indexRow{}
		if rapid.Bool().Draw(rt, "loaded") {
			x.publish(nil, 0)
		}
		word := func(label string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(alphabet), 0, 4).Draw(rt, label), "")
		}
		for range rapid.IntRange(1, 12).Draw(rt, "saves") {
			id := rapid.Int64Range(1, 6).Draw(rt, "id")
			it := master.Item{ID: id, Code: word("code"), Name: word("name"), Spec: word("spec"), Initials: word("initials"), Pinyin: word("pinyin")}
			for range rapid.IntRange(0, 2).Draw(rt, "bars") {
				it.Barcodes = append(it.Barcodes, master.Barcode{Code: word("bar")})
			}
			r := newIndexRow(id, have[id].version+1, false, len(it.Barcodes), itemSearch(it))
			if r.text[r.name:r.nameTo] != it.Name || r.text[:r.bars-1] != it.Code {
				rt.Fatalf("fields of %q: name %q code %q", r.text, r.text[r.name:r.nameTo], r.text[:r.bars-1])
			}
			have[id] = r
			x.refresh(map[int64]indexRow{id: r})
		}
		if x.at == nil {
			rows := make([]indexRow, 0, len(have))
			for _, r := range have {
				rows = append(rows, r)
			}
			x.publish(rows, x.gen)
		}
		q := newQuery(word("t1")+" "+word("t2"), 100)
		for i := range x.rows {
			q.offer(&x.rows[i])
		}
		want := 0
		for _, r := range have {
			all := true
			for _, tok := range q.tokens {
				all = all && strings.Contains(r.text, tok)
			}
			if all {
				want++
			}
		}
		if len(q.best) != want || len(x.rows) != len(have) {
			rt.Fatalf("%v found %d of %d", q.tokens, len(q.best), want)
		}
		for i := 1; i < len(q.best); i++ {
			if q.best[i].before(q.best[i-1]) {
				rt.Fatalf("not best first: %+v", q.best)
			}
		}
	})
}
