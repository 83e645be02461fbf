package app

import (
	"context"

	"tiezhang/app/access"
)

// OrderProgress tells how far a posted order or loan is done.
type OrderProgress struct{ ID string }

// Progressed is the answer of OrderProgress.
type Progressed struct {
	Lines []LineOpen
	Ended bool
	End   OrderEnd
	By    string // who ended it
	Open  bool   // something is still to come
}

func (q OrderProgress) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q OrderProgress) ask(_ context.Context, x *Exec) (Progressed, error) {
	d, err := x.Tx.Document(q.ID)
	if err != nil {
		return Progressed{}, err
	}
	if err := x.seeDocument(d); err != nil {
		return Progressed{}, err
	}
	var p Progressed
	if !byLine(mustSpec(d.Kind)) {
		return p, nil
	}
	if p.Lines, err = x.Tx.Open(d.ID); err != nil {
		return Progressed{}, err
	}
	if p.End, p.Ended, err = x.Tx.OrderEnded(d.ID); err != nil {
		return Progressed{}, err
	}
	for _, l := range p.Lines {
		p.Open = p.Open || l.Done < l.Base && !p.Ended
	}
	if !p.Ended {
		return p, nil
	}
	users, err := x.Tx.Users()
	for _, u := range users {
		if u.ID == p.End.By {
			p.By = u.Name
		}
	}
	return p, err
}
