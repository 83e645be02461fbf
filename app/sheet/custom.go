package sheet

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// follow reads how closely an item's pieces are followed.
func (r *row) follow(it *master.Item) {
	if w := r.text("track"); w != "" && !vocab().blank[strings.ToLower(w)] {
		switch t, ok := vocab().track[normal(w)]; {
		case !ok:
			r.problem(Error, "track", "sheet.track-word", "value", w)
		case t != "none":
			it.Track = master.Tracking(t)
		}
	}
	if yes, ok := r.yes("expires"); ok {
		it.Expires = yes
	}
	if it.Expires && it.Track == master.NotTracked {
		it.Track = master.ByBatch // what expires is followed by batch
	}
	if s := strings.TrimRight(r.text("shelf_days"), "\u5929days "); s != "" && !vocab().blank[strings.ToLower(s)] {
		n, err := strconv.Atoi(amount.Narrow(s))
		if err != nil || n < 0 {
			r.problem(Error, "shelf_days", "sheet.shelf-days")
		} else if it.ShelfDays = n; n > 0 && it.Track == master.NotTracked {
			it.ShelfDays = 0 // it keeps for days, but nobody follows its batches
		}
	}
	it.PLU = r.word("plu")
}

// word is a code whose cell may say that there is none ("-").
func (r *row) word(f string) string {
	s := r.code(f)
	if vocab().blank[strings.ToLower(s)] {
		return ""
	}
	return s
}

// yes reads a yes or no; ok is false when the cell says nothing.
func (r *row) yes(f string) (yes, ok bool) {
	s := strings.ToLower(amount.Narrow(r.text(f)))
	switch {
	case s == "":
		return false, false
	case slices.Contains(vocab().Yes, s):
		return true, true
	case slices.Contains(vocab().No, s) || vocab().blank[s]:
		return false, true
	}
	r.problem(Error, f, "sheet.yes-word", "value", s)
	return false, false
}

// custom reads the owner's fields in their canonical form.
func (r *row) custom(o Options) map[string]string {
	var out map[string]string
	for _, f := range o.Custom {
		name := CustomName(f.Key)
		if _, ok := r.m.Fields[name]; !ok {
			continue
		}
		s := r.text(name)
		if f.Type == master.CustomDate {
			s = ""
			if d := r.date(name); d != 0 {
				s = d.String()
			}
		}
		if vocab().blank[strings.ToLower(s)] && f.Type != master.CustomText {
			s = ""
		}
		v, err := f.Canonical(s, vocab().Yes, vocab().No)
		var e *fault.Error
		if errors.As(err, &e) {
			r.customProblem(name, e)
			continue
		}
		if v != "" {
			if out == nil {
				out = map[string]string{}
			}
			out[f.Key] = v
		}
	}
	return out
}

// customProblem files what is wrong with a value of the owner's field.
func (r *row) customProblem(field string, e *fault.Error) {
	key, nv := CustomText(e)
	r.problem(Error, field, key, nv...)
}

// CustomText turns a fault of an owner's field into a problem's key and
// arguments.
func CustomText(e *fault.Error) (key string, nv []any) {
	for k, v := range e.Args {
		if k != "field" && k != "what" {
			nv = append(nv, k, v)
		}
	}
	return "sheet." + strings.TrimPrefix(e.Key, "master."), nv
}
