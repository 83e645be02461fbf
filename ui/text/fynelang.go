package text

import (
	"encoding/json"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
)

// fyneLocales are the languages Fyne itself carries. It picks one by the
// desktop's locale and offers no way to choose, so our words are registered
// under every one of them.
var fyneLocales = []string{"en", "cs", "de", "el", "es", "fr", "ja", "pl", "pt", "pt-BR", "ru", "sv", "ta", "uk", "zh-Hans"}

// fyneKeys are Fyne's own 39 keys with ours for them.
var fyneKeys = map[string]string{
	"Advanced": "ui.fyne.advanced", "Cancel": "ui.fyne.cancel", "Confirm": "ui.fyne.confirm", "Copy": "ui.fyne.copy",
	"Create Folder": "ui.fyne.create_folder", "Cut": "ui.fyne.cut", "Enter filename": "ui.fyne.enter_filename",
	"Error": "ui.fyne.error", "Favourites": "ui.fyne.favourites", "File": "ui.fyne.file", "Folder": "ui.fyne.folder",
	"New Folder": "ui.fyne.new_folder", "No": "ui.fyne.no", "OK": "ui.fyne.ok", "Open": "ui.fyne.open",
	"Paste": "ui.fyne.paste", "Quit": "ui.fyne.quit", "Redo": "ui.fyne.redo", "Save": "ui.fyne.save",
	"Select all": "ui.fyne.select_all", "Show Hidden Files": "ui.fyne.show_hidden", "Undo": "ui.fyne.undo", "Yes": "ui.fyne.yes",
	"file.name": "ui.fyne.file_name", "file.parent": "ui.fyne.file_parent",
	"monday": "ui.weekday.mon_long", "tuesday": "ui.weekday.tue_long", "wednesday": "ui.weekday.wed_long", "thursday": "ui.weekday.thu_long",
	"friday": "ui.weekday.fri_long", "saturday": "ui.weekday.sat_long", "sunday": "ui.weekday.sun_long",
	"monday.short": "ui.weekday.mon", "tuesday.short": "ui.weekday.tue", "wednesday.short": "ui.weekday.wed", "thursday.short": "ui.weekday.thu",
	"friday.short": "ui.weekday.fri", "saturday.short": "ui.weekday.sat", "sunday.short": "ui.weekday.sun",
}

// UseInFyne gives Fyne's own menus and dialogs the current language. Main
// calls it once before the first window; Use calls it at every switch.
func UseInFyne() { fyneLanguage(Current()) }

func fyneLanguage(l Lang) {
	c, _ := catalogue()
	m := make(map[string]any, len(fyneKeys))
	for theirs, ours := range fyneKeys {
		s, _ := c.Raw(l, ours)
		if theirs == "file.name" || theirs == "file.parent" {
			m[theirs] = map[string]string{"other": s}
			continue
		}
		m[theirs] = s
	}
	data, err := json.Marshal(m)
	if err != nil {
		panic(fmt.Sprint("text: Fyne's words: ", err)) // strings always marshal
	}
	for _, loc := range fyneLocales {
		if err := lang.AddTranslationsForLocale(data, fyne.Locale(loc)); err != nil {
			fyne.LogError("text: words for "+loc, err)
		}
	}
}
