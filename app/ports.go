package app

import (
	"context"
	"io"
	"time"

	"tiezhang/app/access"
	"tiezhang/app/amount"
	"tiezhang/app/day"
	"tiezhang/app/doc"
	"tiezhang/app/ledger"
	"tiezhang/app/master"
	"tiezhang/app/oplog"
	"tiezhang/app/report"
)

// Clock tells the time; tests set it.
type Clock interface {
	Now() time.Time
}

// Image is a frozen view of the encrypted main file while selling goes on.
type Image interface {
	io.ReaderAt
	Size() int64
	PageSize() int
	Salt() [16]byte
	Release() error
}

// Store is the open shop's data.
type Store interface {
	// Write runs fn in one transaction: all of it is durable when Write
	// returns nil, none of it otherwise. Writers take turns. Faults of fn pass
	// unchanged; its own: NoSpace, ReadOnly, Damaged, Canceled, Locked.
	Write(ctx context.Context, fn func(Tx) error) error
	// Read runs fn over one unchanging view; writers go on meanwhile.
	Read(ctx context.Context, fn func(Tx) error) error
	// Pin freezes the main file for a backup. look, which may be nil, reads the
	// very state the image holds. Faults: Locked when readers stay in the way,
	// and those of look.
	Pin(ctx context.Context, look func(Tx) error) (Image, error)
	// Schema is the version of the data layout.
	Schema() int
	// LogKey keys the log's chain.
	LogKey() []byte
	// CheckFile checks every page of the file (体检 level 1).
	CheckFile(ctx context.Context, progress func(done, total int64)) ([]string, error)
	Dir() string
	Rotator
	Close() error
}

// Tx is one transaction. In a read view the writing methods fail.
type Tx interface {
	MasterTx
	DocTx
	LedgerTx
	LogTx
	PeopleTx
	SignInTx
	SignerTx
	RightsTx
	// Report answers a query of the named spec with exactly the columns asked
	// for. Faults: NotFound "report.unknown", Invalid "report.filter".
	Report(ctx context.Context, q report.Query, cols []report.Column) (report.Page, error)
	// Setting and SetSetting keep the shop's settings; "" when not set.
	Setting(key string) (string, error)
	SetSetting(key, value string) error
}

// MasterTx reads and writes master data. Save with ID 0 inserts and gives the
// new ID; otherwise it wants the Version that was read and gives Conflict
// "master.stale" when somebody saved meanwhile. A code or barcode that is taken
// gives Conflict "master.code-taken" / "master.barcode-taken" with the holder's
// code and name. Missing rows give NotFound "master.unknown".
type MasterTx interface {
	CatalogTx
	ListTx
	Item(id int64) (master.Item, error)
	ItemByCode(code string) (master.Item, error)
	SaveItem(it master.Item) (int64, error)
	// ItemsByBarcode gives every item bearing the code, with the unit it stands for.
	ItemsByBarcode(code string) ([]ItemHit, error)
	// ItemsByPLU gives every item in use with this number on the scale.
	ItemsByPLU(plu string) ([]ItemHit, error)
	// SearchItems finds items by tokens in any order over code, barcode tail,
	// initials, full pinyin, name and spec; best first.
	SearchItems(query string, limit int) ([]ItemHit, error)
	Picture(itemID int64) ([]byte, error)
	SetPicture(itemID int64, b []byte) error

	Party(id int64) (master.Party, error)
	PartyByCode(code string) (master.Party, error)
	SaveParty(p master.Party) (int64, error)
	SearchParties(query string, kind master.PartyKind, limit int) ([]master.Party, error)

	Warehouse(id int64) (master.Warehouse, error)
	Warehouses() ([]master.Warehouse, error)
	SaveWarehouse(w master.Warehouse) (int64, error)
	Account(id int64) (master.Account, error)
	Accounts() ([]master.Account, error)
	SaveAccount(a master.Account) (int64, error)
	// Counts gives how many items, parties … there are, for the checklist.
	Counts() (Counts, error)
}

// Counts are row counts of the shop.
type Counts struct {
	Items, Parties, Users, Drafts, Posted int
	ByKind                                map[doc.Kind]int // posted
}

// ItemHit is an item found, with what a picker shows beside it.
type ItemHit struct {
	Item   master.Item
	Unit   string // unit the barcode stands for; "" = base
	OnHand amount.Qty
}

