package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
)

// Dec is a decimal in a line of the script face: a string, or a plain JSON
// number taken digit by digit (never through floating point).
type Dec string

// UnmarshalJSON takes "12.50" and 12.50.
func (d *Dec) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*d = Dec(s)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return errors.New("a number is wanted")
	}
	*d = Dec(n.String())
	return nil
}

// Wire is one line of the script face: a document of any kind, or a row of
// master data. Codes stand for rows, decimals are strings. docs/console.md
// tells each field.
type Wire struct {
	Kind string `json:"kind"`
	ID   string `json:"id,omitempty"`

	Date          string      `json:"date,omitempty"`
	Party         string      `json:"party,omitempty"`
	Warehouse     string      `json:"warehouse,omitempty"`
	To            string      `json:"to,omitempty"`
	Account       string      `json:"account,omitempty"`
	ToAccount     string      `json:"to_account,omitempty"`
	Category      string      `json:"category,omitempty"`
	Amount        Dec         `json:"amount,omitempty"`
	Discount      Dec         `json:"discount,omitempty"`
	Staff         string      `json:"staff,omitempty"`       // code of an employee
	Due           string      `json:"due,omitempty"`         // goods wanted by, offer good until, money due
	Bonus         Dec         `json:"bonus,omitempty"`       // StoredTopUp: given on top
	PointsUsed    int64       `json:"points_used,omitempty"` // points the member pays with, part of discount
	Note          string      `json:"note,omitempty"`
	Reason        string      `json:"reason,omitempty"`
	AllowNegative bool        `json:"allow_negative,omitempty"`
	Lines         []WireLine  `json:"lines,omitempty"`
	Payments      []WirePay   `json:"payments,omitempty"`
	Allocations   []WireAlloc `json:"allocations,omitempty"`
	// Of is the document a Reverse, EndOrder or ReopenOrder is about: its ID or number.
	Of string `json:"of,omitempty"`

	// Master data.
	Code     string         `json:"code,omitempty"`
	Name     string         `json:"name,omitempty"`
	Spec     string         `json:"spec,omitempty"`
	Brand    string         `json:"brand,omitempty"`
	Unit     string         `json:"unit,omitempty"`
	Barcode  string         `json:"barcode,omitempty"`
	Barcodes []string       `json:"barcodes,omitempty"`
	Price    Dec            `json:"price,omitempty"`
	Prices   map[string]Dec `json:"prices,omitempty"`
	Units    []WireUnit     `json:"units,omitempty"`
	Min      Dec            `json:"min,omitempty"`
	Max      Dec            `json:"max,omitempty"`
	Role     string         `json:"role,omitempty"` // customer, supplier, both
	Type     string         `json:"type,omitempty"` // kind of a money account
	Contact  string         `json:"contact,omitempty"`
	Phone    string         `json:"phone,omitempty"`
	Address  string         `json:"address,omitempty"`
	Level    string         `json:"level,omitempty"`
	Credit   Dec            `json:"credit,omitempty"`
	Disabled *bool          `json:"disabled,omitempty"`
	WireMaster
}

// WireLine, WirePay, WireAlloc and WireUnit are its parts.
type WireLine struct {
	Item       string `json:"item,omitempty"` // may be left out with origin and origin_line
	Qty        Dec    `json:"qty,omitempty"`
	Unit       string `json:"unit,omitempty"`
	Price      *Dec   `json:"price,omitempty"`
	Discount   Dec    `json:"discount,omitempty"`
	Batch      string `json:"batch,omitempty"`
	Expiry     string `json:"expiry,omitempty"`
	Origin     string `json:"origin,omitempty"`      // document returned or pulled from: ID or number
	OriginLine int    `json:"origin_line,omitempty"` // 0: the line with the same item
	Book       *Dec   `json:"book,omitempty"`        // StockCount: book quantity when counted
	// StockCount, second count: what the first found, and the book quantity then.
	First     *Dec     `json:"first,omitempty"`
	FirstBook *Dec     `json:"first_book,omitempty"`
	Side      string   `json:"side,omitempty"`    // Assembly, Disassembly: "in" made, "out" used up
	Amount    Dec      `json:"amount,omitempty"`  // LandedCost, PriceAdjustment: cost of the line
	Serials   []string `json:"serials,omitempty"` // one for each piece
	Note      string   `json:"note,omitempty"`
}

