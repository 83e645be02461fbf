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
	Number Type = "number" // a decimal number as text, as an owner's own field keeps it
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

// Column is one column. Title is the key "report.col.<Key>" unless TitleKey or
// Label says otherwise; Width is in 14-px characters of half width.
type Column struct {
	Key      string
	Type     Type
	Width    int
	Total    bool         // summed in the totals row
	Field    access.Field // right wanted to see it; "" for everyone
	TitleKey string
	Hide     bool // off until the user shows it
	NoSort   bool
	// Masked: its figures are not this person's to see. They are not read, and
	// access.MaskedFigure stands in every cell, as text.
	Masked bool
	// Groups are the values of Query.Group the column belongs to; nil for all.
	Groups []string
	// Custom is the key of a field the owner declared, Label its name. Such
	// columns are added by the gate to specs that have an Entity.
	Custom string
	Label  string
}

// CustomColumn makes the column of a field the owner declared. Key must be made
// of a to z, 0 to 9 and _ only: it becomes part of a query.
func CustomColumn(key, label string, t Type) Column {
	return Column{Key: "custom." + key, Type: t, Width: 14, Custom: key, Label: label, NoSort: t != Text && t != Number}
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
	ByStaff   Filter = "staff" // Staff code
	ByZero    Filter = "zero"  // Zero: also rows whose quantity is zero
	ByGroup   Filter = "group" // Group: what one row stands for, one of Spec.Groups
	ByDays    Filter = "days"  // Days: how far ahead or back the report looks
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
	Staff     string
	Zero      bool
	Group     string // one of Spec.Groups; "" = the first
	Days      int    // 0 = Spec.Days
	Sort      string // column key; "" = the spec's own order
	Desc      bool
	Offset    int // rows to pass over
	Limit     int // 0 = all (exports); pages of the screen ask for 200
	// Count asks for Page.Total and Page.Totals; later pages leave it out.
	Count bool

	// Set by the gate, never by the caller.
	OwnerOnly int64        // rows of this user only; 0 = all
	Reach     access.Reach // rows in these warehouses only; nil = all
	Me        int64        // who asks
	Unseen    Unseen
}

// Unseen is what a person may not be told of the parties rows are about, though
// they may see the rows. The zero value hides nothing.
type Unseen struct {
	Customers bool // names of customers
	Others    bool // names of customers somebody else looks after
	Suppliers bool // names of suppliers
	Details   bool // figures in the details of log entries
	Persons   bool // names of members: the first character has to do
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
	OpensNothing     Opens = ""
	OpensDocument    Opens = "document"     // Ref = document ID
	OpensItem        Opens = "item"         // Ref = item ID
	OpensParty       Opens = "party"        // Ref = party ID
	OpensWarehouse   Opens = "warehouse"    // Ref = ID
	OpensAccount     Opens = "account"      // Ref = ID
	OpensUser        Opens = "user"         // Ref = ID
	OpensEmployee    Opens = "employee"     // Ref = ID
	OpensCustomField Opens = "custom-field" // Ref = ID
	OpensLedger      Opens = "stock-ledger" // Ref = item code: the item's ledger
	OpensLog         Opens = "log"          // Ref = entry sequence
	OpensReport      Opens = "report"       // Ref = name of a report and filters: see Link
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
	// Groups are the values of ByGroup, the first being what is shown unasked.
	Groups []string
	// Days is what ByDays starts with.
	Days int
	// Entity is whose custom fields join the columns: "item", "party",
	// "document" or "" for none.
	Entity string
	// Chart draws the rows: a column of names against a column of figures.
	Chart Chart
	// Span is what the rows have to do with warehouses.
	Span Span
}

// Span says what is left of a list for a person who works in some warehouses
// only. A spec that says nothing is not shown to them at all.
type Span uint8

const (
	WholeShop Span = iota // figures that cannot be split by warehouse
	Placed                // rows lie in warehouses: those of the person's are left
	Nowhere               // rows have nothing to do with warehouses
)

// Chart says what is drawn beside the rows, where looking beats reading.
type Chart struct {
	Kind  ChartKind
	Name  string   // column of the names
	Value []string // columns of figures; Stack draws one part a column
}

// ChartKind is a way to draw.
type ChartKind string

const (
	NoChart ChartKind = ""
	Trend   ChartKind = "trend" // figures along the rows' order: months, days
	Ranks   ChartKind = "ranks" // the first rows as bars
	Parts   ChartKind = "parts" // the totals of the columns as parts of a whole
)

// GroupOf gives the group a query means: the first where it names none, "" where
// the spec has none or does not know it.
func (s Spec) GroupOf(q Query) string {
	for i, g := range s.Groups {
		if q.Group == g || q.Group == "" && i == 0 {
			return g
		}
	}
	return ""
}

// In gives those of some columns that belong to a group.
func In(cols []Column, group string) []Column {
	out := make([]Column, 0, len(cols))
	for _, c := range cols {
		ok := len(c.Groups) == 0
		for _, g := range c.Groups {
			ok = ok || g == group
		}
		if ok {
			out = append(out, c)
		}
	}
	return out
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

// For gives the spec's columns that a role may see. Masked texts are masked by
// the gate; masked figures stay as columns that say nothing. Nothing masked can
// be sorted by: the order would tell what the mask hides.
func (s Spec) For(r access.Role) []Column {
	out := make([]Column, 0, len(s.Columns))
	for _, c := range s.Columns {
		switch {
		case c.Field == "" || r.Sees(c.Field) == access.Shown:
		case r.Sees(c.Field) == access.Hidden:
			continue
		case c.Type == Text:
			c.NoSort = true
		default:
			c = c.Covered()
		}
		out = append(out, c)
	}
	return out
}

// Covered is a column of figures as one that says nothing.
func (c Column) Covered() Column {
	c.Type, c.Total, c.NoSort, c.Masked = Text, false, true, true
	return c
}

// Read gives the columns whose values are read.
func Read(cols []Column) []Column {
	out := make([]Column, 0, len(cols))
	for _, c := range cols {
		if !c.Masked {
			out = append(out, c)
		}
	}
	return out
}

// Cover gives an answer to Read(cols) the covered columns of cols as well.
func (p Page) Cover(cols []Column) Page {
	if len(p.Columns) == len(cols) {
		return p
	}
	for i, r := range p.Rows {
		cells, at := make([]Value, len(cols)), 0
		for j, c := range cols {
			if c.Masked {
				cells[j] = T(access.MaskedFigure)
				continue
			}
			cells[j] = r.Cells[at]
			at++
		}
		p.Rows[i].Cells = cells
	}
	p.Columns = cols
	return p
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
