package app

import (
	"context"
	"slices"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/ledger"
)

// origins are what the lines of a document come from, by line number.
type origins struct {
	lines map[int]doc.Line
	docs  map[int]doc.Document
	moves map[int]ledger.OriginMove // of those that came out of the stock or into it
}

// agreed tells whether a line is not cheaper than the order or quotation it comes
// from: whoever had to agree to that price did so then.
func (o origins) agreed(ln doc.Line) bool {
	from, ok := o.lines[ln.No]
	if !ok || !mustSpec(o.docs[ln.No].Kind).PromisesSale() || from.Base <= 0 {
		return false
	}
	price, err := amount.Part(from.Net(), ln.Base, from.Base)
	return err == nil && ln.Net()+1 >= price // a fen of rounding
}

// checkOrigins reads what lines were pulled or returned from and refuses to take
// more than is there. What limit holds is the origin's to say: an offer has
// none, an order is good for what it says, a loan for what was lent, and
// everything else for what moved.
func checkOrigins(x *Exec, spec doc.Spec, d *doc.Document) (origins, error) {
	o := origins{map[int]doc.Line{}, map[int]doc.Document{}, map[int]ledger.OriginMove{}}
	c := puller{x: x, spec: spec, d: d, docs: map[string]doc.Document{}, open: map[string]map[int]amount.Qty{}, taken: map[doc.Origin]amount.Qty{}}
	var l fault.List
	for _, ln := range d.Lines {
		if ln.Origin.Doc == "" {
			if spec.OriginNeeded {
				if err := x.later(access.SaleBlindReturn, ln.No); err != nil {
					return o, err
				}
			}
			continue
		}
		src, from, f, err := c.source(ln)
		if err != nil {
			return o, err
		}
		var om *ledger.OriginMove
		if f == nil {
			om, f, err = c.take(ln, src, from)
			if err != nil {
				return o, err
			}
		}
		if f != nil {
			l = append(l, f)
			continue
		}
		o.lines[ln.No], o.docs[ln.No] = from, src
		if om != nil {
			o.moves[ln.No] = *om
		}
	}
	return o, l.Err()
}

// puller holds what was read of the origins of one document.
type puller struct {
	x     *Exec
	spec  doc.Spec
	d     *doc.Document
	docs  map[string]doc.Document
	open  map[string]map[int]amount.Qty // what is open of a line; nil: the document was ended
	taken map[doc.Origin]amount.Qty     // by lines of this document
}

func originFault(ln doc.Line, key string, nv ...any) *fault.Error {
	return fault.Bad("app.Post", key, append([]any{"line", ln.No, "field", "origin"}, nv...)...)
}

// source finds the line a line names and judges whether this document may take
// from it at all.
func (c *puller) source(ln doc.Line) (doc.Document, doc.Line, *fault.Error, error) {
	src, ok := c.docs[ln.Origin.Doc]
	if !ok {
		var err error
		if src, err = c.x.reached(c.x.Tx.Document(ln.Origin.Doc)); err != nil {
			if fault.KindOf(err) != fault.NotFound {
				return src, doc.Line{}, nil, err
			}
			return src, doc.Line{}, originFault(ln, "doc.unknown-origin", "value", ""), nil
		}
		c.docs[src.ID] = src
	}
	i := slices.IndexFunc(src.Lines, func(s doc.Line) bool { return s.No == ln.Origin.Line })
	same, err := sameParty(c.x.Tx, src.PartyID, c.d.PartyID)
	if err != nil {
		return src, doc.Line{}, nil, err
	}
	switch {
	case !c.spec.Pulls(src.Kind):
		return src, doc.Line{}, originFault(ln, "doc.origin-kind", "number", src.Number), nil
	case src.Status != doc.Posted || src.Reverses != "":
		return src, doc.Line{}, originFault(ln, "doc.origin-status", "number", src.Number), nil
	case !same && c.d.PartyID != 0 && src.PartyID != 0 && !c.spec.OtherParty:
		return src, doc.Line{}, originFault(ln, "doc.origin-party", "number", src.Number), nil
	case src.Date > c.d.Date:
		return src, doc.Line{}, originFault(ln, "doc.origin-date", "number", src.Number, "date", src.Date.String()), nil
	case i < 0:
		return src, doc.Line{}, originFault(ln, "doc.unknown-origin", "value", src.Number), nil
	case src.Lines[i].ItemID != ln.ItemID:
		return src, doc.Line{}, originFault(ln, "doc.origin-item", "number", src.Number), nil
	}
	return src, src.Lines[i], nil, nil
}

