-- 0004: where a person works.

-- IDs of warehouses as a JSON array, never an empty one; '' = all of them.
ALTER TABLE user ADD COLUMN reach TEXT NOT NULL DEFAULT '' CHECK (reach = '' OR json_valid(reach) AND json_array_length(reach) > 0);

-- Who saved a draft last: prices somebody else has typed into it are masked for
-- whoever may not see them. Posting leaves it as it was.
ALTER TABLE document ADD COLUMN saved_by INTEGER REFERENCES user (id);

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
  AND NEW.points_used = OLD.points_used AND NEW.custom = OLD.custom AND NEW.saved_by IS OLD.saved_by)
BEGIN SELECT raise(ABORT, 'document is posted'); END;
