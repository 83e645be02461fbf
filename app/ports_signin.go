package app

import (
	"encoding/json"

	"tiezhang/app/rule"
)

// SignInTx keeps what signing in leaves behind.
type SignInTx interface {
	// SignInPlaces gives every place anybody signed in at.
	SignInPlaces() ([]rule.Seen, error)
	SaveSignInPlace(user int64, p rule.Place, at int64) error

	AddUnusual(u Unusual) error
	// Unusuals lists them, the latest first: those nobody has seen yet, or at most
	// so many of all.
	Unusuals(unseen bool, limit int) ([]Unusual, error)
	// SeeUnusual marks all up to a number as seen and gives how many there were.
	SeeUnusual(upTo, by, at int64) (int, error)

	// PasswordUsed tells whether a password is one of those a person had before;
	// KeepPassword adds one and keeps the latest few; ForgetPasswords forgets a
	// person's, or everybody's with 0.
	PasswordUsed(user int64, password string) (bool, error)
	KeepPassword(user, at int64, password string, keep int) error
	// KeepFormer does so with what Keys.Former gave.
	KeepFormer(user, at int64, record string, keep int) error
	ForgetPasswords(user int64) error

	SaveTraining(t Training) error
	// Trainings gives each person's latest.
	Trainings() ([]Training, error)

	SaveReview(r Review) error
	// LastReview gives the latest; At 0 when there was none. Reviews lists all, the
	// latest first.
	LastReview() (Review, error)
	Reviews() ([]Review, error)
}

// Unusual is a sign-in with something unusual about it.
type Unusual struct {
	ID      int64
	UserID  int64
	User    string
	At      int64 // Unix seconds
	Reasons []string
	High    bool
	Machine string
	SeenBy  string // "" until somebody has seen it
	SeenAt  int64
}

// Training is one person's answers to the security training.
type Training struct {
	UserID int64
	At     int64
	Score  int
	Total  int
}

// Review is a review of everybody's rights that was signed.
type Review struct {
	At     int64
	UserID int64
	User   string
	People int
	Digest string // of the table that was looked at
	Note   string
	Seq    int64 // its entry in the log
	Key    []byte
	Sig    []byte // by Key, over message
}

// message is what is signed.
func (r Review) message() []byte {
	b, _ := json.Marshal([]any{"tiezhang review 1", r.User, r.Digest, r.Note, r.People, r.At, r.Seq}) // of strings and numbers: cannot fail
	return b
}
