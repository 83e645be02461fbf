package report

import (
	"net/url"
	"strings"
)

// A Link names a report narrowed in advance, as one text: the name, a question
// mark, and filter=value pairs. A row of a summary leads to its details by it.

// Link makes one; pairs are filter, value, filter, value. Empty values are left
// out.
func Link(name string, pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return name
	}
	return name + "?" + v.Encode()
}

// ParseLink takes one apart; what is no link gives the name alone.
func ParseLink(s string) (name string, filters map[string]string) {
	name, q, _ := strings.Cut(s, "?")
	filters = map[string]string{}
	v, err := url.ParseQuery(q)
	if err != nil {
		return name, filters
	}
	for k := range v {
		filters[k] = v.Get(k)
	}
	return name, filters
}
