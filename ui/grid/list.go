package grid

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	ft "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/keys"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// Cell is one cell of a list.
type Cell struct {
	Text  string
	Style Style
}

// Source gives a list its rows. Row's ok is false while a row is not loaded
// yet; the list then asks for it through List.OnNeed and shows a mark.
type Source interface {
	Len() int
	Row(i int) (cells []Cell, ok bool)
}

// ListColumn describes a column of a list.
type ListColumn struct {
	Key      string
	Title    string  // text key of the heading
	Label    string  // heading as it is, if there is no key
	Width    float32 // pixels at standard text size
	Align    Align
	Sortable bool
	Hidden   bool
}

// Heading is the column's heading in the current language.
func (c ListColumn) Heading() string {
	if c.Label != "" || c.Title == "" {
		return c.Label
	}
	return text.T(c.Title)
}

// Empty is what a list without rows shows: one sentence and one button.
type Empty struct {
	Words  string
	Button string // "" for none
	Action func()
}

// List is a read-only grid of any length. Set the fields, then show it; after
// changing them call Refresh.
type List struct {
	widget.BaseWidget

	Columns []ListColumn
	Empty   Empty
	// Multi allows several rows to be selected with Space, Shift and Ctrl.
	Multi bool
	// Footer gives the totals row by column; nil draws none.
	Footer func() []Cell

	OnActivate func(row int)                  // Enter, double click
	OnMove     func(row int)                  // the active row changed
	OnSelect   func(count int)                // the number of selected rows changed
	OnSort     func(column string, desc bool) // heading clicked: sort and Reload
	OnNeed     func(from, to int)             // rows [from, to) are wanted and not loaded
	OnResize   func(column string, w float32) // a column was dragged
	// OnCopy copies the rows chosen; without it a list copies the first CopyMost of
	// them by itself.
	OnCopy func(rows []int)
	// OnKey sees keys first; true means used.
	OnKey func(*fyne.KeyEvent) bool

	source   Source
	active   int
	anchor   int
	top      int
	firstCol int
	focused  bool
	shift    bool
	ctrl     bool
	hover    int
	sortKey  string
	sortDesc bool
	picked   picks
	now      func() time.Time

	clickAt   time.Time
	clickRow  int
	barDrag   bool
	barGrab   float32
	resizing  int
	wheel     float32
	askedFrom int
	askedTo   int
	overEdge  bool
}

var (
	_ fyne.Focusable     = (*List)(nil)
	_ fyne.Shortcutable  = (*List)(nil)
	_ fyne.Scrollable    = (*List)(nil)
	_ fyne.Draggable     = (*List)(nil)
	_ desktop.Mouseable  = (*List)(nil)
	_ desktop.Hoverable  = (*List)(nil)
	_ desktop.Keyable    = (*List)(nil)
	_ desktop.Cursorable = (*List)(nil)
)

// NewList makes a list; source may be nil until SetSource.
func NewList(cols []ListColumn, source Source) *List {
	l := &List{Columns: cols, source: source, hover: -1, resizing: -1, clickRow: -1, now: time.Now}
	l.ExtendBaseWidget(l)
	return l
}

// SetClock replaces the clock that tells a double click.
func (l *List) SetClock(now func() time.Time) { l.now = now }

// SetSource shows other rows from the top and selects none.
func (l *List) SetSource(s Source) {
	l.source = s
	l.active, l.anchor, l.top = 0, 0, 0
	l.picked = picks{}
	l.Reload()
}

// Reload redraws after the source's rows changed, keeping place and selection.
func (l *List) Reload() {
	l.askedFrom, l.askedTo = 0, 0
	n := l.Len()
	l.active = max(0, min(l.active, n-1))
	l.picked.limit(n)
	l.clamp()
	l.Refresh()
	if l.OnSelect != nil {
		l.OnSelect(l.picked.count(n))
	}
}

