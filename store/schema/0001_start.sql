-- 0001: the whole shop.
--
-- Reading guide
--   * STRICT everywhere: an INTEGER column holds integers, never 3.0 or '3'.
--   * Money is in 1/100 yuan, prices in 1/1000000, quantities in 1/10000 of the
--     base unit, dates are yyyymmdd, times are Unix seconds (the log:
--     milliseconds), all UTC.
--   * Documents have an integer key of their own (document.key), so that the
--     rows hanging on them stay small; document.id is the client's text.
--   * Optional references are NULL in the tables people edit (document, line),
--     and 0 in entry, stock_balance and ledger_balance, where they are part of
--     a key.
--   * move, entry and oplog are only ever appended to; triggers at the end
--     hold that. stock_balance, item_pool and ledger_balance are caches of
--     them, brought up to date in the same transaction and recomputed by the
--     check of the books.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- People ----------------------------------------------------------------------

CREATE TABLE role (
  id     TEXT PRIMARY KEY,
  rights TEXT NOT NULL CHECK (json_valid(rights)) -- access.Role as JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL COLLATE NOCASE UNIQUE,
  role     TEXT NOT NULL REFERENCES role (id),
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  last_in  INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  version  INTEGER NOT NULL DEFAULT 1
) STRICT;

-- Master data -----------------------------------------------------------------

