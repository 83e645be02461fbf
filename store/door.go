package store

import (
	"encoding/json"
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
	b, err := disk.ReadSmall(filepath.Join(dir, DoorName), 4096)
	if err != nil || json.Unmarshal(b, &d) != nil || d.Shop == "" {
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
	return disk.Replace(filepath.Join(dir, DoorName), b)
}