// Len is the number of rows.
func (l *List) Len() int {
	if l.source == nil {
		return 0
	}
	return l.source.Len()
}

// Active is the row the cursor is on, -1 in an empty list.
func (l *List) Active() int {
	if l.Len() == 0 {
		return -1
	}
	return l.active
}

// Selected lists the selected rows in order, or the active one when none is.
func (l *List) Selected() []int {
	n := l.Len()
	if n == 0 {
		return nil
	}
	if l.picked.count(n) == 0 {
		return []int{l.active}
	}
	return l.picked.list(n)
}

// SelectedCount counts rows selected one by one; 0 when only the cursor stands.
func (l *List) SelectedCount() int { return l.picked.count(l.Len()) }

// ClearSelection selects none.
func (l *List) ClearSelection() { l.picked = picks{}; l.selectionChanged() }

// SetSort shows the sort mark without calling OnSort.
func (l *List) SetSort(column string, desc bool) {
	l.sortKey, l.sortDesc = column, desc
	l.Refresh()
}

// Sort gives the column sorted by and the direction.
func (l *List) Sort() (column string, desc bool) { return l.sortKey, l.sortDesc }

// MoveTo makes a row active and scrolls to it.
func (l *List) MoveTo(row int) {
	n := l.Len()
	if n == 0 {
		return
	}
	row = max(0, min(row, n-1))
	moved := row != l.active
	l.active = row
	if row < l.top {
		l.top = row
	} else if p := l.pageRows(); row >= l.top+p {
		l.top = row - p + 1
	}
	l.clamp()
	l.Refresh()
	if moved && l.OnMove != nil {
		l.OnMove(row)
	}
}

func (l *List) selectionChanged() {
	l.Refresh()
	if l.OnSelect != nil {
		l.OnSelect(l.picked.count(l.Len()))
	}
}

func (l *List) rowH() float32  { return theme.Px(18) + 8 }
func (l *List) headH() float32 { return l.rowH() + 2 }
func (l *List) footH() float32 {
	if l.Footer != nil {
		return l.rowH() + 1
	}
	return 0
}
func (l *List) barW() float32 { return 12 }

func (l *List) pageRows() int {
	return max(1, int((l.Size().Height-l.headH()-l.footH())/l.rowH()))
}

func (l *List) clamp() {
	l.top = max(0, min(l.top, l.Len()-l.pageRows()))
}

// FocusGained and FocusLost are Fyne's.
func (l *List) FocusGained() { l.focused = true; l.Refresh() }

// FocusLost is Fyne's.
func (l *List) FocusLost() { l.focused, l.shift, l.ctrl = false, false, false; l.Refresh() }

// KeyDown keeps the modifiers, which Fyne gives no key event.
func (l *List) KeyDown(e *fyne.KeyEvent) { l.modifier(e.Name, true) }

// KeyUp is Fyne's.
func (l *List) KeyUp(e *fyne.KeyEvent) { l.modifier(e.Name, false) }

func (l *List) modifier(n fyne.KeyName, down bool) {
	switch n {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight:
		l.shift = down
	case desktop.KeyControlLeft, desktop.KeyControlRight:
		l.ctrl = down
	}
}

// TypedRune selects with Space.
func (l *List) TypedRune(rune) {}

