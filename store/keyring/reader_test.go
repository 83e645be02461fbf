package keyring

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/text/unicode/norm"
)

// readByTheBook finds the DEK with docs/formats.md and nothing of this
// package: no constant, no function. If it breaks, files in the field broke.
func readByTheBook(t *testing.T, file []byte, person, password, code string, keyFile []byte) (dek []byte) {
	t.Helper()
	check := func(ok bool, what string) {
		t.Helper()
		if !ok {
			t.Fatal("by the book: ", what)
		}
	}
	le := binary.LittleEndian
	sum := sha256.Sum256(file[:len(file)-32])
	check(string(sum[:]) == string(file[len(file)-32:]), "checksum")
	body, mac := file[:len(file)-64], file[len(file)-64:len(file)-32]
	at := 0
	next := func(n int) []byte { at += n; return body[at-n : at] }
	str8 := func() []byte { return next(int(next(1)[0])) }
	check(string(next(8)) == "TZKEYRNG" && le.Uint16(next(2)) == 1, "magic and version")
	kind := le.Uint16(next(2))
	shop, keyID, seq, ownerKey, logKey := next(16), next(16), next(8), next(32), next(32)
	recAt := at
	recPub, recDEK, recPack, recPin := next(32), next(80), next(144), next(32)
	recFields := body[recAt:at]
	rosterAt := at
	n := int(le.Uint16(next(2)))
	roster := next(32 * n)
	rosterFields := body[rosterAt:at]
	msg := "tiezhang keyring roster 1\x00" + string(shop) + string(keyID) + string(seq) + string(ownerKey) + string(logKey) + string(recFields) + string(rosterFields)
	check(ed25519.Verify(ownerKey, []byte(msg), next(64)), "roster signature")
	open := func(priv []byte, what, reader string, box []byte) []byte {
		k, err := ecdh.X25519().NewPrivateKey(priv)
		must(t, err)
		h, err := hpke.NewDHKEMPrivateKey(k)
		must(t, err)
		p, err := hpke.Open(h, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), []byte("tiezhang keyring box 1 "+what+"\x00"+string(shop)+string(keyID)+reader), box)
		must(t, err)
		return p
	}
	m := int(le.Uint16(next(2)))
	check(kind == 1 && m == n || kind == 2 && m < n, "slot count")
	for range m {
		start := at
		id := str8()
		needsFile, algorithm := next(1)[0] == 1, next(1)[0]
		check(algorithm == 1, "algorithm")
		mem, passes, lanes := le.Uint32(next(4)), le.Uint32(next(4)), next(1)[0]
		salt, boxKey, signKey := next(16), next(32), next(32)
		header := body[start:at]
		commitment, wrapped := next(32), next(156)
		start = at
		str8()
		owner := next(1)[0] == 1
		sealed, pack := next(80), []byte(nil)
		if owner {
			pack = next(144)
		}
		grant := sha256.Sum256([]byte("tiezhang keyring grant 1\x00" + string(shop) + string(keyID) + string([]byte{byte(len(id))}) + string(id) + string(boxKey) + string(signKey) + string(body[start:at])))
		listed := false
		for i := 0; i < len(roster); i += 32 {
			listed = listed || string(roster[i:i+32]) == string(grant[:])
		}
		check(listed, "grant of "+string(id))
		if string(id) != person {
			continue
		}
		a := argon2.IDKey([]byte(norm.NFKC.String(password)), salt, passes, mem, lanes, 32)
		info := "tiezhang keyring kek 1 password"
		if needsFile {
			check(len(keyFile) == 32, "key file")
			a, info = append(a, keyFile...), "tiezhang keyring kek 1 password+file"
		}
		k, err := hkdf.Key(sha256.New, a, salt, info, 64)
		must(t, err)
		check(string(k[32:]) == string(commitment), "password")
		x, err := chacha20poly1305.NewX(k[:32])
		must(t, err)
		identity, err := x.Open(nil, wrapped[:24], wrapped[24:], []byte("tiezhang keyring slot 1\x00"+string(shop)+string(header)))
		must(t, err)
		check(len(identity) == 116 && string(identity[84:]) == string(ownerKey), "pin")
		dek = open(identity[:32], "dek", person, sealed)
		if owner {
			p := open(identity[:32], "pack", person, pack)
			check(string(ed25519.NewKeyFromSeed(p[:32]).Public().(ed25519.PublicKey)) == string(ownerKey), "owner pack")
		}
	}
	check(at == len(body), "end")
	if code != "" {
		var secret []byte
		for _, g := range strings.Split(code, "-") {
			v, err := strconv.Atoi(g)
			must(t, err)
			check(v%11 == 0, "group")
			secret = binary.BigEndian.AppendUint16(secret, uint16(v/11))
		}
		c := sha256.Sum256(append([]byte("tiezhang recovery check 1"), secret[:16]...))
		check(string(c[:2]) == string(secret[16:]), "check group")
		r, err := hkdf.Key(sha256.New, secret[:16], shop, "tiezhang keyring recovery 1", 64)
		must(t, err)
		k, err := ecdh.X25519().NewPrivateKey(r[:32])
		must(t, err)
		check(string(k.PublicKey().Bytes()) == string(recPub), "recovery key")
		pin := hmac.New(sha256.New, r[32:])
		pin.Write([]byte("tiezhang keyring pin 1" + string(shop) + string(ownerKey)))
		check(hmac.Equal(pin.Sum(nil), recPin), "recovery pin")
		open(r[:32], "pack", "*recovery", recPack)
		dek = open(r[:32], "dek", "*recovery", recDEK)
	}
	mk, err := hkdf.Key(sha256.New, dek, shop, "tiezhang keyring mac 1", 32)
	must(t, err)
	h := hmac.New(sha256.New, mk)
	h.Write(body)
	check(hmac.Equal(h.Sum(nil), mac), "MAC")
	return dek
}

