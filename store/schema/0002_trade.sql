-- 0002: every document, exact cost, master data in full.
--
-- What is new, by subject. The rules of 0001 hold: STRICT, integers only,
-- append-only moves, caches that the check of the books recomputes.

-- Master data -----------------------------------------------------------------

ALTER TABLE item ADD COLUMN track TEXT NOT NULL DEFAULT '' CHECK (track IN ('', 'batch', 'serial'));
ALTER TABLE item ADD COLUMN expires INTEGER NOT NULL DEFAULT 0 CHECK (expires IN (0, 1));
ALTER TABLE item ADD COLUMN shelf_days INTEGER NOT NULL DEFAULT 0 CHECK (shelf_days >= 0);
ALTER TABLE item ADD COLUMN cost_by_batch INTEGER NOT NULL DEFAULT 0 CHECK (cost_by_batch IN (0, 1));
ALTER TABLE item ADD COLUMN plu TEXT NOT NULL DEFAULT '';
ALTER TABLE item ADD COLUMN merged_into INTEGER REFERENCES item (id);
ALTER TABLE item ADD COLUMN custom TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(custom)); -- by custom_field.key
CREATE INDEX item_plu ON item (plu) WHERE plu <> '';
CREATE INDEX item_merged ON item (merged_into) WHERE merged_into IS NOT NULL;

-- One code may stand for several items (and the till asks which), so the item
-- is part of the key.
CREATE TABLE item_barcode_new (
  code TEXT NOT NULL COLLATE NOCASE,
  item INTEGER NOT NULL REFERENCES item (id),
  no   INTEGER NOT NULL,            -- 1 is the first, which lists show
  unit TEXT NOT NULL DEFAULT '',    -- '' = base unit
  PRIMARY KEY (code, item)
) STRICT, WITHOUT ROWID;
INSERT INTO item_barcode_new SELECT code, item, no, unit FROM item_barcode;
DROP TABLE item_barcode;
ALTER TABLE item_barcode_new RENAME TO item_barcode;
CREATE INDEX item_barcode_item ON item_barcode (item, no, unit);

