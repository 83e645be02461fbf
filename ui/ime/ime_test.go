package ime

import (
	"testing"

	"fyne.io/fyne/v2"
)

// Each step is a key, a rune ("r") or a reset; want is whether the last key is
// dropped.
func TestGuard(t *testing.T) {
	for name, c := range map[string]struct {
		steps []fyne.KeyName
		want  bool
	}{
		"plain typing":              {[]fyne.KeyName{"K", "r", "L", "r", fyne.KeyReturn}, false},
		"enter while composing":     {[]fyne.KeyName{"N", "I", fyne.KeyReturn}, true},
		"enter after the commit":    {[]fyne.KeyName{"N", "I", fyne.KeySpace, "r", "r", fyne.KeyReturn}, false},
		"backspace while composing": {[]fyne.KeyName{"N", fyne.KeyBackspace}, true},
		"backspace emptied it":      {[]fyne.KeyName{"N", fyne.KeyBackspace, fyne.KeyReturn}, false},
		"candidate by digit":        {[]fyne.KeyName{"N", fyne.Key2}, true},
		"abandoned by escape":       {[]fyne.KeyName{"N", fyne.KeyEscape, fyne.KeyReturn}, false},
		"focus went":                {[]fyne.KeyName{"N", "reset", fyne.KeyReturn}, false},
		"scanner":                   {[]fyne.KeyName{"6", "r", "9", "r", fyne.KeyReturn}, false},
	} {
		var g Guard
		got := false
		for _, s := range c.steps {
			switch s {
			case "r":
				g.Rune()
			case "reset":
				g.Reset()
			default:
				got = g.Key(s)
			}
		}
		if got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