// TypedKey is Fyne's.
func (l *List) TypedKey(e *fyne.KeyEvent) {
	if l.OnKey != nil && l.OnKey(e) {
		return
	}
	to := l.active
	switch e.Name {
	case fyne.KeyDown:
		to++
	case fyne.KeyUp:
		to--
	case fyne.KeyPageDown:
		to += l.pageRows()
	case fyne.KeyPageUp:
		to -= l.pageRows()
	case fyne.KeyHome:
		to = 0
	case fyne.KeyEnd:
		to = l.Len() - 1
	case fyne.KeyLeft, fyne.KeyRight:
		l.scrollColumns(map[fyne.KeyName]int{fyne.KeyLeft: -1, fyne.KeyRight: 1}[e.Name])
		return
	case fyne.KeyReturn, fyne.KeyEnter:
		switch {
		case l.Len() > 0 && l.OnActivate != nil:
			l.OnActivate(l.active)
		case l.Len() == 0 && l.Empty.Action != nil:
			l.Empty.Action()
		default:
			keys.Forward(l, e)
		}
		return
	case fyne.KeySpace:
		if l.Multi && l.Len() > 0 {
			l.picked.toggle(l.active)
			l.anchor = l.active
			l.selectionChanged()
			l.MoveTo(l.active + 1)
		}
		return
	case fyne.KeyEscape:
		if l.picked.count(l.Len()) > 0 {
			l.ClearSelection()
			return
		}
		keys.Forward(l, e)
		return
	default:
		keys.Forward(l, e)
		return
	}
	l.moveSelecting(to)
}

// moveSelecting moves the cursor and, with Shift, selects from the anchor.
func (l *List) moveSelecting(to int) {
	if l.Len() == 0 {
		return
	}
	l.MoveTo(to)
	if l.Multi && l.shift {
		l.picked = picks{}
		l.picked.span(min(l.anchor, l.active), max(l.anchor, l.active))
		l.selectionChanged()
	} else if !l.shift {
		l.anchor = l.active
	}
}

// TypedShortcut copies, selects all, and passes the rest on.
func (l *List) TypedShortcut(s fyne.Shortcut) {
	switch sc := s.(type) {
	case *fyne.ShortcutCopy:
		switch {
		case l.Len() == 0:
		case l.OnCopy != nil:
			l.OnCopy(l.Selected())
		case sc.Clipboard != nil:
			sc.Clipboard.SetContent(l.copied())
		}
	case *fyne.ShortcutSelectAll:
		if l.Multi {
			l.picked = picks{all: true}
			l.selectionChanged()
		}
	default:
		keys.ForwardShortcut(l, s)
	}
}

// CopyMost is how many rows a list copies by itself: more is taking data out, and
// that is for the gate to decide.
const CopyMost = 20

// copied gives what a list copies by itself, and says so if that is not all.
func (l *List) copied() string {
	rows := l.Selected()
	if len(rows) <= CopyMost {
		return l.TSV(rows, nil)
	}
	return l.TSV(rows[:CopyMost], nil) + text.T("ui.list.copied-some", "most", CopyMost, "rows", len(rows)) + "\n"
}

// TSV gives rows with headings; rows not loaded are left out, and so are the
// columns without says.
func (l *List) TSV(rows []int, without func(column int) bool) string {
	out := func(i int) bool { return !l.Columns[i].Hidden && (without == nil || !without(i)) }
	var b strings.Builder
	first := true
	put := func(s string) {
		if !first {
			b.WriteByte('\t')
		}
		first = false
		b.WriteString(tsvCell(s))
	}
	for i, c := range l.Columns {
		if out(i) {
			put(c.Heading())
		}
	}
	b.WriteByte('\n')
	for _, i := range rows {
		cells, ok := l.source.Row(i)
		if !ok {
			continue
		}
		first = true
		for ci := range l.Columns {
			if out(ci) {
				put(cellAt(cells, ci).Text)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func cellAt(cells []Cell, i int) Cell {
	if i < len(cells) {
		return cells[i]
	}
	return Cell{}
}

// MinSize leaves room for the heading and a few rows.
func (l *List) MinSize() fyne.Size {
	l.ExtendBaseWidget(l)
	return fyne.NewSize(200, l.headH()+3*l.rowH()+l.footH())
}

// CreateRenderer is Fyne's.
func (l *List) CreateRenderer() fyne.WidgetRenderer {
	r := &listRenderer{l: l}
	r.build()
	return r
}

func textSize() float32 { return ft.TextSize() }
