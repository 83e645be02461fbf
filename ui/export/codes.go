package export

import (
	"io"
	"strings"
	"time"

	"tiezhang/app"
	"tiezhang/app/printing"
	"tiezhang/ui/text"
)

// CodesPDF writes a sheet of approval codes as a page for the printer.
func CodesPDF(w io.Writer, p app.PrintedCodes) error {
	return printing.Codes(w, p.Codes, []printing.Field{
		{Key: "printing.codes.shop", Value: p.Shop}, {Key: "printing.codes.by", Value: p.Sheet.ByName},
		{Key: "printing.codes.until", Value: text.DateTime(time.Unix(p.Sheet.Until, 0))},
		{Key: "printing.codes.what", Value: CodesFor(p.Sheet)},
		{Key: "printing.codes.sheet", Value: text.T("printing.codes.sheet.no", "id", p.Sheet.ID, "seq", p.Sheet.Seq)},
	}, text.T)
}

// CodesFor says in words what a sheet's codes are good for.
func CodesFor(s app.CodeSheet) string {
	what := text.T("printing.codes.any")
	if len(s.Actions) > 0 {
		var names []string
		for _, p := range s.Actions {
			names = append(names, text.T("action."+string(p)))
		}
		what = strings.Join(names, text.T("printing.codes.comma"))
	}
	if s.UpTo > 0 {
		what += " \u00b7 " + text.T("printing.codes.up-to", "amount", text.Money(s.UpTo))
	}
	return what
}
