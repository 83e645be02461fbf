package ui

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// A second start on a shop that is open brings the first window forward. The
// program opens no socket of any kind, so the two talk through a file in the
// program's own folder: the second start writes it, the first one looks for it
// every second, takes it away and shows itself. The lock of the shop's folder,
// which the store holds, decides who is first; the file only carries the wish.

// raiseEvery is how often an open window looks: one stat a second.
const raiseEvery = time.Second

func raiseFile(folder, shop string) string {
	if abs, err := filepath.Abs(shop); err == nil {
		shop = abs
	}
	shop = filepath.Clean(shop)
	if runtime.GOOS == "windows" { // one folder under any spelling of its letters
		shop = strings.ToLower(shop)
	}
	sum := sha256.Sum256([]byte(shop))
	return filepath.Join(folder, "raise-"+hex.EncodeToString(sum[:8]))
}

// AskToRaise leaves word that the window of a shop shall come forward.
func AskToRaise(folder, shop string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return os.WriteFile(raiseFile(folder, shop), nil, 0o600)
}

// watchRaise looks for that word as long as a shop is open here.
func (s *Shell) watchRaise() {
	if s.closed {
		return
	}
	if s.shop != nil {
		if os.Remove(raiseFile(s.o.Memory.folder, s.shop.Dir())) == nil {
			s.win.Show()
			s.win.RequestFocus()
		}
	}
	s.o.Runner.Later(raiseEvery, s.watchRaise)
}
