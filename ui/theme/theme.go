// Package theme is the look of the program: colours, sizes, fonts, icons.
//
// What belongs here: the Fyne theme, our own named colours with helpers that
// read them in the current variant, and icons. What does not: widgets, texts.
package theme

import (
	"image/color"
	"sync"

	"fyne.io/fyne/v2"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/assets"
)

// TextSize is one of the three sizes of the interface.
type TextSize uint8

const (
	Standard TextSize = iota // 标准
	Large                    // 大
	Largest                  // 特大
)

// Factor is what the size multiplies lengths by.
func (s TextSize) Factor() float32 {
	switch s {
	case Large:
		return 1.2
	case Largest:
		return 1.45
	}
	return 1
}

// Mode says which variant to use.
type Mode uint8

const (
	System Mode = iota // as the desktop says
	Light
	Dark
)

// Our own colours, besides Fyne's. Read them with the helper functions.
const (
	NamePositive   fyne.ThemeColorName = "tiezhangPositive"
	NameNegative   fyne.ThemeColorName = "tiezhangNegative"
	NameInfo       fyne.ThemeColorName = "tiezhangInfo"
	NameWarning    fyne.ThemeColorName = "tiezhangWarning"
	NameMuted      fyne.ThemeColorName = "tiezhangMuted"
	NameRowAlt     fyne.ThemeColorName = "tiezhangRowAlt"
	NameSelected   fyne.ThemeColorName = "tiezhangRowSelected"
	NameCellFocus  fyne.ThemeColorName = "tiezhangCellFocus"
	NameRail       fyne.ThemeColorName = "tiezhangRail"
	NameRailText   fyne.ThemeColorName = "tiezhangRailText"
	NameRailActive fyne.ThemeColorName = "tiezhangRailActive"
	NameCard       fyne.ThemeColorName = "tiezhangCard"
	NameInfoTint   fyne.ThemeColorName = "tiezhangInfoTint"
	NameWarnTint   fyne.ThemeColorName = "tiezhangWarnTint"
	NameErrorTint  fyne.ThemeColorName = "tiezhangErrorTint"
	NameGoodTint   fyne.ThemeColorName = "tiezhangGoodTint"
	NameGridLine   fyne.ThemeColorName = "tiezhangGridLine"
	NameAccentTint fyne.ThemeColorName = "tiezhangAccentTint"
)

// Theme is the program's fyne.Theme.
type Theme struct {
	mode Mode
	size TextSize
}

var _ fyne.Theme = (*Theme)(nil)

// New makes the theme. It is immutable; apply another one to change the look.
func New(mode Mode, size TextSize) *Theme { return &Theme{mode: mode, size: size} }

// Mode and TextSize give back what New was told.
func (t *Theme) Mode() Mode         { return t.mode }
func (t *Theme) TextSize() TextSize { return t.size }

// Apply makes t the theme of the running app; open widgets redraw themselves.
func Apply(t *Theme) { fyne.CurrentApp().Settings().SetTheme(t) }

var fonts = sync.OnceValue(func() [2]fyne.Resource {
	return [2]fyne.Resource{
		fyne.NewStaticResource("TiezhangSansSC-Regular.otf", assets.FontRegular),
		fyne.NewStaticResource("TiezhangSansSC-Bold.otf", assets.FontBold),
	}
})

// Font gives the bundled faces; there is no italic in Chinese, so italic text
// is regular. Symbols come from Fyne.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource {
	switch {
	case s.Symbol:
		return ft.DefaultTheme().Font(s)
	case s.Bold:
		return fonts()[1]
	}
	return fonts()[0]
}

// Icon gives Fyne's icons; ours come from the function Icon.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return ft.DefaultTheme().Icon(n) }

func (t *Theme) variant(v fyne.ThemeVariant) fyne.ThemeVariant {
	switch t.mode {
	case Light:
		return ft.VariantLight
	case Dark:
		return ft.VariantDark
	}
	return v
}

