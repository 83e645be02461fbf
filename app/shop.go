package app

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
	"tiezhang/app/passphrase"
	"tiezhang/app/rule"
)

// Host is the program on this computer: what every shop opened here shares.
type Host struct {
	Vault   Vault
	Clock   Clock
	Machine string // computer and OS user, for the log
	Version string
	// State is the program's own folder of this account of the computer, where a
	// second copy of the counter of wrong passwords is kept; "" keeps none.
	State string
	// Running is how long the program has been running, by a clock that cannot be
	// set; nil knows only Clock.
	Running func() time.Duration
	// Where tells the place a shop's folder is opened at; nil knows the machine only.
	Where func(dir string) rule.Place
	// Sticks lists the places where key files are looked for; nil knows none.
	Sticks func() []string
}

// KeyFile looks for a person's key file on the sticks that are plugged in.
func (h Host) KeyFile(name string) []byte {
	if name == "" || h.Sticks == nil {
		return nil
	}
	return FindKeyFile(name, h.Sticks())
}

// Shop is an open shop. Several sessions follow each other on it; the file is
// opened once and closed once.
type Shop struct {
	host    Host
	store   Store
	keys    Keys
	clock   Clock
	machine string
	version string

	backing sync.Mutex // one backup at a time: a second would clear away the first one's files

	high atomic.Int64 // see latest

	tryMu sync.Mutex // one try at a time
	tries tries

	mu      sync.Mutex
	subs    map[int]func(area string)
	nextSub int
	current *Session
}

// New makes a shop and signs its owner in. Faults: Insecure "passphrase.*",
// Conflict "shop.exists", ReadOnly, NoSpace, Invalid "shop.name".
func (h Host) New(ctx context.Context, dir string, seed NewShop) (*Session, RecoveryCode, error) {
	seed.ShopName, seed.OwnerName = strings.TrimSpace(seed.ShopName), strings.TrimSpace(seed.OwnerName)
	if seed.ShopName == "" || len([]rune(seed.ShopName)) > master.MaxName {
		return nil, RecoveryCode{}, fault.Bad("app.New", "shop.name", "field", "shop")
	}
	if err := checkUserName(seed.OwnerName); err != nil {
		return nil, RecoveryCode{}, err
	}
	if err := passphrase.Balanced(true).Check(seed.Password, spelled([]string{seed.ShopName, seed.OwnerName})...); err != nil {
		return nil, RecoveryCode{}, err
	}
	o, code, err := h.Vault.Create(ctx, dir, seed)
	if err != nil {
		return nil, RecoveryCode{}, err
	}
	sh := h.shop(o)
	err = h.freshTries(o.Store.Dir())
	if err == nil {
		_, err = sh.recallTries(ctx, attempt{})
	}
	var s *Session
	if err == nil {
		s, err = sh.session(ctx, o.Who, entry{event: "shop.new", first: sh.seedShop(seed)})
	}
	if err != nil {
		_ = o.Store.Close()
		return nil, RecoveryCode{}, err
	}
	sh.forgive(o.Who)
	return s, code, nil
}

func (h Host) shop(o Opened) *Shop {
	return &Shop{host: h, store: o.Store, keys: o.Keys, clock: h.Clock, machine: h.Machine, version: h.Version,
		subs: map[int]func(string){}, tries: tries{known: newTally(), last: map[string]time.Duration{}}}
}

// seedShop puts the first warehouse and money accounts into a new shop.
func (sh *Shop) seedShop(seed NewShop) func(Tx) error {
	return func(tx Tx) error {
		name := func(key string) string {
			if n := seed.Names[key]; n != "" {
				return n
			}
			return key
		}
		if _, err := tx.SaveWarehouse(master.Warehouse{Code: "W1", Name: name("warehouse")}); err != nil {
			return err
		}
		for _, a := range []master.Account{
			{Code: "C1", Name: name("cash"), Kind: master.Cash}, {Code: "C2", Name: name("wechat"), Kind: master.WeChat},
			{Code: "C3", Name: name("alipay"), Kind: master.Alipay}, {Code: "C4", Name: name("bank"), Kind: master.Bank},
		} {
			if _, err := tx.SaveAccount(a); err != nil {
				return err
			}
		}
		for k, v := range map[string]string{SettingShopName: seed.ShopName, SettingLanguage: seed.Language} {
			if err := tx.SetSetting(k, v); err != nil {
				return err
			}
		}
		u, err := tx.UserByName(seed.OwnerName)
		if err != nil {
			return err
		}
		now := sh.clock.Now().Unix()
		u.RoleAt, u.CreatedAt = now, now
		if err := u.chosen(tx, sh.clock.Now()); err != nil {
			return err
		}
		_, err = tx.SaveUser(u)
		return err
	}
}

