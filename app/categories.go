package app

import (
	"context"
	"slices"
	"strings"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// Categories lists the tree of categories: parents before what is below them,
// siblings in their order, with how many items each holds.
type Categories struct{}

func (q Categories) spec() Need { return Need{Perm: access.ItemView, Silent: true} }

func (q Categories) ask(_ context.Context, x *Exec) ([]master.Category, error) {
	return x.Tx.Categories()
}

// AddCategory adds a node under a parent ("" = at the top) and gives its path.
// Faults: Invalid naming the field, Conflict "master.category-taken".
type AddCategory struct{ Parent, Name string }

func (c AddCategory) spec() Need { return Need{Perm: access.ItemEdit} }

func (c AddCategory) run(_ context.Context, x *Exec) (string, error) {
	tree, err := x.Tx.Categories()
	if err != nil {
		return "", err
	}
	if c.Parent != "" && !hasPath(tree, c.Parent) {
		return "", categoryGone(c.Parent)
	}
	path, err := below(c.Parent, c.Name)
	if err != nil {
		return "", err
	}
	if hasPath(tree, path) {
		return "", fault.New("app.AddCategory", fault.Conflict, "master.category-taken", fault.Pairs("field", "name", "path", path))
	}
	x.Object("category:" + path)
	x.Note("new", true)
	x.Changed("categories")
	return path, x.Tx.AddCategory(path)
}

func below(parent, name string) (string, error) {
	name = master.TidyText(name)
	if err := master.CheckCategoryName(name); err != nil {
		return "", err
	}
	path := name
	if parent != "" {
		path = parent + "/" + name
	}
	return path, master.CheckCategory(path, "name")
}

func hasPath(tree []master.Category, path string) bool {
	return slices.ContainsFunc(tree, func(c master.Category) bool { return c.Path == path })
}

func categoryGone(path string) error {
	return fault.New("app.category", fault.NotFound, "master.category-gone", fault.Pairs("path", path))
}

// MoveCategory renames a node (same parent) or puts it elsewhere with all below
// it, and gives how many items went along. Faults: Conflict
// "master.category-taken", Invalid "master.category-inside", "master.category-deep".
type MoveCategory struct{ Path, Parent, Name string }

func (c MoveCategory) spec() Need { return Need{Perm: access.ItemEdit} }

func (c MoveCategory) run(_ context.Context, x *Exec) (int, error) {
	tree, err := x.Tx.Categories()
	if err != nil {
		return 0, err
	}
	if !hasPath(tree, c.Path) {
		return 0, categoryGone(c.Path)
	}
	if c.Parent != "" && !hasPath(tree, c.Parent) {
		return 0, categoryGone(c.Parent)
	}
	if c.Parent != "" && master.UnderCategory(c.Parent, c.Path) {
		return 0, fault.Bad("app.MoveCategory", "master.category-inside", "field", "parent", "path", c.Path)
	}
	to, err := below(c.Parent, c.Name)
	if err != nil {
		return 0, err
	}
	if to == c.Path {
		x.Quiet()
		return 0, nil
	}
	for _, o := range tree { // what is below must fit too, before anything moves
		if master.UnderCategory(o.Path, c.Path) {
			if err := master.CheckCategory(to+strings.TrimPrefix(o.Path, c.Path), "parent"); err != nil {
				return 0, err
			}
		}
	}
	n, err := x.Tx.MoveCategory(c.Path, to)
	x.Object("category:" + to)
	x.Note("was", c.Path)
	x.Note("items", n)
	x.Changed("categories", "items")
	return n, err
}

// DropCategory takes a node with all below it out of the tree. One that still
// holds items wants to know where they go: MoveTo, an existing node, or None for
// no category at all. Gives how many items moved. Fault: Conflict
// "master.category-used".
type DropCategory struct {
	Path, MoveTo string
	None         bool
}

func (c DropCategory) spec() Need { return Need{Perm: access.ItemEdit} }

func (c DropCategory) run(_ context.Context, x *Exec) (int, error) {
	tree, err := x.Tx.Categories()
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(tree, func(o master.Category) bool { return o.Path == c.Path })
	if at < 0 {
		return 0, categoryGone(c.Path)
	}
	switch {
	case c.MoveTo != "" && master.UnderCategory(c.MoveTo, c.Path):
		return 0, fault.Bad("app.DropCategory", "master.category-inside", "field", "to", "path", c.Path)
	case c.MoveTo != "" && !hasPath(tree, c.MoveTo):
		return 0, categoryGone(c.MoveTo)
	case tree[at].Items > 0 && c.MoveTo == "" && !c.None:
		return 0, fault.New("app.DropCategory", fault.Conflict, "master.category-used", fault.Pairs("field", "to", "path", c.Path, "count", tree[at].Items))
	}
	n, err := x.Tx.DropCategory(c.Path, c.MoveTo)
	x.Object("category:" + c.Path)
	x.Note("dropped", true)
	x.Note("items", n)
	if c.MoveTo != "" {
		x.Note("to", c.MoveTo)
	}
	x.Changed("categories", "items")
	return n, err
}

// SortCategory moves a node among its siblings: By −1 up, +1 down.
type SortCategory struct {
	Path string
	By   int
}

func (c SortCategory) spec() Need { return Need{Perm: access.ItemEdit} }

func (c SortCategory) run(_ context.Context, x *Exec) (struct{}, error) {
	tree, err := x.Tx.Categories()
	if err != nil {
		return struct{}{}, err
	}
	var kids []string
	for _, o := range tree {
		if master.CategoryParent(o.Path) == master.CategoryParent(c.Path) {
			kids = append(kids, o.Path)
		}
	}
	i := slices.Index(kids, c.Path)
	if i < 0 {
		return struct{}{}, categoryGone(c.Path)
	}
	j := min(max(i+c.By, 0), len(kids)-1)
	if i == j {
		x.Quiet()
		return struct{}{}, nil
	}
	kids = slices.Insert(slices.Delete(kids, i, i+1), j, c.Path)
	x.Object("category:" + c.Path)
	x.Note("place", j+1)
	x.Changed("categories")
	return struct{}{}, x.Tx.SortCategories(kids)
}
