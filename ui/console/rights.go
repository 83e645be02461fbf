package console

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"tiezhang/app"
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/ui/export"
	"tiezhang/ui/text"
)

func (c *call) permissions() []access.Permission {
	var out []access.Permission
	for _, a := range strings.Split(c.actions, ",") {
		if a = strings.TrimSpace(a); a != "" {
			out = append(out, access.Permission(a))
		}
	}
	return out
}

// third is the third word as a number.
func (c *call) third() (int64, error) {
	if len(c.args) < 3 {
		return 0, usageError{text.T("console.rights-needs")}
	}
	n, err := strconv.ParseInt(c.args[2], 10, 64)
	if err != nil {
		return 0, usageError{text.T("console.rights-needs")}
	}
	return n, nil
}

// grants lends rights for a time, lists what is lent, and takes it back.
func grants(ctx context.Context, c *call) error {
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		switch c.args[1] {
		case "list":
			ls, err := app.Ask(ctx, s, app.LentRights{All: true})
			if err != nil {
				return err
			}
			for _, l := range ls {
				if err := c.print(lentJSON(l), lentWords(l)); err != nil {
					return err
				}
			}
			return nil
		case "give":
			if len(c.args) < 3 {
				break
			}
			l, err := app.Do(ctx, s, app.Lend{To: c.args[2], Actions: c.permissions(), Own: c.ownRows, Reason: c.reason, Hours: c.hours, Uses: c.uses})
			if err != nil {
				return err
			}
			return c.print(lentJSON(l), lentWords(l))
		case "end":
			id, err := c.third()
			if err != nil {
				return err
			}
			if _, err := app.Do(ctx, s, app.TakeBack{ID: id}); err != nil {
				return err
			}
			return c.print(map[string]any{"id": id, "ended": true}, text.T("console.grant-ended", "id", id))
		}
		return usageError{text.T("console.rights-needs")}
	})
}

func rfc(at int64) string { return time.Unix(at, 0).UTC().Format(time.RFC3339) }

func lentJSON(l app.Lent) map[string]any {
	return map[string]any{"id": l.ID, "user": l.UserName, "actions": l.Actions, "own": l.Own, "reason": l.Reason, "from": rfc(l.At), "until": rfc(l.Until),
		"uses": l.Uses, "used": l.Used, "by": l.ByName, "self": l.Self(), "ended": l.EndedAt != 0, "log": l.Seq}
}

func lentWords(l app.Lent) string {
	var names []string
	for _, p := range l.Actions {
		names = append(names, text.T("action."+string(p)))
	}
	return fmt.Sprintf("%d\t%s\t%s\t%s\t%d/%d\t%s\t%s", l.ID, l.UserName, strings.Join(names, ", "), rfc(l.Until), l.Used, l.Uses, l.ByName, l.Reason)
}

// approve answers questions about documents, and prints approval codes.
func approve(ctx context.Context, c *call) error {
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		switch c.args[1] {
		case "list":
			qs, err := app.Ask(ctx, s, app.PendingApprovals{})
			if err != nil {
				return err
			}
			for _, q := range qs {
				v := map[string]any{"id": q.ID, "document": q.Doc, "kind": q.Document.Kind, "party": q.Party, "total": q.Document.Total.String(), "asked_by": q.AskedName,
					"asked_at": rfc(q.AskedAt), "note": q.Note, "changed": q.Changed, "mine": q.Mine}
				if err := c.print(v, fmt.Sprintf("%d\t%s\t%s\t%s\t%s\t%s", q.ID, text.T("kind."+string(q.Document.Kind)), q.Party, q.Document.Total, q.AskedName, q.Note)); err != nil {
					return err
				}
			}
			return nil
		case "yes", "no":
			id, err := c.third()
			if err != nil {
				return err
			}
			if c.args[1] == "yes" {
				_, err = app.Do(ctx, s, app.Approve{ID: id, Reason: c.reason})
			} else {
				_, err = app.Do(ctx, s, app.Refuse{ID: id, Reason: c.reason})
			}
			if err != nil {
				return err
			}
			return c.print(map[string]any{"id": id, "answer": c.args[1]}, text.T("console.approve-"+c.args[1], "id", id))
		case "codes":
			return c.printCodes(ctx, s)
		case "codes-end":
			id, err := c.third()
			if err != nil {
				return err
			}
			if _, err := app.Do(ctx, s, app.EndCodes{Sheet: id}); err != nil {
				return err
			}
			return c.print(map[string]any{"sheet": id, "ended": true}, text.T("console.codes-ended", "id", id))
		}
		return usageError{text.T("console.rights-needs")}
	})
}

// printCodes makes a sheet of codes: a PDF where a file is named, else words.
func (c *call) printCodes(ctx context.Context, s *app.Session) error {
	var upTo amount.Money
	if c.counted != "" {
		var err error
		if upTo, err = amount.ParseMoney(c.counted); err != nil {
			return usageError{text.T("console.rights-needs")}
		}
	}
	p, err := app.Do(ctx, s, app.PrintCodes{Actions: c.permissions(), UpTo: upTo})
	if err != nil {
		return err
	}
	out := map[string]any{"sheet": p.Sheet.ID, "until": rfc(p.Sheet.Until)}
	if len(c.args) > 2 {
		var b bytes.Buffer
		if err := export.CodesPDF(&b, p); err != nil {
			return err
		}
		if err := os.WriteFile(c.args[2], b.Bytes(), 0o600); err != nil {
			return fault.Wrap("console.codes", fault.ReadOnly, "export.write", fault.Pairs("path", c.args[2]), err)
		}
		out["file"] = c.args[2]
		return c.print(out, text.T("console.codes", "id", p.Sheet.ID, "file", c.args[2]))
	}
	out["codes"] = p.Codes
	return c.print(out, strings.Join(p.Codes, "\n"))
}
