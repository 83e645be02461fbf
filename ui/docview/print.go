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
	"tiezhang/ui/text"
)

// print makes the paper of the posted document and asks where to put it:
// nothing of the shop is left in a temporary folder. The first paper is right
// after posting; later ones say that they are a reprint.
func (p *Page) print() {
	v, reprint, places := p.view, p.printed, p.places
	name := text.T("docview.print.name", "kind", text.T("kind."+string(p.spec.Kind)), "number", p.doc.Number)
	p.env.SaveFile(text.T("docview.print.title"), strings.ReplaceAll(name, "/", "-"), func(path string) {
		bg.Run(p.owner, func(ctx context.Context) (struct{}, error) {
			set, err := app.Ask(ctx, p.env.Session, app.Settings{})
			if err != nil {
				return struct{}{}, err
			}
			var b bytes.Buffer
			if err := printing.DocumentPDF(&b, paper.Sheet(v, paper.Names{Shop: set[app.SettingShopName], Places: places, Reprint: reprint}), printing.A4, paper.Words); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, writeFile(path, b.Bytes())
		}, func(_ struct{}, err error) {
			if err != nil {
				p.env.Fail(err)
				return
			}
			p.printed = true
			p.env.OpenFile(path)
		})
	})
}

func writeFile(path string, b []byte) error {
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return fault.Wrap("docview.print", fault.ReadOnly, "docview.print.failed", fault.Pairs("path", path), err)
	}
	return nil
}
