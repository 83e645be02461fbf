package backup

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiezhang/app/fault"
	"tiezhang/backup/archive"
)

func (s *shop) bigJob(t testing.TB, f FS, c Clock) Job {
	j := s.job(t, f, c, stick)
	j.fullBelow, j.partPages, j.Epoch = 1, 32, ID{3}
	return j
}

// FULL, DAY and two HOURs, growing and shrinking; each comes back exactly, and
// losing an HOUR hurts no other.
func TestLevels(t *testing.T) {
	s := newShop(50, 100)
	f := newStick(t, s)
	c := newClock()
	type saved struct {
		r   Result
		img []byte
	}
	var all []saved
	run := func() Result {
		r := mustRun(t, s.bigJob(t, f, c))
		all = append(all, saved{r, s.bytes()})
		return r
	}
	full := run()
	s.write(3)
	s.write(77)
	for range 40 {
		s.pages = append(s.pages, nil)
		s.write(len(s.pages))
	}
	day := run()
	s.write(5)
	s.pages = s.pages[:120]
	hour1 := run()
	s.write(3)
	hour2 := run()
	nothing := run()
	for n, want := range []struct {
		l     archive.Level
		pages uint64
		base  ID
	}{{archive.Full, 100, ID{}}, {archive.Day, 42, full.FileID}, {archive.Hour, 1, day.FileID}, {archive.Hour, 2, day.FileID}, {archive.Hour, 2, day.FileID}} {
		if g := all[n].r; g.Level != want.l || g.Total != want.pages || g.Base != want.base {
			t.Fatalf("%d: %v %d pages", n, g.Level, g.Total)
		}
	}
	if nothing.Name != "SHOP-S00000005-"+nothing.Time().Format("20060102T1504Z")+"-HOUR-needs-S00000002.tzbak" {
		t.Fatal(nothing.Name)
	}
	k := s.keys(t)
	restore := func(n int) error {
		dir := fmt.Sprintf("/r%d-%d", n, c.Now().Unix())
		_, err := Restore(t.Context(), RestoreJob{FS: f, Clock: c, Path: all[n].r.Path, Unlock: unlockWith("code"), Dir: dir})
		if err == nil && !bytes.Equal(f.Get(dir+"/shop.db"), all[n].img) {
			t.Fatal("not the image of", all[n].r.Name)
		}
		return err
	}
	for n := range all {
		if rep, err := Verify(t.Context(), VerifyJob{FS: f, Path: all[n].r.Path, Keys: &k}); err != nil || !rep.Genuine {
			t.Fatal(rep, err)
		}
		if err := restore(n); err != nil {
			t.Fatal(n, err)
		}
	}
	_ = f.Remove(hour1.Path)
	if err := restore(3); err != nil {
		t.Fatal(err)
	}
	for _, p := range day.Paths {
		_ = f.Remove(p)
	}
	wantFault(t, restore(3), fault.NotFound, "backup.restore.baseMissing")
	if err := restore(0); err != nil {
		t.Fatal(err)
	}
	// The next one is a DAY again, never an HOUR on something that is gone.
	s.write(9)
	if r := run(); r.Level != archive.Day || r.Sequence != 6 || hour2.Sequence != 4 {
		t.Fatal(r.Level, r.Sequence)
	}
}

// What forces a FULL.
func TestFullWhen(t *testing.T) {
	for name, change := range map[string]func(s *shop, j *Job, c *clock){
		"small shop":     func(_ *shop, j *Job, _ *clock) { j.fullBelow = 1 << 30 },
		"by hand":        func(_ *shop, j *Job, _ *clock) { j.Full = true },
		"epoch":          func(_ *shop, j *Job, _ *clock) { j.Epoch = ID{4} },
		"a week":         func(_ *shop, _ *Job, c *clock) { c.t = c.t.AddDate(0, 0, 7) },
		"clock set back": func(_ *shop, _ *Job, c *clock) { c.t = c.t.AddDate(0, 0, -3) },
		"half changed": func(s *shop, _ *Job, _ *clock) {
			for n := range s.pages[:60] {
				s.write(n + 1)
			}
		},
	} {
		s := newShop(51, 100)
		f := newStick(t, s)
		c := newClock()
		mustRun(t, s.bigJob(t, f, c))
		s.write(8)
		j := s.bigJob(t, f, c)
		if name == "small shop" {
			if r := mustRun(t, j); r.Level != archive.Day {
				t.Fatal("the control is not a DAY")
			}
		}
		change(s, &j, c)
		if r := mustRun(t, j); r.Level != archive.Full {
			t.Errorf("%s: %v", name, r.Level)
		}
	}
}

// A damaged base is never built upon, and rot in a changed page is refused.
func TestDamagedBase(t *testing.T) {
	s := newShop(52, 100)
	f := newStick(t, s)
	c := newClock()
	full := mustRun(t, s.bigJob(t, f, c))
	b := f.Get(full.Paths[1])
	b[len(b)-archive.TrailerSize-4096-2000] ^= 1 // tags or manifest of part 2
	f.Put(full.Paths[1], b)
	s.write(8)
	if r := mustRun(t, s.bigJob(t, f, c)); r.Level != archive.Full {
		t.Fatal(r.Level)
	}
	s.write(9)
	s.pages[20][7] ^= 1
	_, err := Run(t.Context(), s.bigJob(t, f, c))
	wantFault(t, err, fault.Damaged, "backup.source.pageDamaged")
}

// Any history of writing, growing, shrinking, waiting and backing up: every
// restore point gives back exactly its moment.
func TestHistories(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newShop(rapid.Uint64().Draw(rt, "seed"), 40)
		f := newStick(t, s)
		c := newClock()
		images := map[string][]byte{}
		for range rapid.IntRange(1, 8).Draw(rt, "runs") {
			for range rapid.IntRange(0, 15).Draw(rt, "writes") {
				s.write(rapid.IntRange(1, len(s.pages)).Draw(rt, "page"))
			}
			for range rapid.IntRange(0, 10).Draw(rt, "grow") {
				s.pages = append(s.pages, nil)
				s.write(len(s.pages))
			}
			s.pages = s.pages[:len(s.pages)-rapid.IntRange(0, 9).Draw(rt, "shrink")]
			c.t = c.t.Add(time.Duration(rapid.IntRange(0, 40).Draw(rt, "hours")) * time.Hour)
			r := mustRun(t, s.bigJob(t, f, c))
			images[r.Path] = s.bytes()
		}
		n := 0
		for path, img := range images {
			n++
			dir := fmt.Sprintf("/r%d", n)
			if _, err := Restore(t.Context(), RestoreJob{FS: f, Clock: c, Path: path, Unlock: unlockWith("code"), Dir: dir}); err != nil {
				rt.Fatal(path, err)
			}
			if !bytes.Equal(f.Get(dir+"/shop.db"), img) {
				rt.Fatal("not its moment:", path)
			}
		}
	})
}
