package app_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/oplog"
	"tiezhang/backup"
	"tiezhang/backup/target"
	"tiezhang/store"
)

// Nothing is left but the one file and the code on paper.
func TestLostComputerComesBack(t *testing.T) {
	k := newKeeper(t, 3)
	if _, err := app.Do(app.WithPassword(t.Context(), keeperPassword), k.s, app.AddUser{Name: keeperClerk, Password: clerkPassword, Role: access.Cashier}); err != nil {
		t.Fatal(err)
	}
	before := readBooks(t, k.s)
	b := k.backup()
	if !b.Known || b.Shop != keeperShop || b.Documents != int64(before.Totals.Documents) || b.LastNumber != before.Totals.LastNumber || b.VerifiedAt.IsZero() {
		t.Fatalf("%+v", b)
	}
	raw, err := os.ReadFile(b.Path)
	noErr(t, err)
	k.shut()
	noErr(t, os.RemoveAll(k.root))

	home := t.TempDir()
	stick := filepath.Join(home, "捡来的.tzbak")
	noErr(t, os.WriteFile(stick, raw, 0o600))
	host := keeperHost(k.now)
	if i, err := app.InspectBackup(stick); err != nil || i.Known || i.Shop+i.Host+i.LastNumber+i.LogHead != "" || i.Sequence != 1 || i.Size != int64(len(raw)) || i.Schema == 0 || i.ShopID == "" {
		t.Fatalf("without a key: %+v %v", i, err)
	}
	code := app.Opener{Code: k.code}
	i, err := host.OpenBackup(t.Context(), stick, code)
	if err != nil || i.Shop != keeperShop || i.Host != keeperMachine || i.LogHead != b.LogHead || i.Documents != b.Documents {
		t.Fatalf("with the code: %+v %v", i, err)
	}
	if r, err := host.VerifyBackup(t.Context(), stick, &code, nil); err != nil || !r.Genuine {
		t.Fatal(r, err)
	}
	dir := filepath.Join(home, "新电脑", "铺子")
	stages := map[string]bool{}
	if _, err := host.RestoreBackup(t.Context(), stick, dir, code, func(s string, _, _ int64) { stages[s] = true }); err != nil {
		t.Fatal(err)
	}
	if !stages["backup.stage.build"] || !stages["backup.stage.prove"] || !stages["check.stage.file"] {
		t.Error("not proved:", stages)
	}
	// Byte for byte the pages of the file, although the shop was opened to check it.
	db, err := os.ReadFile(filepath.Join(dir, store.DBName))
	noErr(t, err)
	if !bytes.Contains(raw, db) {
		t.Error("the check changed the restored file")
	}
	// The head of the log, before anybody signs in.
	st, _, err := host.Vault.Examine(t.Context(), dir, app.Opener{Code: k.code})
	noErr(t, err)
	noErr(t, st.Read(t.Context(), func(tx app.Tx) error {
		_, head, err := tx.LogHead()
		if oplog.Head(head) != b.LogHead {
			t.Error("another log head:", oplog.Head(head))
		}
		return err
	}))
	if err := st.Write(t.Context(), func(tx app.Tx) error { return tx.SetSetting("x", "y") }); err == nil {
		t.Error("a shop opened to look was written")
	}
	noErr(t, st.Close())

	const again = "second-moon-77-ladder"
	s, err := host.Recover(t.Context(), dir, k.code, "", again)
	noErr(t, err)
	defer func() { noErr(t, s.Shop().Close(context.Background())) }()
	if after := readBooks(t, s); !reflect.DeepEqual(before, after) {
		t.Errorf("before\n%+v\nafter\n%+v", before.Totals, after.Totals)
	}
	// The restore is in the log, and the next backup is of a new epoch.
	if _, there, _ := backup.Restored(target.OS{}, dir); there {
		t.Error("the note of the restore was not read")
	}
	if !logHas(t, s, "backup.restore", filepath.Base(stick)) {
		t.Error("the restore is not in the log")
	}
	usb := filepath.Join(home, "新U盘")
	n, err := app.Run(t.Context(), s, app.BackupNow{Folder: usb})
	noErr(t, err)
	one, err1 := backup.Inspect(target.OS{}, stick)
	two, err2 := backup.Inspect(target.OS{}, n.Path)
	if err1 != nil || err2 != nil || n.Sequence != 2 || one.Epoch == two.Epoch || one.Epoch.IsZero() || one.DBID != two.DBID {
		t.Errorf("%v %v %v %v %v", n.Sequence, one.Epoch, two.Epoch, err1, err2)
	}
}

func logHas(t *testing.T, s *app.Session, action, object string) bool {
	t.Helper()
	for seq := int64(1); ; seq++ {
		e, err := app.Ask(t.Context(), s, app.LogEntry{Seq: seq})
		if err != nil {
			return false
		}
		if e.Action == action && e.Object == object {
			return true
		}
	}
}

// The thief's view of a real stick: what docs/formats-backup.md says can be
// read, and nothing else.
func TestStolenStick(t *testing.T) {
	k := newKeeper(t, 1)
	if _, err := app.Do(app.WithPassword(t.Context(), keeperPassword), k.s, app.AddUser{Name: keeperClerk, Password: clerkPassword, Role: access.Cashier}); err != nil {
		t.Fatal(err)
	}
	b := k.backup()
	v, err := app.Run(t.Context(), k.s, app.VerifyShop{})
	noErr(t, err)
	key, err := app.Do(app.WithPassword(t.Context(), keeperPassword), k.s, app.ExportKey{})
	noErr(t, err)
	dek, err := hex.DecodeString(key)
	noErr(t, err)
	owner := false
	for _, n := range listed(t, k.usb) {
		file, err := os.ReadFile(filepath.Join(k.usb, n))
		noErr(t, err)
		file = append(file, n...)
		for _, secret := range []string{keeperShop, "五金", keeperClerk, keeperMachine, "laowang", b.LogHead, v.Totals.LastNumber, v.Totals.StockValue.String(),
			v.Totals.Cash.String(), string(dek), key, keeperPassword, "主仓库"} {
			if len(secret) < 6 {
				t.Fatal("a sentinel too short to mean anything:", secret)
			}
			if bytes.Contains(file, []byte(secret)) {
				t.Errorf("%q stands in %s", secret, n)
			}
		}
		owner = owner || bytes.Contains(file, []byte(keeperOwner))
	}
	if !owner {
		t.Error("the owner's name is not in the clear any more: correct the page on what a finder can read")
	}
}

func TestWrongKeyRestoresNothing(t *testing.T) {
	k := newKeeper(t, 0)
	b := k.backup()
	other := newKeeper(t, 0)
	dir := filepath.Join(k.root, "neu")
	for name, o := range map[string]app.Opener{
		"another shop's code": {Code: other.code},
		"a typing mistake":    {Code: "1" + k.code[1:len(k.code)-1] + "0"},
		"half a code":         {Code: k.code[:20]},
		"wrong password":      {User: keeperOwner, Password: "wrong-wrong-wrong-1"},
		"an unknown name":     {User: "Nobody", Password: keeperPassword},
		"nothing":             {},
	} {
		if _, err := k.host.RestoreBackup(t.Context(), b.Path, dir, o, nil); err == nil || fault.KindOf(err) != fault.WrongKey && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := k.host.OpenBackup(t.Context(), b.Path, o); err == nil {
			t.Errorf("%s: opened", name)
		}
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("%s: something was made", name)
		}
	}
	if _, err := k.host.RestoreBackup(t.Context(), b.Path, dir, app.Opener{User: keeperOwner, Password: keeperPassword}, nil); err != nil {
		t.Error("the owner's own password:", err)
	}
}

func TestFoldersThatAreRefused(t *testing.T) {
	k, other := newKeeper(t, 0), newKeeper(t, 0)
	b := k.backup()
	before := listed(t, k.usb)
	run := func(folder string) error {
		_, err := app.Run(t.Context(), other.s, app.BackupNow{Folder: folder})
		return err
	}
	wantKey(t, run(k.usb), fault.Conflict, "backup.target.otherShop")
	wantKey(t, run(""), fault.Invalid, "backup.folder-missing")
	wantKey(t, run(filepath.Join(other.dir, "x")), fault.Invalid, "backup.folder-inside")
	// A whole path that is missing is a stick that is not there: none is made.
	gone := filepath.Join(k.root, "没插上", "backup")
	wantKey(t, run(gone), fault.NotFound, "backup.target.noFolder")
	if _, err := os.Stat(filepath.Dir(gone)); !errors.Is(err, os.ErrNotExist) {
		t.Error("a folder was made")
	}
	file := filepath.Join(k.root, "file")
	noErr(t, os.WriteFile(file, nil, 0o600))
	wantKey(t, run(file), fault.Invalid, "backup.target.noFolder")
	if err := run(filepath.Join(file, "x")); err == nil || fault.KindOf(err) == fault.Internal {
		t.Error(err)
	}
	if !reflect.DeepEqual(before, listed(t, k.usb)) {
		t.Error("the other shop's stick was touched")
	}
	// A place that was one before and lost its marker is an empty mount point.
	noErr(t, os.Rename(k.usb, k.usb+" away"))
	_, err := app.Run(t.Context(), k.s, app.BackupNow{Folder: k.usb})
	wantKey(t, err, fault.NotFound, "backup.target.noFolder")
	noErr(t, os.Mkdir(k.usb, 0o700))
	_, err = app.Run(t.Context(), k.s, app.BackupNow{Folder: k.usb})
	wantKey(t, err, fault.NotFound, "backup.target.noMarker")
	if len(listed(t, k.usb)) != 0 {
		t.Error("written into an empty mount point")
	}
	again, err := app.Run(t.Context(), k.s, app.BackupNow{Folder: k.usb, Anew: true})
	if err != nil || again.Sequence != b.Sequence+1 {
		t.Error("a number came back:", again.Sequence, err)
	}
}

func TestRestoreOverAShop(t *testing.T) {
	k := newKeeper(t, 1)
	k.post("OLD-1")
	b := k.backup()
	k.post("NEW-1")
	k.post("NEW-2")
	now := readBooks(t, k.s)
	code := app.Opener{Code: k.code}
	_, err := k.host.RestoreBackup(t.Context(), b.Path, k.dir, code, nil)
	wantKey(t, err, fault.Locked, "shop.locked")
	if got := readBooks(t, k.s); !reflect.DeepEqual(now, got) {
		t.Fatal("an open shop was touched")
	}
	k.shut()
	// Another shop's backup does not replace this one.
	other := newKeeper(t, 0)
	ob := other.backup()
	_, err = k.host.RestoreBackup(t.Context(), ob.Path, k.dir, app.Opener{Code: other.code}, nil)
	wantKey(t, err, fault.Conflict, "backup.restore.otherShop")

	aside, err := k.host.RestoreBackup(t.Context(), b.Path, k.dir, code, nil)
	noErr(t, err)
	k.open()
	if got := readBooks(t, k.s); got.Totals.Documents != int(b.Documents) || got.Totals.LastNumber != b.LastNumber {
		t.Errorf("%+v", got.Totals)
	}
	// What was there is kept twice: aside, and as a backup on the stick.
	kept, err := app.Run(t.Context(), k.s, app.BackupsIn{Folder: k.usb})
	noErr(t, err)
	if len(kept) != 2 || kept[0].Documents != int64(now.Totals.Documents) || kept[0].LastNumber != now.Totals.LastNumber || !kept[0].Known {
		t.Fatalf("%+v", kept)
	}
	plain, err := app.RestorePoints(k.usb)
	if err != nil || len(plain) != 2 || plain[0].Known || plain[0].Documents != 0 || plain[0].Shop != "" {
		t.Errorf("without a key: %+v %v", plain, err)
	}
	if n := strings.Join(listed(t, aside), " "); !strings.Contains(n, "shop.db") || !strings.Contains(n, "keyring") {
		t.Error(n)
	}
	if next := k.backup(); next.Sequence != 3 {
		t.Error(next.Sequence)
	}
	// Undo: the newer state comes back from the safety backup.
	k.shut()
	if _, err := k.host.RestoreBackup(t.Context(), kept[0].Path, k.dir, code, nil); err != nil {
		t.Fatal(err)
	}
	k.open()
	if got := readBooks(t, k.s); !reflect.DeepEqual(got, now) {
		t.Error("not what it was")
	}
	// The file that came back remembers the epoch it was made in; a new one begins.
	last := k.backup()
	one, err1 := backup.Inspect(target.OS{}, kept[0].Path)
	two, err2 := backup.Inspect(target.OS{}, last.Path)
	if err1 != nil || err2 != nil || one.Epoch == two.Epoch || one.Epoch.IsZero() || last.Sequence != 5 { // 4 kept what was undone
		t.Error(one.Epoch, two.Epoch, last.Sequence, err1, err2)
	}
	if again := k.backup(); again.Sequence != 6 {
		t.Error(again.Sequence)
	} else if three, err := backup.Inspect(target.OS{}, again.Path); err != nil || three.Epoch != two.Epoch {
		t.Error("a new epoch without a restore", err)
	}
}

// A ruined shop is replaced too, with nothing of it thrown away.
func TestRestoreOverARuin(t *testing.T) {
	for name, ruin := range map[string]func(dir string) error{
		"no keyring": func(dir string) error { return os.Remove(filepath.Join(dir, store.KeyringName)) },
		"bad keyring": func(dir string) error {
			return errors.Join(os.WriteFile(filepath.Join(dir, store.KeyringName), []byte("rot"), 0o600), os.RemoveAll(filepath.Join(dir, store.KeyringName+".prev")))
		},
		"bad file": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, store.DBName), make([]byte, 8192), 0o600)
		},
		"no file": func(dir string) error { return os.Remove(filepath.Join(dir, store.DBName)) },
	} {
		k := newKeeper(t, 0)
		b := k.backup()
		k.shut()
		noErr(t, ruin(k.dir))
		left := strings.Join(listed(t, k.dir), " ")
		aside, err := k.host.RestoreBackup(t.Context(), b.Path, k.dir, app.Opener{Code: k.code}, nil)
		if err != nil {
			t.Errorf("%s (%s): %v", name, left, err)
			continue
		}
		if aside == "" || len(listed(t, aside)) == 0 {
			t.Errorf("%s: nothing kept", name)
		}
		k.open()
		k.shut()
	}
}

// Facts that are sealed with the right key but do not fit the pages.
func TestRestoreRefusesWhatDoesNotAgree(t *testing.T) {
	k := newKeeper(t, 0)
	k.post("A-1")
	good := k.backup()
	k.shut()
	st, keys, err := k.host.Vault.Examine(t.Context(), k.dir, app.Opener{User: keeperOwner, Password: keeperPassword})
	noErr(t, err)
	im, err := st.Pin(t.Context(), nil)
	noErr(t, err)
	bk, err := backup.NewKeys(keys.DEK, keys.ShopID, im.Salt(), im.PageSize(), keys.Slots)
	noErr(t, err)
	noErr(t, im.Release())
	i, err := backup.Open(target.OS{}, good.Path, func([]byte) ([32]byte, error) { return keys.DEK, nil })
	noErr(t, err)
	noErr(t, st.Read(t.Context(), func(tx app.Tx) error { // closing the shop was one more entry
		_, head, err := tx.LogHead()
		i.Facts.LogHead = oplog.Head(head)
		return err
	}))
	for want, change := range map[string]func(*backup.Facts){
		"totals": func(f *backup.Facts) { f.Totals.Cash = "1000000.00" },
		"log":    func(f *backup.Facts) { f.LogHead = "AAAA-BBBB-CCCC" },
		"shop":   func(f *backup.Facts) { f.Shop = "别家店" },
	} {
		r, err := backup.Run(t.Context(), backup.Job{FS: target.OS{}, Clock: k.now, Keys: bk, Target: backup.Target{Folder: k.usb}, Full: true, Schema: i.Schema,
			Source: pinning{st}, Facts: func(context.Context, backup.Pinned) (backup.Facts, error) { f := *i.Facts; change(&f); return f, nil }})
		noErr(t, err)
		dir := filepath.Join(k.root, "r-"+want)
		_, err = k.host.RestoreBackup(t.Context(), r.Path, dir, app.Opener{Code: k.code}, nil)
		wantKey(t, err, fault.Damaged, "backup.restore.check")
		var e *fault.Error
		if errors.As(err, &e); e.Args["what"] != want {
			t.Error(e)
		}
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Error("put in place all the same")
		}
	}
	noErr(t, st.Close())
	// The practice run: proved, and nothing left behind.
	scratch := t.TempDir()
	if r, err := k.host.TryRestore(t.Context(), good.Path, scratch, app.Opener{Code: k.code}, nil); err != nil || !r.Known || len(listed(t, scratch)) != 0 {
		t.Error(r, err, listed(t, scratch))
	}
}

