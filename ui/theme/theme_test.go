package theme

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	ft "fyne.io/fyne/v2/theme"
)

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	f := func(v uint32) float64 {
		x := float64(v) / 0xffff
		if x <= 0.03928 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*f(r) + 0.7152*f(g) + 0.0722*f(b)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

func TestTextIsReadableOnEverySurface(t *testing.T) {
	surfaces := []fyne.ThemeColorName{ft.ColorNameBackground, NameCard, NameRowAlt, NameSelected, ft.ColorNameInputBackground, ft.ColorNameHeaderBackground, ft.ColorNameOverlayBackground}
	texts := []fyne.ThemeColorName{ft.ColorNameForeground, ft.ColorNamePrimary, ft.ColorNameError, NamePositive, NameNegative, NameInfo, NameWarning, NameMuted}
	pairs := [][2]fyne.ThemeColorName{
		{ft.ColorNameForegroundOnPrimary, ft.ColorNamePrimary}, {ft.ColorNameForegroundOnError, ft.ColorNameError},
		{ft.ColorNameForegroundOnWarning, ft.ColorNameWarning}, {ft.ColorNameForegroundOnSuccess, ft.ColorNameSuccess},
		{NameRailText, NameRail}, {NameRailText, NameRailActive}, {NameInfo, NameInfoTint}, {NameWarning, NameWarnTint},
		{NameNegative, NameErrorTint}, {NamePositive, NameGoodTint}, {ft.ColorNamePrimary, NameAccentTint},
		{ft.ColorNamePlaceHolder, ft.ColorNameInputBackground},
	}
	for _, s := range surfaces {
		for _, x := range texts {
			pairs = append(pairs, [2]fyne.ThemeColorName{x, s})
		}
	}
	for _, mode := range []Mode{Light, Dark} {
		th := New(mode, Standard)
		for _, p := range pairs {
			if c := contrast(th.Color(p[0], 0), th.Color(p[1], 0)); c < 4.5 {
				t.Errorf("mode %d: %s on %s is %.2f:1, want 4.5", mode, p[0], p[1], c)
			}
		}
	}
}

func TestBothPalettesHaveTheSameNames(t *testing.T) {
	for n := range light {
		if dark[n] == nil {
			t.Error("dark lacks", n)
		}
	}
	if len(light) != len(dark) {
		t.Error(len(light), len(dark))
	}
}

func TestSizesGrowWithText(t *testing.T) {
	for _, n := range []fyne.ThemeSizeName{ft.SizeNameText, ft.SizeNameHeadingText, ft.SizeNameInnerPadding, ft.SizeNameInlineIcon} {
		a, b, c := New(Light, Standard).Size(n), New(Light, Large).Size(n), New(Light, Largest).Size(n)
		if a >= b || b >= c {
			t.Error(n, a, b, c)
		}
	}
}

func TestModeOverridesTheDesktop(t *testing.T) {
	if New(Dark, Standard).Color(ft.ColorNameBackground, ft.VariantLight) != dark[ft.ColorNameBackground] {
		t.Error("dark")
	}
	if New(System, Standard).Color(ft.ColorNameBackground, ft.VariantDark) != dark[ft.ColorNameBackground] {
		t.Error("system")
	}
	test.NewTempApp(t)
	Apply(New(Dark, Large))
	if !IsDark() || Px(10) != 12 {
		t.Error(IsDark(), Px(10))
	}
}

func TestChineseFontHasDigitsOfOneWidth(t *testing.T) {
	test.NewTempApp(t)
	Apply(New(Light, Standard))
	w := fyne.MeasureText("0", 14, fyne.TextStyle{}).Width
	for _, d := range "123456789" {
		if got := fyne.MeasureText(string(d), 14, fyne.TextStyle{}).Width; got != w {
			t.Errorf("%c is %v wide, 0 is %v", d, got, w)
		}
	}
}

func TestIconOfNoNameIsSeenNotFatal(t *testing.T) {
	if Icon("no-such-icon") == nil || Icon("home") == nil || IconIn("home", NameRailText) == nil {
		t.Fatal("nil icon")
	}
}
