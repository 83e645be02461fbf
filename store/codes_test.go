package store

import (
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/app/master"
)

func TestLastCodeAndWords(t *testing.T) {
	sh := newShop(t, 0)
	for _, c := range []string{"SP00009", "SP00010", "sp00011", "SP1x", "SPA", "SQ99999", "S9", "9"} {
		sh.write(func(x app.Tx) error {
			_, err := x.SaveItem(master.Item{Code: c, Name: "n " + c, Unit: "个", Brand: strings.ToUpper(c[:1]), Category: "食品"})
			return err
		})
	}
	sh.read(func(x app.Tx) error {
		for prefix, want := range map[string]string{"SP": "sp00011", "SQ": "SQ99999", "KH": ""} {
			if got, err := x.LastCode("items", prefix); err != nil || got != want {
				t.Errorf("%s: %q %v, want %q", prefix, got, err, want)
			}
		}
		if _, err := x.LastCode("items; DROP TABLE item", "SP"); fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		if got, err := x.Words("brand"); err != nil || strings.Join(got, " ") != "9 S" {
			t.Error(got, err)
		}
		if _, err := x.Words("name"); fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		return nil
	})
}
