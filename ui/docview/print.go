package docview

import (
	"bytes"
	"context"
	"os"
	"strings"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/docview/paper"
	"tiezhang/ui/formview"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// print makes the paper of the posted document and asks where to put it:
// nothing of the shop is left in a temporary folder.
func (p *Page) print() {
	v, places, extras := p.view, p.places, p.paperExtras()
	name := text.T("docview.print.name", "kind", text.T("kind."+string(p.spec.Kind)), "number", p.doc.Number)
	p.env.SaveFile(text.T("docview.print.title"), strings.ReplaceAll(name, "/", "-"), func(path string) {
		p.env.Confirmed(func(proof context.Context, done func(error)) {
			bg.Run(p.owner, func(work context.Context) (struct{}, error) {
				ctx := page.Join(proof, work)
				set, err := app.Ask(ctx, p.env.Session, app.Settings{})
				if err != nil {
					return struct{}{}, err
				}
				// logged before anything is on paper: a reprint says so, whoever printed first
				logged, err := app.Do(ctx, p.env.Session, app.LogPrint{ID: v.Doc.ID})
				if err != nil {
					return struct{}{}, err
				}
				var b bytes.Buffer
				if err := printing.DocumentPDF(&b, paper.Sheet(v, paper.Names{Shop: set[app.SettingShopName], Places: places, Extras: extras, Reprint: logged.Reprint}), printing.A4, paper.Words); err != nil {
					return struct{}{}, err
				}
				return struct{}{}, writeFile(path, b.Bytes())
			}, func(_ struct{}, err error) {
				done(err)
				if err == nil {
					p.env.OpenFile(path)
				}
			})
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
