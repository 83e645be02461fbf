// Package report describes every list and report of the program: its filters,
// its columns with the right each one needs, its totals and where a row leads.
//
// What belongs here: descriptors and the query and page types. What does not:
// SQL (package store has one query a name) and drawing. A list of items and a
// sales report are the same thing here: a Spec.
package report

import (
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
)

// Type says how a cell's value is to be read and shown.
type Type string

const (
	Text   Type = "text"
	Int    Type = "int"
	Money  Type = "money"  // amount.Money
	Price  Type = "price"  // amount.Price
	Qty    Type = "qty"    // amount.Qty
	Rate   Type = "rate"   // amount.Rate
	Date   Type = "date"   // day.Date
	Time   Type = "time"   // Unix seconds, shown in local time
	Status Type = "status" // a key shown through ui/text: "status.<value>"
	Key    Type = "key"    // a key shown through ui/text: "<column>.<value>"
	Detail Type = "detail" // named values as JSON, shown as words
)

// Value is one cell: Text for text, status, key and detail columns, Num for the rest.
type Value struct {
	Text string
	Num  int64
	Null bool
}

// T, N and Nil make values.
func T(s string) Value                      { return Value{Text: s} }
func N[I ~int64 | ~int32 | ~int](n I) Value { return Value{Num: int64(n)} }
func Nil() Value                            { return Value{Null: true} }

// String gives the plain form used by the script face and CSV: decimals as
// decimal strings, dates as 2026-11-02.
func (v Value) String(t Type) string {
	if v.Null {
		return ""
	}
	switch t {
	case Money:
		return amount.Money(v.Num).String()
	case Price:
		return amount.Price(v.Num).String()
	case Qty:
		return amount.Qty(v.Num).String()
	case Rate:
		return amount.Rate(v.Num).String()
	case Date:
		return day.Date(v.Num).String() //nolint:gosec // stored as a date
	case Int, Time:
		return itoa(v.Num)
	}
	return v.Text
}

// Column is one column. Title is the key "report.col.<Key>" unless TitleKey says
// otherwise; Width is in 14-px characters of half width.
type Column struct {
	Key      string
	Type     Type
	Width    int
	Total    bool         // summed in the totals row
	Field    access.Field // right wanted to see it; "" for everyone
	TitleKey string
	Hide     bool // off until the user shows it
	NoSort   bool
}

// Filter is one thing a list can be narrowed by.
type Filter string

const (
	FromTo    Filter = "date"      // From, To
	AsOf      Filter = "as-of"     // To only: the state at the end of that day
	ByText    Filter = "search"    // Search: any fragment, pinyin too
	ByItem    Filter = "item"      // Item code
	ByParty   Filter = "party"     // Party code
	ByPlace   Filter = "warehouse" // Warehouse code
	ByAccount Filter = "account"
	ByCat     Filter = "category"
	ByKind    Filter = "kind"
	ByStatus  Filter = "status"
	ByUser    Filter = "user"
	ByZero    Filter = "zero" // Zero: also rows whose quantity is zero
)

// Query is what a person asked for.
type Query struct {
	Name      string // Spec.Name
	From, To  day.Date
	Search    string
	Item      string
	Party     string
	Warehouse string
	Account   string
	Category  string
	Kinds     []string
	Status    string
	User      string
	Zero      bool
	Sort      string // column key; "" = the spec's own order
	Desc      bool
	Offset    int // rows to pass over
	Limit     int // 0 = all (exports); pages of the screen ask for 200
	// Count asks for Page.Total and Page.Totals; later pages leave it out.
	Count bool

	// Set by the gate, never by the caller.
	OwnerOnly int64 // rows of this user only; 0 = all
}

// Row is one row; Ref is what Enter on it opens, in the form of Spec.Opens.
type Row struct {
	Ref   string
	Cells []Value
}

// Page is one page of an answer. Columns are those the role may see: the others
// were not read. Totals is by column key.
type Page struct {
	Columns []Column
	Rows    []Row
	Total   int
	Totals  map[string]Value
}

// Opens says what a row leads to.
type Opens string

const (
	OpensNothing   Opens = ""
	OpensDocument  Opens = "document"     // Ref = document ID
	OpensItem      Opens = "item"         // Ref = item ID
	OpensParty     Opens = "party"        // Ref = party ID
	OpensWarehouse Opens = "warehouse"    // Ref = ID
	OpensAccount   Opens = "account"      // Ref = ID
	OpensUser      Opens = "user"         // Ref = ID
	OpensLedger    Opens = "stock-ledger" // Ref = item code: the item's ledger
	OpensLog       Opens = "log"          // Ref = entry sequence
)

// Spec describes one list or report.
type Spec struct {
	Name    string // kebab case; the script face uses it: never renamed
	Perm    access.Permission
	Report  bool // listed among the reports; the rest are lists of the modules
	Filters []Filter
	Columns []Column
	Opens   Opens
	// Wants names filters without which the report says nothing ("item" for a ledger).
	Wants []Filter
	// Month: the date filter starts as this month; otherwise today for lists.
	Month bool
}

// Find gives a column by key.
func (s Spec) Find(key string) (Column, bool) {
	for _, c := range s.Columns {
		if c.Key == key {
			return c, true
		}
	}
	return Column{}, false
}

// For gives the spec's columns that a role may see. Masked counts as hidden for
// numbers; for texts the value is masked in the query.
func (s Spec) For(r access.Role) []Column {
	out := make([]Column, 0, len(s.Columns))
	for _, c := range s.Columns {
		if c.Field == "" || r.Sees(c.Field) == access.Shown || r.Sees(c.Field) == access.Masked && c.Type == Text {
			out = append(out, c)
		}
	}
	return out
}

func itoa(n int64) string {
	if n == 0 {
		return "0"
	}
	neg := n < 0
	var b [20]byte
	i := len(b)
	for n != 0 {
		i--
		d := n % 10
		if d < 0 {
			d = -d
		}
		b[i] = byte('0' + d)
		n /= 10
	}
	if neg {
		i--
		b[i] = '-'
	}
	return string(b[i:])
}
