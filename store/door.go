package store

import (
	"encoding/json"
	"os"
	"path/filepath"

	"tiezhang/internal/disk"
)

// door is what may be read of a closed shop besides the names in the keyring.
type door struct {
	Shop string `json:"shop"`
}

// readDoor gives the shop's name; a folder restored from a backup has none
// until it is first opened, and goes by the folder's name.
func readDoor(dir string) string {
	var d door
	b, err := os.ReadFile(filepath.Join(dir, DoorName))
	if err != nil || len(b) > 4096 || json.Unmarshal(b, &d) != nil || d.Shop == "" {
		return filepath.Base(dir)
	}
	return d.Shop
}

// writeDoor replaces the file whole: it is a convenience, never half of one.
func writeDoor(dir, shop string) error {
	b, err := json.Marshal(door{shop})
	if err != nil {
		return err
	}
	tmp := filepath.Join(dir, DoorName+".tmp")
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return err
	}
	return disk.Rename(tmp, filepath.Join(dir, DoorName))
}
