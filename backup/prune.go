package backup

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"tiezhang/app/fault"
	"tiezhang/backup/archive"
	"tiezhang/backup/target"
)

// Policy says what to keep on one target.
type Policy struct {
	Latest   int
	Weekly   int
	Monthly  int
	Location *time.Location // whose weeks and months; nil: UTC
	Pinned   map[ID]bool    // restore points a person wants to keep
	// DB is the shop; files of any other are foreign.
	DB ID
	// Suspended, if not "", stops all pruning: the clock is suspect, an alarm
	// is on, a self-check failed. It is an i18n key.
	Suspended string
	// Confirmed is a person's yes to dropping more than a quarter at once.
	Confirmed bool
}

// DefaultPolicy keeps 14 latest, 8 weekly, 12 monthly and every yearly one.
func DefaultPolicy(db ID) Policy { return Policy{Latest: 14, Weekly: 8, Monthly: 12, DB: db} }

const neverDrop = 3 // the newest verified ones, whatever the policy

// Reasons of a Decision, as i18n keys.
const (
	keepLatest   = "backup.keep.latest"
	keepWeekly   = "backup.keep.weekly"
	keepMonthly  = "backup.keep.monthly"
	keepYearly   = "backup.keep.yearly"
	keepPinned   = "backup.keep.pinned"
	keepNeeded   = "backup.keep.needed"
	keepForeign  = "backup.keep.foreign"
	keepDamaged  = "backup.keep.damaged"
	keepDeferred = "backup.keep.deferred"
	dropOld      = "backup.drop.old"
)

// Decision is what happens to one restore point and why.
type Decision struct {
	Info   Info
	Reason string // i18n key
}

// PrunePlan is made by PlanPrune.
type PrunePlan struct {
	Keep, Drop []Decision
	// Deferred says that more could go than may go at once without asking.
	Deferred int
	Paused   string // i18n key: nothing is dropped, and why
}

// PlanPrune decides what to keep. It reads nothing but its arguments, so what
// it would do can be shown before it is done. verified says which restore
// points were read back whole: those of the catalogue that are Good, unless the
// caller knows more.
func PlanPrune(infos []Info, p Policy, now time.Time) PrunePlan {
	loc := p.Location
	if loc == nil {
		loc = time.UTC
	}
	var plan PrunePlan
	keep := func(i Info, why string) { plan.Keep = append(plan.Keep, Decision{i, why}) }
	var good []Info
	for _, i := range infos {
		switch {
		case i.Err != nil || !p.DB.IsZero() && i.DBID != p.DB:
			keep(i, keepForeign)
		case !i.Good():
			keep(i, keepDamaged)
		default:
			good = append(good, i)
		}
	}
	// By sequence, not by clock: a PC whose year was wrong for a day must not
	// make its backups look oldest or newest.
	slices.SortStableFunc(good, func(a, b Info) int {
		switch {
		case a.Sequence > b.Sequence:
			return -1
		case a.Sequence < b.Sequence:
			return 1
		}
		return 0
	})
	plan.Paused = p.Suspended
	for n, i := range good {
		if i.Time().After(now.Add(24*time.Hour)) || n > 0 && i.Time().After(good[n-1].Time().Add(24*time.Hour)) {
			plan.Paused = "backup.prune.clock"
		}
	}
	why := reasons(good, p, loc)
	// What a kept one needs is kept too.
	for again := true; again; {
		again = false
		for _, i := range good {
			if why[i.FileID] == "" || i.Level == archive.Full || why[i.Base] != "" {
				continue
			}
			if slices.ContainsFunc(good, func(b Info) bool { return b.FileID == i.Base }) {
				why[i.Base], again = keepNeeded, true
			}
		}
	}
	var drop []Info
	for _, i := range good {
		if w := why[i.FileID]; w != "" {
			keep(i, w)
		} else {
			drop = append(drop, i)
		}
	}
	slices.Reverse(drop) // oldest first
	limit := len(good) / 4
	switch {
	case plan.Paused != "":
		limit = 0
	case p.Confirmed:
		limit = len(drop)
	}
	for _, i := range drop {
		// A base goes only after, or together with, all that build on it.
		needed := slices.ContainsFunc(drop, func(d Info) bool {
			return d.Base == i.FileID && !slices.ContainsFunc(plan.Drop, func(x Decision) bool { return x.Info.FileID == d.FileID })
		})
		if len(plan.Drop) < limit && !needed {
			plan.Drop = append(plan.Drop, Decision{i, dropOld})
		} else {
			keep(i, keepDeferred)
			plan.Deferred++
		}
	}
	return plan
}

