package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
	"tiezhang/app/rule"
	"tiezhang/store"
	"tiezhang/store/keyring"
)

// door is a small shop to be broken into: an owner and a clerk, closed.
type door struct {
	t     *testing.T
	dir   string
	state string
	clock *setClock
	place rule.Place
	host  app.Host
}

const (
	doorOwner = "boss"
	doorClerk = "clerk"
	wrongWord = "Wrong-Flask-89-Orbit"
)

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{t: t, dir: filepath.Join(t.TempDir(), "shop"), state: filepath.Join(t.TempDir(), "state"), clock: &setClock{worldStart},
		place: rule.Place{Machine: "PC1", OSUser: "me", Folder: "1:1"}}
	d.host = app.Host{Vault: store.Vault{Profile: keyring.ProfileForTests}, Clock: d.clock, Machine: "PC1/me", Version: "test", State: d.state,
		Where: func(string) rule.Place { return d.place }}
	s, _, err := d.host.New(context.Background(), d.dir, app.NewShop{ShopName: "Corner", OwnerName: doorOwner, Password: worldPassword})
	if err != nil {
		t.Fatal(err)
	}
	d.do(s, app.AddUser{Name: doorClerk, Password: worldPassword, Role: access.Cashier})
	d.close(s)
	return d
}

func (d *door) do(s *app.Session, c app.AddUser) {
	d.t.Helper()
	if _, err := app.Do(app.WithPassword(context.Background(), worldPassword), s, c); err != nil {
		d.t.Fatal(err)
	}
}

func (d *door) close(s *app.Session) {
	d.t.Helper()
	if err := s.Shop().Close(context.Background()); err != nil {
		d.t.Fatal(err)
	}
}

// try is one try at the closed shop; it gives the fault's key, "" for being in.
func (d *door) try(user, password string) string {
	d.t.Helper()
	s, err := d.host.Open(context.Background(), d.dir, user, password)
	if err == nil {
		d.close(s)
	}
	return fault.KeyOf(err)
}

// in opens the shop and leaves it open.
func (d *door) in(user string) *app.Session {
	d.t.Helper()
	s, err := d.host.Open(context.Background(), d.dir, user, worldPassword)
	if err != nil {
		d.t.Fatalf("%s: %v", user, err)
	}
	return s
}

func (d *door) wrong(user string, times int) {
	d.t.Helper()
	for i := range times {
		if got := d.try(user, wrongWord); got != "keyring.wrong-password" {
			d.t.Fatalf("wrong password %d of %d: %q", i+1, times, got)
		}
	}
}

func (d *door) waits(user string) bool {
	d.t.Helper()
	got := d.try(user, worldPassword)
	if got != "" && !strings.HasPrefix(got, "signin.wait") {
		d.t.Fatalf("%q", got)
	}
	return got != ""
}

func (d *door) files() []string {
	d.t.Helper()
	mirrors, err := filepath.Glob(filepath.Join(d.state, "*.tries"))
	if err != nil || len(mirrors) != 1 {
		d.t.Fatalf("mirrors %v %v", mirrors, err)
	}
	return []string{filepath.Join(d.dir, store.TriesName), mirrors[0]}
}

func (d *door) snapshot() map[string][]byte {
	d.t.Helper()
	out := map[string][]byte{}
	for _, f := range d.files() {
		b, err := os.ReadFile(f)
		if err != nil {
			d.t.Fatal(err)
		}
		out[f] = b
	}
	return out
}

