package store

import (
	"tiezhang/app"
	"tiezhang/app/fault"
)

// Vouch implements app.Keys.
func (k *keys) Vouch(message []byte) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if sig := k.ring.Vouch(k.owner(), message); sig != nil {
		return sig, nil
	}
	return nil, fault.New("store.Vouch", fault.Denied, "keyring.owner-only", nil)
}

// Vouched implements app.Keys.
func (k *keys) Vouched(message, sig []byte) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ring.Vouched(message, sig)
}

// Signers implements app.SignerTx.
func (t *tx) Signers() ([]app.Signer, error) {
	return all(t, "store.Signers", `SELECT name, key, seq, sig FROM signer ORDER BY id`, nil,
		func(scan func(...any) error) (s app.Signer, err error) {
			err = scan(&s.Name, &s.Key, &s.Seq, &s.Sig)
			return s, err
		})
}

// AddSigner implements app.SignerTx.
func (t *tx) AddSigner(s app.Signer) error {
	if s.Key == nil {
		s.Key = []byte{}
	}
	_, err := t.exec(`INSERT INTO signer (name, key, seq, sig) VALUES (?, ?, ?, ?)`, s.Name, s.Key, s.Seq, s.Sig)
	return wrap("store.AddSigner", err)
}

// CodeOf implements app.SignerTx.
func (t *tx) CodeOf(sheet, no int64) (maker string, err error) {
	err = t.get(`SELECT u.name FROM approval_code c JOIN code_sheet s ON s.id = c.sheet JOIN user u ON u.id = s.by
		WHERE c.sheet = ? AND c.no = ? AND c.used_at <> 0`, []any{sheet, no}, &maker)
	if noRow(err) {
		return "", nil
	}
	return maker, wrap("store.CodeOf", err)
}