// Color looks a name up in our palettes, then in Fyne's.
func (t *Theme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	v = t.variant(v)
	p := light
	if v == ft.VariantDark {
		p = dark
	}
	if c, ok := p[n]; ok {
		return c
	}
	return ft.DefaultTheme().Color(n, v)
}

// Size keeps a 4-px rhythm and desktop density, times the text size.
func (t *Theme) Size(n fyne.ThemeSizeName) float32 {
	k := t.size.Factor()
	round := func(px float32) float32 { return float32(int(px*k + 0.5)) }
	switch n {
	case ft.SizeNameText:
		return round(14)
	case ft.SizeNameCaptionText:
		return round(12)
	case ft.SizeNameSubHeadingText:
		return round(17)
	case ft.SizeNameHeadingText:
		return round(22)
	case ft.SizeNamePadding:
		return 4
	case ft.SizeNameInnerPadding:
		return round(6)
	case ft.SizeNameLineSpacing:
		return 4
	case ft.SizeNameInlineIcon:
		return round(18)
	case ft.SizeNameScrollBar:
		return 12
	case ft.SizeNameScrollBarSmall:
		return 8
	case ft.SizeNameScrollBarRadius:
		return 4
	case ft.SizeNameInputRadius, ft.SizeNameSelectionRadius:
		return 3
	case ft.SizeNameInputBorder, ft.SizeNameSeparatorThickness:
		return 1
	}
	return ft.DefaultTheme().Size(n)
}

// Factor is the current theme's text factor: lengths that hold text are
// multiplied by it.
func Factor() float32 { return ft.TextSize() / 14 }

// Px is a length of n pixels at standard size, in the current text size.
func Px(n float32) float32 { return float32(int(n*Factor() + 0.5)) }

// Gap is n steps of the 4-px rhythm.
func Gap(n int) float32 { return 4 * float32(n) }

// Get reads any named colour in the current theme and variant.
func Get(n fyne.ThemeColorName) color.Color {
	s := fyne.CurrentApp().Settings()
	return s.Theme().Color(n, s.ThemeVariant())
}

// IsDark tells whether the current look is dark.
func IsDark() bool {
	s := fyne.CurrentApp().Settings()
	if t, ok := s.Theme().(*Theme); ok {
		return t.variant(s.ThemeVariant()) == ft.VariantDark
	}
	return s.ThemeVariant() == ft.VariantDark
}

// The named colours in the current look.
func Foreground() color.Color     { return Get(ft.ColorNameForeground) }
func Background() color.Color     { return Get(ft.ColorNameBackground) }
func Accent() color.Color         { return Get(ft.ColorNamePrimary) }
func OnAccent() color.Color       { return Get(ft.ColorNameForegroundOnPrimary) }
func AccentTint() color.Color     { return Get(NameAccentTint) }
func Error() color.Color          { return Get(ft.ColorNameError) }
func Positive() color.Color       { return Get(NamePositive) }
func Negative() color.Color       { return Get(NameNegative) }
func Warning() color.Color        { return Get(NameWarning) }
func Info() color.Color           { return Get(NameInfo) }
func Muted() color.Color          { return Get(NameMuted) }
func Separator() color.Color      { return Get(ft.ColorNameSeparator) }
func InputBorder() color.Color    { return Get(ft.ColorNameInputBorder) }
func Hover() color.Color          { return Get(ft.ColorNameHover) }
func RowAlt() color.Color         { return Get(NameRowAlt) }
func RowSelected() color.Color    { return Get(NameSelected) }
func CellFocus() color.Color      { return Get(NameCellFocus) }
func GridLine() color.Color       { return Get(NameGridLine) }
func Header() color.Color         { return Get(ft.ColorNameHeaderBackground) }
func RailBackground() color.Color { return Get(NameRail) }
func RailText() color.Color       { return Get(NameRailText) }
func RailActive() color.Color     { return Get(NameRailActive) }
func Dim() color.Color            { return color.NRGBA{A: 0x78} } // over what a dialog covers
func ScrollBar() color.Color      { return Get(ft.ColorNameScrollBar) }
func CardBackground() color.Color { return Get(NameCard) }
