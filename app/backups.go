package app

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
	"tiezhang/backup"
	"tiezhang/backup/target"
)

// Progress is called now and then during long work, from the working goroutine.
// Stage is a text key; total 0 means it is not known.
type Progress func(stage string, done, total int64)

// Settings only this file writes.
const (
	settingBackupEpoch    = "backup.epoch"    // hex; new after a restore
	settingBackupSequence = "backup.sequence" // the highest number ever used
)

// BackupNow makes a full restore point in a folder, read back and verified
// before it counts. A folder chosen for the first time becomes a backup place of
// this shop; one that was a place before must still have its marker, or the
// empty mount point of an unplugged stick would be taken for it.
// Faults: backup.* (NotFound, NoSpace, ReadOnly, Conflict for another shop's
// stick or a backup under way, Damaged), Canceled.
type BackupNow struct {
	Folder   string
	Anew     bool // a person says that this folder, known before, begins anew
	Progress Progress
}

func (t BackupNow) spec() Need { return Need{Perm: access.BackupRun} }

func (t BackupNow) work(ctx context.Context, x *Exec) (Kept, error) {
	kept, err := x.S.shop.backup(ctx, t.Folder, !t.Anew, t.Progress)
	if err != nil {
		return Kept{}, err
	}
	x.Object(kept.Name)
	x.Note("size", kept.Size)
	x.Note("documents", kept.Documents)
	x.Changed("backups")
	return kept, nil
}

// LastBackup is what the home screen and the status bar show.
type LastBackup struct {
	At        int64  `json:"at"` // Unix seconds
	Folder    string `json:"folder"`
	Name      string `json:"name"`
	Documents int    `json:"documents"` // in it
	Seq       int64  `json:"seq"`       // last log entry in it
}

// seesBackups tells whether this person may know where the backups lie: whoever
// finds the folder has a copy of the shop in hand.
func (x *Exec) seesBackups() bool {
	return x.S.May(access.BackupRun) || x.S.May(access.BackupRestore) || x.S.May(access.SettingsView)
}

// maskBackup leaves that out of an answer for the others.
func (x *Exec) maskBackup(l LastBackup) LastBackup {
	if !x.seesBackups() {
		l.Folder, l.Name = "", ""
	}
	return l
}

// Folders reads the list kept under SettingBackupFolders.
func Folders(setting string) []string {
	var l []string
	_ = json.Unmarshal([]byte(setting), &l) // nothing yet is an empty list
	return l
}

// backup makes one restore point and notes it in the settings. strict wants the
// marker in every folder that was used before.
func (sh *Shop) backup(ctx context.Context, folder string, strict bool, p Progress) (Kept, error) {
	const op = "app.Backup"
	if !sh.backing.TryLock() {
		return Kept{}, fault.New(op, fault.Conflict, "backup.running", nil)
	}
	defer sh.backing.Unlock()
	if strings.TrimSpace(folder) == "" {
		return Kept{}, fault.Bad(op, "backup.folder-missing", "field", "folder")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return Kept{}, fault.Wrap(op, fault.Invalid, "backup.folder-missing", nil, err)
	}
	if inside(folder, sh.store.Dir()) {
		return Kept{}, fault.Bad(op, "backup.folder-inside", "folder", folder)
	}
	folders, err := sh.backupFolders(ctx)
	if err != nil {
		return Kept{}, err
	}
	known := strict && slices.Contains(folders, folder)
	if err := readyFolder(folder, known); err != nil {
		return Kept{}, err
	}
	var weak []string
	if err := sh.store.Read(ctx, func(tx Tx) (err error) { weak, err = NewOwners(tx); return err }); err != nil {
		return Kept{}, err
	}
	c := copier{st: sh.store, keys: sh.keys.ArchiveKeys(weak...), host: sh.host}
	kept, err := c.run(ctx, folder, !known, p)
	if err != nil {
		return Kept{}, err
	}
	err = sh.store.Write(context.WithoutCancel(ctx), func(tx Tx) error {
		if !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
		for key, v := range map[string]any{SettingLastBackup: c.last, SettingBackupFolders: folders, settingBackupSequence: kept.Sequence} {
			b, err := json.Marshal(v)
			if err != nil {
				return fault.Wrap(op, fault.Internal, "app.internal", nil, err)
			}
			if err := tx.SetSetting(key, string(b)); err != nil {
				return err
			}
		}
		return tx.SetSetting(settingBackupEpoch, c.epoch.String())
	})
	if err != nil { // the backup is good; only this shop does not know of it
		return Kept{}, fault.Wrap(op, fault.KindOf(err), "backup.not-noted", fault.Pairs("file", kept.Name, "folder", folder), err)
	}
	_, _ = sh.store.DropOld() // what is under the key before has served; if it stays, the next backup tries again
	return kept, nil
}

