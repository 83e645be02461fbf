package app

import "context"

// ReadStore looks past the gate, for tests.
func ReadStore(s *Session, fn func(Tx) error) error {
	return s.shop.store.Read(context.Background(), fn)
}
