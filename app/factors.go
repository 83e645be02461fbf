package app

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"tiezhang/app/access"
	"tiezhang/app/fault"
	"tiezhang/app/totp"
	"tiezhang/backup/target"
	"tiezhang/internal/disk"
)

// The second factors. Neither protects the files: that is what passwords are
// for. The phone's code keeps somebody who saw the password from signing in at
// this program; the key stick is a part of the key itself, so without it a
// copied folder is not opened even with the right password.

// TOTPSetup is what an authenticator app is given, once.
type TOTPSetup struct {
	Secret string // for typing in
	URI    string // for the QR code
}

// StartTOTP draws the secret for the person's own authenticator app. Codes are
// asked for only when ConfirmTOTP has seen one. File is what is on the key stick
// of somebody who has one. Faults: WrongKey, Conflict "totp.on".
type StartTOTP struct {
	Password string
	File     []byte
}

func (c StartTOTP) spec() Need { return Need{Perm: access.HomeView, Pending: true} }

func (c StartTOTP) run(ctx context.Context, x *Exec) (TOTPSetup, error) {
	u, err := x.Tx.UserByName(x.S.user.Name)
	if err != nil {
		return TOTPSetup{}, err
	}
	if u.TOTP { // a new secret would lock out the phone that is in use
		return TOTPSetup{}, fault.New("app.StartTOTP", fault.Conflict, "totp.on", nil)
	}
	shop, err := x.Tx.Setting(SettingShopName)
	if err != nil {
		return TOTPSetup{}, err
	}
	x.Object("user:" + u.Name)
	x.Note("totp", "started")
	var s totp.Secret
	err = x.S.shop.proved(u.Name, func() (err error) {
		s, err = x.S.shop.keys.NewTOTP(ctx, u.Name, Proof{Password: c.Password, KeyFile: c.File})
		return err
	})
	if err != nil {
		return TOTPSetup{}, err
	}
	return TOTPSetup{Secret: s.Text(), URI: s.URI(shop, u.Name)}, nil
}

// ConfirmTOTP shows that the phone gives the right codes; from then on one is
// asked for at every sign-in. Faults: WrongKey "totp.wrong", Conflict "totp.on".
type ConfirmTOTP struct {
	Password string
	File     []byte
	Code     string
}

func (c ConfirmTOTP) spec() Need { return Need{Perm: access.HomeView, Pending: true} }

func (c ConfirmTOTP) run(ctx context.Context, x *Exec) (struct{}, error) {
	none := struct{}{}
	u, err := x.Tx.UserByName(x.S.user.Name)
	if err != nil {
		return none, err
	}
	if u.TOTP {
		return none, fault.New("app.ConfirmTOTP", fault.Conflict, "totp.on", nil)
	}
	err = x.S.shop.proved(u.Name, func() error {
		secret, err := x.S.shop.keys.Verify(ctx, u.Name, Proof{Password: c.Password, KeyFile: c.File})
		if err == nil {
			u.TOTPStep, err = secret.Check(c.Code, x.Now, 0)
		}
		return err
	})
	if err != nil {
		return none, err
	}
	u.TOTP = true
	return none, x.saveFactors(u, "totp", "on")
}

// saveFactors writes what is asked for at a sign-in, and settles what the person
// still has to do.
func (x *Exec) saveFactors(u User, what, how string) error {
	if _, err := x.Tx.SaveUser(u); err != nil {
		return err
	}
	pol, err := readPolicy(x.Tx)
	if err != nil {
		return err
	}
	x.Object("user:" + u.Name)
	x.Note(what, how)
	x.Changed("users")
	if u.ID != x.S.user.ID {
		return nil
	}
	next, err := x.S.pendingHere(x.Tx, u, pol, x.Now)
	if err != nil {
		return err
	}
	x.After(func() { x.S.setPending(next) })
	return nil
}

// DropTOTP takes the person's own code away; it wants their password.
type DropTOTP struct {
	Password string
	File     []byte
}

func (c DropTOTP) spec() Need { return Need{Perm: access.HomeView} }

func (c DropTOTP) run(ctx context.Context, x *Exec) (struct{}, error) {
	u, err := x.Tx.UserByName(x.S.user.Name)
	if err != nil {
		return struct{}{}, err
	}
	err = x.S.shop.proved(u.Name, func() error {
		_, err := x.S.shop.keys.Verify(ctx, u.Name, Proof{Password: c.Password, KeyFile: c.File})
		return err
	})
	if err != nil {
		return struct{}{}, err
	}
	u.TOTP = false // the last step stays: its code is not good again
	return struct{}{}, x.saveFactors(u, "totp", "off")
}

// DropTOTPOf takes the code of another person away, who lost their phone.
type DropTOTPOf struct{ Name string }

func (c DropTOTPOf) spec() Need { return Need{Perm: access.UserEdit} }

func (c DropTOTPOf) run(_ context.Context, x *Exec) (struct{}, error) {
	u, err := x.Tx.UserByName(c.Name)
	if err != nil {
		return struct{}{}, err
	}
	if u.ID == x.S.user.ID {
		return struct{}{}, fault.New("app.DropTOTPOf", fault.Denied, "totp.own", nil)
	}
	if err := x.mayHandle(u, u.Role); err != nil {
		return struct{}{}, err
	}
	u.TOTP = false
	return struct{}{}, x.saveFactors(u, "totp", "off")
}

// keyFileSize is the length of what is on a key stick.
const keyFileSize = 32

// MakeKeyFile writes a new key file for the person into a folder, on a stick as
// a rule, and makes it needed at every sign-in. File is the present one of
// somebody who has one. It gives the path of the new file.
// Faults: WrongKey; Invalid "keyfile.inside" (the shop's own folder), NotFound
// "keyfile.folder", Conflict "keyfile.exists", NoSpace, ReadOnly.
type MakeKeyFile struct {
	Password string
	File     []byte
	Folder   string
}

