// Package formview is the one form of master data: items, customers and
// suppliers, warehouses, money accounts and the people who sign in.
//
// What belongs here: descriptors of the fields, the two-column form over them,
// faults at their fields, leaving with unsaved typing. What does not: checking
// and saving (the gate does), lists, documents.
package formview

import (
	"context"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/ui/control"
)

// kind is what a field is edited with.
type kind uint8

const (
	words  kind = iota // a line of text
	number             // digits and codes: input method off
	lines              // several lines
	choice             // one of a list
	check              // yes or no
	secret             // a password being chosen, with its strength
	table              // rows of entries
	date               // a day
	many               // several of a list
	other              // drawn by the descriptor
)

// field is one field. Get and set speak text, whatever is behind it.
type field struct {
	key   string // as faults name it: "code", "prices.retail"
	label string // text key
	words string // the label itself, where an owner named the field
	kind  kind
	must  bool
	hint  string // text key, under the field
	off   bool   // may be seen, not changed
	wide  bool   // across both columns
	// unmask is what shows the whole of a masked value; nil where nobody may. Its
	// button stands beside the field, and the value for a while under it.
	unmask *app.Unmask

	get func() string
	set func(string) error

	options  func() []control.Option // choice
	optional bool
	changed  func(f *Form, value string)
	columns  []column               // table
	rows     func() [][]string      // table
	take     func([][]string) error // table
	most     int                    // table: rows at most
	object   func(f *Form) fyne.CanvasObject
	context  func(f *Form) []string // secret: what a guesser tries first
	owner    func(f *Form) bool     // secret: the stricter policy
}

// column is one column of a table field.
type column struct {
	label string // text key
	width float32
	kind  kind
}

// section is a framed part of the form.
type section struct {
	title  string // text key
	fields []*field
}

// desc is one kind of form, made for one row: its closures hold the row.
type desc struct {
	title    func() string // in words
	sections func() []section
	// load reads off the interface thread; put lays what was read into the row.
	load func(ctx context.Context, s *app.Session) (put func(), err error)
	// save copies the row; write saves the copy off the interface thread.
	save func() (write func(ctx context.Context, s *app.Session) (id int64, err error))
	// isNew tells whether there is no row yet.
	isNew func() bool
	// disabled and disable are nil where nothing can be put out of use.
	disabled func() bool
	disable  func(bool)
	readOnly bool
	areas    []string // changes that make it read again
	more     []action
	// share is the answer that a number of somebody else's is meant; nil where
	// there is no such question.
	share func()
	// notes are lines over the form, with a button.
	notes func(f *Form) []note
	tabs  []tab
}

// note is a line over the form: what happened to the row.
type note struct {
	words, button string
	run           func()
}

// tab is a further side of a row: its history, where it is used.
type tab struct {
	label string // text key
	make  func(f *Form) fyne.CanvasObject
}

// action is a further button.
type action struct {
	label, icon string
	run         func(f *Form)
}
