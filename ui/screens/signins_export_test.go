package screens

import "tiezhang/ui/page"

// ChoosePack chooses a set of rules as a person does.
func ChoosePack(p page.Page, pack string) {
	s := p.(*signIns)
	s.choice.SetValue(pack)
	s.choice.OnChanged(pack)
}
