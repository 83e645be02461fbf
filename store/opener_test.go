package store

import (
	"testing"

	"tiezhang/app"
	"tiezhang/app/fault"
)

// Several owners, one with a key stick: each opens a backup's slots with what
// they have, with or without their name.
func TestOwnersOpenABackup(t *testing.T) {
	sh := staffed(t)
	file := []byte("0123456789abcdef0123456789abcdef")
	if err := sh.keys.SetKeyFile(bg, "二老板", app.Proof{Password: "二老板的密码 123"}, file); err != nil {
		t.Fatal(err)
	}
	ak := sh.keys.ArchiveKeys()
	for what, o := range map[string]app.Opener{
		"first":                {User: "老板", Password: ownerPassword},
		"first, no name":       {Password: ownerPassword},
		"first, another stick": {Password: ownerPassword, KeyFile: file},
		"second":               {User: "二老板", Password: "二老板的密码 123", KeyFile: file},
		"second, no name":      {Password: "二老板的密码 123", KeyFile: file},
	} {
		k, err := testVault().ArchiveKeys(bg, ak.Slots, o)
		if err != nil || k.DEK != ak.DEK {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := testVault().ArchiveKeys(bg, ak.Slots, app.Opener{Password: "二老板的密码 123"})
	wantFault(t, err, fault.NeedsStep, "keyring.needs-key-file")
	_, err = testVault().ArchiveKeys(bg, ak.Slots, app.Opener{Password: "wrong", KeyFile: file})
	wantFault(t, err, fault.WrongKey, "keyring.wrong-password")
}