func (sh *Shop) backupFolders(ctx context.Context) (l []string, err error) {
	err = sh.store.Read(ctx, func(tx Tx) error {
		s, err := tx.Setting(SettingBackupFolders)
		l = Folders(s)
		return err
	})
	return l, err
}

// readyFolder makes at most the last element of a folder chosen for the first
// time: a whole path that is missing means a stick that is not there.
func readyFolder(folder string, known bool) error {
	const op = "app.Backup"
	args := fault.Pairs("folder", folder)
	st, err := os.Stat(folder)
	switch {
	case err == nil && st.IsDir():
		return nil
	case err == nil:
		return fault.New(op, fault.Invalid, "backup.target.noFolder", args)
	case !errors.Is(err, fs.ErrNotExist):
		return target.Fault(op, folder, err)
	case known:
		return fault.Wrap(op, fault.NotFound, "backup.target.noFolder", args, err)
	}
	err = os.Mkdir(folder, 0o700)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fault.Wrap(op, fault.NotFound, "backup.target.noFolder", args, err)
	}
	return fault.Wrap(op, fault.ReadOnly, "backup.folder-make", args, err)
}

func inside(path, dir string) bool {
	a, err1 := filepath.Abs(path)
	b, err2 := filepath.Abs(dir)
	if err1 != nil || err2 != nil {
		return false
	}
	rel, err := filepath.Rel(b, a)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// copier makes a restore point of an open store. It is the source of the
// image, and what it says about the shop is read over the read that pins it.
type copier struct {
	st   Store
	keys ArchiveKeys
	host Host

	facts backup.Facts
	last  LastBackup
	epoch backup.ID
}

// Pin implements backup.Source.
func (c *copier) Pin(ctx context.Context) (backup.Pinned, error) {
	im, err := c.st.Pin(ctx, c.look)
	if err != nil {
		return nil, err
	}
	return im, nil
}

func (c *copier) look(tx Tx) (err error) {
	c.facts, err = factsOf(tx)
	if err != nil {
		return err
	}
	c.facts.Host, c.facts.TimeZone = c.host.Machine, c.host.Clock.Now().Location().String()
	c.facts.Versions = map[string]string{"app": c.host.Version}
	c.last.Documents = int(c.facts.Totals.Documents)
	c.last.Seq, _, err = tx.LogHead()
	return err
}

// factsOf gives what identifies a state of the shop; a restore compares it.
func factsOf(tx Tx) (backup.Facts, error) {
	t, err := tx.Totals()
	if err != nil {
		return backup.Facts{}, err
	}
	name, err := tx.Setting(SettingShopName)
	if err != nil {
		return backup.Facts{}, err
	}
	_, head, err := tx.LogHead()
	if err != nil {
		return backup.Facts{}, err
	}
	return backup.Facts{Shop: name, LogHead: oplog.Head(head), Totals: backup.Totals{
		Documents: int64(t.Documents), LastNumber: t.LastNumber, StockQty: t.StockQty.String(), StockValue: t.StockValue.String(),
		Receivable: t.Receivable.String(), Payable: t.Payable.String(), Cash: t.Cash.String()}}, nil
}

// run makes it. claim lets the folder become a backup place.
func (c *copier) run(ctx context.Context, folder string, claim bool, p Progress) (Kept, error) {
	var after uint64
	err := c.st.Read(ctx, func(tx Tx) error {
		s, err := tx.Setting(settingBackupEpoch)
		if err != nil {
			return err
		}
		if c.epoch.UnmarshalText([]byte(s)) != nil { // the first backup
			c.epoch = newEpoch()
		}
		s, err = tx.Setting(settingBackupSequence)
		_ = json.Unmarshal([]byte(s), &after) // none yet is 0
		return err
	})
	if err != nil {
		return Kept{}, err
	}
	im, err := c.st.Pin(ctx, nil) // only for the salt: the page check needs it before the run begins
	if err != nil {
		return Kept{}, err
	}
	salt, page := im.Salt(), im.PageSize()
	if err := im.Release(); err != nil {
		return Kept{}, err
	}
	k, err := backup.NewKeys(c.keys.DEK, c.keys.ShopID, salt, page, c.keys.Slots)
	if err != nil {
		return Kept{}, err
	}
	disk := target.OS{}
	if claim {
		if _, err := target.Ensure(ctx, disk, folder, k.Owner()); err != nil {
			return Kept{}, err
		}
	}
	r, err := backup.Run(ctx, backup.Job{
		FS: disk, Clock: c.host.Clock, Source: c, Keys: k, Target: backup.Target{Folder: folder}, Full: true,
		Schema: uint32(c.st.Schema()), Epoch: c.epoch, AfterSequence: after, //nolint:gosec // a small number
		Facts:    func(context.Context, backup.Pinned) (backup.Facts, error) { return c.facts, nil },
		Progress: stages(p),
	})
	if err != nil {
		return Kept{}, err
	}
	kept := keptOf(r.Info)
	kept.VerifiedAt = r.VerifiedAt
	c.last.At, c.last.Folder, c.last.Name = kept.VerifiedAt.Unix(), folder, kept.Name
	return kept, nil
}

func stages(p Progress) backup.Progress {
	if p == nil {
		return nil
	}
	return func(s backup.Stage, done, total int64) { p("backup.stage."+string(s), done, total) }
}

// ShopIDText gives the shop's ID as shown.
func (sh *Shop) ShopIDText() string {
	id := sh.keys.ArchiveKeys().ShopID
	return hex.EncodeToString(id[:4])
}

// Kept tells of a restore point. What stands below Known is sealed in the file
// and empty without a key.
type Kept struct {
	Name, Path string
	Size       int64
	Created    time.Time
	Sequence   uint64
	Level      string // FULL, DAY, HOUR
	Schema     int
	ShopID     string // as Shop.ShopIDText
	VerifiedAt time.Time
	Damaged    bool
	Problem    *fault.Error // why it can't be used

	Known      bool
	Shop       string
	Host       string
	LogHead    string
	Documents  int64
	LastNumber string
}

func keptOf(i backup.Info) Kept {
	k := Kept{Name: i.Name, Path: i.Path, Size: i.Size, Damaged: !i.Good()}
	if i.Err != nil {
		k.Problem = fault.Wrap("app.Backups", fault.KindOf(i.Err), fault.KeyOf(i.Err), fault.Pairs("file", i.Name), i.Err)
		return k
	}
	k.Sequence, k.Created, k.Level, k.Schema, k.ShopID = i.Sequence, i.Time(), i.Level.String(), int(i.Schema), hex.EncodeToString(i.DBID[:4])
	if f := i.Facts; f != nil {
		k.Known = true
		k.Shop, k.Host, k.LogHead, k.Documents, k.LastNumber = f.Shop, f.Host, f.LogHead, f.Totals.Documents, f.Totals.LastNumber
	}
	return k
}

func keptList(is []backup.Info) []Kept {
	out := make([]Kept, len(is))
	for n, i := range is {
		out[n] = keptOf(i)
	}
	return out
}

// RestorePoints lists the backups in a folder, newest first, without any key:
// dates and sizes. Inside an open shop BackupsIn shows more.
func RestorePoints(folder string) ([]Kept, error) {
	is, err := backup.Catalogue(target.OS{}, folder)
	if err != nil {
		return nil, err
	}
	return keptList(is), nil
}

// InspectBackup reads one backup file's header, without any key. Host.OpenBackup
// and BackupFile show more.
func InspectBackup(path string) (Kept, error) {
	i, err := backup.Inspect(target.OS{}, path)
	if err != nil {
		return Kept{}, err
	}
	return keptOf(i), nil
}

// BackupsIn is RestorePoints with the open shop's keys: its own backups tell
// documents, last number and computer.
type BackupsIn struct{ Folder string }

func (t BackupsIn) spec() Need { return Need{Perm: access.BackupRun} }

func (t BackupsIn) work(_ context.Context, x *Exec) ([]Kept, error) {
	x.Quiet()
	is, err := backup.Catalogue(target.OS{}, t.Folder)
	if err != nil {
		return nil, err
	}
	return x.S.shop.reveal(is)
}

// BackupFile is InspectBackup with the open shop's keys.
type BackupFile struct{ Path string }

func (t BackupFile) spec() Need { return Need{Perm: access.BackupRun} }

func (t BackupFile) work(_ context.Context, x *Exec) (Kept, error) {
	x.Quiet()
	i, err := backup.Inspect(target.OS{}, t.Path)
	if err != nil {
		return Kept{}, err
	}
	l, err := x.S.shop.reveal([]backup.Info{i})
	if err != nil {
		return Kept{}, err
	}
	return l[0], nil
}

func (sh *Shop) reveal(is []backup.Info) ([]Kept, error) {
	k := sh.keys.ArchiveKeys()
	if err := backup.Reveal(is, k.DEK, k.ShopID); err != nil {
		return nil, err
	}
	return keptList(is), nil
}
