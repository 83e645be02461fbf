package docview

import (
	"bytes"
	"context"
	"os"
	"strings"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/docview/paper"
	"tiezhang/ui/export"
	"tiezhang/ui/formview"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// print puts the posted document on paper. Nothing of it stays on the disk.
func (p *Page) print() {
	name := p.pdfName()
	p.onPaper(func(ctx context.Context, n *paper.Names) error {
		// logged before anything is on paper: a reprint says so, whoever printed first
		logged, err := app.Do(ctx, p.env.Session, app.LogPrint{ID: p.view.Doc.ID})
		n.Reprint = logged.Reprint
		return err
	}, func(pdf []byte) error {
		p.env.Paper(name, pdf)
		return nil
	})
}

// savePDF saves the posted document as a file: that leaves the program, and says
// on each page who took it.
func (p *Page) savePDF() {
	p.env.SaveFile(text.T("docview.print.title"), p.pdfName(), func(path string) {
		p.onPaper(func(ctx context.Context, n *paper.Names) error {
			out, err := app.Do(ctx, p.env.Session, app.ExportDocument{ID: p.view.Doc.ID})
			n.Taken = export.Watermark(app.Exported{By: out.By, At: out.At, Seq: out.Seq})
			return err
		}, func(pdf []byte) error {
			err := writeFile(path, pdf)
			if err == nil {
				p.env.OpenFile(path)
			}
			return err
		})
	})
}

// mayTake tells whether saving is offered; the gate decides.
func (p *Page) mayTake() bool { return p.env.Session.May(access.Export) }

func (p *Page) pdfName() string {
	name := text.T("docview.print.name", "kind", text.T("kind."+string(p.spec.Kind)), "number", p.doc.Number)
	return strings.ReplaceAll(name, "/", "-")
}

// onPaper lets the gate decide, draws the document and hands it on.
func (p *Page) onPaper(gate func(context.Context, *paper.Names) error, take func(pdf []byte) error) {
	v, n := p.view, paper.Names{Places: p.places, Extras: p.paperExtras()}
	p.env.Confirmed(func(proof context.Context, done func(error)) {
		bg.Run(p.owner, func(work context.Context) ([]byte, error) {
			ctx := page.Join(proof, work)
			set, err := app.Ask(ctx, p.env.Session, app.Settings{})
			if err != nil {
				return nil, err
			}
			n.Shop = set[app.SettingShopName]
			if err := gate(ctx, &n); err != nil {
				return nil, err
			}
			var b bytes.Buffer
			err = printing.DocumentPDF(&b, paper.Sheet(v, n), printing.A4, paper.Words)
			return b.Bytes(), err
		}, func(pdf []byte, err error) {
			if err == nil {
				err = take(pdf)
			}
			done(err)
		})
	})
}

// paperExtras are the extra fields of the header as they stand on paper.
func (p *Page) paperExtras() []printing.Field {
	var out []printing.Field
	if p.doc.Due != 0 {
		out = append(out, printing.Field{Key: p.look.title("due"), Value: p.doc.Due.String()})
	}
	for _, e := range p.extras.staff {
		if e.ID == p.doc.StaffID {
			out = append(out, printing.Field{Key: p.look.title("staff"), Value: e.Name})
		}
	}
	words := map[string]string{}
	for _, f := range p.extras.fields {
		words[f.Key] = formview.CustomWords(f, p.doc.Custom[f.Key])
	}
	for _, f := range app.PrintedFields(p.extras.fields, words) {
		out = append(out, printing.Field{Key: f[0], Value: f[1]})
	}
	return out
}

func writeFile(path string, b []byte) error {
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return fault.Wrap("docview.print", fault.ReadOnly, "docview.print.failed", fault.Pairs("path", path), err)
	}
	return nil
}
