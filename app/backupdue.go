package app

import (
	"context"
	"strings"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/oplog"
	"tiezhang/backup"
	"tiezhang/backup/target"
)

// DueLevel is the colour of the status bar's backup sign.
type DueLevel uint8

// The levels.
const (
	DueNot    DueLevel = iota // nothing to back up, or done lately
	DueYellow                 // three days, or never, or the clock ran backwards
	DueRed                    // seven days
)

const (
	dueYellow = 3 * 24 * time.Hour
	dueRed    = 7 * 24 * time.Hour
)

// BackupDue tells how pressing a backup is. It is a state, not a timer: asked
// at the start, every minute and after every change.
type BackupDue struct{}

// Due is the answer.
type Due struct {
	Level     DueLevel
	Last      LastBackup // At 0: never
	Days      int        // whole days since; without a backup, since the shop was made
	Documents int        // posted since
	Changed   bool       // anything worth a backup since
}

func (q BackupDue) spec() Need { return Need{Perm: access.HomeView, Silent: true} }

func (q BackupDue) ask(_ context.Context, x *Exec) (Due, error) {
	d, err := dueState(x.Tx, x.Now)
	d.Last = x.maskBackup(d.Last)
	return d, err
}

func dueState(tx Tx, now time.Time) (Due, error) {
	s, err := tx.Setting(SettingLastBackup)
	if err != nil {
		return Due{}, err
	}
	d := Due{Last: lastBackup(s)}
	n, err := tx.Counts()
	if err != nil {
		return Due{}, err
	}
	d.Documents = max(0, n.Posted-d.Last.Documents)
	since := time.Unix(d.Last.At, 0)
	if d.Last.At == 0 {
		first, err := tx.LogEntries(1, 1)
		if err != nil {
			return Due{}, err
		}
		since = now
		if len(first) > 0 {
			if e, err := oplog.Open(first[0]); err == nil {
				since = time.UnixMilli(e.Time)
			}
		}
	}
	if d.Changed, err = changedSince(tx, d.Last.Seq); err != nil {
		return Due{}, err
	}
	age := now.Sub(since)
	d.Days = max(0, int(age.Hours()/24))
	switch {
	case !d.Changed:
	case age >= dueRed:
		d.Level = DueRed
	case age >= dueYellow, d.Last.At == 0 && d.Documents > 0, age < -dueSkew:
		d.Level = DueYellow
	}
	return d, nil
}

// dueSkew is how far the clock may run back before it counts as set back.
const dueSkew = 24 * time.Hour

// changedSince looks in the log for an entry that changed something. Signing
// in, looking, exporting and backing up leave entries too, but nothing that a
// new backup would save.
func changedSince(tx Tx, seq int64) (bool, error) {
	const batch = 500
	for {
		ss, err := tx.LogEntries(seq+1, batch)
		if err != nil || len(ss) == 0 {
			return false, err
		}
		for _, s := range ss {
			e, err := oplog.Open(s)
			if err != nil || changing(e) { // unreadable: rather a backup too many
				return true, nil
			}
			seq = s.Seq
		}
	}
}

func changing(e oplog.Entry) bool {
	if e.Result != oplog.OK || strings.HasSuffix(e.Action, ".view") {
		return false
	}
	for _, p := range []string{"session.", "backup.", "report.", "export.", "log.", "verify.", "key."} {
		if strings.HasPrefix(e.Action, p) {
			return false
		}
	}
	return true
}

// BackupAtExit makes a backup when something changed since the last one and a
// known backup place is there; else it does nothing and gives a zero Kept. It is
// the shop's own housekeeping and asks for nobody's right: nothing is shown, and
// the place was chosen by somebody who may. It is logged. Cancel the context to
// skip it. Call it before Close, with or without somebody signed in.
func (sh *Shop) BackupAtExit(ctx context.Context, p Progress) (Kept, error) {
	var d Due
	err := sh.store.Read(ctx, func(tx Tx) (err error) {
		d, err = dueState(tx, sh.clock.Now())
		return err
	})
	if err != nil || !d.Changed {
		return Kept{}, err
	}
	folders, err := sh.backupFolders(ctx)
	if err != nil {
		return Kept{}, err
	}
	if d.Last.Folder != "" { // the place used last comes first
		folders = append([]string{d.Last.Folder}, folders...)
	}
	folder, err := sh.presentPlace(ctx, folders)
	if err != nil || folder == "" {
		return Kept{}, err
	}
	kept, err := sh.backup(ctx, folder, true, p)
	if err != nil {
		return Kept{}, err
	}
	x := &Exec{S: &Session{shop: sh}, Now: sh.clock.Now(), action: string(access.BackupRun), object: kept.Name,
		detail: map[string]any{"exit": true, "size": kept.Size, "documents": kept.Documents}}
	if s := sh.currentSession(); s != nil {
		x.S = s
	}
	return kept, sh.store.Write(context.WithoutCancel(ctx), func(tx Tx) error {
		x.Tx = tx
		return x.S.appendLog(x, oplog.OK, "")
	})
}

// placeWait is how long a backup place may take to answer: a hung share must
// not keep the program from ending.
const placeWait = 3 * time.Second

// presentPlace gives the first folder that holds this shop's marker, "" if none.
func (sh *Shop) presentPlace(ctx context.Context, folders []string) (string, error) {
	ak := sh.keys.ArchiveKeys()
	owner, err := backup.OwnerOf(ak.DEK, ak.ShopID)
	if err != nil {
		return "", err
	}
	for _, f := range folders {
		there := make(chan bool, 1)
		go func() {
			_, err := target.Check(target.OS{}, f, owner, [16]byte{})
			there <- err == nil
		}()
		select {
		case ok := <-there:
			if ok {
				return f, nil
			}
		case <-time.After(placeWait):
		case <-ctx.Done():
			return "", nil
		}
	}
	return "", nil
}
