// Package grid is the two grids the program is made of: Model with View, the
// editable grid of a document, and List, the read-only list of any length.
// Both are drawn from pooled texts and rectangles, never a widget a cell.
//
// What belongs here: cursor, editing, scanning, pasting, undo, drawing. What
// does not: any knowledge of items, documents or money; the screens bring
// that through Callbacks and Source.
package grid

// Align is where a cell's text stands.
type Align uint8

const (
	Left Align = iota
	Right
	Center
)

// Kind is what a document column holds.
type Kind uint8

const (
	Text   Kind = iota // free text
	Number             // digits: full-width ones are made narrow, input method off
	Choice             // one of a list that Suggest gives for an empty query
)

// Column describes a column of a document grid.
type Column struct {
	Key   string  // stable name, for saved widths and for the callbacks
	Title string  // text key of the heading
	Label string  // heading as it is, for the owner's own fields; Title then unused
	Width float32 // pixels at standard text size
	Align Align
	Kind  Kind

	Editable   bool
	SkipFilled bool // the Enter walk passes over it when it has a value
	Optional   bool // the Enter walk never stops here (notes); Tab, arrows and mouse do
	Scan       bool // the item column: scanned codes become lines here; a row whose cell here is empty is blank
	Suggest    bool // typing asks Callbacks.Suggest
	Quantity   bool // digits that look like a barcode are asked about
	TakesScan  bool // a scan belongs into this very cell (serial number, batch)
	Bold       bool
	Hidden     bool
}

// Row is one line. The grid never looks into Data. A Row is a value: callbacks
// return a new one and never change one they were given.
type Row struct {
	Cells  []string
	Styles []Style // optional, by column
	Data   any     // the screen's own: item, unit, line of the original …

	problems map[int]string
}

// Style is how a cell's text looks.
type Style uint8

const (
	Normal Style = iota
	Muted
	Negative
	Positive
	Warning
	Bold
	Link
)

// Edit is what a person wants in a cell.
type Edit struct {
	At   int // index of the row
	Row  Row // as it is now
	Col  int
	Key  string      // of the column
	Text string      // trimmed, narrow digits in Number columns
	Qty  string      // the 12 of "12*" typed before it in a Scan column, or ""
	Pick *Suggestion // what was chosen from the list, if so
	Copy *Row        // the row above, when Ctrl+D copies its cell
	// Paste is true inside a pasted block: do not open dialogs.
	Paste bool
}

// Query asks for suggestions.
type Query struct {
	At   int
	Row  Row
	Col  int
	Key  string
	Text string
}

// Suggestion is one line of the list under the editor. Empty columns are not
// drawn, so a plain choice sets only Name.
type Suggestion struct {
	Name, Spec, Code, Stock, Price string
	Data                           any
}

// Scanned is a code a scanner sent.
type Scanned struct {
	Code string
	Qty  string // from "12*", or ""
	Rows []Row  // the lines so far, without the blank last one
}

// ScanResult says what a scan became: a new line, a line changed (the till
// merges the same item), a question (Choices), or a fault.
type ScanResult struct {
	Row     Row
	Replace bool // Row replaces line At instead of being a new line
	At      int
	Choices []Suggestion // two items on one code: the person picks by digit
	Err     error
}

// Problem is what is wrong with a cell.
type Problem struct {
	Row, Col int
	Text     string
}

// Change tells which rows were replaced: drafts are saved from it.
type Change struct {
	At              int
	Removed, Placed []Row
}

// PasteReport tells what a pasted block became.
type PasteReport struct {
	Rows, Cells int
	Problems    []Problem
}

// Event is something a screen may want to make a sound for.
type Event uint8

const (
	ScanTaken     Event = iota // a code became a line
	ScanMisplaced              // a code was caught in a quantity or price cell and became a line
	ScanUnknown                // no item has that code
	EditRefused                // a cell's text was not accepted
)

// Callbacks connect a Model to a document. Those with a reply may call it at
// once or later, on the interface thread, exactly once: work that reads the
// shop goes through ui/bg. While a reply to Commit or Scan is awaited, keys
// wait in Model.Do and none is lost.
type Callbacks struct {
	NewRow  func() Row
	Commit  func(e Edit, reply func(Row, error))
	Suggest func(q Query, reply func([]Suggestion))
	Scan    func(s Scanned, reply func(ScanResult))
	// Delete may refuse by a fault; nil allows all.
	Delete func(r Row) error
	// ReadOnly locks single cells (a line pulled from an order); nil locks none.
	ReadOnly func(r Row, col int) bool
	// Totals gives the text of the totals row by column; nil draws none.
	Totals func(rows []Row) []string
	// AskBarcode asks whether digits typed as a quantity are a barcode. nil
	// asks in the message line: Enter yes, Esc no.
	AskBarcode func(digits string, reply func(isBarcode bool))
	// Finished: Enter on the blank last line.
	Finished func()
	// Changed follows every change of rows, also undo and paste.
	Changed func(Change)
	// Pasted follows a pasted block, with every problem in it.
	Pasted func(PasteReport)
	Event  func(e Event, code string)
}

// Command is a key of the grid by meaning.
type Command uint8

const (
	Enter    Command = iota
	Next             // Tab
	Previous         // Shift+Tab
	Up
	Down
	MoveLeft
	MoveRight
	PageUp
	PageDown
	First // Ctrl+Home
	Last  // Ctrl+End
	Escape
	CopyAbove
	DeleteRow
	InsertRow
	Undo
	Redo
	OpenList
)
