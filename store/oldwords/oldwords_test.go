package oldwords

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	r := Make("雨天卖伞 Kx9")
	if !Match(r, "雨天卖伞 Kx9") || !Match(r, "雨天卖伞 Ｋｘ９") {
		t.Error("its own password does not match")
	}
	if Match(r, "雨天卖伞 kx9") || Match(r, "") || Match(r, "雨天卖伞 Kx9 ") {
		t.Error("another password matches")
	}
	if other := Make("雨天卖伞 Kx9"); other == r {
		t.Error("no salt")
	}
	if strings.Contains(r, "Kx9") {
		t.Error("the password is in its record")
	}
}

// Records are read from a file: nothing in them may cost much or match by
// being broken.
func TestHostileRecords(t *testing.T) {
	good := Make("x")
	p := strings.Split(good, "$")
	for _, r := range []string{"", "v1", "v1$$$$", "v2$" + strings.Join(p[1:], "$"), "v1$64$1$" + p[3] + "$" + p[4], "v1$4194304$2$" + p[3] + "$" + p[4],
		"v1$19456$1000000$" + p[3] + "$" + p[4], "v1$-1$2$" + p[3] + "$" + p[4], "v1$19456$2$$", "v1$19456$2$" + p[3] + "$", "v1$19456$2$" + p[3] + "$AAAA", good + "$"} {
		if Match(r, "x") {
			t.Errorf("%q matches", r)
		}
	}
}
