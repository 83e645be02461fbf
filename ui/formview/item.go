package formview

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg" // the two formats an item's picture may have
	_ "image/png"
	"io"
	"maps"
	"os"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/pinyin"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// itemRow is the item a form is about, with what belongs to it.
type itemRow struct {
	env        *page.Env
	item       master.Item
	onHand     amount.Qty
	picture    []byte
	newPicture bool
	initials   *control.Words
	view       app.ItemView
	fields     []master.CustomField
	tree       []master.Category
	share      bool
}

func itemForm(env *page.Env, id int64, _ string) *desc {
	r := &itemRow{env: env, item: master.Item{ID: id, Unit: text.T("formview.unit.default"), Prices: map[master.PriceLevel]amount.Price{}}}
	it := &r.item
	d := &desc{
		title: titled(&it.ID, &it.Name, "formview.new.item"), readOnly: !env.Session.May(access.ItemEdit), areas: []string{"items"},
		isNew: func() bool { return it.ID == 0 }, disabled: func() bool { return it.Disabled }, disable: func(off bool) { it.Disabled = off },
		load: r.load, save: r.save, sections: r.sections, share: func() { r.share = true },
		notes: func(f *Form) []note { return mergeNotes(f, master.OfItem, it.ID, r.view.Root, r.view.Took) },
	}
	d.tabs = sides(env, master.OfItem, &it.ID)
	if id != 0 {
		d.more = []action{{"formview.item.ledger", "stock", func(f *Form) { f.env.Open(page.Route{Screen: page.Report, Kind: "stock-ledger", Arg: it.Code}) }}}
	}
	return d
}

func (r *itemRow) load(ctx context.Context, s *app.Session) (func(), error) {
	fields, err := app.Ask(ctx, s, app.CustomFields{Entity: master.OfItem})
	if err != nil {
		return nil, err
	}
	tree, err := app.Ask(ctx, s, app.Categories{})
	if err != nil {
		return nil, err
	}
	if r.item.ID == 0 {
		code, err := nextCode(ctx, s, "item", &r.item.Code)
		return func() { r.fields, r.tree, r.share = fields, tree, false; code() }, err
	}
	v, err := app.Ask(ctx, s, app.GetItem{ID: r.item.ID})
	if err != nil {
		return nil, err
	}
	return func() {
		r.fields, r.tree, r.share, r.view = fields, tree, false, v
		r.item, r.picture, r.onHand, r.newPicture = v.Item, v.Picture, v.OnHand, false
		if r.item.Prices == nil {
			r.item.Prices = map[master.PriceLevel]amount.Price{}
		}
	}, nil
}

func (r *itemRow) save() func(context.Context, *app.Session) (int64, error) {
	it, picture, isNew, share := r.item, r.picture, r.newPicture, r.share
	it.Prices = maps.Clone(it.Prices)
	return func(ctx context.Context, s *app.Session) (int64, error) {
		id, err := app.Do(ctx, s, app.SaveItem{Item: it, ShareBarcode: share})
		if err == nil && isNew {
			_, err = app.Do(ctx, s, app.SetPicture{Item: id, Data: picture})
		}
		return id, err
	}
}

func (r *itemRow) sections() []section {
	it := &r.item
	name := required(str("name", "report.col.name", words, &it.Name))
	name.changed = func(_ *Form, s string) { r.showInitials(s) }
	r.initials = control.NewWords("", noteWidth)
	r.initials.Color = theme.NameMuted
	r.showInitials(it.Name)
	unit := required(str("unit", "formview.unit.base", words, &it.Unit))
	if it.HasMoves {
		unit.off, unit.hint = true, "formview.unit.fixed"
	}
	codes := &field{key: "barcodes", label: "report.col.barcode", kind: lines, hint: "formview.barcodes.hint", get: func() string { return r.barcodes("") }, set: func(s string) error {
		r.setBarcodes("", strings.FieldsFunc(s, func(c rune) bool { return c == '\n' || c == ' ' || c == ',' }))
		return nil
	}}
	all := []section{
		{"formview.section.main", []*field{required(str("code", "report.col.code", words, &it.Code)), name,
			{kind: other, label: "formview.initials", object: func(*Form) fyne.CanvasObject { return r.initials }},
			str("spec", "report.col.spec", words, &it.Spec), str("brand", "report.col.brand", words, &it.Brand), r.category(),
			unit, codes, str("note", "report.col.note", lines, &it.Note)}},
		{"formview.section.prices", r.prices()},
		{"formview.section.units", []*field{r.units()}},
		{"formview.section.stock", r.stock()},
		{"formview.section.follow", r.follow()},
	}
	return append(all, customSection(r.fields, func() map[string]string { return it.Custom }, func(m map[string]string) { it.Custom = m })...)
}

