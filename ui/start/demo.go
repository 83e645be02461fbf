package start

import (
	"context"

	"tiezhang/app"
	"tiezhang/app/day"
	"tiezhang/app/demo"
	"tiezhang/ui/bg"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
)

// The sample shop of the first screen: small enough to be made while one
// waits, long enough for the charts to say something.
const (
	demoDays  = 32
	demoBills = 10
	demoSeed  = 20260501
)

// demo opens the sample shop, making it the first time. Its password is no
// secret: everything in it is made up.
func (w *welcome) demo() {
	if w.owner.Busy() {
		return
	}
	w.fail(nil)
	w.working(text.T("start.demo.working"))
	seed := app.NewShop{ShopName: text.T("start.demo.shop"), OwnerName: text.T("start.demo.owner"), Password: text.T("start.demo.word"),
		Language: string(text.Current()), Names: seedNames()}
	names := map[string]string{}
	for _, k := range []string{"rent", "reason"} {
		names[k] = text.T("console.demo." + k)
	}
	bg.RunKey(w.owner, "demo", func(ctx context.Context) (*app.Session, error) {
		h, dir := w.d.Host, w.d.DemoDir
		if door, err := Look(h, dir); err == nil && len(door.Users) > 0 {
			return h.Open(ctx, dir, door.Users[0], seed.Password)
		}
		s, _, err := h.New(ctx, dir, seed)
		if err != nil {
			return nil, err
		}
		plan := demo.Plan{Seed: demoSeed, Days: demoDays, End: day.Of(h.Clock.Now()), Bills: demoBills, Names: names}
		if _, err := demo.Fill(ctx, s, plan, func(n int) { bg.Report(ctx, 0, 0, text.T("start.demo.lines", "count", n)) }); err != nil {
			_ = s.Shop().Close(context.WithoutCancel(ctx))
			return nil, err
		}
		return s, nil
	}, func(s *app.Session, err error) {
		w.working("")
		if err != nil {
			w.fail(err)
			return
		}
		w.d.Entered(s)
		control.Alert(w.d.Window.Canvas(), text.T("start.demo.title"), text.T("start.demo.note", "user", s.User().Name, "password", seed.Password), nil)
	})
}

// seedNames are the names of a new shop's first warehouse and money accounts.
func seedNames() map[string]string {
	m := map[string]string{}
	for _, k := range []string{"warehouse", "cash", "wechat", "alipay", "bank"} {
		m[k] = text.T("start.seed." + k)
	}
	return m
}
