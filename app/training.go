package app

import (
	"context"

	"tiezhang/app/access"
	"tiezhang/app/fault"
)

// The security training: a few questions everybody who signs in should be able
// to answer. The words are texts training.q1 … with the answers .a, .b and .c;
// which one is right, and why (.why), does not depend on the language.

// trainingRight are the right answers, in order: 0 is .a.
var trainingRight = []int{1, 2, 0, 1, 2, 0, 1, 2}

// TrainingLength is how many questions there are.
func TrainingLength() int { return len(trainingRight) }

// TrainingPass is how many must be right.
const TrainingPass = 6

// TrainingAnswers is how many answers there are to choose from.
const TrainingAnswers = 3

// TrainingDue is after how many days it is time again.
const TrainingDue = 365

// Answered is the outcome of a training.
type Answered struct {
	Score, Total int
	Right        []int // the right answer of each question
}

// Passed tells whether enough was right.
func (a Answered) Passed() bool { return a.Score >= TrainingPass }

// TakeTraining records a person's own answers: one number a question, from 0.
// Invalid "training.answers" when some are missing.
type TakeTraining struct{ Answers []int }

func (c TakeTraining) spec() Need { return Need{Perm: access.HomeView} }

func (c TakeTraining) run(_ context.Context, x *Exec) (Answered, error) {
	a := Answered{Total: len(trainingRight), Right: append([]int(nil), trainingRight...)}
	if len(c.Answers) != len(trainingRight) {
		return Answered{}, fault.Bad("app.TakeTraining", "training.answers")
	}
	for i, n := range c.Answers {
		if n < 0 || n >= TrainingAnswers {
			return Answered{}, fault.Bad("app.TakeTraining", "training.answers")
		}
		if n == trainingRight[i] {
			a.Score++
		}
	}
	x.Object("training")
	x.Note("score", a.Score)
	x.Note("total", a.Total)
	x.Changed("users")
	return a, x.Tx.SaveTraining(Training{UserID: x.S.user.ID, At: x.Now.Unix(), Score: a.Score, Total: a.Total})
}
