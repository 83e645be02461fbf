package grid

import (
	"fmt"
	"strings"
	"time"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
)

// shop is a small document for the tests: items by code, barcode or name, and
// lines of item, spec, qty, price, amount, note.
type shop struct {
	*Model
	now     time.Time
	held    []func() // replies kept back when slow
	slow    bool
	events  []string
	changes int
	report  *PasteReport
	refuse  bool // Delete refuses
	locked  map[string]bool
	done    int
}

type item struct{ code, barcode, name, spec, price string }

var items = []item{
	{"A1", "6901234567892", "康师傅红烧牛肉面", "105g×5", "12.50"},
	{"A2", "6902083881405", "农夫山泉天然水", "550ml×24", "28.00"},
	{"A3", "6907992500010", "蒙牛纯牛奶", "250ml×16", "39.90"},
	{"B1", "6900000000001", "散装白糖", "", ""},
}

const (
	cItem = iota
	cSpec
	cQty
	cPrice
	cAmount
	cNote
)

var columns = []Column{
	{Key: "item", Label: "商品", Width: 260, Editable: true, Scan: true, Suggest: true},
	{Key: "spec", Label: "规格", Width: 110},
	{Key: "qty", Label: "数量", Width: 80, Align: Right, Kind: Number, Editable: true, Quantity: true},
	{Key: "price", Label: "单价", Width: 90, Align: Right, Kind: Number, Editable: true, SkipFilled: true},
	{Key: "amount", Label: "金额", Width: 110, Align: Right, Bold: true},
	{Key: "note", Label: "备注", Width: 160, Editable: true, Optional: true},
}

func find(s string) (item, bool) {
	for _, i := range items {
		if strings.EqualFold(i.code, s) || i.barcode == s || i.name == s {
			return i, true
		}
	}
	return item{}, false
}

func (s *shop) reply(f func()) {
	if s.slow {
		s.held = append(s.held, f)
		return
	}
	f()
}

// release lets the kept replies go, also those that come of it.
func (s *shop) release() {
	for len(s.held) > 0 {
		f := s.held[0]
		s.held = s.held[1:]
		f()
	}
}

func line(i item, qty string) Row {
	r := Row{Cells: []string{i.name, i.spec, qty, i.price, "", ""}, Data: i}
	return total(r)
}

func total(r Row) Row {
	q, err1 := amount.ParseQty(r.Cells[cQty])
	p, err2 := amount.ParsePrice(r.Cells[cPrice])
	r.Cells[cAmount] = ""
	if err1 == nil && err2 == nil {
		if m, err := amount.Extend(q, p); err == nil {
			r.Cells[cAmount] = m.String()
		}
	}
	return r
}

func (s *shop) commit(e Edit) (Row, error) {
	r := e.Row
	r.Cells = append([]string(nil), r.Cells...)
	switch e.Key {
	case "item":
		i, ok := find(e.Text)
		if e.Pick != nil {
			i, ok = e.Pick.Data.(item), true
		}
		if e.Copy != nil {
			i, ok = e.Copy.Data.(item), true
		}
		if !ok {
			return r, fault.Bad("test", "ui.grid.no_match", "text", e.Text)
		}
		qty := r.Cells[cQty]
		if e.Qty != "" {
			qty = e.Qty
		}
		if qty == "" {
			qty = "1"
		}
		n := line(i, qty)
		n.Cells[cNote] = r.Cells[cNote]
		return n, nil
	case "qty":
		q, err := amount.ParseQty(e.Text)
		if err != nil || q <= 0 {
			return r, fault.Bad("test", "ui.grid.unreadable", "text", e.Text)
		}
		r.Cells[cQty] = q.String()
	case "price":
		p, err := amount.ParsePrice(e.Text)
		if err != nil {
			return r, fault.Bad("test", "ui.grid.unreadable", "text", e.Text)
		}
		r.Cells[cPrice] = p.String()
	default:
		r.Cells[e.Col] = e.Text
	}
	return total(r), nil
}