// reasons gives why each good restore point stays, "" if nothing speaks for it.
func reasons(good []Info, p Policy, loc *time.Location) map[ID]string {
	why := map[ID]string{}
	mark := func(i Info, reason string) {
		if why[i.FileID] == "" {
			why[i.FileID] = reason
		}
	}
	weeks, months, years := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for n, i := range good {
		t := i.Time().In(loc)
		y, w := t.ISOWeek()
		if n < max(p.Latest, neverDrop) {
			mark(i, keepLatest)
		}
		if p.Pinned[i.FileID] {
			mark(i, keepPinned)
		}
		if first(years, t.Format("2006"), -1) {
			mark(i, keepYearly)
		}
		if first(months, t.Format("2006-01"), p.Monthly) {
			mark(i, keepMonthly)
		}
		if first(weeks, fmt.Sprintf("%d-%d", y, w), p.Weekly) {
			mark(i, keepWeekly)
		}
	}
	return why
}

// first says whether this is the newest of its period, among the newest limit
// periods that have any.
func first(seen map[string]bool, period string, limit int) bool {
	if seen[period] || limit >= 0 && len(seen) >= limit {
		return false
	}
	seen[period] = true
	return true
}

// PruneJob carries a plan out.
type PruneJob struct {
	FS     FS
	Keys   Keys
	Target Target
	Plan   PrunePlan
	// After is the backup just made: only a new, verified restore point on this
	// very target gives the right to drop an old one.
	After Result
}

// Prune drops what the plan says, oldest first, and gives the names. Each file
// is looked at once more before it goes: only the restore point the plan meant,
// under the name it had, and never the one just made.
func Prune(ctx context.Context, j PruneJob) ([]string, error) {
	const op = "backup.Prune"
	if j.Plan.Paused != "" {
		return nil, fault.New(op, fault.Conflict, j.Plan.Paused, fault.Pairs("folder", j.Target.Folder))
	}
	if _, err := target.Check(j.FS, j.Target.Folder, j.Keys.Owner(), j.Target.ID); err != nil {
		return nil, err
	}
	now, err := Inspect(j.FS, j.After.Path)
	if err != nil || !now.Good() || now.FileID != j.After.FileID || j.After.VerifiedAt.IsZero() || filepath.Dir(j.After.Path) != filepath.Clean(j.Target.Folder) {
		return nil, fault.Wrap(op, fault.Conflict, "backup.prune.noNew", fault.Pairs("folder", j.Target.Folder), err)
	}
	var gone []string
	for _, d := range j.Plan.Drop {
		if ctx.Err() != nil {
			return gone, canceled(op, ctx)
		}
		i, err := Inspect(j.FS, d.Info.Path)
		if err != nil || !i.Good() || i.FileID != d.Info.FileID || i.FileID == now.FileID || i.DBID != j.Keys.DBID || filepath.Dir(i.Path) != filepath.Clean(j.Target.Folder) {
			continue // it changed since the plan: the next plan will see what it is
		}
		// The first part goes first: from then on there is no such restore
		// point, only scraps of one.
		for _, path := range i.Paths {
			if err := j.FS.Remove(path); err != nil {
				return gone, target.Fault(op, path, err)
			}
		}
		gone = append(gone, i.Name)
	}
	if len(gone) > 0 {
		if err := j.FS.SyncDir(j.Target.Folder); err != nil {
			return gone, target.Fault(op, j.Target.Folder, err)
		}
	}
	return gone, nil
}