// follow is how closely the item's pieces are followed.
func (r *itemRow) follow() []*field {
	it := &r.item
	track := &field{key: "track", label: "field.track", kind: choice, hint: "formview.track.hint",
		options: func() []control.Option {
			return []control.Option{{Value: "", Text: text.T("track.none")}, {Value: string(master.ByBatch), Text: text.T("track.batch")}, {Value: string(master.BySerial), Text: text.T("track.serial")}}
		},
		get: func() string { return string(it.Track) }, set: func(v string) error { it.Track = master.Tracking(v); return nil },
		changed: func(f *Form, v string) { it.Track = master.Tracking(v); f.reshape() }}
	fields := []*field{track}
	if it.Track == master.ByBatch {
		cost := tick("cost_by_batch", "field.cost_by_batch", &it.CostByBatch)
		cost.hint = "formview.cost-by-batch.hint"
		if it.HasMoves {
			cost.off, cost.hint = true, "formview.cost-by-batch.fixed"
		}
		days := num("shelf_days", "field.shelf_days", func() amount.Qty { return amount.Qty(it.ShelfDays) * amount.QtyScale },
			func(v amount.Qty) { it.ShelfDays = int(v / amount.QtyScale) }, amount.Qty.String, amount.ParseQty)
		days.wide = true
		fields = append(fields, tick("expires", "field.expires", &it.Expires), days, cost)
	}
	plu := str("plu", "field.plu", number, &it.PLU)
	plu.wide, plu.hint = true, "formview.plu.hint"
	return append(fields, plu)
}

func (r *itemRow) showInitials(name string) {
	s := pinyin.Initials(name)
	if s == "" {
		s = text.T("formview.initials.none")
	}
	r.initials.SetText(s)
}

// newCategory is the choice that makes another category.
const newCategory = "\x00new"

// category chooses from the tree; its last line makes a new one.
func (r *itemRow) category() *field {
	it := &r.item
	return &field{key: "category", label: "report.col.category", kind: choice, optional: true, options: r.categories,
		get: func() string { return it.Category }, set: func(v string) error {
			if v != newCategory {
				it.Category = v
			}
			return nil
		},
		changed: func(f *Form, v string) {
			if v == newCategory {
				r.addCategory(f)
			}
		}}
}

func (r *itemRow) categories() []control.Option {
	var out []control.Option
	there := r.item.Category == ""
	for _, c := range r.tree {
		out = append(out, control.Option{Value: c.Path, Text: c.Path, Search: pinyin.Initials(c.Path)})
		there = there || c.Path == r.item.Category
	}
	if !there {
		out = append(out, control.Option{Value: r.item.Category, Text: r.item.Category})
	}
	if r.env.Session.May(access.ItemEdit) {
		out = append(out, control.Option{Value: newCategory, Text: text.T("formview.category.new")})
	}
	return out
}

