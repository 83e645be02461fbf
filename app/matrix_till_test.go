package app_test

import (
	"tiezhang/app"
	"tiezhang/app/master"
)

// tillUses are the use cases of the counter.
func tillUses() []use {
	return []use{
		query("TillScan", false, func(*world, bool) app.TillScan { return app.TillScan{Code: "6901234567892"} }),
		query("ScaleFormats", false, func(*world, bool) app.ScaleFormats { return app.ScaleFormats{} }),
		command("SetScaleFormats", false, func(*world, bool) app.SetScaleFormats {
			return app.SetScaleFormats{Formats: []master.ScaleFormat{master.ScaleUsual}}
		}),
		query("ShopKeys", false, func(*world, bool) app.ShopKeys { return app.ShopKeys{} }),
		command("SetShopKeys", false, func(*world, bool) app.SetShopKeys { return app.SetShopKeys{Keymap: app.Keymap{Preset: "ours"}} }),
		query("MemberAt", false, func(*world, bool) app.MemberAt { return app.MemberAt{Code: "13800001111"} }),
		query("PointRules", false, func(*world, bool) app.PointRules { return app.PointRules{} }),
		command("SetPointRules", false, func(*world, bool) app.SetPointRules { return app.SetPointRules{PerYuan: "1", Value: "0.1"} }),
		command("OpenDrawer", false, func(*world, bool) app.OpenDrawer { return app.OpenDrawer{Reason: "change"} }),
	}
}
