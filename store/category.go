package store

import (
	"slices"
	"strings"

	"tiezhang/app/fault"
	"tiezhang/app/master"
)

// Categories implements app.CatalogTx.
func (t *tx) Categories() ([]master.Category, error) {
	const op = "store.Categories"
	cs, err := all(t, op, `SELECT path, sort FROM category`, nil, func(scan func(...any) error) (c master.Category, err error) {
		err = scan(&c.Path, &c.Sort)
		return c, err
	})
	if err != nil {
		return nil, err
	}
	count := map[string]int{}
	err = t.each(`SELECT category, count(*) FROM item WHERE category <> '' GROUP BY category`, nil, func(scan func(...any) error) error {
		var path string
		var n int
		if err := scan(&path, &n); err != nil {
			return err
		}
		for p := path; p != ""; p = master.CategoryParent(p) {
			count[p] += n
		}
		return nil
	})
	if err != nil {
		return nil, wrap(op, err)
	}
	return ordered(cs, count), nil
}

// ordered puts the nodes in the order of the tree: parents first, siblings by
// their sort and then by name.
func ordered(cs []master.Category, count map[string]int) []master.Category {
	below := map[string][]master.Category{}
	for _, c := range cs {
		c.Items = count[c.Path]
		below[master.CategoryParent(c.Path)] = append(below[master.CategoryParent(c.Path)], c)
	}
	var out []master.Category
	var walk func(parent string)
	walk = func(parent string) {
		kids := below[parent]
		slices.SortFunc(kids, func(a, b master.Category) int {
			if a.Sort != b.Sort {
				return a.Sort - b.Sort
			}
			return strings.Compare(a.Path, b.Path)
		})
		for _, k := range kids {
			out = append(out, k)
			walk(k.Path)
		}
	}
	walk("")
	return out
}

// AddCategory implements app.CatalogTx. A new node stands last among its siblings.
func (t *tx) AddCategory(path string) error {
	const op = "store.AddCategory"
	var have int
	if err := t.get(`SELECT count(*) FROM category WHERE path = ?`, []any{path}, &have); err != nil || have > 0 {
		return wrap(op, err)
	}
	parent := master.CategoryParent(path)
	if parent != "" {
		if err := t.AddCategory(parent); err != nil {
			return err
		}
	}
	last, err := t.lastSibling(parent)
	if err != nil {
		return wrap(op, err)
	}
	_, err = t.exec(`INSERT INTO category (path, sort) VALUES (?, ?)`, path, last+1)
	return wrap(op, err)
}

func (t *tx) lastSibling(parent string) (n int64, err error) {
	prefix := parent
	if prefix != "" {
		prefix += "/"
	}
	err = t.get(`SELECT ifnull(max(sort), 0) FROM category WHERE substr(path, 1, length(?1)) = ?1 AND instr(substr(path, length(?1) + 1), '/') = 0`, []any{prefix}, &n)
	return n, err
}

// MoveCategory implements app.CatalogTx.
func (t *tx) MoveCategory(from, to string) (int, error) {
	const op = "store.MoveCategory"
	var have, there int
	if err := t.get(`SELECT (SELECT count(*) FROM category WHERE path = ?), (SELECT count(*) FROM category WHERE path = ?)`, []any{from, to}, &have, &there); err != nil {
		return 0, wrap(op, err)
	}
	if have == 0 {
		return 0, fault.New(op, fault.NotFound, "master.category-gone", fault.Pairs("path", from))
	}
	if there > 0 {
		return 0, fault.New(op, fault.Conflict, "master.category-taken", fault.Pairs("field", "name", "path", to))
	}
	if p := master.CategoryParent(to); p != "" {
		if err := t.AddCategory(p); err != nil {
			return 0, err
		}
	}
	sort := `sort`
	args := []any{to, from}
	if master.CategoryParent(from) != master.CategoryParent(to) {
		last, err := t.lastSibling(master.CategoryParent(to))
		if err != nil {
			return 0, wrap(op, err)
		}
		sort, args = `CASE path WHEN ?2 THEN ?3 ELSE sort END`, append(args, last+1)
	}
	if _, err := t.exec(`UPDATE category SET path = ?1 || substr(path, length(?2) + 1), sort = `+sort+`
		WHERE path = ?2 OR substr(path, 1, length(?2) + 1) = ?2 || '/'`, args...); err != nil {
		return 0, wrap(op, err)
	}
	return t.recategorise(op, `?1 || substr(category, length(?2) + 1)`, to, from)
}

// DropCategory implements app.CatalogTx.
func (t *tx) DropCategory(path, to string) (int, error) {
	const op = "store.DropCategory"
	if to != "" {
		if err := t.AddCategory(to); err != nil {
			return 0, err
		}
	}
	if _, err := t.exec(`DELETE FROM category WHERE path = ?1 OR substr(path, 1, length(?1) + 1) = ?1 || '/'`, path); err != nil {
		return 0, wrap(op, err)
	}
	return t.recategorise(op, `?1`, to, path)
}

// recategorise gives all items of a node and below it another category. Their
// versions grow, so that a form opened before does not write the old one back.
func (t *tx) recategorise(op, expr, to, from string) (int, error) {
	t.touchAll()
	res, err := t.exec(`UPDATE item SET category = `+expr+`, version = version + 1
		WHERE category = ?2 OR substr(category, 1, length(?2) + 1) = ?2 || '/'`, to, from)
	if err != nil {
		return 0, wrap(op, err)
	}
	n, err := res.RowsAffected()
	return int(n), wrap(op, err)
}

// SortCategories implements app.CatalogTx.
func (t *tx) SortCategories(paths []string) error {
	for i, p := range paths {
		if _, err := t.exec(`UPDATE category SET sort = ? WHERE path = ?`, i+1, p); err != nil {
			return wrap("store.SortCategories", err)
		}
	}
	return nil
}