func TestFormatIsAsWritten(t *testing.T) {
	s := newShop(t)
	for _, who := range []struct{ id, pass, code string }{
		{"boss", "老板的 长密码 ２０２６", ""}, {"li", "li-password", ""}, {"", "", s.code.Text()},
	} {
		if got := readByTheBook(t, s.r.Bytes(), who.id, who.pass, who.code, nil); Key(got) != s.owner.DEK {
			t.Fatal("another key")
		}
	}
	raw, err := s.r.BackupSlots(s.owner.DEK)
	must(t, err)
	if got := readByTheBook(t, raw, "boss", "老板的 长密码 2026", "", nil); Key(got) != s.owner.DEK {
		t.Fatal("another key in the backup")
	}
}

// With a key file, after a new owner, a one-time code and a new data key: the
// page still tells all that is needed.
func TestFormatIsAsWrittenForEverything(t *testing.T) {
	s := newShop(t)
	li, err := s.r.Unlock("li", pw("li-password"))
	must(t, err)
	file := []byte("0123456789abcdef0123456789abcdef")
	must(t, s.r.ChangePassword(li, Secret{"li-password", file}, ProfileForTests()))
	must(t, s.r.SetOwner(s.owner, "li", true))
	code := NewActivationCode()
	must(t, s.r.ResetPassword(s.owner, "zhao", code.Secret(), ProfileForTests()))
	next, u, err := s.r.Rotated(s.owner, NewNextKey())
	must(t, err)
	for _, r := range []struct {
		ring *Ring
		dek  Key
	}{{s.r, s.owner.DEK}, {next, u.DEK}} {
		raw := reparse(t, r.ring).Bytes()
		if got := readByTheBook(t, raw, "li", "li-password", "", file); Key(got) != r.dek {
			t.Error("with a key file: another key")
		}
		g := code.Groups()
		if got := readByTheBook(t, raw, "zhao", strings.Join(g[:], ""), "", nil); Key(got) != r.dek {
			t.Error("with a one-time code: another key")
		}
		backup, err := r.ring.BackupSlots(r.dek)
		must(t, err)
		if got := readByTheBook(t, backup, "li", "li-password", "", file); Key(got) != r.dek {
			t.Error("a second owner, out of a backup: another key")
		}
	}
}
