//go:build !linux && !windows

package target

import (
	"os"
	"path/filepath"
)

// Volumes lists what is mounted below /Volumes.
func Volumes() []string {
	list, err := os.ReadDir("/Volumes")
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range list {
		out = append(out, filepath.Join("/Volumes", e.Name()))
	}
	return out
}
