package archtest

import (
	"fmt"
	"strings"
	"testing"
)

// The one table of who may import what. The longest folder that fits decides;
// everything may import the standard library (but see neverImported) and its
// own folder. "x/..." is x and everything below.
//
// To allow something new, add it here and say why in the same line.
var mayImport = []struct {
	dir     string
	imports string
	why     string
}{
	{".", "*", "main wires everything and does nothing else"},

	// The use cases and what they think with. No disk, no screen.
	{"app", "app/... backup backup/target internal/disk", "the use cases; ports are declared here, not imported; backup has its own (ADR 0001); a key file on a stick is read as one may read what strangers plug in"},
	{"app/demo", "app app/amount app/day", "a sample shop as lines of the script face"},
	{"app/amount", "app/fault", "leaf: numbers"},
	{"app/fault", "", "leaf: the error type"},
	{"app/day", "app/fault", "leaf: dates"},
	{"app/access", "app/fault app/amount app/day", "leaf: who may do what"},
	{"app/master", "app/amount app/fault app/day app/access", "pure"},
	{"app/doc", "app/amount app/fault app/day app/access app/master", "pure"},
	{"app/ledger", "app/amount app/fault app/day app/doc app/master", "pure"},
	{"app/oplog", "app/amount app/fault app/day", "pure"},
	{"app/rule", "app/amount app/fault app/day app/access app/doc app/master", "pure"},
	{"app/report", "app/amount app/fault app/day app/access app/doc", "descriptors, no SQL"},
	{"app/passphrase", "app/fault", "leaf: how hard a password is to guess"},
	{"app/totp", "app/fault", "leaf: the codes of an authenticator app"},
	{"app/pinyin", "github.com/mozillazg/go-pinyin", "initials for searching"},
	{"app/sheet", "app/... github.com/xuri/excelize/v2 golang.org/x/text/encoding/...", "Excel and CSV, also the GB 18030 of old programs; the only importer of excelize"},
	{"app/printing", "app/... assets github.com/signintech/gopdf github.com/boombuler/barcode/... golang.org/x/text/encoding/...", "PDF and ESC/POS, which thermal printers take in GB 18030"},

	// The encrypted file.
	{"store", "app/... store/... internal/disk github.com/gofrs/flock", "the lock file belongs to opening the shop"},
	{"store/keyring", "app/fault internal/disk golang.org/x/crypto/... golang.org/x/text/...", "Argon2id, the seal; one form of a password in Unicode"},
	{"store/oldwords", "golang.org/x/crypto/argon2 golang.org/x/text/unicode/norm", "recognising passwords people had before"},
	{"store/cipherdb", "app/fault internal/disk github.com/mutecomm/go-sqlcipher/v4", "the only importer of the driver"},
	{"store/schema", "app/fault", "numbered SQL"},

	// Backup meets store through a port of its own.
	{"backup", "app/fault app/oplog backup/... internal/disk", "must stay readable without the rest of the program"},
	{"backup/archive", "app/fault app/oplog golang.org/x/crypto/...", "the file format"},
	{"backup/target", "app/fault internal/disk golang.org/x/sys/...", "free space and volume names of the system"},

	// The window and the script face know use cases only.
	{"ui", "app/... assets ui/... fyne.io/... golang.org/x/sys/windows github.com/ncruces/zenity github.com/dweymouth/fyne-tooltip/...", "screens; zenity is the system's own file dialog"},
	{"ui/console", "app/... assets ui/text ui/export", "the same use cases for scripts: no widgets"},

	{"assets", "", "bytes only: printing and the script face use it too"},
	{"internal/disk", "", "leaf: what the system's disk errors mean; Windows has its own numbers"},
	{"internal", "*", "tests of the tree"},
}

// neverImported is refused whatever the table says, with the folders in which
// it is meant to be.
var neverImported = []struct {
	imports string
	except  string
	why     string
}{
	{"net", "", "the program opens no socket"},
	{"net/...", "", "the program opens no socket (net/url and net/netip only calculate)"},
	{"crypto/tls", "", "the program opens no socket"},
	{"log/syslog", "", "the program opens no socket"},
	{"plugin", "", "one binary"},
	{"fyne.io/fyne/v2/app", ".", "needs OpenGL and cgo: with it the tests of ui would need a screen"},
	{"fyne.io/...", ". ui assets internal/pagetest", "the window is in ui"},
	{"github.com/mutecomm/go-sqlcipher/...", "store/cipherdb", "so that the driver can be changed in one place"},
	{"modernc.org/...", "app/sheet", "reads other programs' plain files; our own goes through store/cipherdb"},
	{"database/sql", "store app/sheet", "SQL only in store (app/sheet reads other programs' files)"},
	{"database/sql/...", "store", "SQL only in store"},
	{"math/rand", "", "a shop's secrets and tests' seeds: crypto/rand, or math/rand/v2 with a seed"},
	{"unsafe", "ui store/keyring backup/target", "system calls on Windows, wiping keys"},
}

// pure packages calculate: the same input gives the same output on any machine.
var pure = []string{"app/amount", "app/fault", "app/day", "app/access", "app/master", "app/doc", "app/ledger", "app/oplog", "app/rule", "app/report", "app/passphrase", "app/totp", "app/pinyin"}

var impure = []string{"os", "os/...", "syscall", "path/filepath", "io/ioutil", "database/...", "math/rand/...", "crypto/rand"}

