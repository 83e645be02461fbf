-- 0003: who is who, and where they signed in.

-- The keyring holds the factors themselves; these columns say which there are,
-- so that the sign-in knows what to ask for. Times are Unix seconds, 0 unknown.
ALTER TABLE user ADD COLUMN totp INTEGER NOT NULL DEFAULT 0;           -- a code from the phone is asked for
ALTER TABLE user ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;      -- the last step used: a code is good once
ALTER TABLE user ADD COLUMN key_file INTEGER NOT NULL DEFAULT 0;       -- a key file is asked for
ALTER TABLE user ADD COLUMN activate INTEGER NOT NULL DEFAULT 0;       -- an activation code stands in for the password
ALTER TABLE user ADD COLUMN activate_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user ADD COLUMN password_at INTEGER NOT NULL DEFAULT 0;    -- when the password was chosen
ALTER TABLE user ADD COLUMN role_at INTEGER NOT NULL DEFAULT 0;        -- since when in this role
ALTER TABLE user ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;

-- Passwords a person had before, if the shop's rules refuse them: Argon2id, so
-- that a colleague who can read the file still has to guess. The present
-- password is never among them.
CREATE TABLE old_password (
  user INTEGER NOT NULL REFERENCES user (id),
  at   INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (user, at, hash)
) STRICT, WITHOUT ROWID;

-- Computers, accounts of their systems and folders the shop was opened on.
CREATE TABLE place (
  user    INTEGER NOT NULL REFERENCES user (id),
  machine TEXT NOT NULL,
  os_user TEXT NOT NULL,
  folder  TEXT NOT NULL,
  path    TEXT NOT NULL,
  last    INTEGER NOT NULL,
  PRIMARY KEY (user, machine, os_user, folder, path)
) STRICT, WITHOUT ROWID;

-- Unusual sign-ins, until the owner has seen them; the log keeps them for good.
CREATE TABLE unusual (
  id      INTEGER PRIMARY KEY,
  user    INTEGER NOT NULL REFERENCES user (id),
  at      INTEGER NOT NULL,
  reasons TEXT NOT NULL,               -- names, separated by a space
  high    INTEGER NOT NULL CHECK (high IN (0, 1)),
  machine TEXT NOT NULL DEFAULT '',
  seen_by INTEGER REFERENCES user (id),
  seen_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX unusual_unseen ON unusual (id) WHERE seen_by IS NULL;

-- Answers to the short security training.
CREATE TABLE training (
  user  INTEGER NOT NULL REFERENCES user (id),
  at    INTEGER NOT NULL,
  score INTEGER NOT NULL CHECK (score >= 0),
  total INTEGER NOT NULL CHECK (total >= score),
  PRIMARY KEY (user, at)
) STRICT, WITHOUT ROWID;

-- Reviews of rights the owner signed; digest is of what was looked at.
CREATE TABLE rights_review (
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  user   INTEGER NOT NULL REFERENCES user (id),
  people INTEGER NOT NULL,
  digest TEXT NOT NULL,
  note   TEXT NOT NULL DEFAULT ''
) STRICT;

-- Rights lent to a person for a time. What was lent stays as it was written;
-- only how often it was used, and that it was ended, is added.
CREATE TABLE lent (
  id       INTEGER PRIMARY KEY,
  user     INTEGER NOT NULL REFERENCES user (id),
  actions  TEXT NOT NULL CHECK (actions <> ''),     -- permissions, separated by a space
  own      INTEGER NOT NULL CHECK (own IN (0, 1)),  -- rows of the person's own only
  reason   TEXT NOT NULL CHECK (reason <> ''),
  at       INTEGER NOT NULL,
  until    INTEGER NOT NULL CHECK (until > at AND until <= at + 259200),
  uses     INTEGER NOT NULL CHECK (uses >= 0),      -- how often; 0 = any number
  used     INTEGER NOT NULL DEFAULT 0 CHECK (used >= 0 AND (uses = 0 OR used <= uses)),
  by       INTEGER NOT NULL REFERENCES user (id),
  seq      INTEGER NOT NULL,                        -- its entry in the log
  ended_by INTEGER REFERENCES user (id),
  ended_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX lent_user ON lent (user, until);
CREATE TRIGGER lent_no_delete BEFORE DELETE ON lent BEGIN SELECT raise(ABORT, 'lent rights stay'); END;
CREATE TRIGGER lent_no_update BEFORE UPDATE OF id, user, actions, own, reason, at, until, uses, by, seq ON lent BEGIN SELECT raise(ABORT, 'lent rights stay'); END;
CREATE TRIGGER lent_no_less BEFORE UPDATE OF used, ended_at ON lent WHEN new.used < old.used OR old.ended_at <> 0 AND new.ended_at <> old.ended_at
  BEGIN SELECT raise(ABORT, 'lent rights stay'); END;

-- Printed codes that stand for somebody's approval, each good once. Only their
-- hashes are kept: 60 random bits each, salted by the sheet.
CREATE TABLE code_sheet (
  id       INTEGER PRIMARY KEY,
  by       INTEGER NOT NULL REFERENCES user (id),
  at       INTEGER NOT NULL,
  until    INTEGER NOT NULL CHECK (until > at AND until <= at + 1209600),
  actions  TEXT NOT NULL,              -- permissions, separated by a space; '' = all
  up_to    INTEGER NOT NULL CHECK (up_to >= 0),  -- fen; 0 = any amount
  salt     BLOB NOT NULL CHECK (length(salt) = 16),
  seq      INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE approval_code (
  id      INTEGER PRIMARY KEY,
  sheet   INTEGER NOT NULL REFERENCES code_sheet (id),
  no      INTEGER NOT NULL CHECK (no >= 1),
  hash    BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  used_by INTEGER REFERENCES user (id),
  used_at INTEGER NOT NULL DEFAULT 0,
  used_seq INTEGER NOT NULL DEFAULT 0,  -- the entry that says for what
  UNIQUE (sheet, no)
) STRICT;
CREATE TRIGGER approval_code_no_delete BEFORE DELETE ON approval_code BEGIN SELECT raise(ABORT, 'approval codes stay'); END;
CREATE TRIGGER approval_code_once BEFORE UPDATE ON approval_code WHEN old.used_at <> 0 OR new.hash <> old.hash OR new.sheet <> old.sheet OR new.no <> old.no
  BEGIN SELECT raise(ABORT, 'approval codes are good once'); END;
CREATE TRIGGER code_sheet_no_delete BEFORE DELETE ON code_sheet BEGIN SELECT raise(ABORT, 'approval codes stay'); END;
CREATE TRIGGER code_sheet_no_update BEFORE UPDATE ON code_sheet WHEN old.ended_at <> 0 OR new.by <> old.by OR new.at <> old.at OR new.until <> old.until
  OR new.actions <> old.actions OR new.up_to <> old.up_to OR new.salt <> old.salt BEGIN SELECT raise(ABORT, 'approval codes stay'); END;

-- What is rationed by the day: rows taken out of the program, values unmasked.
CREATE TABLE ration (
  user INTEGER NOT NULL REFERENCES user (id),
  day  INTEGER NOT NULL,
  what TEXT NOT NULL,
  used INTEGER NOT NULL CHECK (used >= 0),
  PRIMARY KEY (user, day, what)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ration_no_less BEFORE UPDATE ON ration WHEN new.used < old.used BEGIN SELECT raise(ABORT, 'a ration only grows'); END;
CREATE TRIGGER ration_no_delete BEFORE DELETE ON ration BEGIN SELECT raise(ABORT, 'a ration only grows'); END;
