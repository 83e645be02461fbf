package passphrase

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app/fault"
)

var ofShop = []string{"老王五金店", "laowangwujindian", "13812345678", "王建国", "wangjianguo", "lwwjd"}

func TestScores(t *testing.T) {
	for _, c := range []struct {
		password string
		atMost   int
		advice   string
	}{
		{"", 0, ""}, {"123456", 0, "passphrase.common"}, {"password", 0, "passphrase.common"}, {"P@ssw0rd", 0, "passphrase.common"},
		{"aaaaaaaaaaaaaaaaaaaa", 0, "passphrase.repeat"}, {"abcabcabcabcabcabc", 0, ""},
		{"abcdefghijklmnop", 0, "passphrase.sequence"}, {"98765432109876543210", 1, ""},
		{"1qaz2wsx3edc4rfv", 0, "passphrase.keyboard"}, {"qwertyuiopasdfghjkl", 1, ""},
		{"19850312", 0, "passphrase.date"}, {"1985031219870704", 2, "passphrase.date"},
		{"13972580364", 1, "passphrase.phone"}, {"ｐａｓｓｗｏｒｄ", 0, "passphrase.common"},
		{"laowangwujindian", 0, "passphrase.context"}, {"老王五金店老王五金", 0, "passphrase.context"}, {"13812345678", 0, "passphrase.context"},
		{"LaoWangWuJinDian123", 1, "passphrase.context"}, {"wangjianguo1985", 0, "passphrase.context"}, {"345678345678", 0, ""},
		{"xuguangping", 1, "passphrase.pinyin"}, {"woaini1314520", 1, ""}, {"dashandongmian", 2, "passphrase.pinyin"},
		{"correct horse battery", 2, ""},
	} {
		s := Measure(c.password, ofShop...)
		if s.Score > c.atMost || c.advice != "" && s.Advice != c.advice {
			t.Errorf("%q: score %d (%d bits) %s, want at most %d %s", c.password, s.Score, s.Bits, s.Advice, c.atMost, c.advice)
		}
	}
	for _, c := range []struct {
		password string
		atLeast  int
	}{
		{"kX9#vLp2Qz7m", 4}, {"我家后院有三棵枣树", 4}, {"枣树 梯子 铁皮 桶", 4}, {"fjw7 plk2 xq9d", 4},
		{"雨天卖伞 晴天卖帽", 4}, {"gvrkzpqw tbjm", 3}, {"五金店后门 那只花猫", 3},
	} {
		if s := Measure(c.password, ofShop...); s.Score < c.atLeast {
			t.Errorf("%q: score %d (%d bits) %s, want at least %d", c.password, s.Score, s.Bits, s.Advice, c.atLeast)
		}
	}
}

func TestPolicy(t *testing.T) {
	for _, c := range []struct {
		password string
		owner    bool
		key      string
	}{
		{"kX9#vLp2Q", false, "passphrase.too-short"}, {"kX9#vLp2Qz", false, ""}, {"kX9#vLp2Qzm", true, "passphrase.too-short"}, {"kX9#vLp2Qz7m", true, ""},
		{"1234567890", false, "passphrase.common"}, {"laowangwujindian", true, "passphrase.context"},
		{"我家后院有三棵枣树真的", true, "passphrase.too-short"}, {"我家后院有三棵枣树真的甜", true, ""},
		{strings.Repeat("长", 129), false, "passphrase.too-long"}, {"tab\tin the middle", false, "passphrase.characters"}, {"bad\xffbytes and more", false, "passphrase.characters"},
	} {
		err := Balanced(c.owner).Check(c.password, ofShop...)
		if c.key == "" && err != nil || c.key != "" && fault.KeyOf(err) != c.key {
			t.Errorf("%q: %v, want %q", c.password, err, c.key)
		}
	}
}

// More context never makes a password look stronger, and no input panics.
func TestContextOnlyWeakens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pw := rapid.StringN(0, 40, -1).Draw(t, "password")
		words := rapid.SliceOfN(rapid.StringN(0, 12, -1), 0, 4).Draw(t, "context")
		with, without := Measure(pw, words...), Measure(pw)
		if with.Bits > without.Bits {
			t.Fatalf("%d bits with context, %d without", with.Bits, without.Bits)
		}
		if with.Score < 0 || with.Score > 4 || with.Advice == "" {
			t.Fatalf("%+v", with)
		}
		if own := Measure(pw, pw); len([]rune(pw)) >= 3 && own.Bits > without.Bits {
			t.Fatal("the password itself as context")
		}
	})
}

// A form calls Measure on every key, so the longest hostile input must not
// take exponential time; it once did, and this test then never ended.
func TestLongRepeatsStayCheap(t *testing.T) {
	for _, pw := range []string{strings.Repeat("a", 128), strings.Repeat("ab", 64), strings.Repeat("abcabd", 21), strings.Repeat("长", 5000)} {
		if s := Measure(pw); s.Score > 1 {
			t.Errorf("%.12q…: %+v", pw, s)
		}
	}
}

func BenchmarkMeasureWorst(b *testing.B) {
	pw := strings.Repeat("a", 128)
	for b.Loop() {
		Measure(pw, ofShop...)
	}
}
