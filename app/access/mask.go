package access

import "strings"

// What a masked value looks like is decided here and nowhere else: screens,
// lists, exports, prints and the script face show what this makes of it.

// masks are the fields whose values keep something to be told apart by. Of the
// others, which are figures, nothing is left.
var masks = map[Field]func([]rune) string{
	FieldPhone:    maskPhone,
	FieldPerson:   maskPerson,
	FieldIdentity: maskIdentity,
	FieldBank:     maskBank,
}

// MaskedFigure stands where a figure is masked.
const MaskedFigure = "***"

// Mask is what a value of the field looks like where it is masked. Nothing stays
// nothing: that there is no number is no secret.
func (f Field) Mask(s string) string {
	if s == "" {
		return ""
	}
	mask := masks[f]
	if mask == nil {
		return MaskedFigure
	}
	return mask([]rune(s))
}

// maskPhone keeps the first three and the last four: 138****5678.
func maskPhone(r []rune) string {
	if len(r) < 8 {
		return "****"
	}
	return string(r[:3]) + "****" + string(r[len(r)-4:])
}

// maskIdentity keeps the first and the last.
func maskIdentity(r []rune) string {
	if len(r) < 4 {
		return strings.Repeat("*", len(r))
	}
	return string(r[0]) + strings.Repeat("*", len(r)-2) + string(r[len(r)-1])
}

// maskBank keeps the last four, of numbers that have enough besides.
func maskBank(r []rune) string {
	if len(r) < 8 {
		return "****"
	}
	return "****" + string(r[len(r)-4:])
}

// maskPerson keeps the first character: the family name of most.
func maskPerson(r []rune) string { return string(r[0]) + "*" }
