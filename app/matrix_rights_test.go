package app_test

import (
	"tiezhang/app"
	"tiezhang/app/access"
)

// rightsUses are the rows of the table about roles, rights lent for a time,
// approval codes and what is masked.
func rightsUses() []use {
	return []use{
		command("SaveRole", false, func(*world, bool) app.SaveRole {
			return app.SaveRole{Role: access.Role{Name: "weekend", Grants: map[access.Permission]access.Grant{access.HomeView: {}}}}
		}),
		command("DropRole", false, func(*world, bool) app.DropRole { return app.DropRole{ID: "r-none"} }),
		command("SetReach", false, func(w *world, _ bool) app.SetReach { return app.SetReach{Name: "spare", Reach: access.Reach{w.wh2}} }),
		command("SeeAs", false, func(*world, bool) app.SeeAs { return app.SeeAs{Role: access.Cashier} }),
		command("Lend", false, func(*world, bool) app.Lend {
			return app.Lend{To: "spare", Actions: []access.Permission{access.DayClose}, Reason: "stands in", Hours: 8, Uses: 2}
		}),
		command("TakeBack", false, func(w *world, _ bool) app.TakeBack { return app.TakeBack{ID: w.lent} }),
		query("LentRights", false, func(*world, bool) app.LentRights { return app.LentRights{All: true} }),
		command("PrintCodes", false, func(*world, bool) app.PrintCodes { return app.PrintCodes{} }),
		query("CodeSheets", false, func(*world, bool) app.CodeSheets { return app.CodeSheets{} }),
		command("EndCodes", false, func(w *world, _ bool) app.EndCodes { return app.EndCodes{Sheet: w.codes.Sheet.ID} }),
		command("Unmask a customer", false, func(w *world, _ bool) app.Unmask {
			return app.Unmask{Party: w.customer, Field: access.FieldPhone, Reason: "delivery"}
		}),
		command("Unmask an ID card", false, func(w *world, _ bool) app.Unmask {
			return app.Unmask{Employee: w.employee, Field: access.FieldIdentity, Reason: "insurance"}
		}),
		query("Waiting", false, func(*world, bool) app.Waiting { return app.Waiting{} }),
		query("ExportAsks", false, func(w *world, _ bool) app.ExportAsks { return app.ExportAsks{Query: w.query("items")} }),
	}
}
