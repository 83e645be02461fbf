package theme

import (
	"sync"

	"fyne.io/fyne/v2"
	ft "fyne.io/fyne/v2/theme"

	"tiezhang/assets"
)

var icons sync.Map // name → fyne.Resource, nil for a name that does not exist

// Icon gives the bundled drawing of that name ("home", "search") in the text
// colour of the current look. A name that does not exist gives Fyne's question
// mark, so that a slip is seen and nothing breaks.
func Icon(name string) fyne.Resource {
	if r := plain(name); r != nil {
		return ft.NewThemedResource(r)
	}
	return ft.QuestionIcon()
}

// IconIn is Icon in a named colour, for the rail and for buttons of the accent.
func IconIn(name string, c fyne.ThemeColorName) fyne.Resource {
	if r := plain(name); r != nil {
		t := ft.NewColoredResource(r, c)
		return t
	}
	return ft.QuestionIcon()
}

func plain(name string) fyne.Resource {
	if r, ok := icons.Load(name); ok {
		res, _ := r.(fyne.Resource)
		return res
	}
	b := assets.Icon(name)
	if b == nil {
		icons.Store(name, nil)
		return nil
	}
	r := fyne.NewStaticResource(name+".svg", b)
	icons.Store(name, r)
	return r
}

// AppIcon is the icon of windows and the task bar.
func AppIcon() fyne.Resource { return fyne.NewStaticResource("tiezhang.png", assets.AppIcon) }
