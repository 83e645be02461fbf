package backup

import (
	"context"
	"crypto/sha256"
	"path/filepath"

	"tiezhang/app/fault"
	"tiezhang/backup/archive"
)

// VerifyJob asks what an archive is worth.
type VerifyJob struct {
	FS       FS
	Path     string // any part
	Unlock   Unlock // nil: check that it is readable, without a key
	Keys     *Keys  // or the keys of the running shop
	Uncached bool   // read from the disk, not from memory
	Progress Progress
}

// Report is the answer. Readable: every byte is as it was written. Genuine: it
// was written by this shop's key and every page is the database's own.
type Report struct {
	Info     Info             `json:"-"`
	Files    int              `json:"files"`
	Pages    uint64           `json:"pages"`
	Blank    uint64           `json:"blank"`
	Readable bool             `json:"readable"`
	Genuine  bool             `json:"genuine"`
	Checked  bool             `json:"checked_with_key"`
	Damages  []archive.Damage `json:"damages,omitempty"`
	More     int              `json:"more,omitempty"`
}

// Verify reads a whole restore point. Where it is damaged the report says where
// and the error is a Damaged fault that names the first place.
func Verify(ctx context.Context, j VerifyJob) (Report, error) {
	info, err := Inspect(j.FS, j.Path)
	if err != nil {
		return Report{}, err
	}
	var k *archiveKeys
	switch {
	case j.Keys != nil:
		k = &archiveKeys{mac: j.Keys.MAC, facts: j.Keys.Facts, verify: j.Keys.Verify}
		if j.Keys.DBID != info.DBID || j.Keys.KeyID != info.KeyID {
			return Report{Info: info}, fault.New("backup.Verify", fault.WrongKey, "backup.restore.otherKey", fault.Pairs("file", info.Name))
		}
	case j.Unlock != nil:
		u, err := unlock(j.FS, info, j.Unlock)
		if err != nil {
			return Report{Info: info}, err
		}
		k = &u
	}
	if k == nil {
		return verifyParts(ctx, j, info, nil, nil)
	}
	rep, err := verifyParts(ctx, j, info, k, nil)
	if err == nil { // a damaged file is reported as such; its facts are the least of it
		err = rep.Info.reveal(k.facts)
	}
	return rep, err
}

// verifyParts runs through the parts in order. each, if given, gets every good
// page.
func verifyParts(ctx context.Context, j VerifyJob, info Info, k *archiveKeys, each func(uint32, []byte) error) (Report, error) {
	rep := Report{Info: info, Checked: k != nil}
	root := sha256.New()
	stage := StageVerify
	if each != nil {
		stage = StageBuild
	}
	m := meter{p: j.Progress, stage: stage, total: int64(info.Total) * int64(info.PageSize)}
	for n, path := range info.Paths {
		if path == "" {
			rep.Damages = append(rep.Damages, archive.Damage{Part: n + 1, Region: "missing"})
			continue
		}
		err := withPart(j.FS, path, j.Uncached, func(r *archive.Reader) error {
			c := archive.Check{Root: root, Tick: m.add, Each: each}
			if k != nil {
				c.MAC, c.Verify = &k.mac, k.verify
			}
			o, err := r.Verify(ctx, c)
			rep.Files++
			rep.Pages += o.Pages
			rep.Blank += o.Blank
			rep.Damages = append(rep.Damages, o.Damages...)
			rep.More += o.More
			return err
		})
		if err != nil {
			return rep, err
		}
	}
	rep.Readable = len(rep.Damages) == 0
	rep.Genuine = rep.Readable && k != nil
	if !rep.Readable {
		return rep, archive.DamageFault("backup.Verify", filepath.Base(info.Path), rep.Damages)
	}
	return rep, nil
}

// archiveKeys is what a data key gives for one archive.
type archiveKeys struct {
	mac    Hash
	facts  Hash
	verify archive.VerifyPage
	slots  []byte
}

// unlock opens an archive's own slots and makes sure the key is the one the
// archive was made with.
func unlock(f FS, info Info, u Unlock) (archiveKeys, error) {
	const op = "backup.unlock"
	var slots []byte
	for _, p := range info.Paths { // every part carries them twice
		if p == "" {
			continue
		}
		if withPart(f, p, false, func(r *archive.Reader) (err error) {
			slots, err = r.Slots()
			return err
		}) == nil {
			break
		}
	}
	if slots == nil {
		return archiveKeys{}, fault.New(op, fault.Damaged, "backup.archive.slotsDamaged", fault.Pairs("file", info.Name))
	}
	dek, err := u(slots)
	if err != nil {
		return archiveKeys{}, err
	}
	id, err := archive.KeyID(dek, info.DBID)
	if err == nil && id != info.KeyID {
		return archiveKeys{}, fault.New(op, fault.WrongKey, "backup.restore.otherKey", fault.Pairs("file", info.Name))
	}
	k := archiveKeys{slots: slots}
	if err == nil {
		k.mac, err = archive.MACKey(dek, info.DBID)
	}
	if err == nil {
		k.facts, err = archive.FactsKey(dek, info.DBID)
	}
	if err == nil {
		k.verify, err = archive.SQLCipherPages(dek, info.Salt, info.PageSize)
	}
	if err != nil {
		return archiveKeys{}, fault.Wrap(op, fault.Internal, "backup.keys", nil, err)
	}
	return k, nil
}
