package sheet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"

	"tiezhang/app/fault"
)

// CellKind is how a cell was stored, which is not always what it means.
type CellKind uint8

const (
	Empty   CellKind = iota
	AsText           // typed or stored as text: leading zeros are there
	AsNum            // stored as a number: leading zeros and digits past the 15th are gone
	AsError          // #N/A and its kin
	NoValue          // a formula that was never worked out
)

// Cell is one cell as stored. Text of a number is the number as the file has it.
type Cell struct {
	Kind CellKind
	Text string
}

// Line is one row; No counts as Excel does. Cells stop at the last used one.
type Line struct {
	No    int
	Cells []Cell
}

func (l Line) at(col int) Cell {
	if col < 0 || col >= len(l.Cells) {
		return Cell{}
	}
	return l.Cells[col]
}

// Table is a sheet read in. Rows without any content are left out.
type Table struct {
	Path   string
	Sheet  string   // the sheet these rows are from; "" for CSV
	Sheets []string // all sheets of the file, in order
	CSV    bool
	Macros bool // the file carries macros, which were ignored
	Lines  []Line
}

// Read reads one sheet of a workbook, or a CSV file in UTF-8, UTF-16 or
// GB18030. An empty name takes the first sheet that has anything on it.
//
// Faults: Invalid "sheet.not-xlsx", "sheet.old-xls", "sheet.disguised",
// "sheet.encrypted", "sheet.empty", "sheet.dtd", "sheet.no-sheet",
// "sheet.too-big", "sheet.too-many-cells"; Damaged "sheet.damaged"; NotFound
// "sheet.no-file"; ReadOnly "sheet.unreadable"; Canceled "sheet.canceled".
func Read(ctx context.Context, path, sheetName string) (Table, error) {
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return Table{}, fault.Wrap("sheet.Read", fault.NotFound, "sheet.no-file", fault.Pairs("file", path), err)
		}
		return Table{}, unreadable(path, err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return Table{}, unreadable(path, err)
	}
	if st.IsDir() {
		return Table{}, fault.Bad("sheet.Read", "sheet.not-xlsx", "file", path)
	}
	if st.Size() > MaxFile {
		return Table{}, fault.Bad("sheet.Read", "sheet.too-big", "file", path, "max", MaxFile>>20)
	}
	start := make([]byte, 8192)
	n, err := io.ReadFull(f, start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Table{}, unreadable(path, err)
	}
	start = start[:n]
	t := Table{Path: path}
	switch {
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		err = readXLSX(ctx, f, st.Size(), sheetName, &t)
	case bytes.HasPrefix(start, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return Table{}, oldFormat(f, path)
	default:
		if _, err = f.Seek(0, io.SeekStart); err == nil {
			err = readText(ctx, f, start, &t)
		}
	}
	if err != nil {
		return Table{}, named(err, path)
	}
	if len(t.Lines) == 0 {
		return Table{}, fault.Bad("sheet.Read", "sheet.empty", "file", path)
	}
	return t, nil
}

func unreadable(path string, err error) error {
	return fault.Wrap("sheet.Read", fault.ReadOnly, "sheet.unreadable", fault.Pairs("file", path), err)
}

// oldFormat tells a workbook with a password from a real .xls: both are OLE
// files, and only the directory of streams inside says which.
func oldFormat(f io.ReadSeeker, path string) error {
	key := "sheet.old-xls"
	var mark []byte // a stream name is UTF-16
	for _, c := range "EncryptedPackage" {
		mark = append(mark, byte(c), 0)
	}
	if _, err := f.Seek(0, io.SeekStart); err == nil {
		if all, err := io.ReadAll(io.LimitReader(f, MaxFile)); err == nil && bytes.Contains(all, mark) {
			key = "sheet.encrypted"
		}
	}
	return fault.Bad("sheet.Read", key, "file", path)
}

// named gives faults from within the file's name; other errors mean damage.
func named(err error, path string) error {
	var e *fault.Error
	if errors.As(err, &e) {
		if e.Args == nil {
			e.Args = fault.Args{}
		}
		e.Args["file"] = path
		return e
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.Wrap("sheet.Read", fault.Canceled, "sheet.canceled", nil, err)
	}
	return fault.Wrap("sheet.Read", fault.Damaged, "sheet.damaged", fault.Pairs("file", path), err)
}

// add keeps a row if anything is on it, under the caps.
func (t *Table) add(l Line, cells *int) error {
	n := len(l.Cells)
	for n > 0 && l.Cells[n-1].Kind == Empty {
		n--
	}
	if n == 0 {
		return nil
	}
	if *cells += n; *cells > MaxCells || len(t.Lines) >= MaxRows {
		return fault.Bad("sheet.Read", "sheet.too-many-cells", "rows", strconv.Itoa(MaxRows))
	}
	l.Cells = l.Cells[:n]
	t.Lines = append(t.Lines, l)
	return nil
}
