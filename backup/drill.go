package backup

import (
	"context"
	"path/filepath"

	"tiezhang/backup/archive"
	"tiezhang/backup/target"
)

// Drill restores for practice: everything a restore does up to the swap, in a
// scratch folder below j.Dir, which must exist; then the scratch folder is
// removed. j.Check compares what came back with the archive's control totals.
// A backup counts as proved to restore only after this.
func Drill(ctx context.Context, j RestoreJob) (RestoreResult, error) {
	const op = "backup.Drill"
	b, err := j.open()
	if err != nil {
		return RestoreResult{}, err
	}
	info := b.info
	p := place{dir: filepath.Clean(j.Dir), exists: true}
	if b.dir, err = p.makeBeside(j.FS); err != nil {
		return RestoreResult{}, target.Fault(op, p.dir, err)
	}
	pages, err := b.build(ctx)
	if derr := dropBuilt(j.FS, b.dir); err == nil && derr != nil {
		err = derr
	}
	if err != nil {
		return RestoreResult{}, target.Fault(op, b.dir, err)
	}
	return RestoreResult{Info: info, Pages: pages}, nil
}

// files gives the archives a restore needs, lowest first, refusing early where
// one of them is damaged beyond repair.
func (j RestoreJob) files(info Info) ([]Info, error) {
	if info.Level == archive.Full {
		return []Info{info}, nil
	}
	all, err := Catalogue(j.FS, filepath.Dir(j.Path))
	if err != nil {
		return nil, err
	}
	files, err := chain(all, info)
	if err != nil {
		return nil, err
	}
	for _, i := range files {
		for _, d := range i.Damages {
			if !repairable(d.Region) {
				return nil, named(archive.DamageFault("backup.Restore", i.Name, i.Damages), i.Path)
			}
		}
	}
	return files, nil
}
