package draft

import (
	"context"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/ui/bg"
)

// Saver keeps one document's draft on disk, one save at a time and always the
// newest: what comes while a save is running waits and replaces what waited
// before. It belongs to the interface thread.
type Saver struct {
	// OnState is told after every save: nil for saved, else why not.
	OnState func(error)
	// OnBusy is told when a save begins.
	OnBusy func()

	owner   *bg.Owner
	session *app.Session
	version int64
	saved   bool // the draft is on disk
	running bool
	next    *doc.Document
	waiting []func(error)
	last    error
}

// NewSaver makes a saver; version is that of a draft read from disk, 0 for a
// document that was never saved.
func NewSaver(o *bg.Owner, s *app.Session, version int64) *Saver {
	return &Saver{owner: o, session: s, version: version, saved: version != 0}
}

// Version is that of the newest save.
func (s *Saver) Version() int64 { return s.version }

// Saved tells whether the draft is on disk at all.
func (s *Saver) Saved() bool { return s.saved }

// Save keeps d, in the background.
func (s *Saver) Save(d doc.Document) {
	c := d.Clone()
	s.next = &c
	s.start()
}

// Flush calls done when nothing waits to be saved, with how the last save went.
func (s *Saver) Flush(done func(error)) {
	if !s.running && s.next == nil {
		done(s.last)
		return
	}
	s.waiting = append(s.waiting, done)
	s.start()
}

func (s *Saver) start() {
	if s.running || s.next == nil {
		return
	}
	d := *s.next
	s.next, s.running = nil, true
	d.Version = s.version
	if s.OnBusy != nil {
		s.OnBusy()
	}
	bg.Run(s.owner, func(ctx context.Context) (int64, error) {
		return app.Do(ctx, s.session, app.SaveDraft{Doc: d})
	}, func(v int64, err error) {
		s.running, s.last = false, err
		if err == nil {
			s.version, s.saved = v, true
		}
		if s.next != nil {
			s.start()
			return
		}
		if s.OnState != nil {
			s.OnState(err)
		}
		ws := s.waiting
		s.waiting = nil
		for _, f := range ws {
			f(err)
		}
	})
}

// Drop voids the draft on disk, if there is one; done is told how it went.
func (s *Saver) Drop(k doc.Kind, id string, done func(error)) {
	s.Flush(func(error) {
		if !s.saved {
			done(nil)
			return
		}
		bg.Run(s.owner, func(ctx context.Context) (struct{}, error) {
			return app.Do(ctx, s.session, app.DropDraft{Kind: k, ID: id})
		}, func(_ struct{}, err error) {
			if err == nil || fault.KindOf(err) == fault.NotFound {
				s.saved, s.version, err = false, 0, nil
			}
			done(err)
		})
	})
}