// addCategory asks for a path, "food/drinks", and chooses it. Saving the item
// makes it.
func (r *itemRow) addCategory(f *Form) {
	e := f.field("category")
	if e == nil {
		return
	}
	c, ok := e.object.(*control.Choice)
	if !ok {
		return
	}
	c.SetValue(r.item.Category)
	en := control.NewEntry()
	en.MinWidth = 260
	if r.item.Category != "" {
		en.SetText(r.item.Category + "/")
	}
	m := control.NewModal(text.T("formview.category.new"), container.NewVBox(en, control.NewWords(text.T("formview.category.hint"), 300)))
	m.First = en
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("ui.button.ok"), func() {
		path := master.TidyCategory(en.Text)
		m.Close()
		if path == "" {
			return
		}
		r.item.Category = path
		c.SetOptions(r.categories())
		c.SetValue(path)
		f.touched()
	})
	m.Open(f.env.Window.Canvas())
}

// priceRights are the rights of prices that not everybody may see.
var priceRights = map[master.PriceLevel]access.Field{master.Purchase: access.FieldPurchase, master.Floor: access.FieldFloor}

func (r *itemRow) prices() []*field {
	var out []*field
	s := r.env.Session
	for _, lv := range master.PriceLevels {
		if right, has := priceRights[lv]; has && s.Sees(right) != access.Shown {
			if s.Sees(right) == access.Masked && r.item.ID != 0 {
				out = append(out, &field{key: "prices." + string(lv), label: "level." + string(lv), kind: number, off: true, get: func() string { return access.MaskedFigure }})
			}
			continue
		}
		f := num("prices."+string(lv), "level."+string(lv), func() amount.Price { return r.item.Prices[lv] }, func(v amount.Price) {
			if v == 0 {
				delete(r.item.Prices, lv)
			} else {
				r.item.Prices[lv] = v
			}
		}, amount.Price.String, amount.ParsePrice)
		f.off = lv != master.Purchase && r.item.ID != 0 && !s.May(access.PriceEdit)
		out = append(out, f)
	}
	return out
}

func (r *itemRow) stock() []*field {
	it := &r.item
	low := num("min", "report.col.min", func() amount.Qty { return it.Min }, func(v amount.Qty) { it.Min = v }, amount.Qty.String, amount.ParseQty)
	high := num("max", "report.col.max", func() amount.Qty { return it.Max }, func(v amount.Qty) { it.Max = v }, amount.Qty.String, amount.ParseQty)
	fields := []*field{low, high}
	if it.ID != 0 {
		fields = append(fields, &field{kind: other, label: "report.col.on_hand", object: func(*Form) fyne.CanvasObject {
			return control.NewWords(text.Qty(r.onHand)+" "+it.Unit, 200)
		}})
	}
	return append(fields, &field{key: "picture", label: "formview.picture", kind: other, object: r.pictureField})
}

// barcodes lists the codes of a unit, one a line.
func (r *itemRow) barcodes(unit string) string {
	var out []string
	for _, b := range r.item.Barcodes {
		if b.Unit == unit {
			out = append(out, b.Code)
		}
	}
	return strings.Join(out, "\n")
}

func (r *itemRow) setBarcodes(unit string, codes []string) {
	var keep []master.Barcode
	for _, b := range r.item.Barcodes {
		if b.Unit != unit {
			keep = append(keep, b)
		}
	}
	var mine []master.Barcode
	for _, c := range codes {
		mine = append(mine, master.Barcode{Code: c, Unit: unit})
	}
	if unit == "" { // the base unit's come first: lists show the first one
		r.item.Barcodes = append(mine, keep...)
		return
	}
	r.item.Barcodes = append(keep, mine...)
}

// units is the table of further units: how many base units, barcode, price.
func (r *itemRow) units() *field {
	return &field{key: "units", kind: table, most: master.MaxUnits, hint: "formview.units.hint",
		columns: []column{{"formview.unit", 84, words}, {"formview.factor", 92, number}, {"report.col.barcode", 140, number}, {"level.retail", 84, number}},
		rows: func() [][]string {
			var out [][]string
			for _, u := range r.item.Units {
				f, p := strconv.FormatInt(u.Num, 10), ""
				if u.Den != 1 {
					f += "/" + strconv.FormatInt(u.Den, 10)
				}
				if u.Price != 0 {
					p = u.Price.String()
				}
				out = append(out, []string{u.Name, f, strings.ReplaceAll(r.barcodes(u.Name), "\n", " "), p})
			}
			return out
		},
		take: r.takeUnits}
}