func (d *door) put(files map[string][]byte) {
	d.t.Helper()
	for f, b := range files {
		if err := os.WriteFile(f, b, 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
}

// TestLockout: four tries are free, then 1, 5, 15, 30, 60 minutes and 60 for
// ever after; the right password during a wait is not even looked at, after it
// it opens and begins anew.
func TestLockout(t *testing.T) {
	d := newDoor(t)
	d.wrong(doorOwner, 4)
	d.wrong(doorOwner, 1)
	for i, m := range []int{1, 5, 15, 30, 60, 60, 60} {
		wait := time.Duration(m) * time.Minute
		d.clock.at = d.clock.at.Add(wait - time.Second)
		if got := d.try(doorOwner, worldPassword); got != "signin.wait" {
			t.Fatalf("wait %d (%v): a second before its end: %q", i, wait, got)
		}
		d.clock.at = d.clock.at.Add(time.Second)
		d.wrong(doorOwner, 1)
	}
	if d.waits(doorClerk) {
		t.Error("one person's wrong passwords keep another out")
	}
	d.clock.at = d.clock.at.Add(time.Hour)
	if d.waits(doorOwner) {
		t.Error("the owner is locked out after the longest wait")
	}
	d.wrong(doorOwner, 4) // all four are free again
	if d.waits(doorOwner) {
		t.Error("the count did not begin anew")
	}
}

// TestSpoiledCounter: whatever is done to the files of the counter, a fifth
// guess never comes at once.
func TestSpoiledCounter(t *testing.T) {
	for name, spoil := range map[string]func(d *door, f string, clean []byte) error{
		"deleted":       func(_ *door, f string, _ []byte) error { return os.Remove(f) },
		"emptied":       func(_ *door, f string, _ []byte) error { return os.Truncate(f, 0) },
		"cut short":     func(_ *door, f string, _ []byte) error { return os.Truncate(f, 20) },
		"an older copy": func(_ *door, f string, clean []byte) error { return os.WriteFile(f, clean, 0o600) },
		"nonsense":      func(_ *door, f string, _ []byte) error { return os.WriteFile(f, []byte("{}"), 0o600) },
		"negative": func(_ *door, f string, _ []byte) error {
			return os.WriteFile(f, []byte(`{"v":1,"gen":9,"names":{"boss":{"n":-99,"at":1}},"others":{"n":-9}}`), 0o600)
		},
		"a newer version": func(_ *door, f string, _ []byte) error {
			return os.WriteFile(f, []byte(`{"v":2,"gen":99,"names":{}}`), 0o600)
		},
		"a huge file":       func(_ *door, f string, _ []byte) error { return os.Truncate(f, 1<<30) },
		"a folder":          func(_ *door, f string, _ []byte) error { return errors.Join(os.Remove(f), os.Mkdir(f, 0o700)) },
		"a link to nowhere": func(_ *door, f string, _ []byte) error { return errors.Join(os.Remove(f), os.Symlink("/nowhere", f)) },
		"made read-only":    func(_ *door, f string, _ []byte) error { return os.Chmod(f, 0o400) },
	} {
		for _, which := range []string{"beside the shop", "in the settings", "both"} {
			t.Run(name+" "+which, func(t *testing.T) {
				d := newDoor(t)
				clean := d.snapshot()
				d.wrong(doorOwner, 4)
				files := d.files()
				switch which {
				case "beside the shop":
					files = files[:1]
				case "in the settings":
					files = files[1:]
				default:
					if name == "an older copy" {
						t.Skip("whoever can put back all copies can carry the keyring off as well: see TestOlderCopiesAreNoticed")
					}
				}
				for _, f := range files {
					if err := spoil(d, f, clean[f]); err != nil {
						t.Fatal(err)
					}
				}
				// One guess is due at the most: the fifth, and it costs a minute.
				got := d.try(doorOwner, wrongWord)
				if again := d.try(doorOwner, wrongWord); again == "keyring.wrong-password" {
					t.Errorf("the fifth guess gave %q and a sixth was let through", got)
				}
				if !refusedOrWaits(d) {
					t.Error("then the right password was taken without a wait")
				}
			})
		}
	}
}

// refusedOrWaits: what cannot be written down is not tried either.
func refusedOrWaits(d *door) bool {
	s, err := d.host.Open(context.Background(), d.dir, doorOwner, worldPassword)
	if err == nil {
		d.close(s)
		return false
	}
	k := fault.KindOf(err)
	return k == fault.Locked || k == fault.ReadOnly || k == fault.Unsupported || k == fault.Invalid
}

// TestDeletingAgainAndAgain: each deletion costs a wait of its own, and who
// comes with the right password is late, not lost.
func TestDeletingAgainAndAgain(t *testing.T) {
	d := newDoor(t)
	for i := range 5 {
		for _, f := range d.files() {
			if err := os.Remove(f); err != nil {
				t.Fatal(err)
			}
		}
		if got := d.try(doorOwner, wrongWord); got != "signin.wait-lost" {
			t.Fatalf("deletion %d: %q", i, got)
		}
	}
	d.clock.at = d.clock.at.Add(time.Hour - time.Second)
	if !d.waits(doorOwner) {
		t.Error("deleting is quicker than waiting")
	}
	d.clock.at = d.clock.at.Add(time.Second)
	if d.waits(doorOwner) {
		t.Error("the owner is still kept out after the wait")
	}
	if d.waits(doorClerk) {
		t.Error("the clerk too")
	}
}

// TestEncryptedFileRemembers: what was counted while the shop was open is known
// again as soon as somebody opens it, whatever became of the files meanwhile.
func TestEncryptedFileRemembers(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorClerk)
	for range 7 {
		_, _ = s.Shop().SignIn(context.Background(), doorOwner, wrongWord)
		d.clock.at = d.clock.at.Add(31 * time.Minute)
	}
	d.close(s)
	for _, f := range d.files() {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	_ = d.try(doorClerk, worldPassword) // notices that it is gone
	d.clock.at = d.clock.at.Add(time.Hour)
	s = d.in(doorClerk)
	defer d.close(s)
	if !contains(s.Unusual(), rule.CounterGone) {
		t.Errorf("nobody is told that the counter was deleted: %v", s.Unusual())
	}
	if _, err := s.Shop().SignIn(context.Background(), doorOwner, wrongWord); fault.KindOf(err) != fault.WrongKey {
		t.Fatal(err)
	}
	// The longest wait: what stands for the deletion is more than what was known.
	d.clock.at = d.clock.at.Add(59 * time.Minute)
	if _, err := s.Shop().SignIn(context.Background(), doorOwner, worldPassword); fault.KeyOf(err) != "signin.wait" {
		t.Errorf("the count was forgotten: %v", err)
	}
	d.clock.at = d.clock.at.Add(time.Minute)
	boss, err := s.Shop().SignIn(context.Background(), doorOwner, worldPassword)
	if err != nil || boss.User().Failures != 8 {
		t.Errorf("the owner is not told of eight wrong ones: %+v %v", boss, err)
	}
}

// TestOlderCopiesAreNoticed: all copies put back to before the last session.
func TestOlderCopiesAreNoticed(t *testing.T) {
	d := newDoor(t)
	old := d.snapshot()
	for range 2 {
		d.clock.at = d.clock.at.Add(time.Hour)
		d.close(d.in(doorClerk))
	}
	d.put(old)
	s := d.in(doorClerk)
	defer d.close(s)
	if !contains(s.Unusual(), rule.CounterGone) {
		t.Errorf("%v", s.Unusual())
	}
}

// TestWhatCannotBeWrittenIsNotTried: else a guess would leave no trace.
func TestWhatCannotBeWrittenIsNotTried(t *testing.T) {
	d := newDoor(t)
	f := d.files()[0]
	if err := errors.Join(os.Remove(f), os.Mkdir(f, 0o700), os.WriteFile(filepath.Join(f, "x"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if got := d.try(doorOwner, wrongWord); got == "keyring.wrong-password" || got == "" {
		t.Errorf("a guess that could not be counted gave %q", got)
	}
}

// TestManyProgramsAtOnce: guesses side by side are counted one by one.
func TestManyProgramsAtOnce(t *testing.T) {
	d := newDoor(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	looked := 0
	for range 16 {
		wg.Go(func() {
			_, err := d.host.Open(context.Background(), d.dir, doorOwner, wrongWord)
			mu.Lock()
			defer mu.Unlock()
			if fault.KindOf(err) == fault.WrongKey {
				looked++
			}
		})
	}
	wg.Wait()
	if looked > 5 {
		t.Errorf("%d passwords were looked at", looked)
	}
}

// TestClockSetBack: a wait is not over sooner, and never becomes longer than a
// whole one, even when the clock once stood years ahead.
func TestClockSetBack(t *testing.T) {
	d := newDoor(t)
	d.wrong(doorOwner, 5)
	d.clock.at = d.clock.at.Add(-48 * time.Hour)
	if !d.waits(doorOwner) {
		t.Error("the clock was set back and the wait is over")
	}
	d.clock.at = d.clock.at.Add(59 * time.Second)
	if !d.waits(doorOwner) {
		t.Error("the wait was shortened")
	}
	d.clock.at = d.clock.at.Add(time.Second)
	if d.waits(doorOwner) {
		t.Error("the wait is longer than a whole one")
	}
	d.clock.at = d.clock.at.AddDate(10, 0, 0)
	d.wrong(doorOwner, 5)
	d.clock.at = d.clock.at.AddDate(-10, 0, 0)
	if !d.waits(doorOwner) {
		t.Error("no wait after ten years ahead")
	}
	d.clock.at = d.clock.at.Add(time.Minute)
	if d.waits(doorOwner) {
		t.Error("a clock that ran ahead locks out for years")
	}
}

// TestConfirmationsAreCounted: the dialogs that ask for a password are no way
// round the counter.
func TestConfirmationsAreCounted(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorOwner)
	defer d.close(s)
	d.clock.at = d.clock.at.Add(time.Hour)
	ctx := app.WithPassword(context.Background(), wrongWord)
	for i := range 6 {
		_, err := app.Do(ctx, s, app.SetSetting{Key: app.SettingPhone, Value: "1"})
		if want := map[bool]fault.Kind{true: fault.WrongKey, false: fault.Locked}[i < 5]; fault.KindOf(err) != want {
			t.Fatalf("confirmation %d: %v", i+1, err)
		}
	}
	if _, err := s.Shop().SignIn(context.Background(), doorOwner, worldPassword); fault.KeyOf(err) != "signin.wait" {
		t.Errorf("signing in after them: %v", err)
	}
	if _, err := app.Do(context.Background(), s, app.ChangePassword{Old: worldPassword, New: "Apple-Ridge-41-Tuba"}); fault.KeyOf(err) != "signin.wait" {
		t.Errorf("changing the password is a way round: %v", err)
	}
	// The counter is in the encrypted file by now: killed and deleted, it is known again.
	found := false
	if err := app.ReadStore(s, func(tx app.Tx) error {
		v, err := tx.Setting("signin.tries")
		found = strings.Contains(v, `"`+slotOf(s, doorOwner)+`":{"n":5`)
		return err
	}); err != nil || !found {
		t.Errorf("the encrypted file does not know the count: %v", err)
	}
}

// TestNotAGuess: a shop open elsewhere, a damaged keyring, somebody switched
// off: nothing was guessed, nothing is counted.
func TestNotAGuess(t *testing.T) {
	d := newDoor(t)
	s := d.in(doorClerk)
	for range 8 {
		if got := d.try(doorOwner, worldPassword); got != "shop.locked" {
			t.Fatalf("%q", got)
		}
	}
	d.close(s)
	if d.waits(doorOwner) {
		t.Error("tries at a shop open elsewhere were counted")
	}
	none := filepath.Join(t.TempDir(), "none")
	if _, err := d.host.Open(context.Background(), none, doorOwner, wrongWord); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("a counter was made where there is no shop")
	}
}

// TestFailuresAreTold: who signs in learns of the tries since they were last in,
// and of nothing older.
func TestFailuresAreTold(t *testing.T) {
	d := newDoor(t)
	d.clock.at = d.clock.at.Add(time.Hour)
	d.close(d.in(doorOwner))
	before := d.clock.at
	d.clock.at = d.clock.at.Add(time.Hour)
	d.wrong(doorOwner, 3)
	s := d.in(doorOwner)
	if u := s.User(); u.Failures != 3 || u.LastIn != before.Unix() {
		t.Errorf("%+v", u)
	}
	if !contains(s.Unusual(), rule.AfterFailures) {
		t.Errorf("%v", s.Unusual())
	}
	d.close(s)
	d.clock.at = d.clock.at.Add(time.Minute)
	s = d.in(doorOwner)
	defer d.close(s)
	if s.User().Failures != 0 || len(s.Unusual()) != 0 {
		t.Errorf("told again: %+v %v", s.User(), s.Unusual())
	}
}

// TestUnusualSignIns: each reason is in the log and in the owner's list, until
// the owner has seen it; nobody else can take it away.
func TestUnusualSignIns(t *testing.T) {
	d := newDoor(t)
	ctx := context.Background()
	for _, c := range []struct {
		name   string
		change func()
		want   string
	}{
		{"as always", func() {}, ""},
		{"another computer", func() { d.place.Machine = "PC2" }, rule.OtherComputer},
		{"known by now", func() {}, ""},
		{"another account", func() { d.place.OSUser = "guest" }, rule.OtherAccount},
		{"a copied folder", func() { d.place.Folder = "1:2" }, rule.CopiedFolder},
		{"remote", func() { d.place.Remote = "rdp" }, rule.RemoteDesktop},
		{"remote no more", func() { d.place.Remote = "" }, ""},
		{"the clock back", func() { d.clock.at = d.clock.at.Add(-10 * time.Hour) }, rule.ClockBack},
		{"two weeks later", func() { d.clock.at = d.clock.at.AddDate(0, 0, 15) }, rule.LongAway},
	} {
		d.clock.at = d.clock.at.Add(time.Minute)
		c.change()
		s := d.in(doorClerk)
		if got := strings.Join(s.Unusual(), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		e := lastEntry(t, s)
		if c.want != "" && (e.Action != "session.unusual" || !strings.Contains(e.Detail, c.want) || e.User != doorClerk) || c.want == "" && e.Action == "session.unusual" {
			t.Errorf("%s: the log says %s %s", c.name, e.Action, e.Detail)
		}
		if _, err := app.Do(ctx, s, app.SeeUnusual{UpTo: 1 << 40}); fault.KindOf(err) != fault.Denied {
			t.Errorf("the clerk took the warning away: %v", err)
		}
		d.close(s)
	}
	s := d.in(doorOwner)
	list, err := app.Ask(ctx, s, app.UnusualSignIns{})
	if err != nil || len(list) < 6 {
		t.Fatalf("%v %v", list, err)
	}
	r, err := app.Ask(ctx, s, app.SignInReminders{})
	if err != nil || r.Unusual != len(list) || !r.High {
		t.Errorf("%+v %v", r, err)
	}
	if n, err := app.Do(ctx, s, app.SeeUnusual{UpTo: list[0].ID}); err != nil || n != len(list) {
		t.Errorf("%d %v", n, err)
	}
	if list, err := app.Ask(ctx, s, app.UnusualSignIns{}); err != nil || len(list) != 0 {
		t.Errorf("still there: %v %v", list, err)
	}
	if all, err := app.Ask(ctx, s, app.UnusualSignIns{All: true}); err != nil || len(all) == 0 || all[0].SeenBy != doorOwner {
		t.Errorf("%v %v", all, err)
	}
	d.close(s)
}

// TestSeenClock: a clock that once ran ahead is reported until somebody has
// seen it, and not for ever after.
func TestSeenClock(t *testing.T) {
	d := newDoor(t)
	d.clock.at = d.clock.at.AddDate(3, 0, 0)
	d.close(d.in(doorOwner))
	d.clock.at = d.clock.at.AddDate(-3, 0, 0).Add(time.Hour)
	s := d.in(doorOwner)
	if !contains(s.Unusual(), rule.ClockBack) {
		t.Fatal(s.Unusual())
	}
	if _, err := app.Do(context.Background(), s, app.SeeUnusual{UpTo: 1 << 40}); err != nil {
		t.Fatal(err)
	}
	d.close(s)
	d.clock.at = d.clock.at.Add(time.Hour)
	s = d.in(doorOwner)
	defer d.close(s)
	if contains(s.Unusual(), rule.ClockBack) {
		t.Error("reported again")
	}
}

func lastEntry(t *testing.T, s *app.Session) (e oplog.Entry) {
	t.Helper()
	err := app.ReadStore(s, func(tx app.Tx) error {
		seq, _, err := tx.LogHead()
		if err != nil {
			return err
		}
		ss, err := tx.LogEntries(seq, 1)
		if err != nil {
			return err
		}
		e, err = oplog.Open(ss[0])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func slotOf(s *app.Session, name string) string {
	id, _ := app.KeysOf(s).Slot(name)
	return id
}

func contains(list []string, want string) bool {
	for _, s := range list {
		if s == want {
			return true
		}
	}
	return false
}
