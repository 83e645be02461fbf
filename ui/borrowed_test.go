package ui

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/master"
	"tiezhang/ui/page"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

const clerkWord = "another lantern 42 小河"

// lend lends 小王 rights as the owner who is signed in.
func (r *rig) lend(s *app.Session, hours, uses int, what ...access.Permission) app.Lent {
	r.t.Helper()
	l, err := app.Do(app.WithPassword(context.Background(), word), s, app.Lend{To: "小王", Actions: what, Reason: "老板出差", Hours: hours, Uses: uses})
	if err != nil {
		r.t.Fatal(err)
	}
	r.settle()
	return l
}

// useItem makes an item with the right lent for it.
func (r *rig) useItem(code string) error {
	_, err := app.Do(context.Background(), r.shell.space.env.Session, app.SaveItem{Item: master.Item{Code: code, Name: "铁观音" + code, Unit: "盒"}})
	r.settle()
	return err
}

// TestLentRightsInTheStatusBar: who was lent a right sees it at the foot of the
// window, until it is used up.
func TestLentRightsInTheStatusBar(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	r.as(dir, func(_ context.Context, s *app.Session) { r.lend(s, 9, 2, access.ItemEdit) })
	r.start(dir)
	r.enter(word)
	r.mustSee("首页")
	r.mustNotSee("借用权限") // the owner was lent nothing
	r.chord("Ctrl+L")
	r.choose("小王")
	r.enter(clerkWord)
	r.mustSee("首页", "借用权限：编辑商品 至 18:30，还能用 2 次")
	r.Save("lent-bar")
	if err := r.useItem("A1"); err != nil {
		t.Fatal(err)
	}
	r.mustSee("还能用 1 次")
	if err := r.useItem("A2"); err != nil {
		t.Fatal(err)
	}
	r.mustNotSee("借用权限")
	if err := r.useItem("A3"); err == nil {
		t.Error("used a third time")
	}
}

// TestLentRightsEndByThemselves: nothing need be started again for a right to go
// from the bar, nor the module it opened from the rail.
func TestLentRightsEndByThemselves(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	r.as(dir, func(_ context.Context, s *app.Session) { r.lend(s, 2, 0, access.MoneyView) })
	r.start(dir)
	r.choose("小王")
	r.enter(clerkWord)
	r.mustSee("借用权限：查看收付款 至 11:30")
	has := func() bool {
		for _, m := range r.shell.space.rail.modules {
			if m.name == "money" {
				return true
			}
		}
		return false
	}
	if !has() {
		t.Fatal("the rail does not offer what was lent")
	}
	r.clock.now = r.clock.now.Add(2 * time.Hour)
	r.fire(2*time.Hour + lentLate)
	r.mustNotSee("借用权限")
	if has() {
		t.Error("the rail still offers it")
	}
}

// TestLentWhileLockedIn: the one session of the shop changes hands; who comes
// back has what was lent meanwhile, and loses what was taken back.
func TestLentWhileLockedIn(t *testing.T) {
	r := newRig(t)
	dir, _ := r.newShop("兴隆便利店")
	r.start(dir)
	r.choose("小王")
	r.enter(clerkWord)
	r.mustNotSee("借用权限")
	r.shell.space.open(page.Route{Screen: page.List, Kind: "items"})
	r.settle()
	r.mustNotSee("新建商品")

	back := func(name, word string) {
		r.chord("Ctrl+L")
		r.choose(name)
		r.enter(word)
		if r.shell.space == nil || r.shell.space.user != name {
			t.Fatal("not in: ", name, r.Save("not-in"))
		}
	}
	back("店主", word)
	a := r.lend(r.shell.space.env.Session, 24, 0, access.ItemEdit, access.MoneyView)
	b := r.lend(r.shell.space.env.Session, 3, 5, access.DayClose)
	back("小王", clerkWord)
	r.mustSee("借用权限：3 项 至 12:30", "新建商品") // the list that was open offers it too
	if err := r.useItem("A1"); err != nil {
		t.Error("what was lent meanwhile:", err)
	}
	r.chord("Ctrl+K") // the list of them, by keys
	r.enter("借用")
	r.mustSee("我借用的权限", "编辑商品、查看收付款", "不限次数", "还能用 5 次", "老板出差")
	r.Save("lent-list")
	r.press("Escape")
	r.mustNotSee("老板出差")

	back("店主", word)
	for _, id := range []int64{a.ID, b.ID} {
		if _, err := app.Do(app.WithPassword(context.Background(), word), r.shell.space.env.Session, app.TakeBack{ID: id}); err != nil {
			t.Fatal(err)
		}
	}
	back("小王", clerkWord)
	r.mustNotSee("借用权限")
	if err := r.useItem("A2"); err == nil {
		t.Error("used after it was taken back")
	}
}

