package screens

import "tiezhang/ui/page"

// PickKept chooses the one that stays, as its search does.
func PickKept(p page.Page, code string) {
	m := p.(*merge)
	m.take(&m.kept, 0, code)
}
