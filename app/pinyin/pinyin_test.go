package pinyin

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestInitialsAndFull(t *testing.T) {
	for _, c := range []struct{ name, initials, full string }{
		{"康师傅红烧牛肉面", "ksfhsnrm", "kangshifuhongshaoniuroumian"},
		{"重庆火锅底料", "cqhgdl", "chongqinghuoguodiliao"},
		{"重型货架", "zxhj", "zhongxinghuojia"},
		{"长城干红", "ccgh", "changchengganhong"},
		{"儿童成长牛奶", "etcznn", "ertongchengzhangniunai"},
		{"银行", "yh", "yinhang"},
		{"自行车", "zxc", "zixingche"},
		{"兴隆五金行", "xlwjh", "xinglongwujinhang"},
		{"调味酱油", "twjy", "tiaoweijiangyou"},
		{"格力空调", "glkt", "gelikongtiao"},
		{"朝天椒", "ctj", "chaotianjiao"},
		{"可口可乐500ml", "kkkl500ml", "kekoukele500ml"},
		{"乐器行", "yqh", "yueqihang"},
		{"番茄酱", "fqj", "fanqiejiang"},
		{"雪茄", "xj", "xuejia"},
		{"薄荷糖", "bht", "bohetang"},
		{"西洋参", "xys", "xiyangshen"},
		{"都江堰", "djy", "dujiangyan"},
		{"阿胶糕", "ejg", "ejiaogao"},
		{"女儿红", "neh", "nverhong"},
		{"绿茶", "lc", "lvcha"},
		{"ＡＢＣ奶粉３段", "abcnf3d", "abcnaifen3duan"},
		{"【特价】A4 纸（80g*500张）", "tja4z80g500z", "tejiaa4zhi80g500zhang"},
		{"", "", ""},
		{"①号～", "h", "hao"},
	} {
		if got := Initials(c.name); got != c.initials {
			t.Errorf("Initials(%s) = %s, want %s", c.name, got, c.initials)
		}
		if got := Full(c.name); got != c.full {
			t.Errorf("Full(%s) = %s, want %s", c.name, got, c.full)
		}
	}
}

// A line of the table with a missing or extra syllable would shift a name.
func TestEveryWordHasASyllableACharacter(t *testing.T) {
	if len(words().of) < 300 {
		t.Fatalf("only %d words read", len(words().of))
	}
	for w, syl := range words().of {
		if utf8.RuneCountInString(w) != len(syl) {
			t.Errorf("%s has %d syllables", w, len(syl))
		}
		for _, s := range syl {
			if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") != "" {
				t.Errorf("%s: %q is no plain syllable", w, s)
			}
		}
	}
}

func TestOnlyLettersAndDigitsComeOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		in, full := Initials(name), Full(name)
		for _, s := range []string{in, full} {
			if strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
				t.Fatalf("%q gives %q", name, s)
			}
		}
		if len(in) > len(full) || len(in) > utf8.RuneCountInString(name) {
			t.Fatalf("%q: initials %q longer than they can be", name, in)
		}
	})
}