// fits says whether an import is one of the patterns, separated by spaces.
// Inside the module a pattern has no module name in front.
func fits(imported, patterns string) bool {
	imported = strings.TrimPrefix(imported, module+"/")
	for _, p := range strings.Fields(patterns) {
		stem, deep := strings.CutSuffix(p, "/...")
		if p == "*" || imported == stem || deep && strings.HasPrefix(imported, stem+"/") {
			return true
		}
	}
	return false
}

func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return first != module && !strings.Contains(first, ".")
}

func checkTable(files []file) (out []string) {
	for _, f := range files {
		if f.test {
			continue
		}
		rule := -1
		for i, r := range mayImport {
			if (r.dir == f.dir || r.dir != "." && f.under(r.dir)) && (rule < 0 || len(r.dir) > len(mayImport[rule].dir)) {
				rule = i
			}
		}
		if rule < 0 {
			out = append(out, fmt.Sprintf("%s: the folder %s is not in the table of imports; add it to internal/archtest/imports_test.go with a reason", f.path, f.dir))
			continue
		}
		r := mayImport[rule]
		for _, imported := range f.imports {
			if !isStandard(imported) && !fits(imported, r.imports) && !fits(imported, r.dir+"/...") {
				out = append(out, fmt.Sprintf("%s imports %s, but %s may import only: %s (%s)", f.path, imported, r.dir, r.imports, r.why))
			}
		}
	}
	return out
}

func checkNever(files []file) (out []string) {
	for _, f := range files {
		for _, imported := range f.imports {
			for _, r := range neverImported {
				if !fits(imported, r.imports) || imported == "net/url" || imported == "net/netip" {
					continue
				}
				// Tests may use what they like to look from outside, but a ui
				// test that needs OpenGL stops everybody's ui tests.
				if f.test && r.imports != "fyne.io/fyne/v2/app" {
					continue
				}
				allowed := false
				for _, dir := range strings.Fields(r.except) {
					allowed = allowed || f.dir == dir || dir != "." && f.under(dir)
				}
				if !allowed {
					out = append(out, fmt.Sprintf("%s imports %s: %s; meant to be in: %q", f.path, imported, r.why, r.except))
				}
			}
		}
	}
	return out
}

func checkPure(files []file) (out []string) {
	for _, f := range files {
		if f.test || !f.under(pure...) {
			continue
		}
		for _, imported := range f.imports {
			if fits(imported, strings.Join(impure, " ")) {
				out = append(out, fmt.Sprintf("%s imports %s, but %s only calculates: let the caller pass what it needs", f.path, imported, f.dir))
			}
		}
	}
	return out
}

func TestImports(t *testing.T) {
	rule(t, checkTable, [][]string{
		{"ui/till.go", `package ui; import "tiezhang/store"`},
		{"ui/till.go", `package ui; import "tiezhang/backup/target"`},
		{"ui/grid/x.go", `package grid; import "github.com/xuri/excelize/v2"`},
		{"ui/console/x.go", `package console; import "fyne.io/fyne/v2"`},
		{"store/x.go", `package store; import "tiezhang/backup"`},
		{"backup/x.go", `package backup; import "tiezhang/store"`},
		{"backup/x.go", `package backup; import "tiezhang/app"`},
		{"app/doc/x.go", `package doc; import "tiezhang/app"`},
		{"app/fault/x.go", `package fault; import "tiezhang/app/amount"`},
		{"app/sales.go", `package app; import "tiezhang/store"`},
		{"app/sales.go", `package app; import "golang.org/x/crypto/argon2"`},
		{"assets/x.go", `package assets; import "fyne.io/fyne/v2"`},
		{"storefront/x.go", `package storefront`},
	}, [][]string{
		{"main.go", `package main; import ("tiezhang/store"; "fyne.io/fyne/v2/app")`},
		{"app/printing/x.go", `package printing; import ("tiezhang/assets"; "github.com/boombuler/barcode/qr"; "github.com/signintech/gopdf")`},
		{"store/cipherdb/x.go", `package cipherdb; import _ "github.com/mutecomm/go-sqlcipher/v4"`},
		{"ui/x_test.go", `package ui; import "tiezhang/store"`},
	})
}

func TestNeverImported(t *testing.T) {
	rule(t, checkNever, [][]string{
		{"main.go", `package main; import "net"`},
		{"app/x.go", `package app; import "net/http"`},
		{"ui/x.go", `package ui; import "fyne.io/fyne/v2/app"`},
		{"ui/x_test.go", `package ui; import "fyne.io/fyne/v2/app"`},
		{"store/x.go", `package store; import _ "github.com/mutecomm/go-sqlcipher/v4"`},
		{"backup/x.go", `package backup; import "database/sql"`},
		{"app/x.go", `package app; import "fyne.io/fyne/v2"`},
	}, [][]string{
		{"main.go", `package main; import "fyne.io/fyne/v2/app"`},
		{"store/cipherdb/x.go", `package cipherdb; import "net/url"`},
		{"store/x.go", `package store; import "database/sql"`},
		{"main_test.go", `package main; import "net"`},
	})
}

func TestPurePackagesOnlyCalculate(t *testing.T) {
	rule(t, checkPure, [][]string{
		{"app/doc/x.go", `package doc; import "os"`},
		{"app/ledger/deep/x.go", `package deep; import "os/exec"`},
	}, [][]string{
		{"app/sheet/x.go", `package sheet; import "os"`},
		{"app/doc/x.go", `package doc; import "sort"`},
	})
}
