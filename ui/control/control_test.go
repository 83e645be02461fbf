package control

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tiezhang/ui/bg"
	"tiezhang/ui/keys"
	"tiezhang/ui/text"
	"tiezhang/ui/theme"
	"tiezhang/ui/uitest"
)

var day = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func today() time.Time { return day }

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"2026-05-03": "2026-05-03", "2026/5/3": "2026-05-03", "2026.5.3": "2026-05-03", "2026年5月3日": "2026-05-03",
		"5-3": "2026-05-03", "0503": "2026-05-03", "503": "2026-05-03", "20260503": "2026-05-03", "260503": "2026-05-03",
		"7": "2026-11-07", "t": "2026-11-22", "T": "2026-11-22", "+1": "2026-11-03", "-2": "2026-10-31", "": "",
		"０５０３": "2026-05-03", "26-5-3": "2026-05-03", " 5-3 ": "2026-05-03", "2-29": "!", "2024-2-29": "2024-02-29",
		"13-1": "!", "0": "!", "32": "!", "abc": "!", "5-": "2026-11-05", "12345": "!", "1-2-3-4": "!", "+x": "!", "99999999": "!", "5x3": "!",
	} {
		got, ok := ParseDate(in, "2026-11-02", day)
		if !ok {
			got = "!"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got, _ := ParseDate("+1", "", day); got != "2026-11-23" {
		t.Error("+1 from nothing is tomorrow:", got)
	}
}

func TestFieldsByKeyboard(t *testing.T) {
	uitest.App(t)
	name, num, date := NewEntry(), NewNumber(), NewDate(today)
	check := NewCheck("启用", nil)
	saved := 0
	save := NewPrimary("保存", func() { saved++ })
	w := uitest.Show(t, container.NewVBox(name, num, date, check, save))
	w.Focus(name)
	w.Type("abc")
	w.Key(fyne.KeyReturn)
	w.Type("１２")
	w.Key(fyne.KeyReturn)
	w.Type("5-3")
	w.Key(fyne.KeyReturn, fyne.KeySpace, fyne.KeyReturn, fyne.KeyReturn)
	if name.Text != "abc" || num.Text != "12" || date.Value() != "2026-05-03" || date.Text != "2026-05-03" || !check.Checked() || saved != 1 {
		t.Fatal(name.Text, num.Text, date.Value(), check.Checked(), saved)
	}
	w.Shift(func() { w.Key(fyne.KeyTab, fyne.KeyTab) })
	w.Type("0") // the date is selected: typing replaces it
	w.Key(fyne.KeyReturn)
	if w.Focused() != fyne.Focusable(date) || date.Valid() || date.Value() != "2026-05-03" {
		t.Fatal("an invalid date was left", date.Text)
	}
	w.Chord("Ctrl+A")
	w.Type("t")
	w.Key(fyne.KeyDown, fyne.KeyDown, fyne.KeyUp)
	if date.Value() != "2026-11-21" || !date.Valid() {
		t.Fatal(date.Value())
	}
}

func TestEntryForwardsAndKeeps(t *testing.T) {
	uitest.App(t)
	e, m := NewEntry(), NewMultiline(3)
	w := uitest.Show(t, container.NewVBox(e, m))
	var got []string
	for _, c := range []string{"F9", "Escape", "Ctrl+K", "PageDown"} {
		w.Router.Shell().On(keys.Chord(c), "", "", func() { got = append(got, c) })
	}
	w.Focus(e)
	for _, c := range []string{"F9", "Escape", "Ctrl+K", "PageDown"} {
		w.Chord(c)
	}
	if len(got) != 4 {
		t.Fatal(got)
	}
	w.Clipboard("one\r\ntwo\tthree\r\n")
	w.Chord("Ctrl+V")
	if e.Text != "one two three" {
		t.Fatalf("%q", e.Text)
	}
	w.Focus(m)
	w.Type("a")
	w.Key(fyne.KeyReturn)
	w.Type("b")
	if m.Text != "a\nb" {
		t.Fatalf("%q", m.Text)
	}
	w.Key(fyne.KeyTab)
	if w.Focused() != fyne.Focusable(e) {
		t.Fatal("Tab does not leave several lines")
	}
	e.TypedKey(&fyne.KeyEvent{Name: "N"}) // composing
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if w.Focused() != fyne.Focusable(e) {
		t.Fatal("an input method's Enter was taken for ours")
	}
}

func options() []Option {
	var out []Option
	for i, n := range []string{"瓶", "箱", "包", "盒", "袋", "桶", "条", "千克", "米", "件", "套", "双", "台"} {
		out = append(out, Option{Value: fmt.Sprint("u", i), Text: n, Search: []string{"p", "x", "b", "h", "d", "t", "t", "qk", "m", "j", "t", "s", "t"}[i]})
	}
	return out
}

func TestChoice(t *testing.T) {
	uitest.App(t)
	var told []string
	c := NewChoice(options(), func(v string) { told = append(told, v) })
	after := NewEntry()
	w := uitest.Show(t, container.NewVBox(c, after))
	esc := 0
	w.Router.Shell().On(keys.Escape, "", "", func() { esc++ })
	w.Focus(c)
	w.Key(fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if c.Value() != "u1" || w.Focused() != fyne.Focusable(c) {
		t.Fatal(c.Value(), w.Focused())
	}
	w.Type("qk")
	w.Key(fyne.KeyReturn)
	if c.Value() != "u7" {
		t.Fatal("by pinyin:", c.Value())
	}
	w.Type("盒")
	w.Key(fyne.KeyEscape)
	if c.Value() != "u7" || esc != 0 || w.Focused() != fyne.Focusable(c) {
		t.Fatal("Esc closes the list only", c.Value(), esc)
	}
	w.Type("nothing")
	w.Key(fyne.KeyReturn, fyne.KeyEscape, fyne.KeyBackspace)
	if c.Value() != "u7" {
		t.Fatal("a choice that is required was emptied")
	}
	c.Optional = true
	w.Key(fyne.KeyBackspace)
	if c.Value() != "" {
		t.Fatal(c.Value())
	}
	w.Key(fyne.KeySpace, fyne.KeyEnd, fyne.KeyTab)
	if c.Value() != "u12" || w.Focused() != fyne.Focusable(after) {
		t.Fatal("Tab takes and goes on", c.Value())
	}
	if fmt.Sprint(told) != "[u1 u7  u12]" {
		t.Fatal(told)
	}
	c.Disable()
	c.Open("")
	if w.Canvas().Overlays().Top() != nil {
		t.Fatal("a disabled choice opened")
	}
}

func TestModalKeys(t *testing.T) {
	uitest.App(t)
	below := NewEntry()
	w := uitest.Show(t, container.NewVBox(below))
	leaked := 0
	w.Router.Shell().On("F9", "", "", func() { leaked++ })
	w.Focus(below)

	var answers []bool
	ask := func(q Question) { Ask(w.Canvas(), q, func(b bool) { answers = append(answers, b) }) }
	ask(Question{Title: "过账？", Words: "影响 3 行。"})
	w.Key(fyne.KeyReturn)
	ask(Question{Title: "过账？", Words: "影响 3 行。"})
	w.Chord("F9")
	w.Key(fyne.KeyEscape)
	ask(Question{Title: "删除？", Words: "不能恢复。", Danger: true})
	w.Key(fyne.KeyReturn) // the default of a danger is no
	ask(Question{Title: "删除？", Words: "不能恢复。", Danger: true})
	w.Key(fyne.KeyTab, fyne.KeyReturn)
	if fmt.Sprint(answers) != "[true false false true]" || leaked != 0 {
		t.Fatal(answers, leaked)
	}
	if w.Focused() != fyne.Focusable(below) || w.Canvas().Overlays().Top() != nil || w.Router.InModal() {
		t.Fatal("the dialog did not go away cleanly")
	}
	w.Chord("F9")
	if leaked != 1 {
		t.Fatal("the page is deaf after the dialog")
	}
}

func TestModalForm(t *testing.T) {
	uitest.App(t)
	w := uitest.Show(t, container.NewVBox(NewEntry()))
	a, b := NewEntry(), NewEntry()
	m := NewModal("收款", container.NewVBox(a, b))
	m.EnterWalks = true
	done := 0
	m.CancelButton("取消", nil)
	m.DefaultButton("确定", func() { done++; m.Close() })
	m.Open(w.Canvas())
	w.Type("1")
	w.Key(fyne.KeyReturn)
	w.Type("2")
	if a.Text != "1" || b.Text != "2" || done != 0 {
		t.Fatal(a.Text, b.Text, done)
	}
	for range 9 { // Tab stays inside
		w.Key(fyne.KeyTab)
		if f := w.Focused(); f == nil {
			t.Fatal("Tab left the dialog")
		}
	}
	w.Chord("Ctrl+Enter")
	if done != 1 || m.IsOpen() {
		t.Fatal("Ctrl+Enter", done)
	}
	m2 := NewModal("改名", a)
	m2.DefaultButton("确定", func() { done++; m2.Close() })
	m2.CancelButton("取消", nil)
	m2.Open(w.Canvas())
	w.Key(fyne.KeyReturn)
	if done != 2 {
		t.Fatal("Enter in the only field is the default button")
	}
}

func TestModalInsideModal(t *testing.T) {
	uitest.App(t)
	w := uitest.Show(t, container.NewVBox(NewEntry()))
	outer := NewModal("外", NewEntry())
	outer.CancelButton("取消", nil)
	outer.Open(w.Canvas())
	Alert(w.Canvas(), "内", "一句话。", nil)
	w.Key(fyne.KeyEscape)
	if !outer.IsOpen() {
		t.Fatal("Esc closed both")
	}
	w.Key(fyne.KeyEscape)
	if outer.IsOpen() || w.Router.InModal() {
		t.Fatal("outer is left")
	}
}

func TestClickBesideTheFieldsKeepsTheFocus(t *testing.T) {
	uitest.App(t)
	w := uitest.Show(t, container.NewVBox(NewEntry()))
	e := NewEntry()
	m := NewModal("外", e)
	m.CancelButton("取消", nil)
	m.Open(w.Canvas())
	w.Focus(e)
	w.Canvas().Focused()
	m.MouseDown(nil)
	w.Canvas().Unfocus() // what the driver does between press and release
	m.Tapped(nil)
	if w.Focused() != fyne.Focusable(e) {
		t.Fatal("typing goes nowhere after a click beside the field")
	}
}

func TestProgressAndFault(t *testing.T) {
	uitest.App(t)
	w := uitest.Show(t, container.NewVBox(NewEntry()))
	stopped := false
	p := ShowProgress(w.Canvas(), "导入", func() { stopped = true })
	p.Set(bg.Progress{Done: 30, Total: 100, Note: "第 3 页"})
	w.Key(fyne.KeyEscape)
	if !stopped || !p.IsOpen() || !strings.Contains(p.words.Text, "30") || p.bar.share() != 0.3 {
		t.Fatal(stopped, p.words.Text, p.bar.share())
	}
	p.Set(bg.Progress{Done: 5})
	p.Close()
	Fault(w.Canvas(), "没有保存", errors.New("disk"), nil)
	w.Key(fyne.KeyReturn)
	if w.Router.InModal() {
		t.Fatal("not closed")
	}
}

func TestToastsGoByThemselves(t *testing.T) {
	uitest.App(t)
	q := &bg.Queue{}
	var fire []func()
	r := bg.NewRunner(q.Dispatch, func(_ time.Duration, f func()) func() { fire = append(fire, f); return func() {} })
	ts := NewToasts(r)
	for i := range 4 {
		ts.Show(Good, fmt.Sprint("已保存 ", i))
	}
	if ts.Count() != 3 {
		t.Fatal(ts.Count())
	}
	for _, f := range fire {
		f()
	}
	q.Drain()
	if ts.Count() != 0 {
		t.Fatal(ts.Count())
	}
}

func TestButtons(t *testing.T) {
	uitest.App(t)
	n := 0
	a, b := NewButton("一", func() { n++ }), NewButton("二", func() { n += 10 })
	w := uitest.Show(t, container.NewHBox(a, b))
	w.Focus(a)
	w.Key(fyne.KeySpace, fyne.KeyRight, fyne.KeyReturn, fyne.KeyLeft)
	if n != 11 || w.Focused() != fyne.Focusable(a) {
		t.Fatal(n)
	}
	a.Disable()
	a.Tapped(nil)
	w.Key(fyne.KeyReturn)
	if n != 11 {
		t.Fatal("a disabled button was pressed")
	}
}

func TestWrap(t *testing.T) {
	byRune := func(s string) float32 {
		w := float32(0)
		for _, r := range s {
			if r < 0x80 {
				w += 0.5
			} else {
				w++
			}
		}
		return w
	}
	for in, want := range map[string]string{
		"一二三四五六":       "一二三四|五六",
		"一二三四，五六":      "一二三|四，五六", // a comma does not begin a line
		"hello world":  "hello|world",
		"已粘贴 3 行":      "已粘贴 3|行",
		"a\nb":         "a|b",
		"abcdefghijkl": "abcdefgh|ijkl",
		"一二三（四五":       "一二三|（四五",
		"":             "",
	} {
		if got := strings.Join(wrap(in, 4, byRune), "|"); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// A widget laid out narrow first and wide later shows its whole text again.
func TestTextsComeBackWhenThereIsRoom(t *testing.T) {
	uitest.App(t)
	c := NewChoice([]Option{{Value: "w", Text: "杭州中心仓库"}}, nil)
	c.SetValue("w")
	r := test.WidgetRenderer(c).(*choiceRenderer)
	r.Layout(fyne.NewSize(60, 30))
	if r.label.Text == "杭州中心仓库" {
		t.Fatal("not cut at 60 px")
	}
	r.Layout(fyne.NewSize(300, 30))
	if r.label.Text != "杭州中心仓库" {
		t.Fatal(r.label.Text)
	}
	tile := NewTile("标题", "¥12,345,678.00", "说明", nil)
	tr := test.WidgetRenderer(tile).(*tileRenderer)
	tr.Layout(fyne.NewSize(80, 80))
	tr.Layout(fyne.NewSize(400, 80))
	if tr.value.Text != "¥12,345,678.00" {
		t.Fatal(tr.value.Text)
	}
}

// gallery shows every control once.
func gallery() fyne.CanvasObject {
	name := NewEntry()
	name.SetText("康师傅红烧牛肉面")
	empty := NewEntry()
	empty.SetPlaceHolder("条码或编码")
	bad := NewDate(today)
	bad.SetText("2-30")
	bad.take()
	pw := NewPassword()
	pw.SetText("secret")
	unit := NewChoice(options(), nil)
	unit.SetValue("u1")
	none := NewChoice(options(), nil)
	none.Placeholder = "请选择仓库"
	off := NewChoice(options(), nil)
	off.SetValue("u2")
	off.Disable()
	on, not := NewCheck("允许负库存", nil), NewCheck("启用批次", nil)
	on.SetChecked(true)
	dis := NewButton("不可用", nil)
	dis.Disable()
	buttons := container.NewHBox(NewPrimary("过账", nil).WithKey("F9"), NewButton("保存草稿", nil).WithKey("F8").WithIcon("edit"), NewButton("作废", nil).WithLook(Danger), NewButton("更多", nil).WithLook(Quiet), dis)
	l := func(s string) fyne.CanvasObject { return widget.NewLabel(s) }
	form := container.New(layout.NewFormLayout(), l("名称"), name, l("编码"), empty, l("日期"), bad, l("密码"), pw, l("单位"), unit, l("仓库"), none, l("停用的"), off, l("选项"), container.NewHBox(on, not), l("备注"), NewMultiline(2))
	tiles := container.NewGridWithColumns(3, NewTile("今日销售", "¥12,345.60", "比昨天多 8%", nil), NewTile("毛利", "-¥23.00", "有 2 行低于成本", nil), NewTile("应收到期", "¥8,800.00", "3 家，最早 11-20", nil))
	bar := NewBar()
	bar.Set(bg.Progress{Done: 40, Total: 100})
	return container.NewPadded(container.NewVBox(buttons,
		NewBanner(Warn, "还没有验证过的备份。换电脑或硬盘坏了会丢账。", "现在备份", nil), NewBanner(Good, "已过账 XS-20261122-0001。", "", nil), NewBanner(Bad, "没有保存：磁盘已满。", "", nil), NewBanner(Info, "这是演示店铺。", "", nil),
		tiles, bar, NewCard("商品资料", form)))
}

func TestPictures(t *testing.T) {
	for _, c := range []struct {
		name string
		opts []uitest.Option
	}{
		{"light", nil}, {"dark", []uitest.Option{uitest.Dark()}}, {"large", []uitest.Option{uitest.Text(theme.Large)}}, {"largest-dark", []uitest.Option{uitest.Dark(), uitest.Text(theme.Largest)}},
	} {
		w := uitest.Open(t, gallery, append(c.opts, uitest.Size(1000, 740))...)
		w.Canvas().FocusNext()
		w.Save("control-" + c.name)
		Ask(w.Canvas(), Question{Title: "过账这张销售单？", Words: "共 12 行，合计 ¥1,234.50，库存减少 36 件。过账后不能修改，改错要用「红冲」。\n这位客户还差 ¥800.00 到信用额度。", Yes: "过账"}, func(bool) {})
		w.Save("modal-" + c.name)
		w.Key(fyne.KeyEscape)
	}
	uitest.App(t)
	c := NewChoice(options(), nil)
	c.Optional = true
	w := uitest.Show(t, container.NewVBox(layout.NewSpacer(), c, layout.NewSpacer(), NewEmptyState("stock", "还没有商品。先从 Excel 导入，或新建一个。", "新建商品", nil)), uitest.Size(500, 560))
	w.Focus(c)
	w.Type("t")
	w.Save("choice-typed")
	w.Key(fyne.KeyEscape, fyne.KeyDown)
	w.Save("choice-open")
	text.Use(text.English)
	defer text.Use(text.Chinese)
	w.Key(fyne.KeyEscape)
	Fault(w.Canvas(), "Not saved", errors.New("x"), nil)
	w.Save("modal-english")
}
