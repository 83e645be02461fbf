package listview

import "tiezhang/ui/grid"

// Grid, Loaded, Texts and LoadedPages let tests look at the rows.
func (l *List) Grid() *grid.List { return l.grid }

// Texts are the cells of a row as drawn, nil while it is not read.
func (l *List) Texts(i int) []string {
	cells, ok := l.pages.Row(i)
	if !ok {
		return nil
	}
	var out []string
	for _, c := range cells[:len(cells)-hiddenCells] {
		out = append(out, c.Text)
	}
	return out
}

// Loaded is the first cell of a row, "" while it is not read.
func (l *List) Loaded(i int) string {
	if t := l.Texts(i); t != nil {
		return t[0]
	}
	return ""
}

// LoadedPages counts the pages held.
func (l *List) LoadedPages() int {
	n := 0
	for i := 0; i < l.pages.Len(); i += l.pages.Size {
		if _, ok := l.pages.Row(i); ok {
			n++
		}
	}
	return n
}

// ToggleChart presses the button.
func (l *List) ToggleChart() { l.toggleChart() }
