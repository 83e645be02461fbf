package listview

import (
	"context"
	"encoding/json"
	"time"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"tiezhang/app"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// look is how a person wants to see a list. Without a name it is how they left
// it: widths and columns only. A named view keeps order and filters too.
type look struct {
	Widths  map[string]float32 `json:"widths,omitempty"`
	Shown   map[string]bool    `json:"shown,omitempty"`
	Sort    string             `json:"sort,omitempty"`
	Down    bool               `json:"down,omitempty"`
	Filters map[string]string  `json:"filters,omitempty"`
}

// rest is how long a column must stay as wide as it is before that is kept.
const rest = 300 * time.Millisecond

// readLook brings a list to how it was left.
func (l *List) readLook() {
	if l.desc.Rows != nil {
		return
	}
	bg.RunKey(l.owner, "look", func(ctx context.Context) ([]app.ListView, error) {
		return app.Ask(ctx, l.env.Session, app.ListViews{List: l.desc.Spec.Name})
	}, func(vs []app.ListView, err error) {
		if err != nil {
			return // the list is of use without it
		}
		for _, v := range vs {
			if v.Name == "" {
				l.wear(v.Value)
			}
		}
	})
}

// wear takes the widths and columns of a look.
func (l *List) wear(value string) (k look) {
	if json.Unmarshal([]byte(value), &k) != nil {
		return look{}
	}
	l.look.Widths, l.look.Shown = k.Widths, k.Shown
	l.grid.Columns = columnsOf(l.cols, k.Widths, k.Shown)
	l.root.Refresh()
	l.grid.Refresh()
	return k
}

// keepLook keeps how the list is, once it rests.
func (l *List) keepLook() {
	if l.desc.Rows != nil {
		return
	}
	if l.stopKeep != nil {
		l.stopKeep()
	}
	l.stopKeep = l.env.Runner.Later(rest, func() {
		l.stopKeep = nil
		l.saveView("", look{Widths: l.look.Widths, Shown: l.look.Shown}, nil)
	})
}

func (l *List) saveView(name string, k look, done func()) {
	b, err := json.Marshal(k)
	if err != nil { // maps of numbers and words
		return
	}
	l.putView(app.ListView{Name: name, Value: string(b)}, done)
}

func (l *List) putView(v app.ListView, done func()) {
	bg.Run(l.owner, func(ctx context.Context) (struct{}, error) {
		return app.Do(ctx, l.env.Session, app.SaveListView{List: l.desc.Spec.Name, View: v})
	}, func(_ struct{}, err error) {
		if err != nil {
			l.env.Fail(err)
			return
		}
		if done != nil {
			done()
		}
	})
}

func keep[V any](in *map[string]V, column string, v V) {
	if *in == nil {
		*in = map[string]V{}
	}
	(*in)[column] = v
}

// views shows the saved views: to take one, to drop one, to save what is.
func (l *List) views() {
	bg.RunKey(l.owner, "views", func(ctx context.Context) ([]app.ListView, error) {
		return app.Ask(ctx, l.env.Session, app.ListViews{List: l.desc.Spec.Name})
	}, func(vs []app.ListView, err error) {
		if err != nil {
			l.env.Fail(err)
			return
		}
		l.showViews(vs)
	})
}

func (l *List) showViews(vs []app.ListView) {
	box := container.New(layout.NewCustomPaddedVBoxLayout(4))
	var m *control.Modal
	for _, v := range vs {
		if v.Name == "" {
			continue
		}
		take := control.NewButton(v.Name, func() { m.Close(); l.takeView(v.Value) })
		drop := control.NewButton(text.T("listview.view.drop"), func() {
			m.Close()
			l.putView(app.ListView{Name: v.Name}, l.views)
		}).WithLook(control.Quiet)
		box.Add(container.NewBorder(nil, nil, nil, drop, take))
	}
	if len(box.Objects) == 0 {
		none := control.NewWords(text.T("listview.view.none"), 360)
		none.Color = theme.NameMuted
		box.Add(none)
	}
	name := control.NewEntry()
	name.MinWidth = 360
	name.SetPlaceHolder(text.T("listview.view.name"))
	m = control.NewModal(text.T("listview.views"), container.New(layout.NewCustomPaddedVBoxLayout(10), box, name))
	m.First = name
	save := func() {
		if name.Text == "" {
			return
		}
		m.Close()
		l.saveView(name.Text, look{Widths: l.look.Widths, Shown: l.look.Shown, Sort: l.sort, Down: l.down, Filters: l.filters.state()}, nil)
	}
	name.OnEnter = func() bool { save(); return true }
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.Button(text.T("listview.view.standard"), func() { m.Close(); l.standard() })
	m.Button(text.T("listview.view.save"), save).WithLook(control.Primary)
	m.Open(l.env.Window.Canvas())
}

// takeView brings the list to a saved view.
func (l *List) takeView(value string) {
	k := l.wear(value)
	l.sort, l.down = k.Sort, k.Down
	l.grid.SetSort(k.Sort, k.Down)
	l.filters.take(k.Filters)
	l.load(false)
	l.keepLook()
}

// standard brings the list back to how everybody first sees it.
func (l *List) standard() {
	l.sort, l.down = "", false
	l.grid.SetSort("", false)
	l.wear("{}")
	l.filters.clear()
	l.keepLook()
}
