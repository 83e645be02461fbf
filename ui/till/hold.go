package till

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"fyne.io/fyne/v2"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/text"
)

// replaceBill starts an empty bill and throws the old one's draft away.
func (t *Page) replaceBill(k doc.Kind) {
	old, id := t.saver, t.bill.doc.ID
	kind := t.bill.spec.Kind
	t.startBill(k)
	old.Drop(kind, id, func(err error) {
		if err != nil {
			t.env.Fail(err)
		}
	})
}

// startBill puts an empty bill on the counter.
func (t *Page) startBill(k doc.Kind) {
	staff, name := t.bill.doc.StaffID, t.bill.staff
	t.bill = t.fresh(k)
	t.bill.doc.StaffID, t.bill.staff = staff, name // the same person goes on selling
	t.newSaver()
	t.show() // what stands in the box is the next customer's first code, half scanned
	t.Enter()
}

// hold puts the bill aside: it is a draft with a note, and survives anything.
func (t *Page) hold() {
	if len(t.bill.lines) == 0 {
		t.say(text.T("till.no_line"), true)
		return
	}
	t.bill.doc.Note = text.T("till.hold.note", "time", text.Clock(t.env.Host.Clock.Now()), "who", t.number())
	t.saver.Save(t.bill.doc)
	t.taken()
	t.busy = true // what is scanned now is the next customer's
	t.saver.Flush(func(err error) {
		t.busy = false
		if err != nil {
			t.bill.doc.Note = ""
			t.env.Fail(err)
			t.next()
			return
		}
		t.startBill(sale)
		t.say(text.T("till.hold.done", "key", t.key("recall")), false)
		t.countHeld()
	})
}

func (t *Page) countHeld() {
	t.drafts(func(ds []doc.Document) {
		t.held = len(ds)
		t.show()
	})
}

// drafts gives the held bills.
func (t *Page) drafts(done func([]doc.Document)) {
	bg.RunKey(t.owner, "drafts", func(ctx context.Context) ([]doc.Document, error) {
		return app.Ask(ctx, t.env.Session, app.MyDrafts{})
	}, func(ds []doc.Document, err error) {
		if err != nil {
			t.env.Fail(err)
			return
		}
		var out []doc.Document
		for _, d := range ds {
			if isOurs(d.Kind) && d.ID != t.bill.doc.ID {
				out = append(out, d)
			}
		}
		done(out)
	})
}

type heldRows [][]grid.Cell

func (r heldRows) Len() int                      { return len(r) }
func (r heldRows) Row(i int) ([]grid.Cell, bool) { return r[i], true }

// recall lists the held bills; the one on the counter is held in its place.
func (t *Page) recall() {
	t.drafts(func(ds []doc.Document) {
		if len(ds) == 0 {
			t.say(text.T("till.recall.none"), true)
			return
		}
		rows := make(heldRows, len(ds))
		for i, d := range ds {
			rows[i] = []grid.Cell{{Text: text.DateTime(time.Unix(d.CreatedAt, 0))}, {Text: d.Note}, {Text: strconv.Itoa(len(d.Lines))}, {Text: text.Money(d.Total)}}
		}
		list := grid.NewList([]grid.ListColumn{{Key: "time", Title: "till.recall.time", Width: 150}, {Key: "note", Title: "till.recall.note", Width: 240},
			{Key: "lines", Title: "till.recall.lines", Width: 70, Align: grid.Right}, {Key: "total", Title: "till.recall.total", Width: 110, Align: grid.Right}}, rows)
		m := control.NewModal(text.T("till.recall.title"), sized(list, 600, 260))
		m.First = list
		m.CancelButton(text.T("ui.button.cancel"), nil)
		take := func(i int) {
			if i < 0 || i >= len(ds) {
				return
			}
			m.Close()
			t.bring(ds[i].ID)
		}
		list.OnActivate = take
		m.DefaultButton(text.T("till.recall.take"), func() { take(list.Active()) })
		m.OnClosed = t.Enter
		m.Open(t.env.Window.Canvas())
	})
}

// bring puts a held bill on the counter.
func (t *Page) bring(id string) {
	t.busy = true
	bg.Run(t.owner, func(ctx context.Context) (app.DocumentView, error) {
		return app.Ask(ctx, t.env.Session, app.GetDocument{ID: id})
	}, func(v app.DocumentView, err error) {
		t.busy = false
		if err != nil {
			t.env.Fail(err)
			return
		}
		goOn := func() {
			t.take(v)
			t.changed() // no note any more: it is the one on the counter
			t.countHeld()
			t.Enter()
		}
		if len(t.bill.lines) == 0 {
			goOn()
			return
		}
		t.bill.doc.Note = text.T("till.hold.note", "time", text.Clock(t.env.Host.Clock.Now()), "who", "")
		t.saver.Save(t.bill.doc)
		t.busy = true
		t.saver.Flush(func(err error) {
			t.busy = false
			if err != nil {
				t.bill.doc.Note = ""
				t.env.Fail(err)
				return
			}
			goOn()
		})
	})
}

func sized(o fyne.CanvasObject, w, h float32) fyne.CanvasObject {
	return container.New(layout.NewGridWrapLayout(fyne.NewSize(w, h)), o)
}
