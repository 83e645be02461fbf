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
