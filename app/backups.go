package app

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
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

// BackupNow makes a full restore point in a folder, read back and verified
// before it counts. The folder becomes a backup place of this shop.
// Faults: backup.* (NotFound, NoSpace, ReadOnly, Conflict for another shop's
// stick, Damaged), Canceled.
type BackupNow struct {
	Folder   string
	Progress Progress
}

// Kept tells of a restore point.
type Kept struct {
	Name, Path string
	Size       int64
	VerifiedAt time.Time
	Sequence   uint64
	LogHead    string
	Documents  int64
	LastNumber string
	Created    time.Time
	Shop       string
	Damaged    bool
	Problem    *fault.Error // why it can't be used
}

func (t BackupNow) spec() Need { return Need{Perm: access.BackupRun} }

// pinSource lets the store's image be a backup's source.
type pinSource struct{ st Store }

func (p pinSource) Pin(ctx context.Context) (backup.Pinned, error) {
	im, err := p.st.Pin(ctx)
	if err != nil {
		return nil, err
	}
	return im, nil
}

func (t BackupNow) work(ctx context.Context, x *Exec) (Kept, error) {
	folder := filepath.Clean(t.Folder)
	if t.Folder == "" || folder == "." {
		return Kept{}, fault.Bad("app.Backup", "backup.folder-missing", "field", "folder")
	}
	if inside(folder, x.S.shop.store.Dir()) {
		return Kept{}, fault.Bad("app.Backup", "backup.folder-inside", "folder", folder)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return Kept{}, fault.Wrap("app.Backup", fault.ReadOnly, "backup.folder-make", fault.Pairs("folder", folder), err)
	}
	k, err := x.S.shop.backupKeys(ctx)
	if err != nil {
		return Kept{}, err
	}
	fs := target.OS{}
	if _, err := target.Ensure(ctx, fs, folder, k.Owner()); err != nil {
		return Kept{}, err
	}
	r, err := backup.Run(ctx, backup.Job{
		FS: fs, Clock: x.S.shop.clock, Source: pinSource{x.S.shop.store}, Keys: k,
		Target: backup.Target{Folder: folder}, Full: true, Schema: uint32(x.S.shop.store.Schema()), //nolint:gosec // a small number
		Facts:    x.S.shop.facts,
		Progress: stages(t.Progress),
	})
	if err != nil {
		return Kept{}, err
	}
	kept := keptOf(r.Info)
	kept.VerifiedAt = r.VerifiedAt
	x.Object(kept.Name)
	x.Note("size", kept.Size)
	x.Note("documents", kept.Documents)
	err = x.S.shop.store.Write(ctx, func(tx Tx) error {
		b, err := json.Marshal(LastBackup{At: kept.VerifiedAt.Unix(), Folder: folder, Name: kept.Name})
		if err != nil {
			return fault.Wrap("app.Backup", fault.Internal, "app.internal", nil, err)
		}
		if err := tx.SetSetting(SettingLastBackup, string(b)); err != nil {
			return err
		}
		return addFolder(tx, folder)
	})
	x.Changed("backups")
	return kept, err
}

// LastBackup is what the home screen and the status bar show.
type LastBackup struct {
	At     int64  `json:"at"` // Unix seconds
	Folder string `json:"folder"`
	Name   string `json:"name"`
}

// Folders reads the list kept under SettingBackupFolders.
func Folders(setting string) []string {
	var l []string
	_ = json.Unmarshal([]byte(setting), &l) // nothing yet is an empty list
	return l
}

