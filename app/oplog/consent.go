package oplog

import (
	"crypto/ed25519"
	"encoding/json"
)

// Consent is a second person's signature under one action: their key signs which
// right it is about, which use case with which parameters, who asks, and a
// nonce, so that it can be used for nothing else and not twice. Without their
// password nobody can make one.
type Consent struct {
	For    string `json:"for"`    // the permission
	Use    string `json:"use"`    // the use case
	Action string `json:"action"` // the right the use case wants: what its entry says was done
	Params []byte `json:"params"` // SHA-256 over its parameters, secrets left out
	By     string `json:"by"`     // who asked
	Nonce  []byte `json:"nonce"`
	Key    []byte `json:"key"` // the approver's public key
	Sig    []byte `json:"sig"`
}

// Message is what is signed: a name for the purpose, then the fields in order.
func (c Consent) Message() []byte {
	b, _ := json.Marshal([]any{"tiezhang consent 2", c.For, c.Use, c.Action, c.Params, c.By, c.Nonce}) // of strings and bytes: cannot fail
	return b
}

// Sound tells whether the signature fits the fields, the key, and who did what
// an entry that bears it tells. Whose the key is, and whether the signature is
// used a second time, only the whole log can say.
func (c Consent) Sound(e Entry) bool {
	return c.By == e.User && len(c.Key) == ed25519.PublicKeySize && ed25519.Verify(c.Key, c.Message(), c.Sig)
}
