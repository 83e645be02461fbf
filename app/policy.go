package app

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/passphrase"
	"tiezhang/app/pinyin"
	"tiezhang/app/rule"
)

// Policy is how people sign in to this shop and when its window locks.
type Policy struct {
	Pack passphrase.Pack
	// Minutes without a key or a click until the window locks.
	IdleTill, IdleOffice, IdleOwner int
	// Opening hours, "08:00" to "21:30"; both "" when they are not watched.
	Opens, Closes string
}

// Bounds of the minutes until the window locks: short enough to protect, long
// enough to work.
const (
	MinIdle       = 1
	MaxIdleTill   = 30
	MaxIdleOffice = 20
	MaxIdleOwner  = 10
)

// DefaultPolicy is a new shop's.
func DefaultPolicy() Policy {
	return Policy{Pack: passphrase.PackBalanced, IdleTill: 10, IdleOffice: 5, IdleOwner: 3}
}

// IdleFor is how long the window may be left alone. The owner's rights open
// everything, wherever they stand; for everybody else the till, which its
// cashier watches, is given more time than an office screen.
func (p Policy) IdleFor(r access.RoleID, till bool) time.Duration {
	switch {
	case r == access.Owner:
		return time.Duration(p.IdleOwner) * time.Minute
	case r == access.Cashier || till:
		return time.Duration(p.IdleTill) * time.Minute
	}
	return time.Duration(p.IdleOffice) * time.Minute
}

func (p Policy) pack() passphrase.Pack {
	if !p.Pack.Known() {
		return passphrase.PackBalanced
	}
	return p.Pack
}

func (p Policy) hours() rule.Hours {
	from, ok1 := minutesOf(p.Opens)
	to, ok2 := minutesOf(p.Closes)
	if !ok1 || !ok2 {
		return rule.Hours{}
	}
	return rule.Hours{From: from, To: to}
}

// minutesOf reads a time of day: 8:00, 08:00, 21:30, also with a full-width
// colon.
func minutesOf(s string) (int, bool) {
	s = strings.ReplaceAll(strings.TrimSpace(s), "\uff1a", ":")
	h, m, ok := strings.Cut(s, ":")
	if !ok || len(h) == 0 || len(h) > 2 || len(m) != 2 {
		return 0, false
	}
	hh, err1 := strconv.ParseUint(h, 10, 8)
	mm, err2 := strconv.ParseUint(m, 10, 8)
	if err1 != nil || err2 != nil || hh > 23 || mm > 59 {
		return 0, false
	}
	return int(hh)*60 + int(mm), true //nolint:gosec // both are small
}

func clockText(m int) string {
	two := func(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }
	return two(m/60) + ":" + two(m%60)
}

// Keys of the policy's settings.
const (
	settingPack       = "signin.pack"
	settingIdleTill   = "signin.idle-till"
	settingIdleOffice = "signin.idle-office"
	settingIdleOwner  = "signin.idle-owner"
	settingOpens      = "signin.opens"
	settingCloses     = "signin.closes"
)

// readPolicy takes what is stored; what is missing or out of bounds is the
// default, never no rule at all.
func readPolicy(tx Tx) (Policy, error) {
	p := DefaultPolicy()
	for _, f := range []struct {
		key string
		set func(string)
	}{
		{settingPack, func(v string) {
			if k := passphrase.Pack(v); k.Known() {
				p.Pack = k
			}
		}},
		{settingIdleTill, minutesInto(&p.IdleTill, MaxIdleTill)},
		{settingIdleOffice, minutesInto(&p.IdleOffice, MaxIdleOffice)},
		{settingIdleOwner, minutesInto(&p.IdleOwner, MaxIdleOwner)},
		{settingOpens, func(v string) { p.Opens = v }},
		{settingCloses, func(v string) { p.Closes = v }},
	} {
		v, err := tx.Setting(f.key)
		if err != nil {
			return p, err
		}
		if v != "" {
			f.set(v)
		}
	}
	return p, nil
}