// DocTx reads and writes documents.
type DocTx interface {
	// Document reads one by ID: NotFound "doc.unknown".
	Document(id string) (doc.Document, error)
	DocumentByNumber(number string) (doc.Document, error)
	// SaveDraft inserts or replaces a draft; Conflict "doc.stale" on another
	// Version, Conflict "doc.not-draft" when it is no draft any more.
	SaveDraft(d doc.Document) (version int64, err error)
	// NextNumber takes the next number of a kind's prefix and day.
	NextNumber(prefix string, d day.Date) (string, error)
	// InsertPosted writes a posted document with its lines, payments and
	// allocations, replacing its draft.
	InsertPosted(d doc.Document) error
	// SetStatus moves a document on (Reversed with the reversing ID, or Void).
	SetStatus(id string, s doc.Status, by string) error
	// Settle adds an amount to what is settled of a document.
	Settle(id string, by amount.Money) error
	// Drafts lists the unfinished documents of a user, latest first (0 = all).
	Drafts(user int64) ([]doc.Document, error)
	// LastPrice gives the last price of an item to or from a party for a kind, the
	// unit it was for and the number of the document.
	LastPrice(kind doc.Kind, party, item int64) (p amount.Price, unit, number string, ok bool, err error)
	// Open tells of every line of a document how much of it other documents'
	// lines took: posted ones that were not taken back.
	Open(docID string) ([]LineOpen, error)
	// PulledBy gives the numbers of the posted, not reversed documents with a line
	// that names one of this document's as its origin.
	PulledBy(docID string) ([]string, error)
	// EndOrder says that the rest of an order will not come any more. Repeating it
	// keeps the first word.
	EndOrder(docID string, e OrderEnd) error
	// ReopenOrder takes that back; harmless when it was not ended.
	ReopenOrder(docID string) error
	// OrderEnded tells whether an order was ended, by whom and why.
	OrderEnded(docID string) (OrderEnd, bool, error)
	// AskApproval asks for a saved draft; a question still open about the same
	// document is withdrawn. Gives the question's ID.
	AskApproval(a Approval) (int64, error)
	// Approval gives the latest question about a document.
	Approval(docID string) (Approval, bool, error)
	// ApprovalByID: NotFound "store.approval-unknown".
	ApprovalByID(id int64) (Approval, error)
	// PendingApprovals lists the open questions, oldest first.
	PendingApprovals() ([]Approval, error)
	// Decide answers an open question, or withdraws it; Conflict
	// "store.approval-decided" when that was done before, NotFound "store.approval-unknown".
	Decide(id int64, a Answer) error
	// DraftsDated lists the drafts dated in a period, without their lines.
	DraftsDated(from, to day.Date) ([]doc.Document, error)
	// PostedFrom counts the posted documents dated on a day or later.
	PostedFrom(d day.Date) (int, error)
}

// LedgerTx reads and writes the books.
type LedgerTx interface {
	// History gives a pot's pool just before a place in the order of moves and
	// its moves from there on, restatements folded in. When there are none it is
	// cheap. Layers: see ledger.Books.
	History(p ledger.Pot, from ledger.Place) (ledger.History, error)
	// MovesOf gives a document's own moves with their restatements folded in and
	// RefDate filled for Origin moves.
	MovesOf(docID string) ([]ledger.Move, error)
	// OriginMove gives the move behind a posted line and what was returned of
	// it: UsedQty over the lines of posted, not reversed documents that name the
	// line as origin, UsedValue over their moves. NotFound "doc.unknown-origin".
	OriginMove(docID string, line int) (ledger.OriginMove, error)
	// OnHand gives the quantity of an item in a warehouse; 0 = all but what is
	// lent out.
	OnHand(item, warehouse int64) (amount.Qty, error)
	// OnHandBatch gives the quantity of one batch ("" = none named) in a warehouse;
	// 0 = all but what is lent out.
	OnHandBatch(item, warehouse int64, batch string) (amount.Qty, error)
	// Batches gives what there is of an item batch by batch, without batches of
	// nothing, in a warehouse (0 = all but what is lent out): what expires first
	// comes first, what never does last.
	Batches(item, warehouse int64) ([]BatchStock, error)
	// BatchExpiry gives the day a batch expires, 0 when none is known.
	BatchExpiry(item int64, batch string) (day.Date, error)
	// SerialPlace gives the warehouse a piece is in; ok is false when it is not in
	// stock.
	SerialPlace(item int64, serial string) (warehouse int64, ok bool, err error)
	// Serials lists pieces in stock in a warehouse (0 = all) that contain a
	// fragment, in order, at most limit.
	Serials(item, warehouse int64, fragment string, limit int) ([]Serial, error)
	// LentPlace gives the place that stands for the hands of others. Write makes
	// it on first use, with this name; a read view gives 0 while there is none.
	LentPlace(name string) (int64, error)
	// Points gives what a member has.
	Points(party int64) (int64, error)
	// Pool gives a pot's cost pool now, with its layers; of an item that costs by
	// batch, Batch "" gives the sum over its batches.
	Pool(p ledger.Pot) (ledger.Pool, error)
	// Append writes a batch and brings all balances up to date in the same
	// transaction.
	Append(b ledger.Batch) error
	// Balance gives the sum of an account, of one party or money account if not 0.
	Balance(account doc.AccountCode, party, cash int64) (amount.Money, error)
	// CostMethods lists since when issues were costed how, earliest first.
	CostMethods() ([]CostMethod, error)
	// SwitchMethod changes how issues are costed from a day on and sets
	// SettingCostMethod: with FIFO what is on hand of each pot becomes one layer,
	// with the average the layers go. No value changes. Conflict
	// "store.moves-after" when anything was moved on or after that day.
	SwitchMethod(m CostMethod) error
	// CloseMonth writes what the books say at the end of a month (yyyymm), and
	// its hash. Only By and At are taken from m besides the month. Conflict
	// "store.month-order" when it is not the one after the last closed (if any).
	CloseMonth(m MonthClose) (MonthClose, error)
	// ReopenMonth marks the last closed month as open again: ReopenedBy,
	// ReopenedAt and Reason of m. Conflict "store.month-order" when m.Month is another.
	// Neither touches SettingMonthClosed.
	ReopenMonth(m MonthClose) error
	// MonthCloses lists all closings, reopened ones too, latest first.
	MonthCloses() ([]MonthClose, error)
	// NegativeAt lists what was below nothing at the end of a day.
	NegativeAt(d day.Date) ([]Negative, error)
	// CheckBooks recomputes every balance from moves and entries and reports
	// each difference (体检 level 4).
	CheckBooks(ctx context.Context, progress func(done, total int64)) ([]Finding, error)
	// Totals are the control totals of a backup and of the screen before restore.
	Totals() (Totals, error)
	// Today gathers the figures of the home screen for a day: sales, bills, trend,
	// ranking and alerts of the warehouses given, the rest of the whole shop.
	Today(d day.Date, at access.Reach) (Today, error)
}