func addFolder(tx Tx, folder string) error {
	s, err := tx.Setting(SettingBackupFolders)
	if err != nil {
		return err
	}
	l := Folders(s)
	for _, f := range l {
		if f == folder {
			return nil
		}
	}
	b, err := json.Marshal(append(l, folder))
	if err != nil {
		return fault.Wrap("app.Backup", fault.Internal, "app.internal", nil, err)
	}
	return tx.SetSetting(SettingBackupFolders, string(b))
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

func (sh *Shop) backupKeys(ctx context.Context) (backup.Keys, error) {
	im, err := sh.store.Pin(ctx)
	if err != nil {
		return backup.Keys{}, err
	}
	salt, page := im.Salt(), im.PageSize()
	if err := im.Release(); err != nil {
		return backup.Keys{}, err
	}
	ak := sh.keys.ArchiveKeys()
	return backup.NewKeys(ak.DEK, backup.ID(ak.ShopID), salt, page, ak.Slots)
}

// facts is what a backup says about the shop: read while the image is pinned.
func (sh *Shop) facts(ctx context.Context, _ backup.Pinned) (backup.Facts, error) {
	var f backup.Facts
	err := sh.store.Read(ctx, func(tx Tx) error {
		t, err := tx.Totals()
		if err != nil {
			return err
		}
		name, err := tx.Setting(SettingShopName)
		if err != nil {
			return err
		}
		_, head, err := tx.LogHead()
		if err != nil {
			return err
		}
		f = backup.Facts{Shop: name, LogHead: oplog.Head(head), Host: sh.machine, TimeZone: sh.clock.Now().Location().String(),
			Versions: map[string]string{"app": sh.version},
			Totals: backup.Totals{Documents: int64(t.Documents), LastNumber: t.LastNumber, StockQty: t.StockQty.String(), StockValue: t.StockValue.String(),
				Receivable: t.Receivable.String(), Payable: t.Payable.String(), Cash: t.Cash.String()}}
		return nil
	})
	return f, err
}

func stages(p Progress) backup.Progress {
	if p == nil {
		return nil
	}
	return func(s backup.Stage, done, total int64) { p("backup.stage."+string(s), done, total) }
}

func keptOf(i backup.Info) Kept {
	k := Kept{Name: i.Name, Path: i.Path, Size: i.Size, Damaged: !i.Good()}
	if i.Err != nil {
		k.Problem = fault.Wrap("app.Backups", fault.KindOf(i.Err), fault.KeyOf(i.Err), fault.Pairs("file", i.Name), i.Err)
		return k
	}
	k.Sequence, k.Created = i.Sequence, i.Time()
	if f := i.Facts; f != nil {
		k.Shop, k.LogHead, k.Documents, k.LastNumber = f.Shop, f.LogHead, f.Totals.Documents, f.Totals.LastNumber
	}
	return k
}

// RestorePoints lists the backups in a folder, newest first, without any key.
func RestorePoints(folder string) ([]Kept, error) {
	is, err := backup.Catalogue(target.OS{}, folder)
	if err != nil {
		return nil, err
	}
	out := make([]Kept, len(is))
	for i, in := range is {
		out[i] = keptOf(in)
	}
	return out, nil
}

// InspectBackup reads one backup file's own account, without any key.
func InspectBackup(path string) (Kept, error) {
	i, err := backup.Inspect(target.OS{}, path)
	if err != nil {
		return Kept{}, err
	}
	return keptOf(i), nil
}

// Opener is how a person opens a backup: the recovery code alone, or the name
// and password of the day it was made.
type Opener struct{ User, Password, Code string }

func (h Host) unlock(ctx context.Context, o Opener) backup.Unlock {
	return func(slots []byte) ([32]byte, error) {
		k, err := h.Vault.ArchiveKeys(ctx, slots, o.User, o.Password, o.Code)
		return k.DEK, err
	}
}

// RestoreBackup brings a backup back into a folder: a new or empty one, or a
// closed shop's, whose files are moved aside, never deleted. The code or
// password is the right: it works on a computer that never saw the shop.
// Faults: WrongKey, Damaged naming the place, Newer, NoSpace, ReadOnly,
// Conflict, Canceled; whatever happens the folder holds the old shop or the new.
func (h Host) RestoreBackup(ctx context.Context, path, dir string, o Opener, p Progress) (aside string, err error) {
	r, err := backup.Restore(ctx, backup.RestoreJob{FS: target.OS{}, Clock: h.Clock, Path: path, Dir: dir, Unlock: h.unlock(ctx, o), Progress: stages(p)})
	if err != nil {
		return "", err
	}
	return r.Aside, nil
}

// VerifyBackup reads a whole backup file. With an Opener it proves that every
// page is the shop's own; without, that every byte is as it was written.
func (h Host) VerifyBackup(ctx context.Context, path string, o *Opener, p Progress) (backup.Report, error) {
	j := backup.VerifyJob{FS: target.OS{}, Path: path, Uncached: true, Progress: stages(p)}
	if o != nil {
		j.Unlock = h.unlock(ctx, *o)
	}
	return backup.Verify(ctx, j)
}

// FinishRestore completes a restore that was cut off while files were being
// moved. Called before a shop is looked at.
func FinishRestore(dir string) (bool, error) { return backup.FinishSwap(target.OS{}, dir) }

// ShopIDText gives the shop's ID as shown.
func (sh *Shop) ShopIDText() string {
	id := sh.keys.ArchiveKeys().ShopID
	return hex.EncodeToString(id[:4])
}
