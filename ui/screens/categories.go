package screens

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2/container"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/master"
	"tiezhang/app/pinyin"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/grid"
	"tiezhang/ui/keys"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// categories is the tree of categories: add, rename, move, order, remove.
type categories struct {
	*sheetPage
	tree []master.Category
	list *grid.List
	may  bool
	to   string // path to stand on after the next reading
}

// MakeCategories makes the page.
func MakeCategories(env *page.Env, r page.Route) (page.Page, error) {
	base := newSheet(env, r, "report.name.categories")
	c := &categories{sheetPage: &base, may: env.Session.May(access.ItemEdit)}
	c.list = grid.NewList([]grid.ListColumn{{Key: "category", Title: "report.col.category", Width: 420}, {Key: "items", Title: "report.col.items", Width: 90, Align: grid.Right}}, grid.Fixed(nil))
	c.list.Empty = grid.Empty{Words: text.T("screens.categories.none")}
	head := container.NewHBox()
	if c.may {
		c.list.Empty.Button, c.list.Empty.Action = text.T("screens.categories.add"), c.add
		for _, b := range []struct {
			key   keys.Chord
			title string
			icon  string
			run   func()
		}{{"Ctrl+N", "screens.categories.add", "plus", c.add}, {"F2", "screens.categories.change", "edit", c.change}, {"F8", "screens.categories.drop", "delete", c.drop},
			{"F6", "screens.categories.up", "", func() { c.sort(-1) }}, {"F7", "screens.categories.down", "", func() { c.sort(1) }}} {
			c.scope.On(b.key, "categories."+b.title, b.title, b.run)
			btn := control.NewButton(text.T(b.title), b.run).WithKey(string(b.key))
			if b.icon != "" {
				btn.WithIcon(b.icon)
			}
			head.Add(btn)
		}
	}
	c.list.OnActivate = func(int) {
		if c.may {
			c.change()
		}
	}
	c.first = c.list
	c.fillWhole(vbox(head, muted(text.T("screens.categories.lead"), 820)), c.list)
	c.load()
	return c, nil
}

// Reload follows changes of items and of the tree.
func (c *categories) Reload(area string) {
	if area == "categories" || area == "items" {
		c.load()
	}
}

func (c *categories) load() {
	bg.RunKey(c.owner, "load", func(ctx context.Context) ([]master.Category, error) {
		return app.Ask(ctx, c.env.Session, app.Categories{})
	}, func(tree []master.Category, err error) {
		if err != nil {
			c.env.Fail(err)
			return
		}
		c.tree = tree
		rows := make(grid.Fixed, len(tree))
		at := -1
		for i, n := range tree {
			depth := strings.Count(n.Path, "/")
			rows[i] = []grid.Cell{{Text: strings.Repeat("\u3000", depth) + master.CategoryName(n.Path), Style: style(depth)}, {Text: strconv.Itoa(n.Items)}}
			if n.Path == c.to {
				at = i
			}
		}
		was := c.list.Active()
		c.list.SetSource(rows)
		if at < 0 {
			at = min(max(was, 0), len(rows)-1)
		}
		if at >= 0 {
			c.list.MoveTo(at)
		}
		c.to = ""
	})
}

func style(depth int) grid.Style {
	if depth == 0 {
		return grid.Bold
	}
	return grid.Normal
}

// active is the node the cursor stands on.
func (c *categories) active() (master.Category, bool) {
	i := c.list.Active()
	if i < 0 || i >= len(c.tree) {
		return master.Category{}, false
	}
	return c.tree[i], true
}

// do runs a change of the tree and stands on a node afterwards.
func (c *categories) do(to string, change func(ctx context.Context) error) {
	c.env.Confirmed(func(ctx context.Context, done func(error)) {
		bg.Run(c.owner, func(work context.Context) (struct{}, error) { return struct{}{}, change(page.Join(ctx, work)) }, func(_ struct{}, err error) {
			done(err)
			if err == nil {
				c.to = to
				c.load()
			}
		})
	})
}

// paths are the nodes as choices, without one and what is below it.
func (c *categories) paths(without string) []control.Option {
	var out []control.Option
	for _, n := range c.tree {
		if without == "" || !master.UnderCategory(n.Path, without) {
			out = append(out, control.Option{Value: n.Path, Text: n.Path, Search: pinyin.Initials(n.Path)})
		}
	}
	return out
}

func (c *categories) add() {
	parent := ""
	if n, ok := c.active(); ok {
		parent = n.Path
	}
	c.form("screens.categories.add", "", parent, "", func(name, parent string) {
		to := name
		if parent != "" {
			to = parent + "/" + name
		}
		c.do(to, func(ctx context.Context) error {
			_, err := app.Do(ctx, c.env.Session, app.AddCategory{Parent: parent, Name: name})
			return err
		})
	})
}

func (c *categories) change() {
	n, ok := c.active()
	if !ok {
		return
	}
	c.form("screens.categories.change", master.CategoryName(n.Path), master.CategoryParent(n.Path), n.Path, func(name, parent string) {
		to := name
		if parent != "" {
			to = parent + "/" + name
		}
		c.do(to, func(ctx context.Context) error {
			_, err := app.Do(ctx, c.env.Session, app.MoveCategory{Path: n.Path, Parent: parent, Name: name})
			return err
		})
	})
}

// form asks for a name and a place in the tree.
func (c *categories) form(title, name, parent, without string, ok func(name, parent string)) {
	en := control.NewEntry()
	en.MinWidth = 260
	en.SetText(name)
	up := control.NewChoice(c.paths(without), nil)
	up.Optional, up.MinWidth, up.Placeholder = true, 260, text.T("screens.categories.top")
	up.SetValue(parent)
	m := control.NewModal(text.T(title), vbox(labelled("report.col.name", en), labelled("field.parent", up)))
	m.First = en
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("ui.button.ok"), func() {
		m.Close()
		ok(master.TidyText(en.Text), up.Value())
	})
	m.Open(c.env.Window.Canvas())
}

func (c *categories) drop() {
	n, ok := c.active()
	if !ok {
		return
	}
	to := control.NewChoice(c.paths(n.Path), nil)
	to.Optional, to.MinWidth, to.Placeholder = true, 260, text.T("screens.categories.nowhere")
	to.SetValue(master.CategoryParent(n.Path))
	body := vbox(control.NewWords(text.T("screens.categories.drop.words", "name", n.Path), 420))
	if n.Items > 0 {
		body.Add(control.NewWords(text.T("screens.categories.drop.items", "count", n.Items), 420))
		body.Add(labelled("screens.categories.drop.to", to))
	}
	m := control.NewModal(text.T("screens.categories.drop"), body)
	m.CancelButton(text.T("ui.button.cancel"), nil)
	m.DefaultButton(text.T("screens.categories.drop"), func() {
		m.Close()
		c.do(to.Value(), func(ctx context.Context) error {
			_, err := app.Do(ctx, c.env.Session, app.DropCategory{Path: n.Path, MoveTo: to.Value(), None: to.Value() == ""})
			return err
		})
	}).WithLook(control.Danger)
	m.Open(c.env.Window.Canvas())
}

func (c *categories) sort(by int) {
	if n, ok := c.active(); ok {
		c.do(n.Path, func(ctx context.Context) error {
			_, err := app.Do(ctx, c.env.Session, app.SortCategory{Path: n.Path, By: by})
			return err
		})
	}
}