func newShop(cols []Column, edit func(*Callbacks)) *shop {
	s := &shop{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), locked: map[string]bool{}}
	cb := Callbacks{
		Commit: func(e Edit, reply func(Row, error)) {
			r, err := s.commit(e)
			s.reply(func() { reply(r, err) })
		},
		Suggest: func(q Query, reply func([]Suggestion)) {
			var out []Suggestion
			for n, i := range items {
				if strings.Contains(i.name, q.Text) || strings.HasPrefix(strings.ToLower(i.code), strings.ToLower(q.Text)) || strings.HasSuffix(i.barcode, q.Text) {
					out = append(out, Suggestion{Name: i.name, Spec: i.spec, Code: i.barcode, Stock: fmt.Sprint(n * 12), Price: i.price, Data: i})
				}
			}
			s.reply(func() { reply(out) })
		},
		Scan: func(sc Scanned, reply func(ScanResult)) {
			i, ok := find(sc.Code)
			qty := sc.Qty
			if qty == "" {
				qty = "1"
			}
			var r ScanResult
			switch {
			case sc.Code == "2200000000000":
				for _, i := range items[:2] {
					r.Choices = append(r.Choices, Suggestion{Name: i.name, Price: i.price, Data: i})
				}
			case !ok:
				r.Err = fault.New("test", fault.NotFound, "ui.grid.no_match", fault.Pairs("text", sc.Code))
			default:
				r.Row = line(i, qty)
			}
			s.reply(func() { reply(r) })
		},
		Delete: func(Row) error {
			if s.refuse {
				return fault.New("test", fault.Denied, "ui.grid.read_only", nil)
			}
			return nil
		},
		ReadOnly: func(r Row, col int) bool { return col == cPrice && s.locked[r.Cells[cItem]] },
		Totals: func(rows []Row) []string {
			var m amount.Money
			for _, r := range rows {
				v, _ := amount.ParseMoney(r.Cells[cAmount])
				m += v
			}
			return []string{"合计", "", "", "", m.String(), ""}
		},
		Finished: func() { s.done++ },
		Changed:  func(Change) { s.changes++ },
		Pasted:   func(r PasteReport) { s.report = &r },
		Event: func(e Event, code string) {
			s.events = append(s.events, fmt.Sprint([]string{"taken", "misplaced", "unknown", "refused"}[e], " ", code))
		},
	}
	if edit != nil {
		edit(&cb)
	}
	s.Model = New(cols, cb)
	s.SetClock(func() time.Time { return s.now })
	return s
}

// keys types: plain characters with fingers, <Name> commands, {code} a scan.
func (s *shop) keys(script string) {
	names := map[string]Command{"Enter": Enter, "Tab": Next, "BackTab": Previous, "Up": Up, "Down": Down, "Left": MoveLeft, "Right": MoveRight, "Esc": Escape,
		"CtrlD": CopyAbove, "Del": DeleteRow, "Ins": InsertRow, "Undo": Undo, "Redo": Redo, "Home": First, "End": Last, "PgDn": PageDown, "PgUp": PageUp, "List": OpenList}
	typ := func(r rune, gap time.Duration) {
		s.now = s.now.Add(gap)
		at := s.now
		s.Do(func() {
			if s.Rune(r, at) {
				return
			}
			if !s.CanEdit() {
				s.lockedText(r)
				return
			}
			text := s.EditorText()
			if !s.Editing() {
				text = "" // selected on entry: typing replaces it
			}
			s.Type(text + string(r))
		})
	}
	for script != "" {
		if name, rest, ok := strings.Cut(script[1:], ">"); script[0] == '<' && ok {
			s.now = s.now.Add(150 * time.Millisecond)
			c, known := names[name]
			if !known {
				panic("no command " + name)
			}
			s.CommandAt(c, s.now)
			script = rest
			continue
		}
		if code, rest, ok := strings.Cut(script[1:], "}"); script[0] == '{' && ok {
			s.now = s.now.Add(500 * time.Millisecond)
			for _, r := range code {
				typ(r, 2*time.Millisecond)
			}
			s.now = s.now.Add(2 * time.Millisecond)
			s.CommandAt(Enter, s.now)
			script = rest
			continue
		}
		r, n := decodeRune(script)
		typ(r, 150*time.Millisecond)
		script = script[n:]
	}
}

// dump writes rows as "name qty price amount note|…" and the cursor.
func (s *shop) dump() string {
	var b strings.Builder
	for _, r := range s.Rows() {
		name := []rune(r.Cells[cItem])
		fmt.Fprintf(&b, "%s %s %s %s", string(name[:min(2, len(name))]), r.Cells[cQty], r.Cells[cPrice], r.Cells[cAmount])
		if r.Cells[cNote] != "" {
			b.WriteString(" " + r.Cells[cNote])
		}
		b.WriteByte('|')
	}
	row, col := s.Cursor()
	fmt.Fprintf(&b, " @%d,%s", row, columns[col].Key)
	return b.String()
}
