package till

import (
	"time"

	"tiezhang/app"
	"tiezhang/ui/beep"
	"tiezhang/ui/keys"
	"tiezhang/ui/text"
)

// pickDelay is how long a digit waits before it chooses: the first digit of a
// scanned code looks the same, and the second follows at once.
const pickDelay = 80 * time.Millisecond

// wrong says what went wrong, red and with a low sound: a cashier looks at the
// goods, not at the screen.
func (t *Page) wrong(words string) {
	t.say(words, true)
	beep.Play(t.owner, beep.Wrong)
}

// ask puts the question which of several items on one code is meant.
func (t *Page) ask(code string, found []app.ItemHit, take func(app.ItemHit)) {
	t.say(text.T("till.choose", "code", code, "n", len(found)), false)
	beep.Play(t.owner, beep.Asked)
	t.hits.set(found)
	t.choosing = take
}

// choice reads a digit as a line of the list.
func (t *Page) choice(s string) (int, bool) {
	if len(s) != 1 || s[0] < '1' || int(s[0]-'1') >= len(t.hits.found) {
		return 0, false
	}
	return int(s[0] - '1'), true
}

// digit follows what is typed while a question is open.
func (t *Page) digit(s string) {
	if t.stopPick != nil {
		t.stopPick()
		t.stopPick = nil
	}
	i, ok := t.choice(s)
	if !ok {
		if len(s) == 1 && !digits(s) {
			t.box.SetText("") // no letter answers it
		}
		return // more than a digit: a code is being scanned, Enter will tell
	}
	t.stopPick = t.owner.Runner().Later(pickDelay, func() {
		t.stopPick = nil
		if t.choosing != nil && t.box.Text == s {
			t.choose(i)
		}
	})
}

// choose answers the question which item is meant, or takes a suggestion.
func (t *Page) choose(i int) {
	if i < 0 || i >= len(t.hits.found) {
		return
	}
	hit := t.hits.found[i]
	if f := t.choosing; f != nil {
		t.choosing = nil
		t.clearBox()
		t.say("", false)
		f(hit)
		return
	}
	qty, _ := splitQty(t.box.Text)
	t.clearBox()
	t.ring(hit, qty, nil)
}

// signKey runs what a sign typed into the empty box is the key of.
func (t *Page) signKey(s string) bool {
	if len(s) != 1 || s >= "0" && s <= "9" || !keys.Choosable("till.qty", keys.Chord(s)) {
		return false
	}
	for _, k := range t.keyList() {
		if t.env.Router.Of("till."+k.action, k.chord) == keys.Chord(s) {
			t.box.SetText("")
			if k.action == "pay" {
				t.wantPay()
			} else {
				t.when(k.run)
			}
			return true
		}
	}
	return false
}
