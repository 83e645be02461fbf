package keyring

import "crypto/ed25519"

// Vouch signs a message with the owners' key, the one that signs the roster and
// that everybody's identity pins; nil for who is no owner. A name for the purpose
// stands in front, so that it is never good as a roster.
func (r *Ring) Vouch(by *Unlocked, message []byte) []byte {
	if !r.MayChange(by) {
		return nil
	}
	return ed25519.Sign(ed25519.NewKeyFromSeed(by.pack.sign[:]), r.vouched(message))
}

// Vouched tells whether an owner of this shop signed the message with Vouch. The
// key is the same through all changes of owners and of the data key.
func (r *Ring) Vouched(message, sig []byte) bool {
	st := r.st.Load()
	return len(sig) == ed25519.SignatureSize && ed25519.Verify(st.ownerKey[:], r.vouched(message), sig)
}

func (r *Ring) vouched(message []byte) []byte {
	shop := r.Shop()
	return append(append([]byte("tiezhang keyring vouch 1\x00"), shop[:]...), message...)
}