func (r *itemRow) takeUnits(rows [][]string) error {
	var l fault.List
	base := r.barcodes("")
	var units []master.Unit
	r.item.Barcodes = nil
	r.setBarcodes("", strings.Fields(base))
	for _, row := range rows {
		u := master.Unit{Name: row[0]}
		var ok bool
		if u.Num, u.Den, ok = factor(row[1]); !ok {
			l = append(l, fault.Bad("formview.units", "formview.factor.wrong", "field", "units", "unit", row[0], "base", r.item.Unit))
			continue
		}
		p, err := readNum("units", row[3], amount.ParsePrice)
		if err != nil {
			l = append(l, fault.Bad("formview.units", "formview.number", "field", "units", "value", row[3]))
			continue
		}
		u.Price = p
		units = append(units, u)
		r.setBarcodes(u.Name, strings.Fields(row[2]))
	}
	r.item.Units = units
	return l.Err()
}

// factor reads "12" or "1/3".
func factor(s string) (n, d int64, ok bool) {
	s = amount.Narrow(s)
	a, b, two := strings.Cut(s, "/")
	n, err := strconv.ParseInt(a, 10, 64)
	d = 1
	if err == nil && two {
		d, err = strconv.ParseInt(b, 10, 64)
	}
	return n, d, err == nil && n > 0 && d > 0
}

const pictureSide = 120

// pictureField shows the picture and lets it be chosen or taken away.
func (r *itemRow) pictureField(f *Form) fyne.CanvasObject {
	view := container.NewStack()
	show := func() {
		view.Objects = nil
		img, _, err := image.Decode(bytes.NewReader(r.picture))
		if err == nil {
			c := canvas.NewImageFromImage(img)
			c.FillMode = canvas.ImageFillContain
			c.SetMinSize(fyne.NewSquareSize(theme.Px(pictureSide)))
			view.Objects = []fyne.CanvasObject{c}
		}
		view.Refresh()
		f.root.Refresh()
	}
	show()
	row := container.NewVBox()
	if !f.desc.readOnly {
		row.Add(container.NewHBox(control.NewButton(text.T("formview.picture.choose"), func() {
			f.env.PickFile(text.T("formview.picture.choose"), []string{"jpg", "jpeg", "png"}, func(path string) {
				bg.RunKey(f.owner, "picture", func(context.Context) ([]byte, error) { return readPicture(path) }, func(b []byte, err error) {
					if err != nil {
						f.faults(err)
						return
					}
					r.picture, r.newPicture = b, true
					f.touched()
					show()
				})
			})
		}), control.NewButton(text.T("formview.picture.remove"), func() {
			if len(r.picture) > 0 {
				r.picture, r.newPicture = nil, true
				f.touched()
				show()
			}
		}).WithLook(control.Quiet)))
	}
	return container.NewBorder(nil, nil, nil, view, row)
}

// readPicture reads a picture under the gate's own limit, and sees that it is one.
func readPicture(path string) ([]byte, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap("formview.picture", fault.Invalid, "formview.picture.unreadable", fault.Pairs("field", "picture", "path", path), err)
	}
	defer in.Close()
	b, err := io.ReadAll(io.LimitReader(in, master.MaxPicture+1))
	if err != nil {
		return nil, fault.Wrap("formview.picture", fault.Invalid, "formview.picture.unreadable", fault.Pairs("field", "picture", "path", path), err)
	}
	if len(b) > master.MaxPicture {
		return nil, fault.Bad("formview.picture", "master.picture-size", "field", "picture", "max", master.MaxPicture>>20)
	}
	cfg, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || cfg.Width*cfg.Height > 40_000_000 { // a small file can unpack into a huge picture
		return nil, fault.Bad("formview.picture", "master.picture-type", "field", "picture")
	}
	return b, nil
}