// WirePay is money on the spot.
type WirePay struct {
	Account string `json:"account"`
	Amount  Dec    `json:"amount"`
}

// WireAlloc settles part of a document.
type WireAlloc struct {
	Doc    string `json:"doc"` // ID or number
	Amount Dec    `json:"amount"`
}

// WireUnit is a further unit: 1 of it = Factor base units ("12", or "1/3").
type WireUnit struct {
	Name    string `json:"name"`
	Factor  string `json:"factor"`
	Barcode string `json:"barcode,omitempty"`
	Price   Dec    `json:"price,omitempty"`
}

// ParseWire reads one line. Unknown fields are refused by name, so that a typing
// mistake is not lost.
func ParseWire(b []byte) (Wire, error) {
	var w Wire
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil {
		return Wire{}, fault.Wrap("app.ParseWire", fault.Invalid, "wire.json", fault.Pairs("what", err.Error()), err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Wire{}, fault.Bad("app.ParseWire", "wire.json", "what", "more than one value on the line")
	}
	return w, nil
}

// PostWire carries out one line through the same checks as the screens.
type PostWire struct{ Wire Wire }

// WireResult says what a line did.
type WireResult struct {
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	Number string `json:"number,omitempty"`
	Total  string `json:"total,omitempty"`
	Again  bool   `json:"again,omitempty"` // had been posted before
	// Warnings are what a screen would have asked about (stock below zero at the
	// till): a script can't be asked, so it is told.
	Warnings []*fault.Error `json:"-"`
}

func (c PostWire) spec() Need {
	switch c.Wire.Kind {
	case "Item":
		return Need{Perm: access.ItemEdit}
	case "Party":
		return Need{Perm: partyEdit(master.PartyKind(c.Wire.Role))}
	case "Warehouse", "Account":
		return Need{Perm: access.PlaceEdit}
	case "Employee":
		return Need{Perm: access.EmployeeEdit}
	case "EndOrder", "ReopenOrder":
		return Need{Perm: access.OrderEnd}
	case "Reverse":
		return Need{Perm: access.HomeView} // the right hangs on the document: decided in run
	}
	s, ok := doc.Of(doc.Kind(c.Wire.Kind))
	if !ok {
		return Need{Perm: access.HomeView} // run refuses it as unknown
	}
	return Need{Perm: createRight(s)}
}

func (c PostWire) run(ctx context.Context, x *Exec) (WireResult, error) {
	w := c.Wire
	res := WireResult{Kind: w.Kind, ID: w.ID}
	var id int64
	var err error
	switch w.Kind {
	case "Item":
		id, err = w.saveItem(x)
	case "Party":
		id, err = w.saveParty(x)
	case "Warehouse":
		id, err = w.saveWarehouse(ctx, x)
	case "Account":
		id, err = w.saveAccount(ctx, x)
	case "Employee":
		id, err = w.saveEmployee(ctx, x)
	case "Reverse":
		return w.reverse(ctx, x)
	case "EndOrder", "ReopenOrder":
		return w.endOrder(ctx, x)
	default:
		return w.post(ctx, x)
	}
	res.ID = strconv.FormatInt(id, 10)
	return res, err
}

func (w Wire) reverse(ctx context.Context, x *Exec) (WireResult, error) {
	d, err := docByName(x.Tx, w.Of)
	if err != nil {
		return WireResult{}, err
	}
	if err := x.seeDocument(d); err != nil {
		return WireResult{}, err
	}
	r := Reverse{ID: d.ID, Kind: d.Kind, Reason: w.Reason, AllowNegative: w.AllowNegative}
	if w.Date != "" {
		if r.Date, err = day.Parse(w.Date); err != nil {
			return WireResult{}, fault.Bad("app.PostWire", "doc.date", "field", "date", "value", w.Date)
		}
	}
	if err := x.Allow(r.spec().Perm, access.Object{Mine: d.CreatedBy == x.S.user.ID}); err != nil {
		return WireResult{}, err
	}
	rc, err := r.run(ctx, x)
	return WireResult{Kind: "Reverse", ID: rc.ID, Number: rc.Number, Total: rc.Total.String(), Again: rc.Again}, err
}

func (w Wire) endOrder(ctx context.Context, x *Exec) (WireResult, error) {
	d, err := docByName(x.Tx, w.Of)
	if err != nil {
		return WireResult{}, err
	}
	if w.Kind == "EndOrder" {
		_, err = EndOrder{ID: d.ID, Kind: d.Kind, Reason: w.Reason}.run(ctx, x)
	} else {
		_, err = ReopenOrder{ID: d.ID, Kind: d.Kind}.run(ctx, x)
	}
	return WireResult{Kind: w.Kind, ID: d.ID, Number: d.Number}, err
}

func (w Wire) post(ctx context.Context, x *Exec) (WireResult, error) {
	spec, ok := doc.Of(doc.Kind(w.Kind))
	if !ok {
		return WireResult{}, fault.Bad("app.PostWire", "wire.kind", "field", "kind", "kind", w.Kind)
	}
	if w.ID != "" { // the same line again: say so before its references are judged
		if old, err := x.Tx.Document(w.ID); err == nil && old.Status != doc.Draft && string(old.Kind) == w.Kind {
			if err := x.postedBefore(old); err != nil {
				return WireResult{}, err
			}
			x.Quiet()
			return WireResult{Kind: w.Kind, ID: old.ID, Number: old.Number, Total: x.maskTotal(spec, old.Total).String(), Again: true}, nil
		}
	}
	d, err := w.document(x, spec)
	if err != nil {
		return WireResult{}, err
	}
	// What the till sold is sold, whatever the books say: its lines pass where the
	// right to sell below zero is there, with a warning.
	below := w.AllowNegative || spec.Negative && x.S.May(access.NegativeStock)
	r, err := Post{Doc: d, AllowNegative: below}.run(ctx, x)
	return WireResult{Kind: w.Kind, ID: d.ID, Number: r.Number, Total: r.Total.String(), Again: r.Again, Warnings: r.Warnings}, err
}

func docByName(tx Tx, s string) (doc.Document, error) {
	d, err := tx.Document(s)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return tx.DocumentByNumber(s)
	}
	return d, err
}

