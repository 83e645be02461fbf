package ui

import (
	"context"

	"tiezhang/app"
	"tiezhang/ui/bg"
	"tiezhang/ui/screens"
)

// readKeys works by the keys of this computer or of the shop; without them by
// the program's own.
func (s *Shell) readKeys(sp *workspace) {
	if sp == nil {
		return
	}
	env := sp.env
	bg.RunKey(s.owner, "keys", func(ctx context.Context) (app.Keymap, error) {
		return app.Ask(ctx, env.Session, app.ShopKeys{})
	}, func(m app.Keymap, err error) {
		if err == nil {
			screens.ApplyKeys(env, m)
		}
	})
}
