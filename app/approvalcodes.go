package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/fault"
)

// Approval codes stand for their maker's approval on days away: ten on a page,
// each good for one action within fourteen days.
const (
	codesOnSheet  = 10
	codesFor      = 14 * 24 * time.Hour
	codeAlphabet  = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeLength    = 12 // 60 bits
	codeGroupSize = 4
)

var codeText = base32.NewEncoding(codeAlphabet).WithPadding(base32.NoPadding)

// approvalCode is a code brought along and found good so far.
type approvalCode struct {
	row   CodeRow
	sheet CodeSheet
}

// tidyCode reads a code as people type it: any case, with or without dashes,
// O for 0 and I or L for 1.
func tidyCode(s string) string {
	s = strings.ToUpper(amount.Narrow(s))
	s = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(s)
	if len(s) != codeLength {
		return ""
	}
	return s
}

func codeHash(salt [16]byte, code string) [32]byte {
	return sha256.Sum256(append(append([]byte("tiezhang approval code 1"), salt[:]...), code...))
}

// byCode takes a printed code for a second person's approval. Faults: Denied
// "gate.code" (there is none such), "gate.code-used", "gate.code-over",
// "gate.code-action", "gate.self-approval", "gate.approver-right".
func (s *Session) byCode(c confirmation, p access.Permission) error {
	deny := func(key string, nv ...any) error {
		return fault.New("app.gate", fault.Denied, key, fault.Pairs(nv...))
	}
	typed := tidyCode(c.proof.code)
	if typed == "" {
		return deny("gate.code")
	}
	var found *approvalCode
	var high int64
	err := s.shop.store.Read(c.ctx, func(tx Tx) error {
		sheets, err := tx.CodeSheets()
		if err != nil {
			return err
		}
		for _, sh := range sheets {
			row, ok, err := tx.FindCode(codeHash(sh.Salt, typed))
			if err != nil {
				return err
			}
			if ok && row.Sheet == sh.ID {
				found = &approvalCode{row, sh}
				high, err = tx.HighTime(sh.Seq)
				return err
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case found == nil:
		return deny("gate.code")
	case found.row.Used:
		return deny("gate.code-used")
	case found.sheet.EndedAt != 0 || max(c.x.Now.Unix(), high/1000) >= found.sheet.Until:
		return deny("gate.code-over")
	case found.sheet.By == s.user.ID:
		return deny("gate.self-approval")
	case len(found.sheet.Actions) > 0 && !slices.Contains(found.sheet.Actions, p):
		return deny("gate.code-action", "action", string(p))
	}
	u, role, err := s.shop.person(found.sheet.ByName)
	if err != nil {
		return err
	}
	if d := access.Decide(role, p, access.Object{}); u.Disabled || !d.Allowed || d.Confirm == access.Second {
		return deny("gate.approver-right", "name", u.Name)
	}
	c.x.code = found
	c.x.approvedBy(u, p)
	return nil
}

// payCode marks the code as used, in the transaction of what it was used for.
// seq is the entry that will say so.
func (x *Exec) payCode(seq int64) error {
	if x.code == nil {
		return nil
	}
	if x.code.sheet.UpTo > 0 && x.worth > x.code.sheet.UpTo {
		// not what it is worth: that may be a cost nobody shows this person
		return fault.New("app.gate", fault.Denied, "gate.code-amount", fault.Pairs("up_to", x.code.sheet.UpTo.String()))
	}
	x.Changed("codes")
	return x.Tx.UseCode(x.code.row.ID, x.S.user.ID, x.Now.Unix(), seq)
}

// PrintCodes makes a sheet of approval codes. They are shown once, to be
// printed; the shop keeps hashes. Actions nil means whatever their maker may
// approve; UpTo 0 any amount. Faults: Invalid "codes.action", "codes.amount".
type PrintCodes struct {
	Actions []access.Permission
	UpTo    amount.Money
}

// PrintedCodes is what goes on the page.
type PrintedCodes struct {
	Sheet CodeSheet
	Shop  string
	Codes []string // XXXX-XXXX-XXXX
}

func (c PrintCodes) spec() Need { return Need{Perm: access.CodesPrint} }

func (c PrintCodes) run(_ context.Context, x *Exec) (PrintedCodes, error) {
	if c.UpTo < 0 {
		return PrintedCodes{}, fault.Bad("app.PrintCodes", "codes.amount", "field", "up_to")
	}
	for _, p := range c.Actions {
		if !slices.Contains(access.Permissions(), p) {
			return PrintedCodes{}, fault.Bad("app.PrintCodes", "codes.action", "action", string(p))
		}
		if d := access.Decide(x.S.role, p, access.Object{}); !d.Allowed || d.Confirm == access.Second { // a code can do no more than its maker
			return PrintedCodes{}, fault.New("app.PrintCodes", fault.Denied, "gate.approver-right", fault.Pairs("name", x.S.user.Name))
		}
	}
	seq, _, err := x.Tx.LogHead()
	if err != nil {
		return PrintedCodes{}, err
	}
	out := PrintedCodes{Sheet: CodeSheet{By: x.S.user.ID, ByName: x.S.user.Name, At: x.Now.Unix(), Until: x.Now.Add(codesFor).Unix(),
		Actions: slices.Clone(c.Actions), UpTo: c.UpTo, Seq: seq + 1, Codes: codesOnSheet}}
	_, _ = rand.Read(out.Sheet.Salt[:]) // never fails
	hashes := make([][32]byte, codesOnSheet)
	for i := range hashes {
		var b [8]byte
		_, _ = rand.Read(b[:])
		code := codeText.EncodeToString(b[:])[:codeLength]
		hashes[i] = codeHash(out.Sheet.Salt, code)
		out.Codes = append(out.Codes, code[:4]+"-"+code[4:8]+"-"+code[8:])
	}
	if out.Sheet.ID, err = x.Tx.SaveCodeSheet(out.Sheet, hashes); err != nil {
		return PrintedCodes{}, err
	}
	if out.Shop, err = x.Tx.Setting(SettingShopName); err != nil {
		return PrintedCodes{}, err
	}
	x.Object("codes")
	x.Note("sheet", out.Sheet.ID)
	x.Note("actions", c.Actions)
	if c.UpTo > 0 {
		x.Note("up_to", c.UpTo.String())
	}
	x.Changed("codes")
	return out, nil
}

// CodeSheets lists the sheets that were printed.
type CodeSheets struct{}

func (q CodeSheets) spec() Need { return Need{Perm: access.UserView, Silent: true} }

func (q CodeSheets) ask(_ context.Context, x *Exec) ([]CodeSheet, error) {
	ss, err := x.Tx.CodeSheets()
	for i := range ss {
		ss[i].Salt = [16]byte{} // nobody's business
	}
	return ss, err
}

// EndCodes makes what is left of a sheet void. NotFound "codes.unknown".
type EndCodes struct{ Sheet int64 }

func (c EndCodes) spec() Need { return Need{Perm: access.CodesPrint} }

func (c EndCodes) run(_ context.Context, x *Exec) (struct{}, error) {
	x.Object("codes")
	x.Note("sheet", c.Sheet)
	x.Note("ended", true)
	x.Changed("codes")
	return struct{}{}, x.Tx.EndCodeSheet(c.Sheet, x.Now.Unix())
}
