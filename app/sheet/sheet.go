// Package sheet is the door for tables: lists and reports go out as Excel
// files, the shop's old data comes in from Excel or CSV.
//
// What belongs here: writing a table as a workbook, reading a workbook or CSV
// under hard limits, finding the header and matching its columns, turning rows
// into items, parties and opening stock with every problem named by its cell,
// and the import templates. What does not: saving anything (package app does,
// as one batch), SQL, and words: texts come in through a Texts function.
//
// Workbooks are read and written here part by part rather than through a
// library's model of the whole: numbers leave as the exact decimals they are
// (no float on the way), a cell keeps its type on the way in (so that a barcode
// typed as a number is noticed), memory stays flat, and no plain copy of the
// shop's data is spilled into a temporary directory.
package sheet

import (
	"strconv"

	"tiezhang/app/fault"
)

// Texts gives the words of a key with named arguments, name, value, name,
// value …; ui/text and the script face have one each.
type Texts func(key string, nv ...any) string

// Limits on what is read. They bound memory before anything is allocated.
const (
	MaxFile   = 64 << 20  // bytes of the file
	MaxUnzip  = 256 << 20 // bytes of all parts unpacked
	MaxRows   = 200_000   // rows looked at
	MaxCols   = 200
	MaxCells  = 4_000_000
	MaxText   = 32_767 // characters of a cell, Excel's own limit
	maxParts  = 4_000  // entries of the zip
	maxString = 2_000_000
)

// MaxOut is how many rows a worksheet can hold.
const MaxOut = 1_048_576

// Level says how bad a problem is.
type Level uint8

const (
	Error   Level = iota // the row cannot be taken in
	Warning              // it can, but somebody should look
	Note                 // nothing is wrong: a line was passed over
)

// Problem is one thing found in a table. Cell is its name as Excel shows it
// ("B17"), or "" when the whole row is meant; Column is the title as it stands
// in the file; Key and Args make the sentence.
type Problem struct {
	Row    int // as Excel counts, from 1
	Cell   string
	Column string
	Level  Level
	Key    string
	Args   fault.Args
}

// Errors counts the problems that keep rows from being taken in.
func Errors(ps []Problem) int {
	n := 0
	for _, p := range ps {
		if p.Level == Error {
			n++
		}
	}
	return n
}

// ColumnName gives A, B … Z, AA for 0, 1 … 25, 26.
func ColumnName(i int) string {
	var b [8]byte
	n := len(b)
	for i++; i > 0; i = (i - 1) / 26 {
		n--
		b[n] = byte('A' + (i-1)%26)
	}
	return string(b[n:])
}

// cellName gives B17 for column 1 of row 17.
func cellName(col, row int) string { return ColumnName(col) + strconv.Itoa(row) }
