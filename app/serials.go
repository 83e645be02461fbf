package app

import (
	"context"
	"slices"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// checkSerialLine wants a serial number for each piece, of pieces that are where
// the document says.
func checkSerialLine(tx Tx, reach access.Reach, spec doc.Spec, d *doc.Document, ln doc.Line, it master.Item, o origins, bad func(field, key string, nv ...any)) error {
	switch {
	case it.Track != master.BySerial:
		bad("serials", "doc.serial-not-tracked")
		return nil
	case spec.Flow == doc.Recount: // which piece is gone a count by quantity cannot tell
		if ln.Base != ln.Book {
			bad("qty", "doc.serial-count-differs")
		}
		return nil
	case amount.Qty(len(ln.Serials))*amount.QtyScale != ln.Base:
		bad("serials", "doc.serial-count", "have", len(ln.Serials), "qty", ln.Base.String())
		return nil
	}
	from, returned := o.lines[ln.No]
	for _, no := range ln.Serials {
		if returned && len(from.Serials) > 0 && !slices.ContainsFunc(from.Serials, func(s string) bool { return strings.EqualFold(s, no) }) {
			bad("serials", "doc.serial-origin", "serial", no, "number", o.docs[ln.No].Number)
			continue
		}
		if err := checkPiece(tx, reach, side(spec, ln), source(spec, d), ln.ItemID, no, bad); err != nil {
			return err
		}
	}
	return nil
}

// checkPiece: what comes in is not there yet, what leaves is where it leaves.
// Where else it is, is told to those who work there.
func checkPiece(tx Tx, reach access.Reach, side int, warehouse, item int64, no string, bad func(field, key string, nv ...any)) error {
	at, there, err := tx.SerialPlace(item, no)
	switch {
	case err != nil:
		return err
	case side > 0 && there:
		bad("serials", "doc.serial-there", "serial", no)
	case side < 0 && (!there || at != warehouse && !reach.Has(at)):
		bad("serials", "doc.serial-gone", "serial", no)
	case side < 0 && at != warehouse:
		w, err := tx.Warehouse(at)
		if err != nil {
			return err
		}
		bad("serials", "doc.serial-elsewhere", "serial", no, "place", w.Name)
	}
	return nil
}

// checkSerialsBack holds the serial numbers of a document that is taken back
// against where the pieces are now.
func checkSerialsBack(tx Tx, reach access.Reach, spec doc.Spec, old doc.Document) error {
	var l fault.List
	at := inPlace(spec, old)
	for _, ln := range old.Lines {
		back, from := -side(spec, ln), old.WarehouseID
		if spec.Flow == doc.Move { // they come back from where they went
			back, from = -1, at.ToPlaceID
		}
		for _, no := range ln.Serials {
			if err := checkPiece(tx, reach, back, from, ln.ItemID, no, func(field, key string, nv ...any) {
				l = append(l, fault.Bad("app.Reverse", key, append([]any{"line", ln.No, "field", field}, nv...)...))
			}); err != nil {
				return err
			}
		}
	}
	return l.Err()
}

// FindSerials offers the pieces of an item in stock, by a fragment of the number.
type FindSerials struct {
	Item, Warehouse int64 // Warehouse 0 = everywhere
	Fragment        string
	Limit           int
}

func (q FindSerials) spec() Need { return Need{Perm: access.ItemView, Silent: true} }

func (q FindSerials) ask(_ context.Context, x *Exec) ([]Serial, error) {
	if q.Limit <= 0 || q.Limit > 500 {
		q.Limit = 50
	}
	return x.pieces(q.Item, q.Warehouse, q.Fragment, q.Limit)
}
