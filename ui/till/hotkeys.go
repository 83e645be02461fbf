package till

import (
	"fyne.io/fyne/v2"

	"tiezhang/ui/control"
	"tiezhang/ui/docview/facts"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// keyOf is an action of the counter with the program's own key.
type keyOf struct {
	chord  keys.Chord
	action string
	run    func()
}

// keyList is in the order in which the card beside the bill shows them.
func (t *Page) keyList() []keyOf {
	return []keyOf{
		{"F2", "qty", t.editQty}, {"F3", "price", t.editPrice}, {"F4", "off", t.editOff}, {"Delete", "delete", t.deleteLine},
		{"F5", "hold", t.hold}, {"F6", "recall", t.recall}, {"F7", "return", t.startReturn}, {"F8", "discount", t.editDiscount},
		{"F9", "pay", t.openPay}, {"F10", "print", t.printLast}, {"F11", "close", t.openDayClose}, {"F12", "clear", t.clear},
		{"Ctrl+B", "member", t.askMember}, {"Ctrl+G", "staff", t.askStaff}, {"Ctrl+T", "topup", t.askTopUp},
		{"Ctrl+D", "drawer", t.openDrawer}, {"Ctrl+F10", "device", t.editDevice},
	}
}

// entry is what waits for what was entered before it: a code to look up, or
// what a key asks for.
type entry struct {
	code string
	run  func()
}

// when runs what a key asks for: at once, or when what was scanned before is on
// the bill. A hand goes from the scanner to F2 before the disk has answered, and
// F2 is meant for what was just scanned, with the number typed for it. What comes
// while a bill is on its way into the books is the next customer's.
func (t *Page) when(run func()) {
	switch {
	case t.busy || len(t.queue) > 0:
		number := t.box.Text
		t.box.SetText("")
		t.queue = append(t.queue, entry{run: func() {
			t.given = number
			run()
			if t.given != "" && t.box.Text == "" {
				t.box.SetText(t.given) // nobody wanted it
			}
			t.given = ""
		}})
	default:
		run()
	}
}

// wantPay is Enter on nothing, and F9. Pressed once more while the bill is being
// posted it is the same wish, not the next customer's.
func (t *Page) wantPay() {
	if !t.posting {
		t.when(t.openPay)
	}
}

// number is what was typed before a key that wants a number; taken when it
// served.
func (t *Page) number() string {
	if t.given != "" {
		return t.given
	}
	return t.box.Text
}

func (t *Page) taken() {
	t.given = ""
	t.clearBox()
}

// key is the key an action has now, for words on the screen.
func (t *Page) key(action string) string {
	for _, k := range t.keyList() {
		if k.action == action {
			return string(t.env.Router.Of("till."+action, k.chord))
		}
	}
	return ""
}

func (t *Page) bindKeys() {
	for _, k := range t.keyList() {
		if k.action == "pay" {
			t.scope.Bind(keys.Binding{Chord: k.chord, Action: "till.pay", Title: "till.key.pay", Run: t.wantPay})
			continue
		}
		t.scope.Bind(keys.Binding{Chord: k.chord, Action: "till." + k.action, Title: "till.key." + k.action, Run: func() { t.when(k.run) }, Enabled: func() bool { return !t.paying || t.posting }})
	}
	t.scope.Bind(keys.Binding{Chord: keys.Escape, Action: "till.back", Title: "till.key.back", Run: t.back, Enabled: func() bool { return t.choosing != nil || t.box.Text != "" || t.bill.back() }})
}

// keyCard lists the keys beside the bill: nobody has to remember them.
func (t *Page) keyCard() fyne.CanvasObject {
	var fs []facts.Fact
	for _, k := range t.keyList() {
		if k.action == "device" || k.action == "topup" || k.action == "drawer" { // seldom: the help page has them
			continue
		}
		fs = append(fs, facts.Fact{Name: text.T("till.key." + k.action), Value: t.key(k.action)})
	}
	return control.NewCard("", facts.NewList(248, fs...))
}

// keysChanged draws the keys anew: somebody gave an action another one.
func (t *Page) keysChanged() {
	t.card.Objects = []fyne.CanvasObject{t.keyCard()}
	t.card.Refresh()
	t.show()
}

func (t *Page) openDayClose() { t.env.Open(page.Route{Screen: page.DayClose}) }
