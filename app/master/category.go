package master

import "strings"

// Category is one node of the category tree. Items is how many items are in it
// and below it.
type Category struct {
	Path  string // "food/drinks"
	Sort  int    // among its siblings
	Items int
}

// MaxDepth is how deep the tree of categories goes.
const MaxDepth = 6

// TidyCategory brings a path into its one form: parts trimmed, none empty.
func TidyCategory(s string) string {
	if !strings.Contains(s, "/") {
		return strings.TrimSpace(s)
	}
	var parts []string
	for p := range strings.SplitSeq(s, "/") {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "/")
}

// CategoryParent gives the path above, "" for the top.
func CategoryParent(path string) string {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return ""
	}
	return path[:i]
}

// CategoryName gives the last part of a path.
func CategoryName(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// UnderCategory tells whether path is top or below it.
func UnderCategory(path, top string) bool {
	return path == top || strings.HasPrefix(path, top+"/")
}

// CheckCategory reports what is wrong with a path; field is where it was typed.
func CheckCategory(path, field string) error {
	l := text(nil, "category", field, path, MaxText, true)
	if strings.Count(path, "/") >= MaxDepth {
		l = append(l, bad("category", field, "master.category-deep", "max", MaxDepth))
	}
	return l.Err()
}

// CheckCategoryName wants one part of a path, without the stroke that divides
// parts.
func CheckCategoryName(name string) error {
	l := text(nil, "category", "name", name, 40, true)
	if strings.Contains(name, "/") {
		l = append(l, bad("category", "name", "master.category-stroke"))
	}
	return l.Err()
}
