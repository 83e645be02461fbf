package app

import (
	"context"
	"fmt"
	"io"

	"tiezhang/app/totp"
)

// Vault makes and opens shops on disk: the keyring and the encrypted file.
// Package store has the real one.
//
// Faults: NotFound "shop.missing" (no shop in that folder), Conflict
// "shop.exists", Locked "shop.locked" (open in another running program),
// WrongKey "keyring.wrong-password" / "keyring.wrong-code", NeedsStep
// "keyring.needs-key-file", Damaged "keyring.damaged" / "cipherdb.damaged",
// Newer "keyring.newer" / "store.newer-schema", ReadOnly, NoSpace.
type Vault interface {
	TryBook
	// Create makes a shop in dir (new or empty folder) with its owner and opens it.
	Create(ctx context.Context, dir string, seed NewShop) (Opened, RecoveryCode, error)
	// Look reads what may be known without a password: who can sign in.
	Look(dir string) (Door, error)
	// Admit opens the shop for a person. Proof.Code is not looked at here: whether
	// a code is wanted stands in the person's row, and Opened.Code checks it. The
	// shop stays locked against other programs until Store.Close.
	Admit(ctx context.Context, dir, user string, p Proof) (Opened, error)
	// Unlock is Admit with a password alone.
	Unlock(ctx context.Context, dir, user, password string) (Opened, error)
	// Recover opens it with the recovery code: nobody is there yet, and nothing is
	// changed, but whoever gets a password now may be let in (Keys.ResetPassword).
	Recover(ctx context.Context, dir, code string) (Opened, error)
	// RecoverWho tells whom the code may let in, the owners, and opens nothing: the
	// shop may be open.
	RecoverWho(dir, code string) ([]string, error)
	// ArchiveKeys opens the key slots carried in a backup file. A password without
	// a name is any owner's.
	ArchiveKeys(ctx context.Context, slots []byte, o Opener) (ArchiveKeys, error)
	// Examine opens the shop in dir only to look: it is not migrated, nobody is
	// signed in, no lock is taken (Hold does), every write fails.
	Examine(ctx context.Context, dir string, o Opener) (Store, ArchiveKeys, error)
	// Hold takes the lock of a closed shop's folder, so that no program opens it
	// while its files are changed. Faults: Locked "shop.locked", ReadOnly.
	Hold(dir string) (release func() error, err error)
	// Schema is the newest data layout this program knows.
	Schema() int
}

// NewShop is what a shop starts with.
type NewShop struct {
	ShopName  string
	OwnerName string
	Password  string
	Language  string
	// Names are the first warehouse and accounts in the shop's language, by key:
	// warehouse, cash, wechat, alipay, bank.
	Names map[string]string
}

// Door is what the sign-in screen shows of a closed shop.
type Door struct {
	ShopID   string
	ShopName string
	Users    []string // names of people who may sign in, the owner first
	// KeyFiles names, for each person who needs a key stick, the file to look for
	// on it (see ReadKeyFile).
	KeyFiles map[string]string
}

// RecoveryCode is a printed code of groups of six digits: the recovery kit's
// nine, or an activation code's five.
type RecoveryCode struct {
	Groups []string
}

// Proof is what a person brings to show who they are. A one-time activation
// code is given as the password.
type Proof struct {
	Password string
	KeyFile  []byte // the 32 bytes of the file on their stick; nil without one
	Code     string // the six digits of the authenticator app; "" without
}

// Format keeps passwords out of logs.
func (Proof) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[proof]") }

// Opened is an open shop and the person whose password opened it.
type Opened struct {
	Store Store
	Keys  Keys
	Who   string      // user name; "" after Recover
	Code  totp.Secret // of that person; zero after Recover
	// OtherRing: the keyring is not the one the shop remembers, or was damaged or
	// missing so that its second copy stood in.
	OtherRing bool
}

