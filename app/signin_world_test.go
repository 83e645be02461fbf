package app_test

import (
	"context"

	"tiezhang/app"
	"tiezhang/app/access"
)

// rights is the digest of the table of rights as it stands; whoever may not see
// it gives none.
func (w *world) rights() string {
	if w.who != access.Owner && w.who != access.Auditor {
		return ""
	}
	r, err := app.Ask(context.Background(), w.self, app.ReviewRights{})
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Digest
}

// signInUses are the rows of the table of rights about accounts and sign-ins.
func signInUses() []use {
	return []use{
		query("People", false, func(*world, bool) app.People { return app.People{} }),
		query("SignInPolicy", false, func(*world, bool) app.SignInPolicy { return app.SignInPolicy{} }),
		command("SetSignInPolicy", false, func(*world, bool) app.SetSignInPolicy {
			return app.SetSignInPolicy{Policy: app.DefaultPolicy()}
		}),
		query("UnusualSignIns", false, func(*world, bool) app.UnusualSignIns { return app.UnusualSignIns{All: true} }),
		command("SeeUnusual", false, func(*world, bool) app.SeeUnusual { return app.SeeUnusual{UpTo: 1 << 40} }),
		query("SignInReminders", false, func(*world, bool) app.SignInReminders { return app.SignInReminders{} }),
		query("ReviewRights", false, func(*world, bool) app.ReviewRights { return app.ReviewRights{} }),
		command("SignReview", false, func(w *world, _ bool) app.SignReview { return app.SignReview{Digest: w.rights()} }),
		command("TakeTraining", false, func(*world, bool) app.TakeTraining {
			return app.TakeTraining{Answers: make([]int, app.TrainingLength())}
		}),
	}
}
