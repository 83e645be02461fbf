package app_test

import (
	"tiezhang/app"
	"tiezhang/app/access"
)

// keyUses are the rows of the table about keys and second factors.
func keyUses() []use {
	return []use{
		command("NewRecovery", false, func(*world, bool) app.NewRecovery { return app.NewRecovery{} }),
		command("ExportKey", false, func(*world, bool) app.ExportKey { return app.ExportKey{} }),
		task("RotateKey", func(*world) app.RotateKey { return app.RotateKey{} }),
		query("KeyState", false, func(*world, bool) app.KeyState { return app.KeyState{} }),
		query("MySignIn", false, func(*world, bool) app.MySignIn { return app.MySignIn{} }),
		command("StartTOTP of one's own", false, func(*world, bool) app.StartTOTP { return app.StartTOTP{Password: worldPassword} }),
		command("ConfirmTOTP of one's own", false, func(w *world, _ bool) app.ConfirmTOTP {
			return app.ConfirmTOTP{Password: worldPassword, Code: w.totp(w.self.User().Name)}
		}),
		command("DropTOTP of one's own", false, func(*world, bool) app.DropTOTP { return app.DropTOTP{Password: worldPassword} }),
		command("DropTOTPOf another", false, func(*world, bool) app.DropTOTPOf { return app.DropTOTPOf{Name: "spare"} }),
		command("MakeKeyFile of one's own", false, func(w *world, _ bool) app.MakeKeyFile {
			return app.MakeKeyFile{Password: worldPassword, Folder: w.t.TempDir()}
		}),
		command("DropKeyFile of one's own", false, func(*world, bool) app.DropKeyFile { return app.DropKeyFile{Password: worldPassword} }),
		command("GiveCode to another", false, func(*world, bool) app.GiveCode { return app.GiveCode{Name: "spare"} }),
		command("Invite", false, func(w *world, _ bool) app.Invite {
			return app.Invite{Name: "code-" + string(w.who), Role: access.Cashier}
		}),
		query("Leaving of another", false, func(*world, bool) app.Leaving { return app.Leaving{Name: "spare"} }),
		task("LeavePerson", func(*world) app.LeavePerson {
			return app.LeavePerson{Name: "spare", HandOverTo: person(access.Manager)}
		}),
	}
}