// Finding is one thing a check found wrong. Key is a text key with Args.
type Finding struct {
	Level int // 1 file … 5 anchors
	Key   string
	Args  map[string]any
}

// Totals identify a state of the shop.
type Totals struct {
	Documents  int
	LastNumber string
	LastAt     int64 // Unix seconds of the last posting
	StockQty   amount.Qty
	StockValue amount.Money
	Receivable amount.Money
	Payable    amount.Money
	Cash       amount.Money
}

// Today is what the home screen shows.
type Today struct {
	Sales, Margin       amount.Money
	Bills               int
	Receivable, Payable amount.Money
	StockValue          amount.Money
	Alerts              int         // items under their minimum
	Trend               []DayAmount // last 30 days
	Top                 []NameAmount
}

// DayAmount and NameAmount are points of the home screen's charts.
type DayAmount struct {
	Date   day.Date
	Amount amount.Money
}
type NameAmount struct {
	Name   string
	Qty    amount.Qty
	Amount amount.Money
}

// LogTx keeps the operation log.
type LogTx interface {
	// LogHead gives the last entry's number and hash (0 and zeros at the start).
	LogHead() (seq int64, hash [32]byte, err error)
	AppendLog(s oplog.Sealed, e oplog.Entry) error
	// LogEntries reads sealed entries from a number on, at most limit.
	LogEntries(from int64, limit int) ([]oplog.Sealed, error)
}

// User is a person with an account in this shop.
type User struct {
	ID       int64
	Name     string
	Role     access.RoleID
	Disabled bool
	LastIn   int64 // Unix seconds of the last sign-in
	Failures int   // failed sign-ins since
	Version  int64

	// What the sign-in asks for besides the password; the factors themselves are
	// in the keyring.
	TOTP     bool
	TOTPStep int64 // the last step used: a code is good once
	KeyFile  bool
	// Activate: a one-time code stands in for the password, until ActivateUntil.
	Activate      bool
	ActivateUntil int64
	PasswordAt    int64 // when the password was chosen, 0 unknown
	PasswordSeq   int64 // the entry of the log that says so, 0 unknown
	RoleAt        int64 // since when in this role
	CreatedAt     int64
	EnabledAt     int64 // let in again after being disabled, 0 never
	// Reach is where this person works; nil = in all warehouses.
	Reach access.Reach
}

// PeopleTx keeps users and roles. NotFound "user.unknown"; a taken name gives
// Conflict "user.name-taken".
type PeopleTx interface {
	LeaveTx
	Users() ([]User, error)
	UserByName(name string) (User, error)
	SaveUser(u User) (int64, error)
	Roles() ([]access.Role, error)
	SaveRole(r access.Role) error
	// DropRole removes a role nobody has.
	DropRole(id access.RoleID) error
}