CREATE TABLE category ( -- the tree; a path with '/' between its parts, parents too
  path TEXT PRIMARY KEY,
  sort INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
WITH RECURSIVE up (path) AS (
  SELECT DISTINCT category FROM item WHERE category <> ''
  UNION
  SELECT rtrim(rtrim(path, replace(path, '/', '')), '/') FROM up WHERE instr(path, '/') > 0
) INSERT OR IGNORE INTO category (path) SELECT path FROM up WHERE path <> '';

CREATE TABLE batch ( -- what is known of an item's batch
  item   INTEGER NOT NULL REFERENCES item (id),
  batch  TEXT NOT NULL CHECK (batch <> ''),
  expiry INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (item, batch)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_expiry ON batch (expiry, item, batch) WHERE expiry <> 0;
INSERT INTO batch (item, batch, expiry) SELECT l.item, l.batch, max(l.expiry) FROM line l JOIN document d ON d.key = l.doc
  WHERE l.batch <> '' AND d.status IN ('posted', 'reversed') GROUP BY l.item, l.batch;

ALTER TABLE party ADD COLUMN card TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN birthday TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN merged_into INTEGER REFERENCES party (id);
ALTER TABLE party ADD COLUMN custom TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(custom));
CREATE UNIQUE INDEX party_card ON party (card COLLATE NOCASE) WHERE card <> '';
CREATE INDEX party_merged ON party (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE party_points ( -- cache of what documents say: points - points_used
  party  INTEGER PRIMARY KEY REFERENCES party (id),
  points INTEGER NOT NULL
) STRICT;

CREATE TABLE employee (
  id       INTEGER PRIMARY KEY,
  code     TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name     TEXT NOT NULL,
  phone    TEXT NOT NULL DEFAULT '',
  user     INTEGER REFERENCES user (id),
  note     TEXT NOT NULL DEFAULT '',
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  version  INTEGER NOT NULL DEFAULT 1
) STRICT;

ALTER TABLE warehouse ADD COLUMN lent INTEGER NOT NULL DEFAULT 0 CHECK (lent IN (0, 1));
CREATE UNIQUE INDEX warehouse_lent ON warehouse (lent) WHERE lent = 1;

CREATE INDEX oplog_object ON oplog (object, seq); -- the history of one row

-- what a merge did, for taking it back, as JSON
CREATE TABLE merge_record (
  entity TEXT NOT NULL CHECK (entity IN ('item', 'party')),
  row    INTEGER NOT NULL,
  record TEXT NOT NULL CHECK (json_valid(record)),
  PRIMARY KEY (entity, row)
) STRICT, WITHOUT ROWID;

-- what imports changed, so that one can be undone
CREATE TABLE import_batch (
  id     INTEGER PRIMARY KEY,
  kind   TEXT NOT NULL,
  by     INTEGER REFERENCES user (id),
  at     INTEGER NOT NULL,
  seq    INTEGER NOT NULL,             -- its entry in the log
  docs   TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(docs)), -- opening documents it posted
  undone_by INTEGER REFERENCES user (id),
  undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE import_row (
  batch   INTEGER NOT NULL REFERENCES import_batch (id),
  entity  TEXT NOT NULL CHECK (entity IN ('item', 'party')),
  row     INTEGER NOT NULL,
  version INTEGER NOT NULL,            -- the one the import left
  was     TEXT NOT NULL DEFAULT '',    -- the row before as JSON, '' when it was new
  PRIMARY KEY (batch, entity, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE custom_field ( -- declared by the owner
  id       INTEGER PRIMARY KEY,
  entity   TEXT NOT NULL CHECK (entity IN ('item', 'party', 'document')),
  key      TEXT NOT NULL,              -- made once, never changed: the name in the JSON columns
  name     TEXT NOT NULL,              -- as the owner calls it
  type     TEXT NOT NULL CHECK (type IN ('text', 'number', 'date', 'choice', 'yesno')),
  choices  TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(choices)),
  kinds    TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(kinds)), -- documents: which kinds, [] = all
  required INTEGER NOT NULL DEFAULT 0 CHECK (required IN (0, 1)),
  listed   INTEGER NOT NULL DEFAULT 0 CHECK (listed IN (0, 1)),
  searched INTEGER NOT NULL DEFAULT 0 CHECK (searched IN (0, 1)),
  printed  INTEGER NOT NULL DEFAULT 0 CHECK (printed IN (0, 1)),
  roles    TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(roles)), -- who sees it, [] = everybody
  sort     INTEGER NOT NULL DEFAULT 0,
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  version  INTEGER NOT NULL DEFAULT 1,
  UNIQUE (entity, key)
) STRICT;

-- Documents -------------------------------------------------------------------

ALTER TABLE document ADD COLUMN staff INTEGER REFERENCES employee (id);
ALTER TABLE document ADD COLUMN due INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN bonus INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN points_used INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN custom TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(custom));
CREATE INDEX document_staff ON document (staff, date, key) WHERE staff IS NOT NULL;
-- What a payment gave to bills is settled of the payment too: its rest is paid in
-- advance. What was taken back is settled in full, as with bills.
UPDATE document SET settled = CASE WHEN status = 'reversed' OR reverses IS NOT NULL THEN total
    ELSE settled + ifnull((SELECT sum(amount) FROM allocation WHERE doc = document.key), 0) END
  WHERE kind IN ('PaymentIn', 'PaymentOut') AND status IN ('posted', 'reversed');

-- What a sale writes is mostly pages of indexes, a page each however little of it
-- changes. So an index holds only the rows somebody looks for by it: posting
-- passes by the drafts (a number is given when posting begins), and documents
-- of nobody by the parties.
DROP INDEX document_party;
CREATE INDEX document_party ON document (party, date, key) WHERE party IS NOT NULL;
DROP INDEX document_draft;
CREATE INDEX document_draft ON document (created_by, key) WHERE status = 'draft' AND number IS NULL;

ALTER TABLE line ADD COLUMN side INTEGER NOT NULL DEFAULT 0 CHECK (side IN (-1, 0, 1));
ALTER TABLE line ADD COLUMN amount INTEGER NOT NULL DEFAULT 0;     -- typed, where lines carry money only
ALTER TABLE line ADD COLUMN first INTEGER NOT NULL DEFAULT 0;      -- first count, when there was a second
ALTER TABLE line ADD COLUMN first_book INTEGER NOT NULL DEFAULT 0;
ALTER TABLE line ADD COLUMN recounted INTEGER NOT NULL DEFAULT 0 CHECK (recounted IN (0, 1));

DROP INDEX line_item;
CREATE INDEX line_item ON line (item);

