package console

import (
	"context"
	"fmt"
	"strings"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/sheet"
	"tiezhang/ui/text"
)

// problem is one thing wrong with a file, as scripts read it.
type problem struct {
	Row   int    `json:"row"`
	Cell  string `json:"cell,omitempty"`
	Level string `json:"level"` // error, warning, note
	Key   string `json:"key"`
	Text  string `json:"text"`
}

func (c *call) importOptions() (app.ImportOptions, error) {
	o := app.ImportOptions{Codes: sheet.Codes(c.codes), Unit: c.unit, Warehouse: c.warehouse, Update: c.update, SkipBad: c.skipBad, Stock: c.stock, NewPlaces: c.newPlaces}
	if c.date != "" {
		d, err := day.Parse(c.date)
		if err != nil {
			return o, usageError{text.T("doc.date", "field", "--date", "value", c.date)}
		}
		o.Date = d
	}
	return o, nil
}

// importFile tries a workbook or takes it in, whole or not at all. With
// problems that keep rows out the exit code is 1, also of a dry run.
func importFile(ctx context.Context, c *call) error {
	kind := sheet.Kind(c.args[1])
	if len(sheet.Fields(kind)) == 0 {
		return usageError{text.T("import.kind", "kind", c.args[1])}
	}
	o, err := c.importOptions()
	if err != nil {
		return err
	}
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		in, err := app.ReadImport(c.args[2], kind)
		if err != nil {
			return err
		}
		in.Options = o
		r, err := app.Ask(ctx, s, app.DryRun{Import: in})
		if err != nil {
			return err
		}
		refused := r.Errors > 0 && !o.SkipBad
		if !c.dryRun && !refused {
			if r, err = app.Do(ctx, s, app.ImportSheet{Import: in}); err != nil {
				return err
			}
		}
		if err := c.printImport(r, !c.dryRun && !refused); err != nil {
			return err
		}
		if refused {
			return errSaid
		}
		return nil
	})
}

func (c *call) printImport(r app.Reconciliation, done bool) error {
	levels := map[sheet.Level]string{sheet.Error: "error", sheet.Warning: "warning", sheet.Note: "note"}
	list := []problem{}
	var b strings.Builder
	for _, p := range r.Problems {
		q := problem{Row: p.Row, Cell: p.Cell, Level: levels[p.Level], Key: p.Key, Text: p.Text(text.T)}
		list = append(list, q)
		place := q.Cell
		if place == "" {
			place = fmt.Sprint(q.Row)
		}
		if c.json && p.Level != sheet.Note || !c.json {
			fmt.Fprintf(&b, "%s\t%s\t%s\n", place, q.Level, q.Text)
		}
	}
	if c.json {
		fmt.Fprint(c.err, b.String())
		b.Reset()
	}
	key := "console.import-tried"
	if done {
		key = "console.imported"
	}
	b.WriteString(text.T(key, "rows", r.Rows, "added", r.Added, "changed", r.Changed, "skipped", r.Skipped, "errors", r.Errors, "warnings", r.Warnings))
	docs := []string{}
	for _, d := range r.Documents {
		docs = append(docs, d.Number)
	}
	return c.print(map[string]any{"done": done, "rows": r.Rows, "added": r.Added, "changed": r.Changed, "skipped": r.Skipped, "errors": r.Errors, "warnings": r.Warnings,
		"problems": list, "qty": r.Qty.String(), "value": r.Value.String(), "receivable": r.Receivable.String(), "payable": r.Payable.String(),
		"documents": docs, "warehouses_made": orEmpty(r.Places)}, b.String())
}
