package keyring

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
)

// formerMark begins a record of Former.
const formerMark = "slot1$"

// Former gives what a person's password can be recognised by when their slot is
// no more, at the very price of a guess it had: nobody needs to know it to keep
// that. False when there is no slot, or when it wants a key file besides.
func (r *Ring) Former(id string) (record string, ok bool) {
	sl := r.st.Load().find(id)
	if sl == nil || sl.id != id || sl.keyFile {
		return "", false
	}
	e := base64.RawStdEncoding
	return fmt.Sprintf("%s%d$%d$%d$%s$%s", formerMark, sl.prof.KiB, sl.prof.Time, sl.prof.Lanes, e.EncodeToString(sl.salt[:]), e.EncodeToString(sl.commit[:])), true
}

// IsFormer tells such a record from others.
func IsFormer(record string) bool { return strings.HasPrefix(record, formerMark) }

// MatchFormer tells whether a password is the one of a record. A record that is
// not ours, or out of bounds, matches nothing and costs nothing.
func MatchFormer(record, password string) bool {
	f := strings.Split(strings.TrimPrefix(record, formerMark), "$")
	if !IsFormer(record) || len(f) != 5 {
		return false
	}
	var p Profile
	if n, err := fmt.Sscanf(f[0]+" "+f[1]+" "+f[2], "%d %d %d", &p.KiB, &p.Time, &p.Lanes); n != 3 || err != nil {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(f[3])
	want, err2 := base64.RawStdEncoding.DecodeString(f[4])
	if err1 != nil || err2 != nil || len(salt) != saltSize || len(want) != len(Key{}) {
		return false
	}
	kek, commit, err := derive(Secret{Password: password}, salt, p)
	clear(kek[:])
	return err == nil && subtle.ConstantTimeCompare(commit[:], want) == 1
}