CREATE TABLE line_serial (
  doc    INTEGER NOT NULL REFERENCES document (key),
  line   INTEGER NOT NULL,
  no     INTEGER NOT NULL,             -- in the order typed; a draft may name one twice
  serial TEXT NOT NULL COLLATE NOCASE,
  PRIMARY KEY (doc, line, no)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_serial_serial ON line_serial (serial, doc, line);

CREATE TABLE serial_stock ( -- cache: the pieces on hand
  item      INTEGER NOT NULL REFERENCES item (id),
  serial    TEXT NOT NULL COLLATE NOCASE,
  warehouse INTEGER NOT NULL REFERENCES warehouse (id),
  PRIMARY KEY (item, serial)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_end ( -- orders that will not be filled any further
  doc    INTEGER PRIMARY KEY REFERENCES document (key),
  by     INTEGER REFERENCES user (id),
  at     INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE doc_approval ( -- asked for, given or refused; digest is of what was shown
  id       INTEGER PRIMARY KEY,
  doc      INTEGER NOT NULL REFERENCES document (key),
  digest   BLOB NOT NULL CHECK (length(digest) = 32),
  rule     TEXT NOT NULL,
  asked_by INTEGER REFERENCES user (id),
  asked_at INTEGER NOT NULL,
  note     TEXT NOT NULL DEFAULT '',
  decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'yes', 'no', 'withdrawn')),
  by       INTEGER REFERENCES user (id),
  at       INTEGER NOT NULL DEFAULT 0,
  reason   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX doc_approval_doc ON doc_approval (doc, id);
CREATE INDEX doc_approval_open ON doc_approval (id) WHERE decision = '';

-- Books -----------------------------------------------------------------------

-- As move in 0001, with the rule 'made' and what it needs: weight is the share
-- of what the document's other side is worth, extra its part of the fee.
CREATE TABLE move_new (
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
  rule      TEXT NOT NULL CHECK (rule IN ('given', 'average', 'origin', 'reversal', 'carry', 'recost', 'adjust', 'addcost', 'made')),
  ref       INTEGER NOT NULL DEFAULT 0, -- seq of the move referred to, 0 none
  qty       INTEGER NOT NULL CHECK (qty BETWEEN -100000000000000 AND 100000000000000),
  value     INTEGER NOT NULL CHECK (value BETWEEN -10000000000000 AND 10000000000000),
  contra    TEXT NOT NULL DEFAULT '',
  hint      INTEGER NOT NULL DEFAULT 0,
  weight    INTEGER NOT NULL DEFAULT 0 CHECK (weight >= 0),
  extra     INTEGER NOT NULL DEFAULT 0,
  CHECK (rule NOT IN ('recost', 'adjust') OR qty = 0 AND ref > 0),
  CHECK (ref < seq)
) STRICT;
INSERT INTO move_new SELECT seq, doc, line, own_doc, own_line, item, warehouse, batch, date, class, rule, ref, qty, value, contra, hint, 0, 0 FROM move;
DROP TABLE move;
ALTER TABLE move_new RENAME TO move;
CREATE INDEX move_item ON move (item, date, class, seq, warehouse, rule, qty, value);
CREATE INDEX move_own ON move (own_doc, own_line, rule, item, qty, value);
CREATE INDEX move_date ON move (date, seq, item, warehouse, rule, qty, value); -- seq: a day's moves are added at one place
CREATE INDEX move_ref ON move (ref, rule, qty, value) WHERE ref <> 0;
CREATE INDEX move_cause ON move (doc) WHERE doc <> own_doc;
CREATE TRIGGER move_no_update BEFORE UPDATE ON move BEGIN SELECT raise(ABORT, 'move is append-only'); END;
CREATE TRIGGER move_no_delete BEFORE DELETE ON move BEGIN SELECT raise(ABORT, 'move is append-only'); END;

DROP INDEX stock_balance_place; -- the table is read whole for one place
-- by account and date there is entry_date; what belongs to a party or a money
-- account is found by it (say so in the query: party <> 0, cash <> 0)
DROP INDEX entry_account;
DROP INDEX entry_date;
CREATE INDEX entry_date ON entry (date, account, amount); -- what a sale books lies together
CREATE INDEX entry_party ON entry (account, party, date, amount, doc) WHERE party <> 0;
CREATE INDEX entry_cash ON entry (account, cash, date, amount, doc) WHERE cash <> 0;

-- item_pool stays the sum of an item over all its batches; an item that costs by
-- batch has its pools here.
CREATE TABLE batch_pool (
  item       INTEGER NOT NULL REFERENCES item (id),
  batch      TEXT NOT NULL,
  qty        INTEGER NOT NULL,
  value      INTEGER NOT NULL,
  last_value INTEGER NOT NULL,
  last_qty   INTEGER NOT NULL CHECK (last_qty >= 0),
  PRIMARY KEY (item, batch)
) STRICT, WITHOUT ROWID;

-- First in, first out: what is left of each receipt, and who took what from it.
-- in_seq 0 is the balance taken over when the method changed. Both follow from
-- the moves; a back-dated posting writes the rows of the moves it redoes anew.
CREATE TABLE cost_layer (
  item   INTEGER NOT NULL REFERENCES item (id),
  batch  TEXT NOT NULL DEFAULT '',  -- of the pot: '' unless it costs by batch
  in_seq INTEGER NOT NULL,
  qty    INTEGER NOT NULL CHECK (qty > 0),
  value  INTEGER NOT NULL,
  PRIMARY KEY (item, batch, in_seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE layer_use (
  out_seq INTEGER NOT NULL,
  in_seq  INTEGER NOT NULL,
  qty     INTEGER NOT NULL CHECK (qty > 0),
  value   INTEGER NOT NULL,
  PRIMARY KEY (out_seq, in_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX layer_use_in ON layer_use (in_seq, out_seq, qty, value);

-- What was sold by item and month, for reports over long times: a cache of the
-- lines of posted sales and of the cost their moves bear.
CREATE TABLE sales_month (
  item   INTEGER NOT NULL REFERENCES item (id),
  month  INTEGER NOT NULL,             -- yyyymm
  qty    INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  cost   INTEGER NOT NULL,
  bills  INTEGER NOT NULL,             -- documents with the item on them
  PRIMARY KEY (item, month)
) STRICT, WITHOUT ROWID;
INSERT INTO sales_month SELECT item, month, sum(qty), sum(amount), sum(cost), count(DISTINCT doc) FROM (
  SELECT l.item, d.date / 100 AS month, d.key AS doc, l.base * s.sign AS qty, (l.gross - l.share) * s.sign AS amount, 0 AS cost FROM document d
    JOIN (SELECT 'SalesDelivery' AS kind, 1 AS sign UNION ALL SELECT 'RetailSale', 1 UNION ALL SELECT 'SalesReturn', -1 UNION ALL SELECT 'RetailReturn', -1) s ON s.kind = d.kind
    JOIN line l ON l.doc = d.key WHERE d.status IN ('posted', 'reversed')
  UNION ALL SELECT item, date / 100, NULL, 0, 0, -value FROM move WHERE contra = '5401' AND rule <> 'adjust') GROUP BY item, month;

-- Which documents moved points: there are few.
CREATE INDEX document_points ON document (key) WHERE points <> 0 OR points_used <> 0;

-- How each person likes each list: the columns, their widths, order and filters.
CREATE TABLE list_view (
  user  INTEGER NOT NULL REFERENCES user (id),
  list  TEXT NOT NULL,
  name  TEXT NOT NULL,                 -- '' is how it was left
  value TEXT NOT NULL CHECK (json_valid(value)),
  PRIMARY KEY (user, list, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE cost_method ( -- how issues were costed, and since when
  from_date INTEGER PRIMARY KEY,
  method    TEXT NOT NULL CHECK (method IN ('average', 'fifo')),
  by        INTEGER REFERENCES user (id),
  at        INTEGER NOT NULL
) STRICT;

-- Closed months and what they were closed with. A reopened month keeps its row.
CREATE TABLE month_close (
  id          INTEGER PRIMARY KEY,
  month       INTEGER NOT NULL,     -- yyyymm
  by          INTEGER REFERENCES user (id),
  at          INTEGER NOT NULL,
  seq         INTEGER NOT NULL,     -- last move then
  hash        BLOB NOT NULL CHECK (length(hash) = 32), -- of the rows below, in order
  reopened_by INTEGER REFERENCES user (id),
  reopened_at INTEGER NOT NULL DEFAULT 0,
  reason      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX month_close_open ON month_close (month) WHERE reopened_at = 0;
CREATE TABLE month_stock (
  close     INTEGER NOT NULL REFERENCES month_close (id),
  item      INTEGER NOT NULL,
  warehouse INTEGER NOT NULL,
  batch     TEXT NOT NULL,
  qty       INTEGER NOT NULL,
  PRIMARY KEY (close, item, warehouse, batch)
) STRICT, WITHOUT ROWID;
CREATE TABLE month_pool ( -- pots: batch '' unless it costs by batch
  close      INTEGER NOT NULL REFERENCES month_close (id),
  item       INTEGER NOT NULL,
  batch      TEXT NOT NULL,
  qty        INTEGER NOT NULL,
  value      INTEGER NOT NULL,
  last_value INTEGER NOT NULL,
  last_qty   INTEGER NOT NULL,
  PRIMARY KEY (close, item, batch)
) STRICT, WITHOUT ROWID;
CREATE TABLE month_layer (
  close  INTEGER NOT NULL REFERENCES month_close (id),
  item   INTEGER NOT NULL,
  batch  TEXT NOT NULL,
  in_seq INTEGER NOT NULL,
  qty    INTEGER NOT NULL,
  value  INTEGER NOT NULL,
  PRIMARY KEY (close, item, batch, in_seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE month_balance (
  close   INTEGER NOT NULL REFERENCES month_close (id),
  account TEXT NOT NULL,
  party   INTEGER NOT NULL,
  cash    INTEGER NOT NULL,
  amount  INTEGER NOT NULL,
  PRIMARY KEY (close, account, party, cash)
) STRICT, WITHOUT ROWID;

-- The second lock, for the new columns and tables ---------------------------------

DROP TRIGGER document_no_update;
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
  AND NEW.created_at = OLD.created_at AND NEW.posted_at = OLD.posted_at
  AND NEW.staff IS OLD.staff AND NEW.due = OLD.due AND NEW.bonus = OLD.bonus AND NEW.points = OLD.points
  AND NEW.points_used = OLD.points_used AND NEW.custom = OLD.custom)
BEGIN SELECT raise(ABORT, 'document is posted'); END;

CREATE TRIGGER line_serial_no_insert BEFORE INSERT ON line_serial WHEN (SELECT status FROM document WHERE key = NEW.doc) <> 'draft'
BEGIN SELECT raise(ABORT, 'document is posted'); END;
CREATE TRIGGER line_serial_no_update BEFORE UPDATE ON line_serial WHEN (SELECT status FROM document WHERE key = OLD.doc) <> 'draft' OR NEW.doc <> OLD.doc
BEGIN SELECT raise(ABORT, 'document is posted'); END;
CREATE TRIGGER line_serial_no_delete BEFORE DELETE ON line_serial WHEN (SELECT status FROM document WHERE key = OLD.doc) <> 'draft'
BEGIN SELECT raise(ABORT, 'document is posted'); END;

-- Closed months say what they said; only the mark of reopening may be set, once.
CREATE TRIGGER month_close_no_update BEFORE UPDATE ON month_close WHEN OLD.reopened_at <> 0 OR NEW.id <> OLD.id OR NEW.month <> OLD.month OR NEW.at <> OLD.at OR NEW.hash <> OLD.hash OR NEW.seq <> OLD.seq
BEGIN SELECT raise(ABORT, 'month is closed'); END;
CREATE TRIGGER month_close_no_delete BEFORE DELETE ON month_close BEGIN SELECT raise(ABORT, 'month is closed'); END;
CREATE TRIGGER month_stock_no_update BEFORE UPDATE ON month_stock BEGIN SELECT raise(ABORT, 'month is closed'); END;
CREATE TRIGGER month_stock_no_delete BEFORE DELETE ON month_stock BEGIN SELECT raise(ABORT, 'month is closed'); END;
CREATE TRIGGER month_pool_no_update BEFORE UPDATE ON month_pool BEGIN SELECT raise(ABORT, 'month is closed'); END;
CREATE TRIGGER month_pool_no_delete BEFORE DELETE ON month_pool BEGIN SELECT raise(ABORT, 'month is closed'); END;
CREATE TRIGGER month_layer_no_update BEFORE UPDATE ON month_layer BEGIN SELECT raise(ABORT, 'month is closed'); END;
CREATE TRIGGER month_layer_no_delete BEFORE DELETE ON month_layer BEGIN SELECT raise(ABORT, 'month is closed'); END;
CREATE TRIGGER month_balance_no_update BEFORE UPDATE ON month_balance BEGIN SELECT raise(ABORT, 'month is closed'); END;
CREATE TRIGGER month_balance_no_delete BEFORE DELETE ON month_balance BEGIN SELECT raise(ABORT, 'month is closed'); END;
CREATE TRIGGER doc_approval_no_delete BEFORE DELETE ON doc_approval BEGIN SELECT raise(ABORT, 'approvals are kept'); END;
