package console

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tiezhang/app"
	"tiezhang/app/amount"
	"tiezhang/app/doc"
	"tiezhang/app/fault"
	"tiezhang/app/sheet"
	"tiezhang/ui/text"
)

// countFile compares what was counted with the books, and with --post books the
// differences. The same item on several rows was counted in several places.
func countFile(ctx context.Context, c *call) error {
	lines, err := readCount(ctx, c.args[1])
	if err != nil {
		return err
	}
	w := app.Wire{Kind: countKind(), ID: c.id, Date: c.date, Warehouse: c.warehouse, Reason: c.reason, Lines: lines}
	if w.Date != "" && w.Reason == "" {
		w.Reason = text.T("console.post-reason")
	}
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		rows, err := app.Ask(ctx, s, app.CountCheck{Wire: w})
		if err != nil {
			return err
		}
		type row struct {
			Line    int    `json:"line"`
			Code    string `json:"code"`
			Name    string `json:"name"`
			Unit    string `json:"unit"`
			Batch   string `json:"batch,omitempty"`
			Book    string `json:"book"`
			Counted string `json:"counted"`
			Diff    string `json:"difference"`
		}
		list, differ, blind := []row{}, 0, false
		var words strings.Builder
		for i, r := range rows {
			if blind = r.Blind; blind {
				continue
			}
			w.Lines[i].Book = decOf(r.Book) // what it is booked against is what was shown
			if r.Diff == 0 {
				continue
			}
			differ++
			list = append(list, row{r.Line, r.Code, r.Name, r.Unit, r.Batch, r.Book.String(), r.Counted.String(), r.Diff.String()})
			fmt.Fprintln(&words, text.T("console.count-row", "line", r.Line, "code", r.Code, "name", r.Name, "unit", r.Unit, "book", r.Book.String(),
				"counted", r.Counted.String(), "difference", r.Diff.String()))
		}
		out := map[string]any{"counted": len(rows), "differ": differ, "differences": list}
		if blind {
			out = map[string]any{"counted": len(rows), "blind": true}
			words.WriteString(text.T("console.counted-blind", "count", len(rows)))
		} else {
			words.WriteString(text.T("console.counted", "count", len(rows), "differ", differ))
		}
		if c.post {
			res, err := app.Do(ctx, s, app.PostWire{Wire: w})
			if err != nil {
				return err
			}
			out["number"], out["again"] = res.Number, res.Again
			words.WriteString("\n" + text.T("console.count-posted", "number", res.Number))
		}
		return c.print(out, words.String())
	})
}

// countKind is the kind of document that counts.
func countKind() string {
	for _, s := range doc.Specs() {
		if s.Flow == doc.Recount {
			return string(s.Kind)
		}
	}
	return ""
}

func decOf(q amount.Qty) *app.Dec { d := app.Dec(q.String()); return &d }

// counted is one row of a JSON file.
type counted struct {
	Code  string  `json:"code"`
	Qty   app.Dec `json:"qty"`
	Unit  string  `json:"unit"`
	Batch string  `json:"batch"`
}

func readCount(ctx context.Context, file string) ([]app.WireLine, error) {
	var rows []counted
	var err error
	if strings.EqualFold(filepath.Ext(file), ".json") {
		rows, err = readCountJSON(file)
	} else {
		rows, err = readCountTable(ctx, file)
	}
	if err != nil {
		return nil, err
	}
	var out []app.WireLine
	at := map[counted]int{} // by code, unit and batch
	for i, r := range rows {
		q, err := amount.ParseQty(string(r.Qty))
		if err != nil || r.Code == "" {
			return nil, fault.Bad("console.count", "console.count-bad", "row", i+1, "code", r.Code, "value", string(r.Qty))
		}
		key := counted{Code: r.Code, Unit: r.Unit, Batch: r.Batch}
		j, again := at[key]
		if !again {
			at[key] = len(out)
			out = append(out, app.WireLine{Item: r.Code, Qty: app.Dec(q.String()), Unit: r.Unit, Batch: r.Batch})
			continue
		}
		was, err := amount.ParseQty(string(out[j].Qty))
		if err == nil {
			q, err = amount.Add(was, q)
		}
		if err != nil {
			return nil, fault.Bad("console.count", "console.count-bad", "row", i+1, "code", r.Code, "value", string(r.Qty))
		}
		out[j].Qty = app.Dec(q.String())
	}
	if len(out) == 0 {
		return nil, fault.Bad("console.count", "console.count-empty", "file", file)
	}
	return out, nil
}

func readCountJSON(file string) ([]counted, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fault.Wrap("console.count", fault.NotFound, "console.no-file", fault.Pairs("file", file), err)
	}
	var rows []counted
	d := json.NewDecoder(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff")))
	d.DisallowUnknownFields()
	if err := d.Decode(&rows); err != nil {
		return nil, fault.Wrap("console.count", fault.Invalid, "wire.json", fault.Pairs("what", err.Error()), err)
	}
	return rows, nil
}

// readCountTable reads code, quantity and perhaps batch from the first columns
// of a table; a first row whose quantity is no number is its title.
func readCountTable(ctx context.Context, file string) ([]counted, error) {
	t, err := sheet.Read(ctx, file, "")
	if err != nil {
		return nil, err
	}
	var rows []counted
	for i, l := range t.Lines {
		cell := func(n int) string {
			if n < len(l.Cells) {
				return strings.TrimSpace(l.Cells[n].Text)
			}
			return ""
		}
		if _, err := amount.ParseQty(cell(1)); err != nil && i == 0 {
			continue
		}
		rows = append(rows, counted{Code: cell(0), Qty: app.Dec(cell(1)), Batch: cell(2)})
	}
	return rows, nil
}