func (c MakeKeyFile) spec() Need { return Need{Perm: access.HomeView, Pending: true} }

func (c MakeKeyFile) run(ctx context.Context, x *Exec) (string, error) {
	const op = "app.MakeKeyFile"
	u, err := x.Tx.UserByName(x.S.user.Name)
	if err != nil {
		return "", err
	}
	if inside(c.Folder, x.S.shop.store.Dir()) { // beside what it locks it is no factor
		return "", fault.Bad(op, "keyfile.inside", "folder", c.Folder)
	}
	keys := x.S.shop.keys
	name, err := keys.KeyFileName(u.Name)
	if err != nil {
		return "", err
	}
	u.KeyFile = true
	if err := x.saveFactors(u, "keyfile", "on"); err != nil {
		return "", err
	}
	path := filepath.Join(c.Folder, name)
	// The file and the slot come last: they are no part of the transaction.
	err = x.S.shop.proved(u.Name, func() error {
		proof := Proof{Password: c.Password, KeyFile: c.File}
		if _, err := keys.Verify(ctx, u.Name, proof); err != nil { // before anything is written
			return err
		}
		file, err := newKeyFile(path)
		if err != nil {
			return err
		}
		if err := keys.SetKeyFile(ctx, u.Name, proof, file); err != nil {
			_ = os.Remove(path) // ours, made just now
			return err
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return path, nil
}

// newKeyFile writes a file that did not exist and reads it back from the disk:
// a stick that forgets would lock its owner out.
func newKeyFile(path string) ([]byte, error) {
	const op = "app.MakeKeyFile"
	stick := target.OS{}
	args := fault.Pairs("folder", filepath.Dir(path), "file", filepath.Base(path))
	b := make([]byte, keyFileSize)
	_, _ = rand.Read(b) // never fails
	err := target.WriteNew(stick, path, b)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, fault.Wrap(op, fault.Conflict, "keyfile.exists", args, err)
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.Wrap(op, fault.NotFound, "keyfile.folder", args, err)
	case err != nil:
		return nil, target.Fault(op, path, err)
	}
	_ = stick.SyncDir(filepath.Dir(path)) // some sticks have no such call
	again, err := readUncached(stick, path)
	if err != nil || subtle.ConstantTimeCompare(again, b) != 1 {
		_ = os.Remove(path)
		return nil, fault.Wrap(op, fault.Unsupported, "keyfile.forgets", args, err)
	}
	return b, nil
}

func readUncached(stick target.OS, path string) ([]byte, error) {
	f, err := stick.OpenUncached(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := make([]byte, keyFileSize+1)
	n, err := f.ReadAt(b, 0)
	if n == keyFileSize {
		return b[:n], nil
	}
	return nil, err
}

// DropKeyFile makes the password enough again. It wants the stick a last time;
// for one that is lost the owner gives a one-time code (GiveCode).
type DropKeyFile struct {
	Password string
	File     []byte
}

func (c DropKeyFile) spec() Need { return Need{Perm: access.HomeView} }

func (c DropKeyFile) run(ctx context.Context, x *Exec) (struct{}, error) {
	none := struct{}{}
	u, err := x.Tx.UserByName(x.S.user.Name)
	if err != nil {
		return none, err
	}
	u.KeyFile = false
	if err := x.saveFactors(u, "keyfile", "off"); err != nil {
		return none, err
	}
	return none, x.S.shop.proved(u.Name, func() error {
		return x.S.shop.keys.SetKeyFile(ctx, u.Name, Proof{Password: c.Password, KeyFile: c.File}, nil)
	})
}

// ReadKeyFile reads a key file: the file itself, or the one of that name (see
// Door.KeyFiles) in a folder. Faults: NotFound "keyfile.missing" says what to
// plug in; Invalid "keyfile.size" is no key file.
func ReadKeyFile(path, name string) ([]byte, error) {
	const op = "app.ReadKeyFile"
	if st, err := os.Stat(path); err == nil && st.IsDir() {
		path = filepath.Join(path, name)
	}
	args := fault.Pairs("folder", filepath.Dir(path), "file", filepath.Base(path))
	b, err := disk.ReadSmall(path, keyFileSize)
	switch {
	case err == nil && len(b) == keyFileSize:
		return b, nil
	case err == nil || errors.Is(err, disk.ErrNotPlain):
		return nil, fault.Wrap(op, fault.Invalid, "keyfile.size", args, err)
	}
	return nil, fault.Wrap(op, fault.NotFound, "keyfile.missing", args, err)
}

// KeyFiles reads every key file on the sticks that are plugged in, for a backup,
// which does not say whose is wanted.
func (h Host) KeyFiles() [][]byte {
	if h.Sticks == nil {
		return nil
	}
	var out [][]byte
	for _, dir := range h.Sticks() {
		names, err := filepath.Glob(filepath.Join(dir, "tiezhang-*.key"))
		if err != nil {
			continue
		}
		for _, n := range names {
			if b, err := ReadKeyFile(n, ""); err == nil && len(out) < maxKeyFiles {
				out = append(out, b)
			}
		}
	}
	return out
}

// maxKeyFiles bounds how many are tried: each costs a second.
const maxKeyFiles = 8

// FindKeyFile looks for a person's key file at the top of the given folders, the
// drives of this computer as a rule. Nil when it is on none of them.
func FindKeyFile(name string, folders []string) []byte {
	for _, f := range folders {
		if b, err := ReadKeyFile(filepath.Join(f, name), name); err == nil {
			return b
		}
	}
	return nil
}
