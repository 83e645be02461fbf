-- 0006: whose key signs, and how old passwords and accounts are.

-- Approvals in the log are signed. Which key was whose, an owner says: sig is by
-- the key that signs the roster of the keyring, which nobody else has. A key
-- holds for the entries after seq, until the next row of the same name; an empty
-- one is nobody's.
CREATE TABLE signer (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE,
  key  BLOB NOT NULL CHECK (length(key) IN (0, 32)),
  seq  INTEGER NOT NULL,
  sig  BLOB NOT NULL CHECK (length(sig) = 64)
) STRICT;
CREATE TRIGGER signer_no_update BEFORE UPDATE ON signer BEGIN SELECT raise(ABORT, 'signers stay'); END;
CREATE TRIGGER signer_no_delete BEFORE DELETE ON signer BEGIN SELECT raise(ABORT, 'signers stay'); END;

-- The entry of the log a password or one-time code was given with: what time has
-- passed since, the log knows also when the clock is set back.
ALTER TABLE user ADD COLUMN password_seq INTEGER NOT NULL DEFAULT 0;

-- When an account that was disabled was let in again.
ALTER TABLE user ADD COLUMN enabled_at INTEGER NOT NULL DEFAULT 0;

-- A review of rights is signed with the key of who looked: over the digest, the
-- note, the number of people and the time.
ALTER TABLE rights_review ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;  -- its entry in the log
ALTER TABLE rights_review ADD COLUMN key BLOB NOT NULL DEFAULT x'';
ALTER TABLE rights_review ADD COLUMN sig BLOB NOT NULL DEFAULT x'';
