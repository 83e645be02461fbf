package console

import (
	"context"
	"fmt"
	"os"
	"strings"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/ui/text"
)

// opener takes from the environment what opens a backup.
func (c *call) opener() (app.Opener, error) {
	pw, err := secret(c.passwordFile, envPassword)
	if err != nil {
		return app.Opener{}, err
	}
	o := app.Opener{User: c.user, Code: fromEnv(envRecovery)}
	if o.Code == "" {
		o.Password = pw
		if c.keyFile != "" { // a backup names no file: here it is the file itself
			o.KeyFile, err = app.ReadKeyFile(c.keyFile, "")
		}
	}
	return o, err
}

func backup(ctx context.Context, c *call) error {
	if c.to == "" {
		return usageError{text.T("console.needs-to")}
	}
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		k, err := app.Run(ctx, s, app.BackupNow{Folder: c.to})
		if err != nil {
			return err
		}
		return c.print(map[string]any{"file": k.Path, "name": k.Name, "size": k.Size, "sequence": k.Sequence, "documents": k.Documents, "last_number": k.LastNumber,
			"log_head": k.LogHead, "verified": k.VerifiedAt.UTC()}, text.T("console.backed-up", "file", k.Path, "documents", k.Documents))
	})
}

func restore(ctx context.Context, c *call) error {
	if c.to == "" {
		return usageError{text.T("console.needs-to")}
	}
	o, err := c.opener()
	if err != nil {
		return err
	}
	if o.Code == "" && o.Password == "" {
		return usageError{text.T("console.restore-needs", "code", envRecovery, "password", envPassword)}
	}
	aside, err := c.host.RestoreBackup(ctx, c.args[0], c.to, o, nil)
	if err != nil {
		return err
	}
	words := text.T("console.restored", "dir", c.to)
	if aside != "" {
		words += "\n" + text.T("console.aside", "dir", aside)
	}
	return c.print(map[string]any{"dir": c.to, "aside": aside}, words)
}

// verify proves a shop or a backup file.
func verify(ctx context.Context, c *call) error {
	st, err := os.Stat(c.args[0])
	if err != nil {
		return fault.Wrap("console.verify", fault.NotFound, "console.no-file", fault.Pairs("file", c.args[0]), err)
	}
	if !st.IsDir() {
		return c.verifyFile(ctx)
	}
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		v, err := app.Run(ctx, s, app.VerifyShop{})
		if err != nil {
			return err
		}
		type finding struct {
			Level int    `json:"level"`
			Key   string `json:"key"`
			Words string `json:"words"`
		}
		list := []finding{}
		for _, f := range v.Findings {
			list = append(list, finding{f.Level, f.Key, text.T(f.Key, fault.Args(f.Args))})
		}
		t := v.Totals
		out := map[string]any{"ok": len(list) == 0, "findings": list, "entries": v.Entries, "log_head": v.Head, "totals": map[string]any{
			"documents": t.Documents, "last_number": t.LastNumber, "stock_qty": t.StockQty.String(), "stock_value": t.StockValue.String(),
			"receivable": t.Receivable.String(), "payable": t.Payable.String(), "cash": t.Cash.String()}}
		var w strings.Builder
		for _, f := range list {
			fmt.Fprintln(&w, f.Words)
		}
		if len(list) == 0 {
			w.WriteString(text.T("console.all-well", "entries", v.Entries, "documents", t.Documents, "head", v.Head))
		} else {
			w.WriteString(text.T("console.not-well", "count", len(list)))
		}
		if err := c.print(out, w.String()); err != nil {
			return err
		}
		if len(list) > 0 {
			return errSaid
		}
		return nil
	})
}

func (c *call) verifyFile(ctx context.Context) error {
	o, err := c.opener()
	if err != nil {
		return err
	}
	var with *app.Opener
	if o.Code != "" || o.Password != "" {
		with = &o
	}
	r, err := c.host.VerifyBackup(ctx, c.args[0], with, nil)
	if err != nil && len(r.Damages) == 0 {
		return err
	}
	words := text.T("console.file-readable", "pages", r.Pages)
	switch {
	case err != nil:
		words = text.Fault(err)
	case r.Genuine:
		words = text.T("console.file-genuine", "pages", r.Pages)
	}
	if perr := c.print(map[string]any{"ok": err == nil, "readable": r.Readable, "genuine": r.Genuine, "checked_with_key": r.Checked, "pages": r.Pages, "damages": orEmpty(r.Damages)}, words); perr != nil {
		return perr
	}
	return err
}
