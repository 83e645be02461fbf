package keyring

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tiezhang/app/fault"
)

func drawCode(t *rapid.T) (c RecoveryCode) {
	copy(c.secret[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "secret"))
	return c
}

func groupOf(err error) any {
	var fe *fault.Error
	if !errors.As(err, &fe) {
		return nil
	}
	return fe.Args["group"]
}

func TestCodeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCode(t)
		text := c.Text()
		if len(text) != 9*6+8 {
			t.Fatal(text)
		}
		wide := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r - '0' + '０'
			}
			return r
		}, text)
		for _, typed := range []string{
			text, strings.ReplaceAll(text, "-", ""), strings.ReplaceAll(text, "-", " \n"), " " + text + "\r\n", wide,
			strings.ReplaceAll(text, "-", "－"), strings.ReplaceAll(text, "-", "—"), strings.ReplaceAll(text, "-", "　"),
			strings.ReplaceAll(text, "-", "、"),
		} {
			got, err := ParseRecoveryCode(typed)
			if err != nil || got != c {
				t.Fatalf("%q: %v", typed, err)
			}
		}
		for _, g := range c.Groups() {
			if !GroupOK(g) {
				t.Fatal(g)
			}
		}
	})
}

// Every single wrong digit and every exchange of neighbours within a group is
// found, and the group named.
func TestTyposAreLocated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCode(t)
		groups := c.Groups()
		at := rapid.IntRange(0, CodeGroups-1).Draw(t, "group")
		pos := rapid.IntRange(0, groupDigits-1).Draw(t, "digit")
		g := []byte(groups[at])
		if rapid.Bool().Draw(t, "exchange") && pos > 0 {
			if g[pos] == g[pos-1] {
				return
			}
			g[pos], g[pos-1] = g[pos-1], g[pos]
		} else {
			d := byte(rapid.IntRange(1, 9).Draw(t, "by"))
			g[pos] = '0' + (g[pos]-'0'+d)%10
		}
		groups[at] = string(g)
		_, err := ParseRecoveryCode(strings.Join(groups[:], " "))
		if fault.KeyOf(err) != "keyring.code-group" || groupOf(err) != at+1 {
			t.Fatalf("group %d: %v", at+1, err)
		}
		if GroupOK(string(g)) {
			t.Fatal("the form would not notice")
		}
	})
}

func TestCodeFaults(t *testing.T) {
	c := RecoveryCode{secret: [16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}}
	g := c.Groups()
	join := func(g [CodeGroups]string) string { return strings.Join(g[:], "-") }
	short, long, swapped, other := g, g, g, g
	short[4] = g[4][:5]
	long[7] += "1"
	swapped[2], swapped[6] = g[6], g[2]
	other[3] = "000011"
	for _, k := range []struct {
		text, key string
		group     any
	}{
		{join(short), "keyring.code-group", 5}, {join(long), "keyring.code-group", 8},
		{join(swapped), "keyring.code-swapped", 3}, {join(other), "keyring.code-check", nil},
		{"", "keyring.code-length", nil}, {strings.Join(g[:8], "-"), "keyring.code-length", nil},
		{strings.Replace(join(g), "0", "O", 1), "keyring.code-character", nil}, {strings.Repeat("1", 1001), "keyring.code-length", nil},
		{strings.Repeat("999999-", 9), "keyring.code-group", 1},
		{strings.Repeat("720896-", 9), "keyring.code-group", 1}, // a multiple of 11, but above 16 bits
	} {
		_, err := ParseRecoveryCode(k.text)
		if fault.KeyOf(err) != k.key || k.group != nil && groupOf(err) != k.group {
			t.Errorf("%.70q: %v, want %s %v", k.text, err, k.key, k.group)
		}
		if err != nil && strings.Contains(err.Error(), g[0]) {
			t.Errorf("the fault repeats a right group of the code: %v", err)
		}
	}
}