// take holds a line against what is left of its origin.
func (c *puller) take(ln doc.Line, src doc.Document, from doc.Line) (*ledger.OriginMove, *fault.Error, error) {
	ss := mustSpec(src.Kind)
	switch {
	case ss.Promise == doc.Offer:
		return nil, nil, nil
	case byLine(ss):
		open, ok := c.open[src.ID]
		if !ok {
			var err error
			if open, err = openOf(c.x.Tx, ss, src.ID); err != nil {
				return nil, nil, err
			}
			c.open[src.ID] = open
		}
		if open == nil {
			return nil, originFault(ln, "doc.promise-ended", "number", src.Number), nil
		}
		c.taken[ln.Origin] += ln.Base
		if left := open[from.No] - c.taken[ln.Origin] + ln.Base; ln.Base > left {
			key := "doc.origin-qty"
			if ss.Promise == doc.Order {
				key = "doc.promise-qty"
			}
			return nil, originFault(ln, key, "number", src.Number, "left", left.String(), "qty", ln.Base.String()), nil
		}
		return nil, nil, nil
	}
	om, err := c.x.Tx.OriginMove(src.ID, from.No)
	if err != nil {
		if fault.KindOf(err) != fault.NotFound {
			return nil, nil, err
		}
		return nil, originFault(ln, "doc.unknown-origin", "value", src.Number), nil
	}
	c.taken[ln.Origin] += ln.Base
	if left := om.Qty - om.UsedQty - c.taken[ln.Origin] + ln.Base; ln.Base > left {
		return nil, originFault(ln, "doc.origin-qty", "number", src.Number, "left", left.String(), "qty", ln.Base.String()), nil
	}
	return &om, nil, nil
}

// byLine tells whether what is open of a kind is counted line against line.
func byLine(s doc.Spec) bool { return s.Promise == doc.Order || s.Flow == doc.Move }

// openOf gives what is open of each line of a document, nil when it was ended.
func openOf(tx Tx, s doc.Spec, id string) (map[int]amount.Qty, error) {
	if s.Promise == doc.Order {
		if _, ended, err := tx.OrderEnded(id); err != nil || ended {
			return nil, err
		}
	}
	ls, err := tx.Open(id)
	if err != nil {
		return nil, err
	}
	open := make(map[int]amount.Qty, len(ls))
	for _, l := range ls {
		open[l.Line] = l.Base - l.Done
	}
	return open, nil
}

// EndOrder says that the rest of an order will not come any more; nothing can be
// taken from it then. Repeating it is harmless. Faults: Conflict
// "order.not-order"; Invalid "doc.reason-needed".
type EndOrder struct {
	ID     string
	Kind   doc.Kind
	Reason string
}

func (c EndOrder) spec() Need { return Need{Perm: access.OrderEnd} }

func (c EndOrder) run(_ context.Context, x *Exec) (struct{}, error) {
	d, err := x.order(c.ID, c.Kind)
	if err != nil {
		return struct{}{}, err
	}
	if c.Reason == "" {
		return struct{}{}, fault.Bad("app.EndOrder", "order.reason", "field", "reason", "number", d.Number)
	}
	x.Object(d.Number)
	x.Reason(c.Reason)
	x.action = "order.end"
	x.Changed("documents")
	return struct{}{}, x.Tx.EndOrder(d.ID, OrderEnd{By: x.S.user.ID, At: x.Now.Unix(), Reason: c.Reason})
}

// ReopenOrder takes the end of an order back.
type ReopenOrder struct {
	ID   string
	Kind doc.Kind
}

func (c ReopenOrder) spec() Need { return Need{Perm: access.OrderEnd} }

func (c ReopenOrder) run(_ context.Context, x *Exec) (struct{}, error) {
	d, err := x.order(c.ID, c.Kind)
	if err != nil {
		return struct{}{}, err
	}
	x.Object(d.Number)
	x.action = "order.reopen"
	x.Changed("documents")
	return struct{}{}, x.Tx.ReopenOrder(d.ID)
}

// order reads a posted order this person may end.
func (x *Exec) order(id string, kind doc.Kind) (doc.Document, error) {
	d, err := x.Tx.Document(id)
	if err != nil {
		return d, err
	}
	if err := x.seeDocument(d); err != nil {
		return d, err
	}
	if err := x.Allow(access.OrderEnd, access.Object{Mine: d.CreatedBy == x.S.user.ID}); err != nil {
		return d, err
	}
	if d.Kind != kind || mustSpec(d.Kind).Promise != doc.Order || d.Status != doc.Posted || d.Reverses != "" {
		return d, fault.New("app.order", fault.Conflict, "order.not-order", fault.Pairs("number", d.Number))
	}
	return d, nil
}
