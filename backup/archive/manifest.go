package archive

import (
	"bytes"
	"encoding/json"
	"time"

	"tiezhang/app/fault"
)

// Totals are the control totals of the shop at the moment of the backup; a
// drill compares them with what the restored file says. Decimal strings, since
// this package knows no money.
type Totals struct {
	Documents  int64  `json:"documents"`
	LastNumber string `json:"last_number"`
	StockQty   string `json:"stock_qty"`
	StockValue string `json:"stock_value"`
	Receivable string `json:"receivable"`
	Payable    string `json:"payable"`
	Cash       string `json:"cash"`
}

// Facts are what the shop says about itself. They lie in the file sealed: who
// finds a stick learns nothing of the shop's name, money or computer.
type Facts struct {
	Shop     string            `json:"shop"`
	LogHead  string            `json:"log_head"`
	Totals   Totals            `json:"totals"`
	Versions map[string]string `json:"versions"` // app, sqlite, sqlcipher, …
	Host     string            `json:"host"`
	TimeZone string            `json:"time_zone"`
}

// Manifest is the readable account of a restore point. Root runs over the tags
// of this part and all parts before it, so the last part's covers everything.
type Manifest struct {
	Format int `json:"format"`
	Header
	Facts       Sealed `json:"facts"`
	CreatedText string `json:"created"`
	Root        Hash   `json:"root"`
	ImageRoot   Hash   `json:"image_root"`   // Day, Hour: root over the tags of the whole database image
	PrevFile    ID     `json:"prev_file"`    // newest restore point on this target when this was made
	PrevRoot    Hash   `json:"prev_root"`    //
	SlotsSHA    Hash   `json:"slots_sha256"` // of the slots without padding
}

// encode gives canonical JSON: keys sorted at every depth, no white space, no
// HTML escapes, integers without exponent. The bytes are hashed as stored;
// nobody needs to make them again to check them.
func (m Manifest) encode() ([]byte, error) {
	raw, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var tree map[string]any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(tree); err != nil {
		return nil, err
	}
	b := bytes.TrimRight(out.Bytes(), "\n")
	if len(b) > MaxManifest {
		return nil, fault.New("archive.manifest", fault.Invalid, "backup.archive.manifestTooLong", nil)
	}
	return b, nil
}

func decodeManifest(b []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return Manifest{}, fault.Wrap("archive.manifest", fault.Damaged, "backup.archive.badManifest", nil, err)
	}
	if m.Format != Version {
		return Manifest{}, fault.New("archive.manifest", fault.Damaged, "backup.archive.badManifest", nil)
	}
	if err := m.Header.check(); err != nil {
		return Manifest{}, err
	}
	if !m.Facts.plausible() {
		return Manifest{}, fault.New("archive.manifest", fault.Damaged, "backup.archive.badManifest", nil)
	}
	return m, nil
}

func createdText(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }
