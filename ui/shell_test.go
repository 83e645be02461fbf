package ui

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/ui/control"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
)

// typeAnew tells that the focus is in a password field, whose words it types over,
// and presses the button of the step by hand.
func (r *rig) typeAnew(word string) {
	r.t.Helper()
	if e, ok := r.Focused().(*control.Entry); !ok || !e.Password {
		r.t.Fatalf("the focus is on %T, not in a password (picture: %s)", r.Focused(), r.Save("focus"))
	}
	if word != "" {
		r.Type(word)
		if e := r.Focused().(*control.Entry); e.Text != word {
			r.t.Errorf("what was refused is still there: %q", e.Text)
		}
		return
	}
	r.toButton(text.T("start.new.create"))
}

func TestNewShopByKeysAlone(t *testing.T) {
	r := newRig(t)
	r.start("")
	r.mustSee("新建店铺", "从备份恢复")
	r.press(fyne.KeyReturn)
	r.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn) // no name yet
	r.mustSee("还没有填店铺名称")
	r.enter("兴隆便利店") // then the owner, then the folder
	r.press(fyne.KeyReturn, fyne.KeyReturn)
	r.mustSee("给店主设一个密码")
	r.enter("12345678")
	r.press(fyne.KeyReturn)
	r.mustSee("至少要 12 个字符")
	r.typeAnew("12345678")
	r.typeAnew("") // and by the button itself: from there the keys must not be lost
	r.mustSee("至少要 12 个字符")
	r.typeAnew("12345678")
	r.press(fyne.KeyEscape) // back, and nothing is lost
	r.mustSee("店铺叫什么")
	r.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn)
	r.mustSee("给店主设一个密码")
	r.enter(word)
	r.enter("another one")
	r.mustSee("两次输入的密码不一样")
	r.enter(word)
	r.mustSee("恢复码：请现在抄下来")
	made := r.shell.scene.(interface {
		Session() *app.Session
	}).Session()
	if made == nil || made.User().Name != "店主" {
		t.Fatal("no shop was made")
	}
	if made.Shop().Dir() != filepath.Join(r.dir, "铁账", "兴隆便利店") {
		t.Fatal(made.Shop().Dir())
	}
	r.press(fyne.KeyEscape) // there is no way back out of a shop that exists
	r.mustSee("恢复码：请现在抄下来")
	code := r.match(`^(\d{6})$`)
	r.press(fyne.KeyReturn)
	var asked []int
	for _, s := range r.match(`^第 (\d) 组$`) {
		n, _ := strconv.Atoi(s)
		asked = append(asked, n-1)
	}
	if len(asked) != 3 || len(code) != 9 {
		t.Fatal(asked, code)
	}
	r.enter("000000")
	r.enter(code[asked[1]])
	r.enter(code[asked[2]])
	r.mustSee("组不对")
	if v := setting(t, made, app.SettingRecoveryKit); v != "" {
		t.Fatal("the kit counts as checked after a wrong group", v)
	}
	r.enter(code[asked[0]])
	r.press(fyne.KeyReturn, fyne.KeyReturn)
	r.mustSee("第一次备份放在哪里")
	if v := setting(t, made, app.SettingRecoveryKit); v != "2026-11-22" {
		t.Fatal(v)
	}
	r.press(fyne.KeyReturn)
	r.mustSee("还没有选备份文件夹")
	bk := filepath.Join(r.dir, "usb")
	r.enter(bk)
	r.mustSee("首页", "今日销售", "开张清单（已完成 2/7）", "备份已验证")
	if files, _ := filepath.Glob(filepath.Join(bk, "*.tzbak")); len(files) != 1 {
		t.Fatal(files)
	}
	if m := Recall(filepath.Join(r.dir, "home")); len(m.Shops) != 1 || m.Shops[0].Name != "兴隆便利店" || m.Shops[0].User != "店主" {
		t.Fatalf("%+v", m)
	}
}

func setting(t *testing.T, s *app.Session, key string) string {
	t.Helper()
	m, err := app.Ask(context.Background(), s, app.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	return m[key]
}

func TestSignInWrongAndRight(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	r.start(dir)
	r.enter("not this one")
	r.mustSee("密码")
	if r.shell.space != nil {
		t.Fatal("a wrong password got in")
	}
	r.enter(word) // what was typed before is selected, so it is replaced
	r.mustSee("今日销售")
	r.chord("Ctrl+L")
	r.mustSee("已锁定")
	for range 5 {
		r.enter("wrong again")
	}
	r.enter(word)
	if r.shell.space != nil {
		t.Fatal("five wrong passwords and no wait")
	}
	r.mustSee("分钟")
	r.clock.now = r.clock.now.Add(2 * time.Minute)
	r.enter(word)
	r.mustSee("今日销售", "5 次密码输错")
}

func TestLockKeepsWorkAndUsersApart(t *testing.T) {
	at := withNotes(t)
	r := signedIn(t)
	r.shell.space.open(at("a"))
	r.settle()
	r.Type("没写完的话")
	owner := r.shell.space
	n := notes[at("a")]
	r.chord("Ctrl+L")
	r.mustSee("已锁定")
	r.mustNotSee("没写完的话")
	if n.kept != 1 || n.closed {
		t.Fatal("the page was not told to keep its typing", n.kept, n.closed)
	}
	if err := ask(owner.env.Session); fault.KeyOf(err) != "gate.signed-out" {
		t.Fatal("the locked session still answers:", err)
	}
	// Somebody else signs in and sees nothing of it.
	r.Shift(func() { r.Key(fyne.KeyTab) })
	r.Type("小")
	r.press(fyne.KeyReturn)
	r.enter("another lantern 42 小河")
	if r.shell.space == nil || r.shell.space.user != "小王" {
		t.Fatal("the cashier is not in", r.Save("cashier"))
	}
	r.mustNotSee("便条", "今日毛利")
	r.chord("Ctrl+L")
	r.Shift(func() { r.Key(fyne.KeyTab) })
	r.Type("店")
	r.press(fyne.KeyReturn)
	r.enter(word)
	if r.shell.space != owner || n.line.Text != "没写完的话" {
		t.Fatal("the owner's page did not survive", n.line.Text)
	}
	if err := ask(owner.env.Session); err != nil {
		t.Fatal("the page has no living session:", err)
	}
}

func ask(s *app.Session) error {
	_, err := app.Ask(context.Background(), s, app.Status{})
	return err
}

// pass lets time go by as it does, look by look.
func (r *rig) pass(d time.Duration) {
	for d > 0 {
		step := min(d, idleLook)
		r.clock.now = r.clock.now.Add(step)
		d -= step
		r.fire(idleLook)
	}
}

func TestIdleLockByRole(t *testing.T) {
	r := signedIn(t)
	r.pass(2*time.Minute + 55*time.Second)
	if r.shell.space == nil {
		t.Fatal("the owner was locked out too early")
	}
	r.pass(10 * time.Second)
	if r.shell.space != nil {
		t.Fatal("the owner's window stayed open")
	}
	r.mustSee("已锁定")
}

func TestTabs(t *testing.T) {
	at := withNotes(t)
	r := signedIn(t)
	sp := r.shell.space
	for _, a := range []string{"a", "b", "c"} {
		sp.open(at(a))
	}
	sp.open(at("b")) // open already: brought to the front, not opened twice
	if len(sp.tabs) != 4 || sp.front != 2 {
		t.Fatal(len(sp.tabs), sp.front)
	}
	r.chord("Ctrl+Tab")
	r.chord("Ctrl+Tab")
	if sp.front != 0 {
		t.Fatal("Ctrl+Tab does not go round", sp.front)
	}
	r.chord("Ctrl+W") // home stays
	r.chord("Alt+2")
	if sp.front != 1 || len(sp.tabs) != 4 {
		t.Fatal(sp.front, len(sp.tabs))
	}
	notes[at("a")].stay = true
	r.chord("Ctrl+W")
	if len(sp.tabs) != 4 || notes[at("a")].left != 1 {
		t.Fatal("a page that wants to stay was closed")
	}
	notes[at("a")].stay = false
	r.chord("Ctrl+W")
	if len(sp.tabs) != 3 || !notes[at("a")].closed {
		t.Fatal("the page was not closed")
	}
	b := notes[at("b")]
	sp.replace(b, at("b2"))
	if len(sp.tabs) != 3 || !b.closed || sp.index(notes[at("b2")]) != 1 {
		t.Fatal("replace")
	}
}

func TestPagesHearOfChanges(t *testing.T) {
	at := withNotes(t)
	r := signedIn(t)
	sp := r.shell.space
	sp.open(at("a"))
	sp.open(at("b"))
	a, b := notes[at("a")], notes[at("b")]
	if _, err := app.Do(context.Background(), sp.env.Session, app.SaveItem{Item: cola()}); err != nil {
		t.Fatal(err)
	}
	r.settle()
	if b.reloads == 0 {
		t.Fatal("the page in front did not hear of the new item")
	}
	if a.reloads != 0 {
		t.Fatal("a page behind was made to work")
	}
	sp.show(1)
	if a.reloads == 0 {
		t.Fatal("the page did not catch up when it came to the front")
	}
}

func cola() master.Item {
	return master.Item{Code: "A1", Name: "可口可乐", Spec: "500ml", Unit: "瓶"}
}

func TestPaletteFindsScreensAndItems(t *testing.T) {
	old := makers[page.Form]
	makers[page.Form] = newNote
	t.Cleanup(func() { makers[page.Form] = old })
	r := signedIn(t)
	if _, err := app.Do(context.Background(), r.shell.space.env.Session, app.SaveItem{Item: cola()}); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.chord("Ctrl+K")
	r.Type("kkkl")
	r.settle()
	r.mustSee("A1  可口可乐")
	r.press(fyne.KeyReturn)
	if got := r.shell.space.tabs[r.shell.space.front].page.Route(); got.Screen != page.Form || got.Kind != "item" || got.Arg == "" {
		t.Fatal(got)
	}
	r.chord("Ctrl+K")
	r.Type("sy") // initials of home
	r.settle()
	r.press(fyne.KeyReturn)
	if r.shell.space.front != 0 {
		t.Fatal("the palette does not lead home")
	}
	r.chord("Ctrl+K")
	r.press(fyne.KeyEscape)
	if r.Canvas().Overlays().Top() != nil {
		t.Fatal("Esc does not close the palette")
	}
}

func TestConfirmedAsksForThePassword(t *testing.T) {
	r := signedIn(t)
	r.clock.now = r.clock.now.Add(6 * time.Minute) // the sign-in's own proof is over
	env := r.shell.space.env
	runs, done := 0, false
	env.Confirmed(func(ctx context.Context, finish func(error)) {
		runs++
		_, err := app.Do(ctx, env.Session, app.SetSetting{Key: app.SettingPhone, Value: "0571-1"})
		done = err == nil
		finish(err)
	})
	r.settle()
	r.mustSee("请再输入一次您的密码")
	r.enter("wrong")
	r.mustSee("请再输入一次您的密码")
	if done {
		t.Fatal("a wrong password was enough")
	}
	r.enter(word)
	if !done || runs != 3 || r.Canvas().Overlays().Top() != nil {
		t.Fatal(done, runs)
	}
	if v := setting(t, env.Session, app.SettingPhone); v != "0571-1" {
		t.Fatal(v)
	}
}

func TestSecondStartRaisesTheFirst(t *testing.T) {
	r := signedIn(t)
	home := filepath.Join(r.dir, "home")
	if err := AskToRaise(home, r.shell.shop.Dir()+string(filepath.Separator)); err != nil {
		t.Fatal(err)
	}
	wish := raiseFile(home, r.shell.shop.Dir())
	if _, err := os.Stat(wish); err != nil {
		t.Fatal(err)
	}
	r.fire(raiseEvery)
	if _, err := os.Stat(wish); !os.IsNotExist(err) {
		t.Fatal("the wish was not heard", err)
	}
	if raiseFile(home, "/a") == raiseFile(home, "/b") {
		t.Fatal("two shops share a wish")
	}
}

func TestRestoreAndForgottenPassword(t *testing.T) {
	r := newRig(t)
	dir, code := r.newShop("兴隆便利店")
	r.start(dir)
	r.enter(word)
	bk := filepath.Join(r.dir, "usb")
	kept, err := app.Run(context.Background(), r.shell.space.env.Session, app.BackupNow{Folder: bk})
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.shell.leaveShop()
	r.settle()
	r.mustSee("从备份恢复")
	r.chord("Ctrl+R")
	r.enter(filepath.Join(bk, "nothing.tzbak"))
	if r.shell.space != nil || !r.seen("选择备份文件") {
		t.Fatal("a file that is not there was taken")
	}
	r.enter(kept.Path)
	r.mustSee("用什么打开这个备份")
	r.Type("111111-" + joined(code.Groups[1:]))
	r.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn)
	r.mustSee("用什么打开这个备份", "第 1 组")
	r.Type(joined(code.Groups))
	r.press(fyne.KeyReturn, fyne.KeyReturn, fyne.KeyReturn)
	r.mustSee("恢复到哪个文件夹", "店铺：兴隆便利店")
	there := filepath.Join(r.dir, "new computer")
	r.enter(there)
	r.mustSee("给店主设一个新密码")
	r.enter("eleven sparrows 过桥去")
	r.enter("eleven sparrows 过桥去")
	r.mustSee("今日销售")
	if r.shell.shop.Dir() != there {
		t.Fatal(r.shell.shop.Dir())
	}
	// The owner forgets it at once; the code opens the open shop's files too.
	r.chord("Ctrl+L")
	r.press(fyne.KeyTab, fyne.KeyReturn)
	if !r.seen("用恢复码重设店主密码") {
		t.Fatal(r.Save("recover"))
	}
	r.enter(joined(code.Groups))
	r.enter("twelve sparrows 过河去")
	r.enter("twelve sparrows 过河去")
	r.mustSee("今日销售")
}

func joined(groups []string) string {
	s := ""
	for i, g := range groups {
		if i > 0 {
			s += "-"
		}
		s += g
	}
	return s
}

func TestLanguageAndSizeAtOnce(t *testing.T) {
	at := withNotes(t)
	r := signedIn(t)
	t.Cleanup(func() { text.Use(text.Chinese) })
	r.shell.space.open(at("a"))
	r.shell.space.env.SetLook("en", "dark", "large")
	r.settle()
	sp := r.shell.space
	if len(sp.tabs) != 2 || sp.tabs[sp.front].page.Route() != at("a") {
		t.Fatal("the open pages are not the same", len(sp.tabs))
	}
	sp.show(0)
	r.settle()
	r.mustSee("Sales today", "Home")
	if m := Recall(filepath.Join(r.dir, "home")); m.Language != "en" || m.Theme != "dark" || m.TextSize != "large" {
		t.Fatalf("%+v", m)
	}
}

func TestMemory(t *testing.T) {
	dir := t.TempDir()
	m := Recall(dir)
	for _, f := range []string{"a", "b", "a", "c", "d", "e", "f", "g", "h", "i"} {
		m.Opened(Known{Folder: f})
	}
	if len(m.Shops) != mostShops || m.Shops[0].Folder != "i" {
		t.Fatal(m.Shops)
	}
	if err := m.Save(); err != nil {
		t.Fatal(err)
	}
	if again := Recall(dir); len(again.Shops) != mostShops || again.Shops[0].Folder != "i" {
		t.Fatal(again)
	}
	if err := os.WriteFile(filepath.Join(dir, memoryFile), []byte("{spoilt"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := Recall(dir); len(again.Shops) != 0 {
		t.Fatal(again)
	}
}

// Every screen the menus lead to has words, whoever looks.
func TestMenusByRole(t *testing.T) {
	for _, s := range []string{page.Till, page.Document, page.List, page.Report, page.Form, page.Import, page.Backup, page.Security, page.DayClose, page.Settings} {
		if makers[s] == nil {
			makers[s] = newNote
			t.Cleanup(func() { delete(makers, s) })
		}
	}
	r := signedIn(t)
	names := func() map[string]bool {
		out := map[string]bool{}
		for _, m := range r.shell.space.rail.modules {
			out[m.name] = true
			for _, e := range m.entries {
				if !r.shell.space.env.Session.May(e.perm) {
					t.Errorf("%s offers %+v without the right", m.name, e.route)
				}
				if e.title == "" || e.title[0] == 0xe2 { // the bracket of a missing text
					t.Errorf("no words: %+v %q", e.route, e.title)
				}
			}
		}
		return out
	}
	if got := names(); len(got) != 10 {
		t.Fatal("the owner sees", got)
	}
	r.chord("Ctrl+L")
	r.Shift(func() { r.Key(fyne.KeyTab) })
	r.Type("小")
	r.press(fyne.KeyReturn)
	r.enter("another lantern 42 小河")
	got := names()
	if got["money"] || !got["till"] || !got["sales"] {
		t.Fatal("the cashier sees", got)
	}
	r.mustNotSee("资金")
}

// Drawing anew in a Layout of the same size keeps the desktop driver painting
// for ever (a whole core while nobody does anything).
func TestLayoutOfTheSameSizeDrawsNothing(t *testing.T) {
	r := signedIn(t)
	sp := r.shell.space
	m := openMenu(r.Canvas(), []menuItem{{words: "a", run: func() {}}}, fyne.NewPos(10, 10))
	for _, w := range []fyne.Widget{sp.rail, sp.bar, m} {
		d := test.WidgetRenderer(w)
		d.Layout(w.Size())
		before := d.Objects()[0]
		d.Layout(w.Size())
		if d.Objects()[0] != before {
			t.Errorf("%T draws itself again", w)
		}
	}
	m.Close()
}

// TestLookChangedAtTheDoor: whoever comes back finds their pages in the look that
// was chosen meanwhile, and what they were typing as it was.
func TestLookChangedAtTheDoor(t *testing.T) {
	r := signedIn(t)
	note := withNotes(t)
	r.shell.space.open(note("1"))
	r.Type("half a word")
	r.shell.space.show(0)
	r.settle()
	r.chord("Ctrl+L")
	r.shell.setLook("en", "dark", "")
	t.Cleanup(func() { text.Use(text.Chinese) })
	r.settle()
	r.enter(word)
	r.mustSee("Home", "Sales today", "Log code")
	r.mustNotSee("今日销售", "日志校验码")
	if len(r.shell.space.tabs) != 2 || notes[note("1")].line.Text != "half a word" || notes[note("1")].closed {
		t.Error("the page that was typed in is not as it was")
	}
}
