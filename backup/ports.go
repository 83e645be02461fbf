// Package backup takes restore points of a shop, proves them, finds them again
// and brings them back: plan → snapshot → archive → verify → place → prune, and
// restore.
//
// What belongs here: the order of the steps and every decision about what to
// write, keep, refuse and swap, so that at each moment a kill, a full disk or
// a pulled stick leaves old backups untouched and the old shop or the new one,
// never a mix. What does not: the bytes of a file (package archive), markers
// and volumes (package target), the database engine and the keyring. Those two
// are met through the small ports below, so this package and the store know
// nothing of each other.
package backup

import (
	"context"
	"io"
	"time"

	"tiezhang/app/fault"
	"tiezhang/backup/archive"
	"tiezhang/backup/target"
)

// FS and Clock are what tests replace to break things.
type (
	FS    = target.FS
	Clock interface{ Now() time.Time }
	ID    = archive.ID
	Hash  = archive.Hash
	Facts = archive.Facts
	// Totals are control totals as decimal strings.
	Totals = archive.Totals
)

// SystemClock is the clock of the machine.
type SystemClock struct{}

// Now gives the time.
func (SystemClock) Now() time.Time { return time.Now() }

// Source makes a consistent raw image of the encrypted main file that stays
// unchanged while selling goes on.
type Source interface {
	Pin(ctx context.Context) (Pinned, error)
}

// Pinned is such an image. Release ends it; a second Release does nothing.
type Pinned interface {
	io.ReaderAt
	Size() int64
	PageSize() int
	Salt() [16]byte
	Release() error
}

// Unlock turns the key slots of an archive into the data key: it asks for the
// owner's password or the recovery code. It returns fault.WrongKey for a wrong
// one.
type Unlock func(slots []byte) (dek [32]byte, err error)

// Stage says what a long call is doing; its words are under the i18n key
// "backup.stage." + Stage.
type Stage string

// The stages, in the order they come.
const (
	StageCompare Stage = "compare"
	StageCopy    Stage = "copy"
	StageVerify  Stage = "verify"
	StageBuild   Stage = "build"
	StageProve   Stage = "prove"
)

// Progress is told how many bytes of a stage are done. It may be nil, is called
// often, and must return at once.
type Progress func(stage Stage, done, total int64)

// Keys is what a running shop brings to a backup.
type Keys struct {
	DBID   ID
	KeyID  ID
	MAC    Hash   // of trailers
	Facts  Hash   // opens and seals what the shop says about itself
	Marker Hash   // of marker files
	Slots  []byte // owner's and recovery slots: the exact bytes of a keyring file
	Verify archive.VerifyPage
}

// NewKeys derives everything from the data key. salt and pageSize are the
// database's.
func NewKeys(dek [32]byte, db ID, salt [16]byte, pageSize int, slots []byte) (Keys, error) {
	k := Keys{DBID: db, Slots: slots}
	var err error
	if k.KeyID, err = archive.KeyID(dek, db); err == nil {
		if k.MAC, err = archive.MACKey(dek, db); err == nil {
			if k.Marker, err = archive.MarkerKey(dek, db); err == nil {
				if k.Facts, err = archive.FactsKey(dek, db); err == nil {
					k.Verify, err = archive.SQLCipherPages(dek, salt, uint32(pageSize))
				}
			}
		}
	}
	if err != nil {
		return Keys{}, fault.Wrap("backup.NewKeys", fault.Internal, "backup.keys", nil, err)
	}
	return k, nil
}

// Owner is how the shop shows itself to a target.
func (k Keys) Owner() target.Owner {
	return target.Owner{DB: k.DBID, Key: k.KeyID, MAC: k.Marker}
}

// OwnerOf is Keys.Owner where nothing but a marker is to be looked at.
func OwnerOf(dek [32]byte, db ID) (target.Owner, error) {
	id, err := archive.KeyID(dek, db)
	if err == nil {
		var mac Hash
		if mac, err = archive.MarkerKey(dek, db); err == nil {
			return target.Owner{DB: db, Key: id, MAC: mac}, nil
		}
	}
	return target.Owner{}, fault.Wrap("backup.OwnerOf", fault.Internal, "backup.keys", nil, err)
}

// meter turns many small steps into progress calls.
type meter struct {
	p           Progress
	stage       Stage
	done, total int64
}

func (m *meter) add(n int64) {
	m.done += n
	if m.p != nil {
		m.p(m.stage, m.done, m.total)
	}
}

func canceled(op string, ctx context.Context) error {
	return fault.Wrap(op, fault.Canceled, "backup.canceled", nil, context.Cause(ctx))
}
