package target

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"tiezhang/app/fault"
)

// MarkerName is the file that makes a folder a target. Without it nothing is
// written and no folder is made: an unplugged stick's empty mount point looks
// exactly like an empty stick.
const MarkerName = "TIEZHANG-BACKUP.id"

// Marker names a target and the shop it belongs to.
type Marker struct {
	Target [16]byte
	DB     [16]byte
	Key    [16]byte // the data key the MAC was made with
	mac    [32]byte
}

// Owner is the shop asking.
type Owner struct {
	DB  [16]byte
	Key [16]byte
	MAC [32]byte // key for markers
}

type markerJSON struct {
	DB     string `json:"db_id"`
	Format int    `json:"format"`
	Key    string `json:"key_id"`
	MAC    string `json:"mac"`
	Target string `json:"target_id"`
}

func (m Marker) sum(key [32]byte) (out [32]byte) {
	h := hmac.New(sha256.New, key[:])
	h.Write([]byte("tiezhang target marker 1\x00"))
	h.Write(m.Target[:])
	h.Write(m.DB[:])
	h.Write(m.Key[:])
	h.Sum(out[:0])
	return out
}

func (m Marker) encode() []byte {
	b, err := json.Marshal(markerJSON{
		DB: hex.EncodeToString(m.DB[:]), Format: 1, Key: hex.EncodeToString(m.Key[:]),
		MAC: hex.EncodeToString(m.mac[:]), Target: hex.EncodeToString(m.Target[:]),
	})
	if err != nil {
		panic("target: marker of plain strings: " + err.Error())
	}
	return append(b, '\n')
}

// ReadMarker reads a folder's marker without judging whose it is.
func ReadMarker(f FS, folder string) (Marker, error) {
	const op = "target.ReadMarker"
	name := filepath.Join(folder, MarkerName)
	b, err := ReadFile(f, name, 4096)
	if errors.Is(err, fs.ErrNotExist) {
		return Marker{}, fault.Wrap(op, fault.NotFound, "backup.target.noMarker", fault.Pairs("folder", folder), err)
	}
	if err != nil {
		return Marker{}, Fault(op, name, err)
	}
	bad := fault.New(op, fault.Damaged, "backup.target.markerDamaged", fault.Pairs("folder", folder))
	var j markerJSON
	if json.Unmarshal(b, &j) != nil || j.Format != 1 {
		return Marker{}, bad
	}
	var m Marker
	for _, p := range []struct {
		dst []byte
		src string
	}{{m.Target[:], j.Target}, {m.DB[:], j.DB}, {m.Key[:], j.Key}, {m.mac[:], j.MAC}} {
		if len(p.src) != 2*len(p.dst) {
			return Marker{}, bad
		}
		if _, err := hex.Decode(p.dst, []byte(p.src)); err != nil {
			return Marker{}, bad
		}
	}
	if !bytes.Equal(m.encode(), b) { // our own bytes and no others
		return Marker{}, bad
	}
	return m, nil
}

// Check says whether this shop may write to the folder. want, if not zero, is
// the target that is expected there. Another shop's folder is refused; a
// marker that does not prove itself is a sign of tampering.
func Check(f FS, folder string, who Owner, want [16]byte) (Marker, error) {
	const op = "target.Check"
	m, err := ReadMarker(f, folder)
	if err != nil {
		return Marker{}, err
	}
	args := fault.Pairs("folder", folder)
	if m.DB != who.DB {
		return Marker{}, fault.New(op, fault.Conflict, "backup.target.otherShop", args)
	}
	if want != ([16]byte{}) && m.Target != want {
		return Marker{}, fault.New(op, fault.Conflict, "backup.target.otherTarget", args)
	}
	// After the data key was changed, the old marker cannot be checked with the
	// new key; it still names shop and target, and that is its job.
	if m.Key == who.Key {
		if sum := m.sum(who.MAC); !hmac.Equal(sum[:], m.mac[:]) {
			return Marker{}, fault.New(op, fault.Damaged, "backup.target.markerDamaged", args)
		}
	}
	return m, nil
}

// Ensure makes an existing folder a target of this shop, or finds that it is
// one already. It is for the moment a person chooses the folder; a scheduled
// backup uses Check and never makes a marker.
func Ensure(ctx context.Context, f FS, folder string, who Owner) (Marker, error) {
	const op = "target.Ensure"
	m, err := Check(f, folder, who, [16]byte{})
	if err == nil || fault.KeyOf(err) != "backup.target.noMarker" {
		return m, err
	}
	st, err := f.Lstat(folder)
	if err == nil && st.Mode()&fs.ModeSymlink != 0 {
		_, err = f.ReadDir(folder)
	} else if err == nil && !st.IsDir() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return Marker{}, fault.Wrap(op, fault.NotFound, "backup.target.noFolder", fault.Pairs("folder", folder), err)
	}
	if err := Probe(ctx, f, folder, ProbeSize); err != nil {
		return Marker{}, err
	}
	m = Marker{DB: who.DB, Key: who.Key}
	if _, err := rand.Read(m.Target[:]); err != nil {
		return Marker{}, fault.Wrap(op, fault.Internal, "backup.disk.error", fault.Pairs("path", folder), err)
	}
	m.mac = m.sum(who.MAC)
	name := filepath.Join(folder, MarkerName)
	if err := WriteNew(f, name, m.encode()); err != nil {
		return Marker{}, Fault(op, name, err)
	}
	if err := f.SyncDir(folder); err != nil {
		return Marker{}, Fault(op, folder, err)
	}
	return Check(f, folder, who, m.Target)
}

// ProbeSize is what is written and read back on a stick used for the first
// time; forged sticks answer writes they have no memory for.
const ProbeSize = 8 << 20

// Probe writes random bytes, reads them back from the disk and removes them.
func Probe(ctx context.Context, f FS, folder string, size int) (err error) {
	const op = "target.Probe"
	var tag [4]byte
	if _, err := rand.Read(tag[:]); err != nil {
		return fault.Wrap(op, fault.Internal, "backup.disk.error", fault.Pairs("path", folder), err)
	}
	name := filepath.Join(folder, "TIEZHANG-"+hex.EncodeToString(tag[:])+".probe")
	h, err := f.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Fault(op, name, err)
	}
	defer func() {
		if rerr := f.Remove(name); rerr != nil && err == nil {
			err = Fault(op, name, rerr)
		}
	}()
	block := make([]byte, 1<<20)
	wrote := sha256.New()
	for left := size; left > 0 && err == nil; left -= len(block) {
		if err = ctx.Err(); err != nil {
			err = fault.Wrap(op, fault.Canceled, "backup.canceled", nil, err)
			break
		}
		block = block[:min(left, cap(block))]
		_, _ = rand.Read(block)
		wrote.Write(block)
		var n int
		if n, err = h.Write(block); err == nil && n < len(block) {
			err = io.ErrShortWrite
		}
	}
	if err == nil {
		err = Tolerate(h.Sync())
	}
	if cerr := h.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return Fault(op, name, err)
	}
	r, err := f.OpenUncached(name)
	if err != nil {
		return Fault(op, name, err)
	}
	defer r.Close()
	read := sha256.New()
	n, err := io.Copy(read, r)
	if err != nil || n != int64(size) || !bytes.Equal(read.Sum(nil), wrote.Sum(nil)) {
		return fault.Wrap(op, fault.Unsupported, "backup.target.fake", fault.Pairs("folder", folder), err)
	}
	return nil
}
