package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	ft "fyne.io/fyne/v2/theme"
)

type palette map[fyne.ThemeColorName]color.Color

func rgb(v uint32) color.Color {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

func rgba(v uint32, a uint8) color.Color {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: a}
}

// The accent is a deep teal blue: 6.2:1 on white, and its light brother 8:1 on
// the dark background. Red is kept for negative numbers and errors.
var light = palette{
	ft.ColorNameBackground:          rgb(0xF4F6F8),
	ft.ColorNameForeground:          rgb(0x16202A),
	ft.ColorNamePrimary:             rgb(0x0B6478),
	ft.ColorNameForegroundOnPrimary: rgb(0xFFFFFF),
	ft.ColorNameHyperlink:           rgb(0x0B6478),
	ft.ColorNameButton:              rgb(0xFFFFFF),
	ft.ColorNameDisabledButton:      rgb(0xEBEEF1),
	ft.ColorNameDisabled:            rgb(0x8A949E),
	ft.ColorNamePlaceHolder:         rgb(0x6B7782),
	ft.ColorNameInputBackground:     rgb(0xFFFFFF),
	ft.ColorNameInputBorder:         rgb(0xB4BEC8),
	ft.ColorNameSeparator:           rgb(0xD5DBE1),
	ft.ColorNameHeaderBackground:    rgb(0xE6EBEF),
	ft.ColorNameMenuBackground:      rgb(0xFFFFFF),
	ft.ColorNameOverlayBackground:   rgb(0xFFFFFF),
	ft.ColorNameHover:               rgba(0x0B6478, 0x14),
	ft.ColorNamePressed:             rgba(0x0B6478, 0x30),
	ft.ColorNameFocus:               rgba(0x0B6478, 0x40),
	ft.ColorNameSelection:           rgba(0x0B6478, 0x38),
	ft.ColorNameScrollBar:           rgba(0x16202A, 0x66),
	ft.ColorNameScrollBarBackground: rgba(0x16202A, 0x10),
	ft.ColorNameShadow:              rgba(0x000000, 0x40),
	ft.ColorNameError:               rgb(0xB3261E),
	ft.ColorNameForegroundOnError:   rgb(0xFFFFFF),
	ft.ColorNameSuccess:             rgb(0x1B6E3C),
	ft.ColorNameForegroundOnSuccess: rgb(0xFFFFFF),
	ft.ColorNameWarning:             rgb(0x8A5300),
	ft.ColorNameForegroundOnWarning: rgb(0xFFFFFF),
	NamePositive:                    rgb(0x1B6E3C),
	NameNegative:                    rgb(0xB3261E),
	NameWarning:                     rgb(0x8A5300),
	NameInfo:                        rgb(0x1F5FA8),
	NameMuted:                       rgb(0x566370),
	NameRowAlt:                      rgb(0xF7F9FA),
	NameSelected:                    rgb(0xD3E7EC),
	NameCellFocus:                   rgb(0x0B6478),
	NameRail:                        rgb(0x12323C),
	NameRailText:                    rgb(0xD6E4E8),
	NameRailActive:                  rgb(0x0B6478),
	NameCard:                        rgb(0xFFFFFF),
	NameInfoTint:                    rgb(0xE4EEF9),
	NameWarnTint:                    rgb(0xFDF0D9),
	NameErrorTint:                   rgb(0xFBE6E4),
	NameGoodTint:                    rgb(0xE1F2E7),
	NameGridLine:                    rgb(0xE3E8EC),
	NameAccentTint:                  rgb(0xE3F0F3),
}

var dark = palette{
	ft.ColorNameBackground:          rgb(0x171B1F),
	ft.ColorNameForeground:          rgb(0xE8EDF1),
	ft.ColorNamePrimary:             rgb(0x5CC0D3),
	ft.ColorNameForegroundOnPrimary: rgb(0x06222A),
	ft.ColorNameHyperlink:           rgb(0x5CC0D3),
	ft.ColorNameButton:              rgb(0x2A3138),
	ft.ColorNameDisabledButton:      rgb(0x22282D),
	ft.ColorNameDisabled:            rgb(0x76828C),
	ft.ColorNamePlaceHolder:         rgb(0x94A0AA),
	ft.ColorNameInputBackground:     rgb(0x1D2328),
	ft.ColorNameInputBorder:         rgb(0x4A5560),
	ft.ColorNameSeparator:           rgb(0x363F47),
	ft.ColorNameHeaderBackground:    rgb(0x2A3138),
	ft.ColorNameMenuBackground:      rgb(0x22282D),
	ft.ColorNameOverlayBackground:   rgb(0x22282D),
	ft.ColorNameHover:               rgba(0x5CC0D3, 0x1E),
	ft.ColorNamePressed:             rgba(0x5CC0D3, 0x3C),
	ft.ColorNameFocus:               rgba(0x5CC0D3, 0x50),
	ft.ColorNameSelection:           rgba(0x5CC0D3, 0x48),
	ft.ColorNameScrollBar:           rgba(0xE8EDF1, 0x66),
	ft.ColorNameScrollBarBackground: rgba(0xE8EDF1, 0x10),
	ft.ColorNameShadow:              rgba(0x000000, 0x80),
	ft.ColorNameError:               rgb(0xFF8A80),
	ft.ColorNameForegroundOnError:   rgb(0x2B0805),
	ft.ColorNameSuccess:             rgb(0x6CCB8B),
	ft.ColorNameForegroundOnSuccess: rgb(0x062210),
	ft.ColorNameWarning:             rgb(0xF2B84B),
	ft.ColorNameForegroundOnWarning: rgb(0x2A1B00),
	NamePositive:                    rgb(0x6CCB8B),
	NameNegative:                    rgb(0xFF8A80),
	NameWarning:                     rgb(0xF2B84B),
	NameInfo:                        rgb(0x8DBBF2),
	NameMuted:                       rgb(0xA6B2BC),
	NameRowAlt:                      rgb(0x20262B),
	NameSelected:                    rgb(0x1F4550),
	NameCellFocus:                   rgb(0x5CC0D3),
	NameRail:                        rgb(0x0F1E24),
	NameRailText:                    rgb(0xC5D4D9),
	NameRailActive:                  rgb(0x1F5563),
	NameCard:                        rgb(0x1D2328),
	NameInfoTint:                    rgb(0x1D2D40),
	NameWarnTint:                    rgb(0x3A2E14),
	NameErrorTint:                   rgb(0x3D2220),
	NameGoodTint:                    rgb(0x1B3324),
	NameGridLine:                    rgb(0x2C343B),
	NameAccentTint:                  rgb(0x1D363D),
}
