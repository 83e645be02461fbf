package sheet

import (
	"context"
	"io"
	"slices"

	"tiezhang/app/report"
)

// WriteTemplate writes an empty workbook to fill in: notes, the titles that
// Match knows, and one example row, which is to be typed over. All cells under
// the titles are of the text format, so that barcodes keep their zeros.
func WriteTemplate(ctx context.Context, w io.Writer, k Kind, texts Texts) error {
	s := Sheet{Title: texts("sheet.template." + string(k)), Lines: []string{texts("sheet.template.note1"), texts("sheet.template.note2"), texts("sheet.template.note3")}}
	var example report.Row
	for _, f := range vocab().Kinds[k] {
		title := texts("sheet.field." + string(k) + "." + f.Field)
		if slices.Contains(required[k], f.Field) {
			title = "*" + title
		}
		s.Columns = append(s.Columns, Column{Column: report.Column{Key: f.Field, Type: report.Text, Width: f.Width}, Title: title})
		example.Cells = append(example.Cells, report.T(texts("sheet.example."+string(k)+"."+f.Field)))
	}
	s.Rows = func(yield func(report.Row, error) bool) { yield(example, nil) }
	return Write(ctx, w, s)
}

// required are the fields without which a row cannot be taken in.
var required = map[Kind][]string{
	ItemsKind:        {"name", "unit"},
	PartiesKind:      {"name"},
	OpeningStockKind: {"code", "qty", "price"},
}
