// Command tiezhang is the whole program: with a word of the script face it
// runs that and ends, otherwise it opens the window. What belongs here: wiring
// and nothing else.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"
	"github.com/gofrs/flock"

	"tiezhang/app"
	"tiezhang/internal/place"
	"tiezhang/store"
	"tiezhang/ui"
	"tiezhang/ui/bg"
	"tiezhang/ui/console"
	_ "tiezhang/ui/early" // before Fyne looks for a language
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
)

// version is set by the linker.
var version = "dev"

type clock struct{}

func (clock) Now() time.Time { return time.Now() }

// machine names the computer and its user, for the log.
func machine() string {
	name, _ := os.Hostname()
	if u, err := user.Current(); err == nil {
		return name + "/" + u.Username
	}
	return name
}

// state is where what concerns this computer and not the shop is kept.
func state() string {
	if f := ui.Folder(); f != "" {
		return filepath.Join(f, "state")
	}
	return ""
}

// running gives the time since the program began: setting the computer's clock
// does not change it.
func running() func() time.Duration {
	began := time.Now()
	return func() time.Duration { return time.Since(began) }
}

func main() {
	host := app.Host{Vault: store.Vault{}, Clock: clock{}, Machine: machine(), Version: version,
		State: state(), Running: running(), Where: place.Of, Sticks: place.Sticks}
	if len(os.Args) > 1 && (console.Knows(os.Args[1]) || !strings.HasPrefix(os.Args[1], "-") && !isFolder(os.Args[1])) {
		console.Attach()
		os.Exit(console.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr, host)) // an unknown word: it says what words there are
	}
	console.TakeSecrets() // the window wants none of them
	flags := flag.NewFlagSet("tiezhang", flag.ContinueOnError)
	ownDialogs := flags.Bool("own-dialogs", false, "ask for files in the program's own dialogs")
	flags.SetOutput(io.Discard)
	if err := flags.Parse(os.Args[1:]); err != nil {
		console.Attach()
		fmt.Fprintln(os.Stderr, err)
		flags.SetOutput(os.Stderr)
		flags.PrintDefaults()
		os.Exit(2)
	}
	os.Exit(window(host, flags.Arg(0), *ownDialogs))
}

// window opens the window and gives the exit code.
func window(host app.Host, shop string, ownDialogs bool) int {
	folder := ui.Folder()
	memory := ui.Recall(folder)
	if memory.Language != "" {
		text.Use(text.Lang(memory.Language))
	}
	if shop == "" && len(memory.Shops) > 0 {
		shop = memory.Shops[0].Folder
	}
	if isOpen(shop) {
		if err := ui.AskToRaise(folder, shop); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		fmt.Fprintln(os.Stderr, text.T("shell.already", "shop", memory.Of(shop).Label()))
		return 0
	}
	log.SetOutput(ui.GraphicsLog{Out: os.Stderr})

	a := fyneapp.NewWithID("cn.tiezhang.desktop")
	a.SetIcon(theme.AppIcon())
	text.UseInFyne()
	memory.Apply()
	w := a.NewWindow(text.T("shell.title"))
	w.SetMaster()
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1366, 740))
	w.CenterOnScreen()

	runner := bg.NewRunner(fyne.Do, nil)
	shell := ui.New(w, ui.Options{Host: host, Runner: runner, Dispatch: fyne.Do, Memory: memory, Shop: shop,
		DemoDir: filepath.Join(folder, "demo"), OwnDialogs: ownDialogs})
	w.SetCloseIntercept(shell.Exit)
	shell.Start()
	w.ShowAndRun()

	// The loop is over: nothing can draw any more, and nothing can cut the
	// closing short. Quit by the desktop passes here too.
	if err := shell.Close(); err != nil {
		fmt.Fprintln(os.Stderr, text.T("shell.close-failed", "problem", text.Fault(err)))
		return 1
	}
	return 0
}

func isFolder(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

// isOpen tells whether another program holds the lock of a shop's folder.
func isOpen(shop string) bool {
	lock := filepath.Join(shop, "lock")
	if _, err := os.Stat(lock); shop == "" || err != nil {
		return false // never opened, so not open
	}
	l := flock.New(lock)
	free, err := l.TryLock()
	if err == nil && free {
		_ = l.Unlock()
	}
	return err == nil && !free
}