// Keys is the keyring of an open shop. Faults as Vault's. Changing who has a
// slot wants an owner who is at the shop now, and has signed in or confirmed since
// the shop was opened (Denied "keyring.owner-only"); who may ask is the gate's
// decision.
type Keys interface {
	// Present says who is at the shop from now on, "" nobody: an owner's keys are
	// held for as long as that owner is.
	Present(user string)
	// Verify tells whether password and key file are this person's (WrongKey
	// "keyring.wrong-password", NeedsStep "keyring.needs-key-file"), and gives the
	// secret that p.Code is checked against: see User.checkCode.
	Verify(ctx context.Context, user string, p Proof) (totp.Secret, error)
	// Sign has a person's own key sign a message, with everything that proves them
	// (faults as Verify), and gives the public key that checks it.
	Sign(ctx context.Context, user string, p Proof, message []byte) (key, sig []byte, err error)
	// SignPresent has the key of the owner who is at the shop sign (Denied
	// "keyring.owner-only").
	SignPresent(message []byte) (key, sig []byte, err error)
	// SignKey is a person's public key for signatures; NotFound "keyring.no-slot".
	SignKey(name string) ([]byte, error)
	// Slot gives the slot that a typed name leads to, as signing in finds it, by its
	// ID and the name of its holder; "" when it is nobody's. All other names are as
	// they stand in the row.
	Slot(user string) (id, name string)
	// Vouch signs a message with the owners' key, for which an owner's keys must be
	// at hand (Denied "keyring.owner-only"); Vouched checks such a signature.
	Vouch(message []byte) (sig []byte, err error)
	Vouched(message, sig []byte) bool
	// Check tells whether a password alone is this person's, who need not be here:
	// nothing of theirs is held on to.
	Check(ctx context.Context, user, password string) error
	AddUser(ctx context.Context, name, password string) error
	RemoveUser(ctx context.Context, name string) error
	RenameUser(ctx context.Context, name, newName string) error
	// SetOwner makes a person one of the owners, who may change the roster and open
	// backups, or takes that back. The last owner stays: Denied "keyring.last-owner".
	SetOwner(ctx context.Context, name string, owner bool) error
	// SetPassword changes a person's own password. ChangePassword is the same for
	// one with a key stick, which stays needed.
	SetPassword(ctx context.Context, name, old, password string) error
	ChangePassword(ctx context.Context, name string, old Proof, password string) error
	// SetKeyFile makes the file needed at every sign-in from now on; nil makes
	// the password enough.
	SetKeyFile(ctx context.Context, name string, old Proof, file []byte) error
	// KeyFileName is the name of a person's key file. NotFound "keyring.no-slot".
	KeyFileName(name string) (string, error)
	// NewTOTP draws a new secret for the person's authenticator app; the old is void.
	NewTOTP(ctx context.Context, name string, p Proof) (totp.Secret, error)
	// ResetPassword gives somebody else a new password (the gate lets only the
	// owner), without a key stick. Activate does it with a one-time code that is
	// printed; the program asks for a password of their own at the next sign-in.
	ResetPassword(ctx context.Context, name, password string) error
	Activate(ctx context.Context, name string) (RecoveryCode, error)
	// NewRecovery replaces the recovery code; the old one opens nothing new.
	NewRecovery(ctx context.Context) (RecoveryCode, error)
	// Raw is the SQLCipher key in hex, for the owner's export.
	Raw() string
	// ArchiveKeys gives what a backup file needs.
	// People named in but have no slot in it, owners or not.
	ArchiveKeys(but ...string) ArchiveKeys
	// Former gives what the password a person has now can be recognised by later
	// (SignInTx.KeepFormer); false when it can't be.
	Former(name string) (record string, ok bool)
}

// ArchiveKeys is what making or opening a backup needs of the keys.
type ArchiveKeys struct {
	ShopID [16]byte
	Slots  []byte   // keyring with the owner's and the recovery slots only
	DEK    [32]byte // the data key; backup derives its own keys from it
}

// Rotator is the part of a Store that changes its key.
type Rotator interface {
	// Rotate encrypts the shop under a new data key: a second file is made beside
	// the first, compared with it row by row, and takes its place together with
	// the keyring in one step. Reading and writing go on, and wait only for the
	// last moments. first runs in the new file before it takes over. If anything
	// fails, or the program is killed, the shop is whole under the old key or the
	// new. Faults: NoSpace, Damaged "rotate.differs", Locked "cipherdb.busy",
	// Denied "keyring.owner-only", Canceled.
	Rotate(ctx context.Context, first func(Tx) error, p Progress) error
	// DropOld removes the file of before the last Rotate, for when a backup of
	// the new one was verified; false when there is none.
	DropOld() (bool, error)
	// OldKept tells whether there is one.
	OldKept() bool
}

// LeaveTx is the part of a Tx for people who leave.
type LeaveTx interface {
	// HandOver gives a person's customers and drafts to another, and tells how many
	// there were; with to = 0 it only counts.
	HandOver(from, to int64) (customers, drafts int, err error)
}

// Tell calls it, if there is one.
func (p Progress) Tell(stage string, done, total int64) {
	if p != nil {
		p(stage, done, total)
	}
}
