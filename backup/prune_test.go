package backup

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiezhang/app/fault"
	"tiezhang/backup/archive"
)

func point(seq uint64, at time.Time) Info {
	i := Info{Name: fmt.Sprint(seq)}
	i.Sequence, i.Created, i.FileID, i.DBID = seq, at.UnixMilli(), ID{byte(seq), byte(seq >> 8), 1}, ID{7}
	return i
}

func daily(n int) (out []Info, now time.Time) {
	day := time.Date(2024, 1, 1, 21, 0, 0, 0, time.UTC)
	for k := range n {
		out = append(out, point(uint64(k+1), day.AddDate(0, 0, k)))
	}
	return out, day.AddDate(0, 0, n-1).Add(time.Hour)
}

func TestPruneYears(t *testing.T) {
	all, now := daily(1000) // to 2026-09-26
	p := DefaultPolicy(ID{7})
	p.Confirmed = true
	plan := PlanPrune(all, p, now)
	count := map[string]int{}
	for _, d := range plan.Keep {
		count[d.Reason]++
	}
	// Of the newest year the newest is among the latest already.
	if count[keepLatest] != 14 || count[keepYearly] != 2 || plan.Deferred != 0 {
		t.Fatal(count, plan.Deferred)
	}
	if n := len(plan.Keep); n < 14+8+9 || n > 14+8+12+3 || len(plan.Keep)+len(plan.Drop) != 1000 {
		t.Fatal(n, count)
	}
	// Doing it once leaves nothing for the second time.
	var left []Info
	for _, d := range plan.Keep {
		left = append(left, d.Info)
	}
	if again := PlanPrune(left, p, now); len(again.Drop) != 0 {
		t.Fatal(len(again.Drop))
	}
	p.Confirmed = false
	if plan := PlanPrune(all, p, now); len(plan.Drop) != 250 || plan.Drop[0].Info.Sequence != 1 || plan.Deferred == 0 {
		t.Fatal(len(plan.Drop))
	}
}

func TestPrunePauses(t *testing.T) {
	all, now := daily(60)
	p := DefaultPolicy(ID{7})
	if n := len(PlanPrune(all, p, now).Drop); n == 0 {
		t.Fatal("nothing to drop: the test proves nothing")
	}
	if plan := PlanPrune(all, p, now.AddDate(-1, 0, 0)); plan.Paused != "backup.prune.clock" || len(plan.Drop) != 0 {
		t.Fatal("clock set back", plan.Paused)
	}
	bent := append([]Info(nil), all...)
	bent[30].Created = time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	if plan := PlanPrune(bent, p, now.AddDate(5, 0, 0)); plan.Paused == "" || len(plan.Drop) != 0 {
		t.Fatal("a backup from the future")
	}
	p.Suspended = "backup.prune.alarm"
	if plan := PlanPrune(all, p, now); plan.Paused != p.Suspended || len(plan.Drop) != 0 {
		t.Fatal(plan.Paused)
	}
}

// Whatever lies in the folder and whatever the policy: the guards hold.
func TestPruneGuards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		n := rapid.IntRange(0, 80).Draw(t, "n")
		var all []Info
		var full, day []Info
		p := Policy{Latest: rapid.IntRange(0, 20).Draw(t, "latest"), Weekly: rapid.IntRange(0, 9).Draw(t, "weekly"),
			Monthly: rapid.IntRange(0, 13).Draw(t, "monthly"), DB: ID{7}, Pinned: map[ID]bool{}, Confirmed: rapid.Bool().Draw(t, "yes")}
		for k := range n {
			start = start.Add(time.Duration(rapid.IntRange(1, 400).Draw(t, "hours")) * time.Hour)
			i := point(uint64(k+1), start)
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				i.DBID = ID{8}
			case 1:
				i.Damages = []archive.Damage{{Region: "page", Page: 3}}
			case 2:
				p.Pinned[i.FileID] = true
			case 3:
				i.Copy = true
			case 4, 5, 6:
				if len(full) > 0 {
					i.Level, i.Base = archive.Day, full[rapid.IntRange(0, len(full)-1).Draw(t, "base")].FileID
				}
			case 7:
				if len(day) > 0 {
					i.Level, i.Base = archive.Hour, day[len(day)-1].FileID
				}
			}
			if i.Good() && i.DBID == p.DB {
				switch i.Level {
				case archive.Full:
					full = append(full, i)
				case archive.Day:
					day = append(day, i)
				}
			}
			all = append(all, i)
		}
		plan := PlanPrune(all, p, start.Add(time.Hour))
		if len(plan.Keep)+len(plan.Drop) != n {
			t.Fatal("not everything decided")
		}
		good, newest := 0, []ID{}
		for k := n - 1; k >= 0; k-- {
			if all[k].Good() && all[k].DBID == p.DB {
				good++
				if len(newest) < 3 {
					newest = append(newest, all[k].FileID)
				}
			}
		}
		dropped := map[ID]bool{}
		for _, d := range plan.Drop {
			i := d.Info
			dropped[i.FileID] = true
			if !i.Good() || i.DBID != p.DB || p.Pinned[i.FileID] {
				t.Fatal("dropped foreign, damaged or pinned", i.Name)
			}
			for _, k := range newest {
				if i.FileID == k {
					t.Fatal("dropped one of the newest three")
				}
			}
		}
		if !p.Confirmed && 4*len(plan.Drop) > good {
			t.Fatal("more than a quarter without asking")
		}
		for _, d := range plan.Keep {
			if d.Info.Good() && d.Info.Level != archive.Full && dropped[d.Info.Base] {
				t.Fatal("kept", d.Info.Name, "but dropped what it needs")
			}
		}
	})
}

func TestPruneForReal(t *testing.T) {
	s := newShop(40, 6)
	f := newStick(t, s)
	c := newClock()
	var last Result
	for range 24 {
		c.t = c.t.AddDate(0, 0, 5)
		j := s.job(t, f, c, stick)
		j.partPages = 4
		last = mustRun(t, j)
	}
	f.Put(stick+"/别的.tzbak", []byte("foreign"))
	all, err := Catalogue(f, stick)
	if err != nil {
		t.Fatal(err)
	}
	plan := PlanPrune(all, DefaultPolicy(s.db), c.Now())
	j := PruneJob{FS: f, Keys: s.keys(t), Target: Target{Folder: stick}, Plan: plan}
	_, err = Prune(t.Context(), j)
	wantFault(t, err, fault.Conflict, "backup.prune.noNew")
	j.After = last
	before := len(f.Names(stick))
	// One of them was replaced by something else since the plan was made.
	f.Put(plan.Drop[0].Info.Path, f.Get(last.Path))
	gone, err := Prune(t.Context(), j)
	if err != nil || len(gone) != len(plan.Drop)-1 || len(f.Names(stick)) != before-2*len(gone) {
		t.Fatal(gone, err, len(plan.Drop), before, f.Names(stick))
	}
	if !strings.Contains(strings.Join(f.Names(stick), " "), "别的.tzbak") {
		t.Fatal("a foreign file is gone")
	}
	j.Keys = newShop(41, 1).keys(t)
	_, err = Prune(t.Context(), j)
	wantFault(t, err, fault.Conflict, "backup.target.otherShop")
}
