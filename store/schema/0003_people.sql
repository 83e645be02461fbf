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
