package screens

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// training is a few questions about keeping the shop's data safe.
type training struct {
	*sheetPage
	answers []*control.Choice
	result  *app.Answered
}

func newTraining(env *page.Env, r page.Route) *training {
	base := newSheet(env, r, "screens.training")
	t := &training{sheetPage: &base}
	t.scope.On("Ctrl+Enter", "training.check", "screens.training.check", t.check)
	t.show()
	return t
}

func question(i int) string { return "training.q" + strconv.Itoa(i+1) }

var letters = [app.TrainingAnswers]string{".a", ".b", ".c"}

func (t *training) show() {
	box := vbox(muted(text.T("screens.training.lead", "count", app.TrainingLength(), "pass", app.TrainingPass), 760))
	if t.result != nil {
		level, words := control.Good, "screens.training.passed"
		if !t.result.Passed() {
			level, words = control.Warn, "screens.training.failed"
		}
		box.Add(control.NewBanner(level, text.T(words, "score", t.result.Score, "total", t.result.Total), "", nil))
	}
	again := len(t.answers) == 0
	for i := range app.TrainingLength() {
		q := question(i)
		if again {
			var os []control.Option
			for n, l := range letters {
				os = append(os, control.Option{Value: strconv.Itoa(n), Text: text.T(q + l)})
			}
			c := control.NewChoice(os, nil)
			c.Placeholder = text.T("screens.training.choose")
			c.OnChanged = func(string) { t.next(i) }
			t.answers = append(t.answers, c)
		}
		part := vbox(control.NewWords(text.T(q), 760), t.answers[i])
		if t.result != nil {
			why := control.NewWords(text.T("screens.training.right", "why", text.T(q+".why")), 760)
			why.Color = theme.NamePositive
			if t.answers[i].Value() != strconv.Itoa(t.result.Right[i]) {
				why.Color = theme.NameNegative
				why.SetText(text.T("screens.training.wrong", "answer", text.T(q+letters[t.result.Right[i]]), "why", text.T(q+".why")))
			}
			part.Add(why)
		}
		box.Add(control.NewCard(text.T("screens.training.number", "n", i+1), part))
	}
	check := control.NewPrimary(text.T("screens.training.check"), t.check).WithKey("Ctrl+Enter").WithIcon("check")
	t.first = fyne.Focusable(t.answers[0])
	t.fill(container.NewHBox(container.NewCenter(control.NewHeading(t.title)), check), box)
}

// next goes to the question after the one just answered.
func (t *training) next(i int) {
	if i+1 < len(t.answers) {
		t.env.Window.Canvas().Focus(t.answers[i+1])
	}
}

func (t *training) check() {
	answers := make([]int, len(t.answers))
	missing := false
	for i, c := range t.answers {
		n, err := strconv.Atoi(c.Value())
		if err != nil {
			n = -1
			if !missing {
				t.env.Window.Canvas().Focus(c)
			}
			missing = true
		}
		answers[i] = n
	}
	bg.RunKey(t.owner, "check", func(ctx context.Context) (app.Answered, error) {
		return app.Do(ctx, t.env.Session, app.TakeTraining{Answers: answers})
	}, func(a app.Answered, err error) {
		if err != nil {
			t.env.Fail(err)
			return
		}
		t.result = &a
		t.show()
	})
}