func roleOf(roles []access.Role, id access.RoleID) (access.Role, bool) {
	for _, r := range roles {
		if r.ID == id {
			return r, true
		}
	}
	return access.Role{}, false
}

// Lock ends the session and leaves the shop open, so that somebody can sign in.
func (sh *Shop) Lock(ctx context.Context) {
	sh.mu.Lock()
	s := sh.current
	sh.current = nil
	sh.mu.Unlock()
	if s != nil {
		sh.logEvent(ctx, "session.out", s.user.Name, oplog.OK)
		s.end()
	}
	sh.keys.Present("")
}

// logEvent notes something that happens outside a command.
func (sh *Shop) logEvent(ctx context.Context, event, object, result string) {
	s := &Session{shop: sh, user: User{Name: object}}
	if c := sh.currentSession(); c != nil {
		s.user, s.role, s.epoch = c.user, c.role, c.epoch
	}
	x := &Exec{S: s, Now: sh.clock.Now(), action: event, object: object}
	_ = sh.store.Write(context.WithoutCancel(ctx), func(tx Tx) error {
		x.Tx = tx
		return s.appendLog(x, result, "")
	})
}

func (sh *Shop) currentSession() *Session {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return sh.current
}

// Close ends the session and closes the file.
func (sh *Shop) Close(ctx context.Context) error {
	sh.Lock(ctx)
	return sh.store.Close()
}

// Dir is the shop's folder.
func (sh *Shop) Dir() string { return sh.store.Dir() }

// Names lists who may sign in.
func (sh *Shop) Names() []string {
	d, err := sh.host.Vault.Look(sh.store.Dir())
	if err != nil {
		return nil
	}
	return d.Users
}

// person reads a user and role, for approvals.
func (sh *Shop) person(name string) (User, access.Role, error) {
	var u User
	var role access.Role
	err := sh.store.Read(context.Background(), func(tx Tx) error {
		var err error
		if u, err = tx.UserByName(name); err != nil {
			return err
		}
		roles, err := tx.Roles()
		if err != nil {
			return err
		}
		role, _ = roleOf(roles, u.Role)
		return nil
	})
	return u, role, err
}

// Watch calls fn after every commit, once for each area that changed, on the
// goroutine that committed. The returned function stops it.
func (sh *Shop) Watch(fn func(area string)) (stop func()) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	id := sh.nextSub
	sh.nextSub++
	sh.subs[id] = fn
	return func() {
		sh.mu.Lock()
		delete(sh.subs, id)
		sh.mu.Unlock()
	}
}

func (sh *Shop) publish(areas map[string]bool) {
	if len(areas) == 0 {
		return
	}
	sh.mu.Lock()
	fns := make([]func(string), 0, len(sh.subs))
	for _, fn := range sh.subs {
		fns = append(fns, fn)
	}
	sh.mu.Unlock()
	for a := range areas {
		for _, fn := range fns {
			fn(a)
		}
	}
}

// Keys of settings.
const (
	SettingShopName      = "shop.name"
	SettingPhone         = "shop.phone"
	SettingAddress       = "shop.address"
	SettingSlipFoot      = "slip.foot" // last line of a receipt
	SettingLanguage      = "ui.language"
	SettingTheme         = "ui.theme"
	SettingTextSize      = "ui.text-size"
	SettingCostMethod    = "cost.method"           // ledger.Method; "" is the moving average
	SettingNegative      = "stock.negative-office" // "allow": office documents may go below zero
	SettingDayClosed     = "day.closed"            // last closed day, 2026-11-22
	SettingMonthClosed   = "month.closed"          // last day of the last closed month
	SettingBackupFolders = "backup.folders"        // JSON list of folders
	SettingLastBackup    = "backup.last"           // JSON of the last verified backup
	SettingRecoveryKit   = "kit.checked"           // day the recovery groups were asked back
)
