package till

import (
	"bytes"
	"context"
	"os"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/app/printing"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/docview/paper"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// deviceKey is where this computer remembers its receipt printer: the machine
// has it, not the shop.
const deviceKey = "till.device"

func device() string { return fyne.CurrentApp().Preferences().String(deviceKey) }

// slip makes the last bill's receipt.
// The log has it before paper moves, and knows whether it is a reprint.
func slip(ctx context.Context, session *app.Session, places app.PlaceList, l done) (printing.Slip, error) {
	log, err := app.Do(ctx, session, app.LogPrint{ID: l.id})
	if err != nil {
		return printing.Slip{}, err
	}
	v, err := app.Ask(ctx, session, app.GetDocument{ID: l.id})
	if err != nil {
		return printing.Slip{}, err
	}
	set, err := app.Ask(ctx, session, app.Settings{})
	if err != nil {
		return printing.Slip{}, err
	}
	n := paper.Names{Shop: set[app.SettingShopName], Places: places, Reprint: log.Reprint}
	if !l.back {
		n.Received, n.Change = l.received, l.change
	}
	s := paper.Slip(v, n)
	s.Totals = append(s.Totals, memberLines(v)...)
	s.Drawer = !log.Reprint
	return s, nil
}

// memberLines tell a member what the bill did to points and balance.
func memberLines(v app.DocumentView) []printing.Field {
	if v.Party.Card == "" {
		return nil
	}
	fs := []printing.Field{{Key: "till.slip.member", Value: v.Party.Name}}
	if v.Doc.Points != 0 {
		fs = append(fs, printing.Field{Key: "till.slip.earned", Value: strconv.FormatInt(v.Doc.Points, 10)})
	}
	if v.Doc.PointsUsed != 0 {
		fs = append(fs, printing.Field{Key: "till.slip.used", Value: strconv.FormatInt(v.Doc.PointsUsed, 10)})
	}
	return append(fs, printing.Field{Key: "till.slip.points", Value: strconv.FormatInt(v.Party.Points, 10)}, printing.Field{Key: "till.slip.stored", Value: text.MoneyTotal(v.Party.Stored)})
}

// printSlip sends the receipt of the bill just made to the printer of this
// computer, if it has one. The bill is in the books: a printer that fails costs a
// receipt, not a sale. A first receipt asks for nothing.
func (t *Page) printSlip() {
	if device() == "" || t.last == nil {
		return
	}
	bg.Run(t.owner, t.sendSlip(), func(_ struct{}, err error) {
		if err != nil {
			t.say(text.Fault(err), true)
		}
	})
}

// sendSlip prints the last bill on the printer of this computer.
func (t *Page) sendSlip() func(context.Context) (struct{}, error) {
	path, l, session, places, key := device(), *t.last, t.env.Session, t.places, t.key("print")
	return func(ctx context.Context) (struct{}, error) {
		s, err := slip(ctx, session, places, l)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, send(path, key, printing.SlipESCPOS(s, printing.Paper58, paper.Words))
	}
}

// send writes to a printer's device or share.
func send(path, key string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		_, err = f.Write(b)
		if e := f.Close(); err == nil {
			err = e
		}
	}
	if err != nil {
		return fault.Wrap("till.print", fault.Unsupported, "till.printer", fault.Pairs("path", path, "key", key), err)
	}
	return nil
}

// printLast prints the last bill again, through the system's own program where
// there is no receipt printer.
func (t *Page) printLast() {
	if t.last == nil {
		t.say(text.T("till.last.none"), true)
		return
	}
	if device() != "" {
		work := t.sendSlip()
		t.env.Confirmed(func(ctx context.Context, done func(error)) {
			bg.Run(t.owner, func(own context.Context) (struct{}, error) { return work(page.Join(ctx, own)) }, func(_ struct{}, err error) {
				if err != nil && fault.KeyOf(err) == "till.printer" {
					t.say(text.Fault(err), true)
					err = nil
				}
				done(err)
			})
		})
		return
	}
	l, session, places := *t.last, t.env.Session, t.places
	t.env.Confirmed(func(proof context.Context, done func(error)) {
		bg.Run(t.owner, func(work context.Context) ([]byte, error) {
			s, err := slip(page.Join(proof, work), session, places, l)
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			err = printing.SlipPDF(&b, s, printing.Paper58, paper.Words)
			return b.Bytes(), err
		}, func(pdf []byte, err error) {
			done(err)
			if err == nil {
				t.env.Paper(l.number+".pdf", pdf)
			}
		})
	})
}

// editDevice asks for the receipt printer's path.
func (t *Page) editDevice() {
	e := control.NewEntry()
	e.MinWidth = 380
	e.SetText(device())
	m := control.NewModal(text.T("till.device.title"), container.NewVBox(control.NewWords(text.T("till.device.words"), 380), e))
	m.First = e
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("ui.button.ok"), func() {
		fyne.CurrentApp().Preferences().SetString(deviceKey, e.Text)
		m.Close()
	})
	m.OnClosed = t.Enter
	m.Open(t.env.Window.Canvas())
}
