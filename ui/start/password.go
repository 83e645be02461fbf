package start

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app/fault"
	"tiezhang/app/passphrase"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// newPassword is the pair of fields for a password that is being chosen, with
// its strength in words while it is typed.
type newPassword struct {
	first, again *control.Entry
	strength     *control.Words
	policy       passphrase.Policy
	// context is what a guesser would try first.
	context func() []string
	content fyne.CanvasObject
}

func newPasswordFields(owner bool, context func() []string) *newPassword {
	p := &newPassword{first: control.NewPassword(), again: control.NewPassword(), policy: passphrase.Balanced(owner), context: context}
	p.strength = control.NewWords(p.hint(), cardWidth-60)
	p.strength.Color = theme.NameMuted
	p.first.OnChanged = func(string) { p.measure() }
	p.content = container.New(layout.NewCustomPaddedVBoxLayout(10),
		field(text.T("start.password"), p.first, ""), p.strength,
		field(text.T("start.password.again"), p.again, ""))
	return p
}

// hint says what is asked for, before anything is typed.
func (p *newPassword) hint() string {
	if p.policy.Classes > 0 {
		return text.T("start.password.hint-classes", "min", p.policy.Min, "classes", p.policy.Classes)
	}
	return text.T("start.password.hint", "min", p.policy.Min)
}

// hold asks for what the shop's own rules ask for.
func (p *newPassword) hold(policy passphrase.Policy) {
	p.policy = policy
	p.measure()
}

func (p *newPassword) measure() {
	s := passphrase.Measure(p.first.Text, p.context()...)
	score := text.T("passphrase.score-" + string(rune('0'+s.Score)))
	say, color := text.T(s.Advice), theme.NamePositive
	if err := p.policy.Check(p.first.Text, p.context()...); err != nil {
		say, color = text.Fault(err), theme.NameWarning
	}
	if p.first.Text == "" {
		p.strength.Color = theme.NameMuted
		p.strength.SetText(p.hint())
		return
	}
	p.strength.Color = color
	p.strength.SetText(text.T("start.password.strength", "score", score) + "  " + say)
}

func (p *newPassword) fields() []*control.Entry { return []*control.Entry{p.first, p.again} }

// check gives the password, or why it will not do.
func (p *newPassword) check() (string, error) {
	if err := p.policy.Check(p.first.Text, p.context()...); err != nil {
		return "", err
	}
	if p.first.Text != p.again.Text {
		return "", fault.Bad("start.password", "start.password.differ")
	}
	return p.first.Text, nil
}

// blame gives the field in which a refused password is typed anew.
func (p *newPassword) blame(err error) *control.Entry {
	if fault.KeyOf(err) == "start.password.differ" {
		return p.again
	}
	return p.first
}