func minutesInto(to *int, most int) func(string) {
	return func(v string) {
		if n, err := strconv.Atoi(v); err == nil && n >= MinIdle && n <= most {
			*to = n
		}
	}
}

// SignInPolicy reads the rules. Everybody may: a rule nobody knows is broken.
type SignInPolicy struct{}

func (q SignInPolicy) spec() Need { return Need{Perm: access.HomeView, Silent: true, Pending: true} }

func (q SignInPolicy) ask(_ context.Context, x *Exec) (Policy, error) { return readPolicy(x.Tx) }

// SetSignInPolicy sets the rules. A stricter pack asks for a new password where the
// one that is typed is too weak, and for a second factor, at each person's next
// sign-in or unlocking; a session that is open goes on.
type SetSignInPolicy struct{ Policy Policy }

func (c SetSignInPolicy) spec() Need { return Need{Perm: access.SettingsEdit} }

func (c SetSignInPolicy) run(_ context.Context, x *Exec) (struct{}, error) {
	p, none := c.Policy, struct{}{}
	bad := func(key, field string, args ...any) error {
		return fault.Bad("app.SetSignInPolicy", key, append([]any{"field", field}, args...)...)
	}
	if !p.Pack.Known() {
		return none, bad("policy.pack", "pack")
	}
	for _, f := range []struct {
		field  string
		n, max int
	}{{"idle-till", p.IdleTill, MaxIdleTill}, {"idle-office", p.IdleOffice, MaxIdleOffice}, {"idle-owner", p.IdleOwner, MaxIdleOwner}} {
		if f.n < MinIdle || f.n > f.max {
			return none, bad("policy.idle", f.field, "min", MinIdle, "max", f.max)
		}
	}
	p.Opens, p.Closes = strings.TrimSpace(p.Opens), strings.TrimSpace(p.Closes)
	if p.Opens != "" || p.Closes != "" {
		from, ok1 := minutesOf(p.Opens)
		to, ok2 := minutesOf(p.Closes)
		if !ok1 || !ok2 || from == to {
			return none, bad("policy.hours", "hours")
		}
		p.Opens, p.Closes = clockText(from), clockText(to)
	}
	old, err := readPolicy(x.Tx)
	if err != nil {
		return none, err
	}
	for k, v := range map[string]string{settingPack: string(p.Pack), settingIdleTill: strconv.Itoa(p.IdleTill), settingIdleOffice: strconv.Itoa(p.IdleOffice),
		settingIdleOwner: strconv.Itoa(p.IdleOwner), settingOpens: p.Opens, settingCloses: p.Closes} {
		if err := x.Tx.SetSetting(k, v); err != nil {
			return none, err
		}
	}
	if p.Pack.Policy(false).History == 0 { // what no rule needs is not kept
		if err := x.Tx.ForgetPasswords(0); err != nil {
			return none, err
		}
	}
	x.Object("setting:signin")
	x.Note("pack", string(p.Pack))
	x.Note("was", string(old.Pack))
	x.Note("idle", []int{p.IdleTill, p.IdleOffice, p.IdleOwner})
	if p.Opens != "" {
		x.Note("hours", p.Opens+"-"+p.Closes)
	}
	x.Changed("settings")
	return none, nil
}

// passwordContext is what a guesser would try first in this shop: its name,
// phone number and address, the person's name, and how they are spelled.
func passwordContext(tx Tx, names ...string) ([]string, error) {
	words := append([]string(nil), names...)
	for _, k := range []string{SettingShopName, SettingPhone, SettingAddress} {
		v, err := tx.Setting(k)
		if err != nil {
			return nil, err
		}
		words = append(words, v)
	}
	return spelled(words), nil
}

// spelled adds the pinyin of words.
func spelled(words []string) []string {
	var out []string
	for _, w := range words {
		if w == "" {
			continue
		}
		out = append(out, w)
		if full := pinyin.Full(w); full != "" {
			out = append(out, strings.ReplaceAll(full, " ", ""))
		}
		if short := pinyin.Initials(w); len(short) >= 3 {
			out = append(out, short)
		}
	}
	return out
}
