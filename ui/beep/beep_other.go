//go:build !windows

package beep

import (
	"context"
	"os"
	"os/exec"
)

// player programs and the sounds most desktops have, tried in this order.
var (
	programs = []string{"paplay", "pw-play", "aplay", "afplay"}
	sounds   = map[Kind][]string{
		Wrong: {"/usr/share/sounds/freedesktop/stereo/dialog-error.oga", "/usr/share/sounds/freedesktop/stereo/bell.oga", "/usr/share/sounds/alsa/Side_Left.wav", "/System/Library/Sounds/Basso.aiff"},
		Asked: {"/usr/share/sounds/freedesktop/stereo/dialog-question.oga", "/usr/share/sounds/freedesktop/stereo/bell.oga", "/System/Library/Sounds/Pop.aiff"},
	}
)

// system plays a sound file of the desktop, or rings the bell of the terminal
// the program was started from.
func system(ctx context.Context, k Kind) {
	for _, file := range sounds[k] {
		if _, err := os.Stat(file); err != nil {
			continue
		}
		for _, p := range programs {
			if path, err := exec.LookPath(p); err == nil && exec.CommandContext(ctx, path, file).Run() == nil {
				return
			}
		}
	}
	if ctx.Err() != nil {
		return
	}
	if st, err := os.Stderr.Stat(); err == nil && st.Mode()&os.ModeCharDevice != 0 {
		_, _ = os.Stderr.WriteString("\a")
	}
}
