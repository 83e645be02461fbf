package app_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/fault"
)

// nasty is text people paste, scripts send and attackers try.
var nasty = []string{
	"%", "_", "'", `"`, `' OR 1=1 --`, `"; DROP TABLE user; --`, `\`, "a\x00b", "\xff\xfe", strings.Repeat("长", 10_000), "-1", "NaN", "1e400",
	"９９９９９９９９９９９９９９９９９９", "9223372036854775808", "\u202eabc", "=cmd|' /C calc'!A0", "..\\..\\x", "../../etc/passwd", "CON", " ", "\r\n\t",
}

// TestNastyInput puts nasty text into every text field of every use case: it is
// taken as text or refused by name, never a fault of the program's own, and what
// is refused leaves nothing.
func TestNastyInput(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand commands")
	}
	w := newWorld(t)
	ctx := app.WithPassword(context.Background(), worldPassword)
	before, _ := w.st.digest(t)
	seen := map[reflect.Type]bool{}
	tries := 0
	for _, u := range uses() {
		example := u.make(w, false)
		typ := reflect.TypeOf(example)
		if seen[typ] || typ.Kind() != reflect.Struct {
			continue
		}
		seen[typ] = true
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Type.Kind() != reflect.String || !f.IsExported() {
				continue
			}
			switch f.Name {
			case "Folder", "Path", "File", "Password", "Old", "New", "Code": // places on the disk and secrets have tests of their own
				continue
			}
			for _, text := range nasty {
				v := reflect.New(typ).Elem()
				v.Set(reflect.ValueOf(example))
				v.Field(i).SetString(text)
				w.st.undo = true
				_, err := u.run(ctx, w.self, v.Interface())
				w.st.undo = false
				tries++
				if err == nil {
					continue
				}
				switch fault.KindOf(err) {
				case fault.Internal, fault.Damaged:
					t.Errorf("%s with %s %.40q: %v", typ.Name(), f.Name, text, err)
				}
				if fault.KeyOf(err) == "" {
					t.Errorf("%s with %s %.40q: no words for it: %v", typ.Name(), f.Name, text, err)
				}
			}
			w.clock.at = w.clock.at.Add(time.Second)
		}
	}
	if tries < 1000 {
		t.Errorf("only %d tries", tries)
	}
	if after, _ := w.st.digest(t); after != before {
		t.Error("something stayed")
	}
	t.Logf("%d tries", tries)
}
