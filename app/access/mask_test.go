package access

import (
	"strings"
	"testing"
)

func TestMasks(t *testing.T) {
	for _, c := range []struct {
		f        Field
		in, want string
	}{
		{FieldPhone, "13812345678", "138****5678"},
		{FieldPhone, "0571-8800123", "057****0123"},
		{FieldPhone, "1234567", "****"},
		{FieldIdentity, "11010519491231002X", "1****************X"},
		{FieldIdentity, "110105491231002", "1*************2"},
		{FieldIdentity, "12", "**"},
		{FieldBank, "6222021234567890123", "****0123"},
		{FieldBank, "622202", "****"},
		{FieldPerson, "\u5f20\u4e09\u4e30", "\u5f20*"},
		{FieldPerson, "\u6b27\u9633\u4fee", "\u6b27*"},
		{FieldPerson, "\u5f20", "\u5f20*"},
		{FieldPerson, "Zhang San", "Z*"},
		{FieldPerson, "\U00020bb7\u91ce", "\U00020bb7*"}, // a character of four bytes is one
		{FieldCost, "12.50", "***"},
		{FieldPurchase, "1", "***"},
	} {
		if got := c.f.Mask(c.in); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.f, c.in, got, c.want)
		}
		if got := c.f.Mask(c.f.Mask(c.in)); strings.Trim(got, "*") != "" && strings.Trim(c.f.Mask(c.in), "*") == "" {
			t.Errorf("%s %q: masking twice tells %q", c.f, c.in, got)
		}
	}
	for _, f := range Fields {
		if got := f.Mask(""); got != "" {
			t.Errorf("%s of nothing: %q", f, got)
		}
	}
}

// TestRolesLearnNewFields: a standard role has what is new by default; a role of
// the owner's own sees no number nobody gave it, and the names it saw before.
func TestRolesLearnNewFields(t *testing.T) {
	old := role(Manager)
	old.Known = nil
	old.Fields[FieldPhone] = Shown // as it was by default
	for _, f := range []Field{FieldPerson, FieldIdentity, FieldBank} {
		delete(old.Fields, f)
	}
	now := old.Current()
	for f, want := range map[Field]Sight{FieldPhone: Shown, FieldPerson: Shown, FieldIdentity: Masked, FieldBank: Masked} {
		if now.Sees(f) != want {
			t.Errorf("%s: %d, want %d", f, now.Sees(f), want)
		}
	}
	own := Role{ID: "weekend", Fields: map[Field]Sight{FieldPhone: Masked}}
	now = own.Current()
	for f, want := range map[Field]Sight{FieldPhone: Masked, FieldPerson: Shown, FieldIdentity: Hidden, FieldBank: Hidden} {
		if now.Sees(f) != want {
			t.Errorf("of the owner's own, %s: %d, want %d", f, now.Sees(f), want)
		}
	}
	own.Known = Permissions() // made when there was a right to names
	if own.Current().Sees(FieldPerson) != Hidden {
		t.Error("a role that was not given the names sees them")
	}
}