// PostWires carries out many lines in one transaction: all of them or none. Each
// leaves its own log entry. The fault of a line says which ("wire.line").
//
// A second person, or a code in their stead, answers for the whole script; the
// entries of the lines that needed them say so. A code's limit is for what those
// lines are worth together. A right lent is used once a line.
type PostWires struct {
	Wires []Wire
	// Progress is told after each line.
	Progress func(done, total int)
}

func (c PostWires) spec() Need { return Need{Perm: access.Import} }

func (c PostWires) run(ctx context.Context, x *Exec) ([]WireResult, error) {
	out := make([]WireResult, len(c.Wires))
	changed, after := x.changed, x.after
	all := x.approved // somebody approved of the script as such
	var worth amount.Money
	var said int64 // the entry that tells of the code
	for i, w := range c.Wires {
		x.reset(x.Tx)
		x.approved, x.lent, x.worth = all, nil, 0
		one := PostWire{w}
		x.need = one.spec()
		if err := x.permit(x.need.Perm); err != nil {
			return nil, err
		}
		var err error
		if out[i], err = one.run(ctx, x); err != nil {
			return nil, atLine(err, i+1)
		}
		for a := range x.changed {
			changed[a] = true
		}
		if !x.skipLog {
			if err := x.payLent(); err != nil {
				return nil, atLine(err, i+1)
			}
			after = append(after, x.after...)
			if x.approved {
				worth += x.worth
			}
			if err := x.S.appendLog(x, oplog.OK, ""); err != nil {
				return nil, err
			}
			if x.approved {
				if said, _, err = x.Tx.LogHead(); err != nil {
					return nil, err
				}
			}
		}
		if c.Progress != nil {
			c.Progress(i+1, len(c.Wires))
		}
	}
	x.need = c.spec()
	x.changed, x.after, x.worth = changed, after, worth
	if err := x.spendStep(); err != nil {
		return nil, err
	}
	if err := x.payCode(said); err != nil {
		return nil, err
	}
	x.Quiet() // every line has its own entry
	return out, nil
}

// atLine wraps a line's fault with its number, keeping its kind.
func atLine(err error, no int) error {
	return fault.Wrap("app.PostWires", fault.KindOf(err), "wire.line", fault.Pairs("row", no), err)
}
