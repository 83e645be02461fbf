package app

import (
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app/fault"
)

func TestNamesThatLookAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"wang", "WANG", true}, {"wang", "ｗａｎｇ", true}, {"wang", "wаng", true}, {"owner", "0wner", true}, {"lily", "1i1y", true}, {"Iily", "lily", true},
		{"modern", "modem", true}, {"li.na", "lina", true}, {"li na", "lina", true}, {"王小明", "玉小明", true}, {"张伟", "張偉", true}, {"王·明", "王明", true},
		{"己方", "已方", true}, {"wáng", "wa\u0301ng", false},
		{"wang", "weng", false}, {"王小明", "王小红", false}, {"李娜", "李那", false}, {"cashier1", "cashier3", false},
	} {
		if got := faceOf(c.a) == faceOf(c.b); got != c.same {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}

func TestNamesThatAreRefused(t *testing.T) {
	for _, c := range []struct{ name, key string }{
		{"王小明", ""}, {"小王 A", ""}, {"Zhang-3", ""}, {"Ольга", ""}, {"さくら", ""}, {"O'Neil", ""},
		{"", "user.name"}, {"  ", "user.name"}, {"wa\u200bng", "user.name"}, {"wang\u202e", "user.name"}, {"wa\tng", "user.name"}, {"a\u00a0b", "user.name"},
		{"\u3164", "user.name"}, {"\ufeffwang", "user.name"}, {"...", "user.name"}, {"bad\xff", "user.name"}, {"王\u2800", "user.name"},
		{"wаng", "user.name-mixed"}, {"王小мин", "user.name-mixed"}, {"αdmin", "user.name-mixed"},
		{"123456789012345678901234567890123", "user.name"},
	} {
		err := checkUserName(c.name)
		if c.key == "" && err != nil || c.key != "" && fault.KeyOf(err) != c.key {
			t.Errorf("%q: %v, want %q", c.name, err, c.key)
		}
	}
}

// A face is its own face, so that comparing once is enough; and nothing panics.
func TestFaceIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.String().Draw(t, "name")
		_ = checkUserName(n)
		if f := faceOf(n); faceOf(f) != f && faceOf(faceOf(f)) != faceOf(f) {
			t.Fatalf("%q %q", n, f)
		}
	})
}
