package passphrase

import (
	"testing"

	"tiezhang/app/fault"
)

func TestPacks(t *testing.T) {
	for _, c := range []struct {
		pack     Pack
		owner    bool
		password string
		key      string
	}{
		// Balanced: as long as it is hard to guess, any characters do.
		{PackBalanced, false, "gvrkzpqwtb", ""}, {PackBalanced, false, "gvrkzpqwt", "passphrase.too-short"},
		{PackBalanced, true, "gvrkzpqwtbjm", ""}, {PackBalanced, true, "gvrkzpqwtbj", "passphrase.too-short"},
		{PackBalanced, true, "雨天卖伞 晴天卖帽 也卖铁", ""},
		// Graded: eight, three kinds, and not one of the first guesses.
		{PackGraded, false, "Kx9vLp2Q", ""}, {PackGraded, false, "Kx9vLp2", "passphrase.too-short"},
		{PackGraded, false, "gvrkzpqwtbjm", "passphrase.classes"}, {PackGraded, false, "GVRKzpqwtbjm", "passphrase.classes"},
		{PackGraded, false, "我家后院有三棵枣树", "passphrase.classes"}, {PackGraded, false, "后院3棵枣树 Zao", ""},
		{PackGraded, false, "P@ssw0rd", "passphrase.common"}, {PackGraded, true, "Kx9v#", "passphrase.too-short"},
		{PackGraded, true, "Laowang1", "passphrase.context"}, {PackGraded, true, "kX9#vLp2Qz7m", ""},
		// Full-width letters are the same kinds of characters, not one more.
		{PackGraded, false, "ＫＶＲＫｚｐｑｗｔｂ", "passphrase.classes"},
		// Strict asks of the password itself what balanced asks.
		{PackStrict, false, "gvrkzpqwtb", ""}, {PackStrict, true, "gvrkzpqwtb", "passphrase.too-short"},
	} {
		err := c.pack.Policy(c.owner).Check(c.password, append(ofShop, "laowang")...)
		if c.key == "" && err != nil || c.key != "" && fault.KeyOf(err) != c.key {
			t.Errorf("%s owner=%v %q: %v, want %q", c.pack, c.owner, c.password, err, c.key)
		}
	}
	for _, p := range Packs {
		for _, owner := range []bool{false, true} {
			pol := p.Policy(owner)
			if (p == PackStrict) != pol.SecondFactor || (p == PackGraded) != (pol.MaxAge == 90 && pol.History == 5) || (p == PackGraded) == (pol.Remind == 180) {
				t.Errorf("%s owner=%v: %+v", p, owner, pol)
			}
			if n := len(p.Rules(owner)); n < 3 {
				t.Errorf("%s is told in %d rules", p, n)
			}
		}
	}
	if Pack("nonsense").Known() || Pack("nonsense").Policy(true) != Balanced(true) {
		t.Error("an unknown pack is not the balanced one")
	}
}

func TestAge(t *testing.T) {
	const d = daySeconds
	for _, c := range []struct {
		pack Pack
		days int64
		want Age
	}{
		{PackBalanced, 0, Fresh}, {PackBalanced, 179, Fresh}, {PackBalanced, 180, Old}, {PackBalanced, 4000, Old},
		{PackGraded, 82, Fresh}, {PackGraded, 83, Old}, {PackGraded, 89, Old}, {PackGraded, 90, Expired},
		{PackStrict, 180, Old}, {PackGraded, -5, Fresh},
	} {
		if got := c.pack.Policy(false).Age(1000*d, (1000+c.days)*d); got != c.want {
			t.Errorf("%s after %d days: %d, want %d", c.pack, c.days, got, c.want)
		}
	}
	if PackGraded.Policy(true).Age(0, 5000*d) != Fresh {
		t.Error("a date nobody knows locks out")
	}
}
