package app

import (
	"context"
	"encoding/json"
	"unicode/utf8"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/report"
)

// Limits of what people keep of their lists.
const (
	maxViews     = 20
	maxViewName  = 40
	maxViewValue = 16 << 10
)

// ListViews gives this person's own views of a list; the one without a name is
// how they left it.
type ListViews struct{ List string }

func (q ListViews) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q ListViews) ask(_ context.Context, x *Exec) ([]ListView, error) {
	return x.Tx.ListViews(x.S.user.ID, q.List)
}

// SaveListView keeps how this person wants to see a list; an empty Value drops
// the view. It is nobody else's concern and leaves no entry in the log.
type SaveListView struct {
	List string
	View ListView
}

func (c SaveListView) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (c SaveListView) run(_ context.Context, x *Exec) (struct{}, error) {
	const op = "app.SaveListView"
	if _, ok := report.Find(c.List); !ok {
		return struct{}{}, fault.New(op, fault.NotFound, "report.unknown", fault.Pairs("name", c.List))
	}
	v := c.View
	if utf8.RuneCountInString(v.Name) > maxViewName || !utf8.ValidString(v.Name) {
		return struct{}{}, fault.Bad(op, "listview.view-name", "field", "name", "max", maxViewName)
	}
	if len(v.Value) > maxViewValue || v.Value != "" && !json.Valid([]byte(v.Value)) {
		return struct{}{}, fault.Bad(op, "listview.view-value", "field", "value")
	}
	have, err := x.Tx.ListViews(x.S.user.ID, c.List)
	if err != nil {
		return struct{}{}, err
	}
	known := false
	for _, h := range have {
		known = known || h.Name == v.Name
	}
	if !known && v.Value != "" && len(have) >= maxViews {
		return struct{}{}, fault.Bad(op, "listview.views-full", "field", "name", "max", maxViews)
	}
	x.Quiet()
	return struct{}{}, x.Tx.SaveListView(x.S.user.ID, c.List, v)
}
