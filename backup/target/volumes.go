package target

import (
	"context"
	"path/filepath"
	"time"
)

// Found is a target seen on a volume.
type Found struct {
	Folder string
	Marker Marker
}

// Subfolder is where a target lies on a volume that also carries other things.
const Subfolder = "Tiezhang"

// askTime is how long one volume may take to answer; a hung share must not
// hang the program.
const askTime = 3 * time.Second

// Find looks on every volume, in its top folder and in Subfolder, for targets
// of the shop. Each volume is asked in a goroutine of its own; one that does
// not answer in time is left out. The same target id on two folders is given
// twice: the caller asks the person which it is.
func Find(ctx context.Context, f FS, volumes []string, db [16]byte) []Found {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	answers := make(chan []Found, len(volumes)) // room for all: a late answer blocks nobody
	for _, v := range volumes {
		go func() { answers <- look(f, v, db) }()
	}
	var out []Found
	for range volumes {
		select {
		case a := <-answers:
			out = append(out, a...)
		case <-ctx.Done():
			return out
		}
	}
	return out
}

func look(f FS, volume string, db [16]byte) (out []Found) {
	for _, folder := range []string{volume, filepath.Join(volume, Subfolder)} {
		if m, err := ReadMarker(f, folder); err == nil && m.DB == db {
			out = append(out, Found{folder, m})
		}
	}
	return out
}
