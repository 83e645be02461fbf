package app

import (
	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
)

// RightsTx keeps rights lent for a time, printed approval codes, and how much
// of a day's ration was used.
type RightsTx interface {
	SaveLent(l Lent) (int64, error)
	// Lents lists what was lent to a person (0 = anybody), the latest first; open
	// ones only are those neither ended nor past their time at now.
	Lents(user int64, open bool, now int64) ([]Lent, error)
	// UseLent counts one use; Denied "grant.used-up" when none is left or it was
	// ended meanwhile.
	UseLent(id int64) error
	// EndLent ends it early; harmless when it was ended. NotFound "grant.unknown".
	EndLent(id, by, at int64) error

	SaveCodeSheet(s CodeSheet, hashes [][32]byte) (int64, error)
	// CodeSheets lists the sheets, the latest first, with how many codes were used.
	CodeSheets() ([]CodeSheet, error)
	// FindCode gives the code with a hash: its ID, its number on the sheet, and
	// whether it was used.
	FindCode(hash [32]byte) (c CodeRow, ok bool, err error)
	// UseCode marks it as used; Denied "gate.code-used" when it was.
	UseCode(id, by, at, seq int64) error
	EndCodeSheet(id, at int64) error

	// Rationed gives what a person used of something today, and adds to it.
	Rationed(user int64, d day.Date, what string) (int, error)
	AddRation(user int64, d day.Date, what string, n int) error

	// HighTime is the latest time of any entry from a number on, in Unix
	// milliseconds: a clock that was set back does not make anything last longer.
	HighTime(from int64) (int64, error)
}

// Lent is a right lent to a person for a time.
type Lent struct {
	ID       int64
	User     int64
	Actions  []access.Permission
	Own      bool // rows of the person's own only
	Reason   string
	At       int64 // Unix seconds
	Until    int64
	Uses     int // 0 = any number
	Used     int
	By       int64
	Seq      int64 // its entry in the log
	EndedBy  int64
	EndedAt  int64
	UserName string
	ByName   string
}

// CodeSheet is a printed sheet of approval codes.
type CodeSheet struct {
	ID      int64
	By      int64
	ByName  string
	At      int64 // Unix seconds
	Until   int64
	Actions []access.Permission // nil = whatever its maker may approve
	UpTo    amount.Money        // 0 = any amount
	Salt    [16]byte
	Seq     int64
	EndedAt int64
	Codes   int
	Used    int
}

// CodeRow is one code of a sheet.
type CodeRow struct {
	ID, Sheet int64
	No        int
	Used      bool
}
