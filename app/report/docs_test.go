package report_test

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"tiezhang/app/report"
)

var update = flag.Bool("update", false, "write the table of docs/console.md anew")

const (
	manual = "../../docs/console.md"
	head   = "| name | filters | columns |\n|---|---|---|\n"
)

// table is what docs/console.md says of every list and report.
func table() string {
	var b strings.Builder
	for _, s := range report.Specs() {
		var fs, cs []string
		for _, f := range s.Filters {
			w := string(f)
			switch f {
			case report.FromTo:
				w = "from/to"
			case report.AsOf:
				w = "to"
			case report.ByUser: // --user says who signs in
				continue
			case report.ByGroup:
				w = "group (" + strings.Join(s.Groups, " ") + ")"
			}
			if slices.Contains(s.Wants, f) {
				w = "**" + w + "**"
			}
			fs = append(fs, w)
		}
		for _, c := range s.Columns {
			w := c.Key
			if c.Field != "" {
				w += " (" + string(c.Field) + ")"
			}
			cs = append(cs, w)
		}
		b.WriteString("| `" + s.Name + "` | " + strings.Join(fs, ", ") + " | " + strings.Join(cs, " ") + " |\n")
	}
	return b.String()
}

// The page about the script face names every report, filter and column.
func TestDocs(t *testing.T) {
	b, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), head)
	if !ok {
		t.Fatal("docs/console.md has no table of reports")
	}
	end := strings.Index(rest, "\n\n") + 1
	if rest[:end] == table() {
		return
	}
	if !*update {
		t.Fatal("docs/console.md does not agree with the reports: go test ./app/report -update")
	}
	if err := os.WriteFile(manual, []byte(before+head+table()+rest[end:]), 0o644); err != nil { //nolint:gosec // a document
		t.Fatal(err)
	}
}

// What a row of a summary leads to survives any name.
func TestLink(t *testing.T) {
	for _, v := range []string{"A1", "a&b=c", "50%", "可乐 500ml", "a+b", "?#;"} {
		name, with := report.ParseLink(report.Link("sales-detail", "item", v, "from", "", "to", "20261130"))
		if name != "sales-detail" || with["item"] != v || with["to"] != "20261130" || len(with) != 2 {
			t.Errorf("%q comes back as %s %v", v, name, with)
		}
	}
}

// Every spec is whole: names are unique, charts draw columns that are there, and what is wanted can be given.
func TestSpecs(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range report.Specs() {
		if seen[s.Name] || s.Perm == "" {
			t.Errorf("%s: twice, or for nobody", s.Name)
		}
		seen[s.Name] = true
		for _, w := range s.Wants {
			if !slices.Contains(s.Filters, w) {
				t.Errorf("%s wants %s and has no such filter", s.Name, w)
			}
		}
		if slices.Contains(s.Filters, report.ByGroup) != (len(s.Groups) > 0) {
			t.Errorf("%s: groups without a filter, or a filter without groups", s.Name)
		}
		keys := append([]string{}, s.Chart.Value...)
		if s.Chart.Name != "" {
			keys = append(keys, s.Chart.Name)
		}
		for _, k := range keys {
			if _, ok := s.Find(k); !ok {
				t.Errorf("%s draws %s and has no such column", s.Name, k)
			}
		}
	}
}
