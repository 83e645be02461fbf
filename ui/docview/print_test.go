package docview

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/app/report"
	"tiezhang/ui/docview/paper"
)

// TestPaperStaysNowhereAndAFileIsAnExport: printing leaves no file and is logged as
// a print, saving leaves one and is logged as an export.
func TestPaperStaysNowhereAndAFileIsAnExport(t *testing.T) {
	r := newRig(t)
	r.stockUp()
	r.saveTo = t.TempDir()
	p := r.open(doc.GoodsReceipt, "in-1")
	actions := func() string {
		t.Helper()
		rep, err := app.Ask(context.Background(), r.s, app.Report{Query: report.Query{Name: "log", Search: p.doc.Number}})
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, row := range rep.Rows {
			for i, c := range rep.Columns {
				if c.Key == "action" {
					out = append(out, row.Cells[i].Text)
				}
			}
		}
		return strings.Join(out, " ")
	}
	before := actions()
	r.do("<Ctrl+P>")
	r.noFails()
	if len(r.papers) != 1 || len(r.written) != 0 || actions() != "document.print "+before {
		t.Fatal(r.papers, r.written, actions())
	}
	if err := os.Remove(r.papers[0]); err != nil {
		t.Fatal(err)
	}
	r.do("<Ctrl+Shift+P>")
	r.noFails()
	files, _ := filepath.Glob(filepath.Join(r.saveTo, "*.pdf"))
	if len(r.papers) != 1 || len(r.written) != 1 || len(files) != 1 || actions() != "export.plain document.print "+before {
		t.Fatal(r.papers, r.written, files, actions())
	}
	if s := paper.Sheet(p.view, paper.Names{Taken: "who took it"}); s.Taken != "who took it" {
		t.Error("the file does not say who took it")
	}
}