// TestLentToOneself: no new sign-in is needed for one's own bar to tell.
func TestLentToOneself(t *testing.T) {
	r := signedIn(t)
	s := r.shell.space.env.Session
	ctx := app.WithPassword(context.Background(), word)
	l, err := app.Do(ctx, s, app.Lend{To: "店主", Actions: []access.Permission{access.MoneyView}, Reason: "试试", Hours: 1})
	if err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.mustSee("借用权限：查看收付款 至 10:30")
	if _, err := app.Do(ctx, s, app.TakeBack{ID: l.ID}); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.mustNotSee("借用权限")
	if len(s.Lent()) != 0 {
		t.Error("the session still has it")
	}
}

// TestStatusBarCutsNothing: at every text size, in both languages, everything in
// the bar stands whole beside the other; what does not fit is left out, first
// what matters least.
func TestStatusBarCutsNothing(t *testing.T) {
	for _, size := range []theme.TextSize{theme.Standard, theme.Large, theme.Largest} {
		for _, look := range []string{"zh", "en"} {
			opts := []uitest.Option{uitest.Text(size)}
			if look == "en" {
				opts = append(opts, uitest.Dark())
			}
			r := newRig(t, opts...)
			dir, _ := r.newShop("兴隆便利店")
			usb := filepath.Join(t.TempDir(), "老板自己的蓝色备份盘一号")
			if err := os.Mkdir(usb, 0o700); err != nil {
				t.Fatal(err)
			}
			r.as(dir, func(ctx context.Context, s *app.Session) {
				r.lend(s, 20, 12, access.ItemEdit)
				if _, err := app.Run(ctx, s, app.BackupNow{Folder: usb}); err != nil {
					t.Fatal(err)
				}
			})
			r.start(dir)
			r.choose("小王")
			r.enter(clerkWord)
			if look == "en" {
				text.Use(text.English)
				r.shell.space.rebuild()
				r.settle()
			}
			b := r.shell.space.status
			b.asked.SetLabel(text.T("shell.status.approvals", "count", 12)) // as one who approves sees it
			b.askedItem.off, b.draftsItem.off = false, false
			oneLine(b.drafts, text.T("shell.status.drafts", "count", 3))
			b.content.Refresh()
			name := "status-" + look + "-" + string(rune('0'+size))
			r.Save(name)
			right := float32(0)
			for _, it := range b.row.items {
				if !it.o.Visible() {
					continue
				}
				at, z := it.o.Position(), it.o.Size()
				if at.X < right || z.Width < it.o.MinSize().Width {
					t.Errorf("%s: %T at %v of %v, the one before ends at %v", name, it.o, at.X, z, right)
				}
				right = at.X + z.Width
			}
			if w := b.content.Size().Width; right > w {
				t.Errorf("%s: ends at %v of %v", name, right, w)
			}
			for _, it := range b.row.items {
				if it.keep >= 6 && !it.o.Visible() {
					t.Errorf("%s: %T is left out", name, it.o)
				}
			}
		}
	}
}