type pinning struct{ st app.Store }

func (p pinning) Pin(ctx context.Context) (backup.Pinned, error) {
	im, err := p.st.Pin(ctx, nil)
	if err != nil {
		return nil, err
	}
	return im, nil
}

// The totals of a backup are those of its pages, however busy the shop is.
func TestBackupWhilePosting(t *testing.T) {
	k := newKeeper(t, 1)
	k.backup()
	ctx, stop := context.WithCancel(t.Context())
	var posting sync.WaitGroup
	posted, perr := 0, error(nil)
	first := make(chan struct{})
	posting.Add(1)
	go func() {
		defer posting.Done()
		for n := 0; ctx.Err() == nil; n++ {
			if perr = postOne(context.WithoutCancel(ctx), k.s, "BUSY-"+strings.Repeat("x", n%7)+time.Unix(int64(n), 0).UTC().Format("150405")); perr != nil {
				if posted == 0 {
					close(first)
				}
				return
			}
			if posted++; posted == 1 {
				close(first)
			}
		}
	}()
	<-first
	var made []app.Kept
	for range 4 {
		b, err := app.Run(t.Context(), k.s, app.BackupNow{Folder: k.usb})
		if err != nil {
			t.Error(err)
			break
		}
		made = append(made, b)
	}
	stop()
	posting.Wait()
	if perr != nil || posted == 0 || len(made) != 4 {
		t.Fatal(perr, posted, len(made))
	}
	for n, b := range made {
		if n > 0 && b.Documents < made[n-1].Documents {
			t.Error("documents went away")
		}
		// RestoreBackup compares totals and log head of pages and facts.
		if _, err := k.host.TryRestore(t.Context(), b.Path, k.root, app.Opener{Code: k.code}, nil); err != nil {
			t.Error(n, err)
		}
	}
	readBooks(t, k.s)
}

func TestOneBackupAtATime(t *testing.T) {
	k := newKeeper(t, 0)
	k.backup()
	var second error
	_, err := app.Run(t.Context(), k.s, app.BackupNow{Folder: k.usb, Progress: func(string, int64, int64) {
		if second == nil {
			_, second = app.Run(context.Background(), k.s, app.BackupNow{Folder: k.usb})
		}
	}})
	noErr(t, err)
	wantKey(t, second, fault.Conflict, "backup.running")
}

func TestBackupIsNotForEverybody(t *testing.T) {
	k := newKeeper(t, 0)
	b := k.backup()
	if _, err := app.Do(app.WithPassword(t.Context(), keeperPassword), k.s, app.AddUser{Name: keeperClerk, Password: clerkPassword, Role: access.Cashier}); err != nil {
		t.Fatal(err)
	}
	s, err := k.s.Shop().SignIn(t.Context(), keeperClerk, clerkPassword)
	noErr(t, err)
	k.s = s
	_, err = app.Run(t.Context(), s, app.BackupNow{Folder: k.usb})
	wantKey(t, err, fault.Denied, "gate.denied")
	_, err = app.Run(t.Context(), s, app.BackupsIn{Folder: k.usb})
	wantKey(t, err, fault.Denied, "gate.denied")
	_, err = app.Run(t.Context(), s, app.BackupFile{Path: b.Path})
	wantKey(t, err, fault.Denied, "gate.denied")
	// A clerk's password opens no stick.
	_, err = k.host.OpenBackup(t.Context(), b.Path, app.Opener{User: keeperClerk, Password: clerkPassword})
	wantKey(t, err, fault.WrongKey, "")
	if d := k.due(); !d.Changed {
		t.Error("a new person is a change")
	}
	// But the shop backs itself up when the cashier goes home.
	e, err := s.Shop().BackupAtExit(t.Context(), nil)
	if err != nil || e.Sequence != 2 {
		t.Error(e, err)
	}
}