CREATE TABLE item (
  id       INTEGER PRIMARY KEY,
  code     TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name     TEXT NOT NULL,
  spec     TEXT NOT NULL DEFAULT '',
  brand    TEXT NOT NULL DEFAULT '',
  category TEXT NOT NULL DEFAULT '', -- path with '/' between its parts
  unit     TEXT NOT NULL,            -- base unit; every quantity of moves is in it
  min      INTEGER NOT NULL DEFAULT 0 CHECK (min >= 0),
  max      INTEGER NOT NULL DEFAULT 0 CHECK (max >= 0),
  initials TEXT NOT NULL DEFAULT '',
  pinyin   TEXT NOT NULL DEFAULT '',
  note     TEXT NOT NULL DEFAULT '',
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  version  INTEGER NOT NULL DEFAULT 1,
  -- code, barcodes, initials, pinyin, name and spec in lower case, with a line
  -- feed between them: a search for a fragment is instr(search, lower(?)) > 0
  search   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX item_category ON item (category, code);

CREATE TABLE item_unit ( -- further units: 1 name = num/den base units
  item  INTEGER NOT NULL REFERENCES item (id),
  no    INTEGER NOT NULL,
  name  TEXT NOT NULL,
  num   INTEGER NOT NULL CHECK (num > 0),
  den   INTEGER NOT NULL CHECK (den > 0),
  price INTEGER NOT NULL DEFAULT 0 CHECK (price >= 0),
  PRIMARY KEY (item, no),
  UNIQUE (item, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE item_barcode (
  code TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
  item INTEGER NOT NULL REFERENCES item (id),
  no   INTEGER NOT NULL,            -- 1 is the first, which lists show
  unit TEXT NOT NULL DEFAULT ''     -- '' = base unit
) STRICT, WITHOUT ROWID;
CREATE INDEX item_barcode_item ON item_barcode (item, no, unit);

CREATE TABLE item_price ( -- per base unit
  item  INTEGER NOT NULL REFERENCES item (id),
  level TEXT NOT NULL,              -- master.PriceLevel
  price INTEGER NOT NULL CHECK (price >= 0),
  PRIMARY KEY (item, level)
) STRICT, WITHOUT ROWID;

CREATE TABLE item_picture (
  item INTEGER PRIMARY KEY REFERENCES item (id),
  data BLOB NOT NULL
) STRICT;

CREATE TABLE party (
  id       INTEGER PRIMARY KEY,
  code     TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name     TEXT NOT NULL,
  kind     TEXT NOT NULL CHECK (kind IN ('customer', 'supplier', 'both')),
  contact  TEXT NOT NULL DEFAULT '',
  phone    TEXT NOT NULL DEFAULT '',
  address  TEXT NOT NULL DEFAULT '',
  level    TEXT NOT NULL DEFAULT '',
  credit   INTEGER NOT NULL DEFAULT 0 CHECK (credit >= 0),
  owner    INTEGER REFERENCES user (id), -- who looks after it
  initials TEXT NOT NULL DEFAULT '',
  pinyin   TEXT NOT NULL DEFAULT '',
  note     TEXT NOT NULL DEFAULT '',
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  version  INTEGER NOT NULL DEFAULT 1,
  search   TEXT NOT NULL DEFAULT '' -- code, initials, pinyin, name as in item; no phone: it has a right of its own
) STRICT;

CREATE TABLE warehouse (
  id       INTEGER PRIMARY KEY,
  code     TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name     TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  version  INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE account ( -- money accounts
  id       INTEGER PRIMARY KEY,
  code     TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name     TEXT NOT NULL,
  kind     TEXT NOT NULL,           -- master.AccountKind
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  version  INTEGER NOT NULL DEFAULT 1
) STRICT;

-- Documents -------------------------------------------------------------------

CREATE TABLE document (
  key         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  kind        TEXT NOT NULL,
  number      TEXT UNIQUE,          -- NULL until posted
  date        INTEGER NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('draft', 'posted', 'reversed', 'void')),
  version     INTEGER NOT NULL DEFAULT 1,
  party       INTEGER REFERENCES party (id),
  warehouse   INTEGER REFERENCES warehouse (id),
  to_place    INTEGER REFERENCES warehouse (id),
  account     INTEGER REFERENCES account (id),
  to_account  INTEGER REFERENCES account (id),
  category    TEXT NOT NULL DEFAULT '',
  amount      INTEGER NOT NULL DEFAULT 0,
  expected    INTEGER NOT NULL DEFAULT 0,
  discount    INTEGER NOT NULL DEFAULT 0,
  total       INTEGER NOT NULL DEFAULT 0,
  -- how much of total is paid: payments on the spot plus allocations of others
  settled     INTEGER NOT NULL DEFAULT 0,
  lines       INTEGER NOT NULL DEFAULT 0, -- how many
  note        TEXT NOT NULL DEFAULT '',
  reason      TEXT NOT NULL DEFAULT '',
  reverses    INTEGER UNIQUE REFERENCES document (key),
  reversed_by INTEGER UNIQUE REFERENCES document (key),
  created_by  INTEGER REFERENCES user (id),
  posted_by   INTEGER REFERENCES user (id),
  created_at  INTEGER NOT NULL DEFAULT 0,
  posted_at   INTEGER NOT NULL DEFAULT 0,
  CHECK (status IN ('draft', 'void') OR number IS NOT NULL AND date BETWEEN 19700101 AND 99991231),
  CHECK ((status = 'reversed') = (reversed_by IS NOT NULL))
) STRICT;
CREATE INDEX document_kind ON document (kind, date, status, total, settled, key);
-- the lists in order of dates: walked from the end, without looking at the rows
CREATE INDEX document_date ON document (date, key, kind, status, total, settled, created_by);
CREATE INDEX document_party ON document (party, date, key);
CREATE INDEX document_user ON document (created_by, date, key);
CREATE INDEX document_draft ON document (created_by, key) WHERE status = 'draft';
-- what is not paid in full yet: the lists of open documents
CREATE INDEX document_open ON document (party, kind, date, total, settled) WHERE status = 'posted' AND total <> settled;

CREATE TABLE line (
  doc         INTEGER NOT NULL REFERENCES document (key),
  no          INTEGER NOT NULL CHECK (no > 0),
  pos         INTEGER NOT NULL,             -- place on the document: a line put in between keeps its own no
  item        INTEGER REFERENCES item (id), -- NULL only in a draft
  unit        TEXT NOT NULL DEFAULT '',
  num         INTEGER NOT NULL,
  den         INTEGER NOT NULL,
  qty         INTEGER NOT NULL,             -- in unit
  base        INTEGER NOT NULL,             -- in base units
  book        INTEGER NOT NULL DEFAULT 0,
  price       INTEGER NOT NULL DEFAULT 0,   -- per unit
  off         INTEGER NOT NULL DEFAULT 0,
  gross       INTEGER NOT NULL DEFAULT 0,
  share       INTEGER NOT NULL DEFAULT 0,   -- of the bill's discount; the line's net is gross - share
  batch       TEXT NOT NULL DEFAULT '',
  expiry      INTEGER NOT NULL DEFAULT 0,
  origin_doc  INTEGER REFERENCES document (key),
  origin_line INTEGER NOT NULL DEFAULT 0,
  note        TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (doc, no)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_item ON line (item, doc, no, qty, base, gross, share);
CREATE INDEX line_origin ON line (origin_doc, origin_line) WHERE origin_doc IS NOT NULL;

CREATE TABLE payment ( -- on the spot
  doc     INTEGER NOT NULL REFERENCES document (key),
  no      INTEGER NOT NULL,
  account INTEGER REFERENCES account (id),
  amount  INTEGER NOT NULL,
  PRIMARY KEY (doc, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE allocation ( -- doc settles amount of target
  doc    INTEGER NOT NULL REFERENCES document (key),
  no     INTEGER NOT NULL,
  target INTEGER NOT NULL REFERENCES document (key),
  amount INTEGER NOT NULL,
  PRIMARY KEY (doc, no)
) STRICT, WITHOUT ROWID;
CREATE INDEX allocation_target ON allocation (target, doc, amount);

CREATE TABLE number_seq ( -- last number given out of a prefix and day
  prefix TEXT NOT NULL,
  date   INTEGER NOT NULL,
  last   INTEGER NOT NULL CHECK (last > 0),
  PRIMARY KEY (prefix, date)
) STRICT, WITHOUT ROWID;

-- Books -----------------------------------------------------------------------

-- One row of the stock ledger. doc is the document whose posting wrote the row.
-- own_doc and own_line are the document and line the row is about: for
-- recost and adjust rows those of the move they restate (ref), otherwise doc
-- and line. So what a line's goods were worth, with all restatements, is
--   sum(value) over own_doc = ? and own_line = ? and rule <> 'adjust'
-- and a document's own moves are the rows with own_doc = doc = ? whose rule is
-- neither recost nor adjust. A recost or adjust row carries the date and class
-- of the move it restates, so sums up to a date need no special case.
CREATE TABLE move (
  seq       INTEGER PRIMARY KEY,
  doc       INTEGER NOT NULL REFERENCES document (key),
  line      INTEGER NOT NULL,
  own_doc   INTEGER NOT NULL REFERENCES document (key),
  own_line  INTEGER NOT NULL,
  item      INTEGER NOT NULL REFERENCES item (id),
  warehouse INTEGER NOT NULL REFERENCES warehouse (id),
  batch     TEXT NOT NULL DEFAULT '',
  date      INTEGER NOT NULL CHECK (date BETWEEN 19700101 AND 99991231),
  class     INTEGER NOT NULL CHECK (class BETWEEN 0 AND 9),
  rule      TEXT NOT NULL CHECK (rule IN ('given', 'average', 'origin', 'reversal', 'carry', 'recost', 'adjust', 'addcost')),
  ref       INTEGER NOT NULL DEFAULT 0, -- seq of the move referred to, 0 none
  qty       INTEGER NOT NULL CHECK (qty BETWEEN -100000000000000 AND 100000000000000),
  value     INTEGER NOT NULL CHECK (value BETWEEN -10000000000000 AND 10000000000000),
  contra    TEXT NOT NULL DEFAULT '',
  hint      INTEGER NOT NULL DEFAULT 0,
  CHECK (rule NOT IN ('recost', 'adjust') OR qty = 0 AND ref > 0),
  CHECK (ref < seq)
) STRICT;
-- the order of costing, and everything that groups by item
CREATE INDEX move_item ON move (item, date, class, seq, warehouse, rule, qty, value);
CREATE INDEX move_own ON move (own_doc, own_line, rule, item, qty, value);
CREATE INDEX move_date ON move (date, item, warehouse, rule, qty, value);
CREATE INDEX move_ref ON move (ref, rule, qty, value) WHERE ref <> 0;
CREATE INDEX move_cause ON move (doc) WHERE doc <> own_doc; -- what a posting restated

CREATE TABLE entry ( -- double entry: debit positive, credit negative
  seq     INTEGER PRIMARY KEY,
  doc     INTEGER NOT NULL REFERENCES document (key),
  date    INTEGER NOT NULL CHECK (date BETWEEN 19700101 AND 99991231),
  account TEXT NOT NULL,               -- doc.AccountCode
  party   INTEGER NOT NULL DEFAULT 0,  -- receivable and payable; 0 none
  cash    INTEGER NOT NULL DEFAULT 0,  -- money account; 0 none
  amount  INTEGER NOT NULL
) STRICT;
CREATE INDEX entry_account ON entry (account, party, cash, date, amount, doc);
CREATE INDEX entry_date ON entry (account, date, amount);
CREATE INDEX entry_doc ON entry (doc);

-- Caches of the books ---------------------------------------------------------

CREATE TABLE stock_balance (
  item      INTEGER NOT NULL REFERENCES item (id),
  warehouse INTEGER NOT NULL REFERENCES warehouse (id),
  batch     TEXT NOT NULL DEFAULT '',
  qty       INTEGER NOT NULL,
  PRIMARY KEY (item, warehouse, batch)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_balance_place ON stock_balance (warehouse, item, qty);

CREATE TABLE item_pool ( -- cost pool over all warehouses: cost = value / qty
  item       INTEGER PRIMARY KEY REFERENCES item (id),
  qty        INTEGER NOT NULL,
  value      INTEGER NOT NULL,
  last_value INTEGER NOT NULL,         -- last known unit cost is last_value / last_qty
  last_qty   INTEGER NOT NULL CHECK (last_qty >= 0)
) STRICT;

CREATE TABLE ledger_balance (
  account TEXT NOT NULL,
  party   INTEGER NOT NULL,            -- 0 none
  cash    INTEGER NOT NULL,            -- 0 none
  amount  INTEGER NOT NULL,
  PRIMARY KEY (account, party, cash)
) STRICT, WITHOUT ROWID;

-- Operation log ---------------------------------------------------------------

-- bytes is what was hashed; every other readable column is computed from it,
-- so a list of the log can never say something else than the chained entry.
CREATE TABLE oplog (
  seq    INTEGER PRIMARY KEY CHECK (seq > 0),
  bytes  TEXT NOT NULL CHECK (json_valid(bytes)),
  prev   BLOB NOT NULL CHECK (length(prev) = 32),
  hash   BLOB NOT NULL CHECK (length(hash) = 32),
  time   INTEGER GENERATED ALWAYS AS (json_extract(bytes, '$.time')) VIRTUAL,  -- ms
  uid    INTEGER GENERATED ALWAYS AS (json_extract(bytes, '$.uid')) VIRTUAL,
  user   TEXT GENERATED ALWAYS AS (json_extract(bytes, '$.user')) VIRTUAL,
  role   TEXT GENERATED ALWAYS AS (json_extract(bytes, '$.role')) VIRTUAL,
  action TEXT GENERATED ALWAYS AS (json_extract(bytes, '$.action')) VIRTUAL,
  object TEXT GENERATED ALWAYS AS (ifnull(json_extract(bytes, '$.object'), '')) VIRTUAL,
  result TEXT GENERATED ALWAYS AS (json_extract(bytes, '$.result')) VIRTUAL,
  detail TEXT GENERATED ALWAYS AS (ifnull(json_extract(bytes, '$.detail'), '')) VIRTUAL
) STRICT;
CREATE INDEX oplog_time ON oplog (time, seq);
CREATE INDEX oplog_uid ON oplog (uid, seq);
CREATE INDEX oplog_action ON oplog (action, seq);

-- A second lock on what is posted; the first is that no code changes it. ----------

CREATE TRIGGER move_no_update BEFORE UPDATE ON move BEGIN SELECT raise(ABORT, 'move is append-only'); END;
CREATE TRIGGER move_no_delete BEFORE DELETE ON move BEGIN SELECT raise(ABORT, 'move is append-only'); END;
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'entry is append-only'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'entry is append-only'); END;
CREATE TRIGGER oplog_no_update BEFORE UPDATE ON oplog BEGIN SELECT raise(ABORT, 'oplog is append-only'); END;
CREATE TRIGGER oplog_no_delete BEFORE DELETE ON oplog BEGIN SELECT raise(ABORT, 'oplog is append-only'); END;

CREATE TRIGGER document_no_delete BEFORE DELETE ON document WHEN OLD.status <> 'draft'
BEGIN SELECT raise(ABORT, 'document is posted'); END;

-- Of a document that is no draft only two things may change: status from
-- posted to reversed (with reversed_by), and settled.
CREATE TRIGGER document_no_update BEFORE UPDATE ON document WHEN OLD.status <> 'draft' AND NOT (
  (NEW.status = OLD.status AND NEW.reversed_by IS OLD.reversed_by
    OR OLD.status = 'posted' AND NEW.status = 'reversed' AND OLD.reversed_by IS NULL)
  AND NEW.key = OLD.key AND NEW.id = OLD.id AND NEW.kind = OLD.kind AND NEW.number IS OLD.number
  AND NEW.date = OLD.date AND NEW.version = OLD.version AND NEW.party IS OLD.party
  AND NEW.warehouse IS OLD.warehouse AND NEW.to_place IS OLD.to_place AND NEW.account IS OLD.account
  AND NEW.to_account IS OLD.to_account AND NEW.category = OLD.category AND NEW.amount = OLD.amount
  AND NEW.expected = OLD.expected AND NEW.discount = OLD.discount AND NEW.total = OLD.total
  AND NEW.lines = OLD.lines AND NEW.note = OLD.note AND NEW.reason = OLD.reason AND NEW.reverses IS OLD.reverses
  AND NEW.created_by IS OLD.created_by AND NEW.posted_by IS OLD.posted_by
  AND NEW.created_at = OLD.created_at AND NEW.posted_at = OLD.posted_at)
BEGIN SELECT raise(ABORT, 'document is posted'); END;

-- Lines, payments and allocations are written while their document is a draft;
-- posting makes it posted as the last step.
CREATE TRIGGER line_no_insert BEFORE INSERT ON line WHEN (SELECT status FROM document WHERE key = NEW.doc) <> 'draft'
BEGIN SELECT raise(ABORT, 'document is posted'); END;
CREATE TRIGGER line_no_update BEFORE UPDATE ON line WHEN (SELECT status FROM document WHERE key = OLD.doc) <> 'draft' OR NEW.doc <> OLD.doc
BEGIN SELECT raise(ABORT, 'document is posted'); END;
CREATE TRIGGER line_no_delete BEFORE DELETE ON line WHEN (SELECT status FROM document WHERE key = OLD.doc) <> 'draft'
BEGIN SELECT raise(ABORT, 'document is posted'); END;
CREATE TRIGGER payment_no_insert BEFORE INSERT ON payment WHEN (SELECT status FROM document WHERE key = NEW.doc) <> 'draft'
BEGIN SELECT raise(ABORT, 'document is posted'); END;
CREATE TRIGGER payment_no_update BEFORE UPDATE ON payment WHEN (SELECT status FROM document WHERE key = OLD.doc) <> 'draft' OR NEW.doc <> OLD.doc
BEGIN SELECT raise(ABORT, 'document is posted'); END;
CREATE TRIGGER payment_no_delete BEFORE DELETE ON payment WHEN (SELECT status FROM document WHERE key = OLD.doc) <> 'draft'
BEGIN SELECT raise(ABORT, 'document is posted'); END;
CREATE TRIGGER allocation_no_insert BEFORE INSERT ON allocation WHEN (SELECT status FROM document WHERE key = NEW.doc) <> 'draft'
BEGIN SELECT raise(ABORT, 'document is posted'); END;
CREATE TRIGGER allocation_no_update BEFORE UPDATE ON allocation WHEN (SELECT status FROM document WHERE key = OLD.doc) <> 'draft' OR NEW.doc <> OLD.doc
BEGIN SELECT raise(ABORT, 'document is posted'); END;
CREATE TRIGGER allocation_no_delete BEFORE DELETE ON allocation WHEN (SELECT status FROM document WHERE key = OLD.doc) <> 'draft'
BEGIN SELECT raise(ABORT, 'document is posted'); END;
