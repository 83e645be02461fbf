package demo

import (
	"context"

	"tiezhang/app"
)

// batch is how many lines go into one transaction.
const batch = 200

// Fill puts a sample shop's goods and trade into a new shop through the gate and
// gives the number of lines. progress, if not nil, hears the lines done so far.
func Fill(ctx context.Context, s *app.Session, p Plan, progress func(done int)) (int, error) {
	var wires []app.Wire
	n := 0
	flush := func() error {
		if len(wires) == 0 {
			return nil
		}
		_, err := app.Do(ctx, s, app.PostWires{Wires: wires})
		n += len(wires)
		wires = wires[:0]
		if progress != nil {
			progress(n)
		}
		return err
	}
	err := Make(p, func(w app.Wire) error {
		wires = append(wires, w)
		if len(wires) < batch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return n, err
}
