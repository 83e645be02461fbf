package grid

import (
	"strings"
	"time"

	"tiezhang/app/amount"
	"tiezhang/ui/text"
)

// A scanner is a keyboard that types faster than fingers: at least minBurst
// keys ending in Enter, on average within perKey each, and no pause longer
// than maxGap. The average leaves room for a stall of the machine inside a
// code; maxGap cuts off what fingers typed just before.
const (
	minBurst = 6
	perKey   = 35 * time.Millisecond
	maxGap   = 80 * time.Millisecond
)

type stroke struct {
	r  rune
	at time.Time
}

// Rune tells the model that a character was typed, before the editor takes it.
// It gives true when the model has used it (a digit that chooses).
func (m *Model) Rune(r rune, at time.Time) (used bool) {
	if m.choosing != nil && r >= '1' && r <= '9' {
		if i := int(r - '1'); i < len(m.found) {
			m.choose(i)
		}
		return true
	}
	if len(m.strokes) >= 128 {
		m.strokes = append(m.strokes[:0], m.strokes[64:]...)
	}
	m.strokes = append(m.strokes, stroke{r, at})
	return false
}

// Broken tells the model that the editor changed by other than typing
// (Backspace, paste), so that what was typed before is no scan.
func (m *Model) Broken() { m.strokes = nil }

// burst finds a scan at the end of the editor's text; typed is what fingers
// had put before it.
func (m *Model) burst(enter time.Time) (code, typed string, ok bool) {
	k, last := 0, enter
	for i := len(m.strokes) - 1; i >= 0; i-- {
		s := m.strokes[i]
		// Input methods deliver a phrase at once too, but never in ASCII.
		if !scannable(s.r) || last.Sub(s.at) > maxGap {
			break
		}
		last = s.at
		k++
	}
	if k < minBurst || enter.Sub(last) > time.Duration(k)*perKey {
		return "", "", false
	}
	var b strings.Builder
	for _, s := range m.strokes[len(m.strokes)-k:] {
		b.WriteRune(s.r)
	}
	if !m.CanEdit() {
		return b.String(), "", m.lockedAt == m.seq && strings.HasSuffix(m.locked, b.String())
	}
	typed, ok = strings.CutSuffix(m.text, b.String())
	return b.String(), typed, ok
}

// scannable tells what a scanner types: ASCII, or the full-width digits and
// letters that an input method left on makes of it.
func scannable(r rune) bool {
	return r > ' ' && r <= '~' || r >= '\uff10' && r <= '\uff19' || r >= '\uff21' && r <= '\uff3a' || r >= '\uff41' && r <= '\uff5a'
}

// lockedText collects what is typed over a cell that cannot be edited: only a
// scan can come of it, so nothing is shown.
func (m *Model) lockedText(r rune) {
	if m.lockedAt != m.seq {
		m.locked, m.lockedAt = "", m.seq
	}
	m.locked += string(r)
}

// caught is a scan that ended in this cell: it always becomes a line, never
// the cell's value.
func (m *Model) caught(code, typed string) {
	c := m.cols[m.col]
	qty, rest := splitQty(typed+code, Column{Scan: true})
	if qty != "" {
		code, typed = rest, ""
	}
	if c.Scan || m.cols[m.col].Suggest {
		typed = ""
	}
	if !c.Scan {
		m.event(ScanMisplaced, code)
	}
	if typed == "" || !m.CanEdit() {
		m.resetEditor()
		m.scan(code, qty)
		return
	}
	// "3" typed as a quantity and then the next item scanned without Enter:
	// the 3 is meant for this cell.
	m.text, m.strokes = typed, nil
	m.closeList()
	m.commit(func(ok bool) {
		if !ok {
			m.resetEditor()
		}
		m.scan(code, qty)
	})
}

// Scan enters a code as if scanned: a scanner in HID or serial mode.
func (m *Model) Scan(code string) {
	m.Do(func() {
		m.resetEditor()
		m.scan(code, "")
	})
}

func (m *Model) scan(code, qty string) {
	if m.cb.Scan == nil || m.readOnly {
		m.message, m.failed = text.T("ui.grid.read_only"), true
		m.event(EditRefused, code)
		m.refresh()
		return
	}
	code = amount.Narrow(code)
	done := m.await()
	m.cb.Scan(Scanned{Code: code, Qty: qty, Rows: m.Rows()}, func(r ScanResult) {
		if !done() {
			return
		}
		m.scanned(code, qty, r)
		m.drain()
	})
}

func (m *Model) scanned(code, qty string, r ScanResult) {
	last := len(m.rows) - 1
	key := m.keyCol()
	switch {
	case r.Err != nil:
		m.enter(last, key)
		// The code stays in the editor, selected: the next scan replaces it,
		// and quick-create can take it over.
		m.text, m.editing = code, true
		m.seq++
		m.message, m.failed = text.Fault(r.Err), true
		m.event(ScanUnknown, code)
	case len(r.Choices) > 0:
		m.enter(last, key)
		m.text, m.editing = code, true
		m.seq++
		m.found, m.foundSel = r.Choices, 0
		m.message, m.failed = text.T("ui.grid.choose"), false
		m.choosing = func(s Suggestion) {
			m.send(Edit{At: m.row, Row: m.rows[m.row], Col: m.col, Key: m.cols[m.col].Key, Text: code, Qty: qty, Pick: &s}, func(ok bool) {
				if ok {
					m.toBlank()
					m.event(ScanTaken, code)
				}
			})
		}
	case r.Replace && r.At >= 0 && r.At < len(m.rows):
		m.splice(r.At, 1, []Row{r.Row})
		m.toBlank()
		m.event(ScanTaken, code)
	default:
		m.splice(last, 1, []Row{r.Row})
		m.toBlank()
		m.event(ScanTaken, code)
	}
	m.refresh()
}

// toBlank puts the cursor where the next code goes.
func (m *Model) toBlank() {
	m.ensureBlank()
	m.enter(len(m.rows)-1, m.keyCol())
}
