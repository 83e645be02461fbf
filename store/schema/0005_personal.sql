-- 0005: what belongs to one person or one account.

-- Where a party is paid, and what an invoice to it names.
ALTER TABLE party ADD COLUMN bank_name TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN bank_account TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN tax_no TEXT NOT NULL DEFAULT '';

-- None of these is ever searched: a search would tell what a mask hides.
ALTER TABLE employee ADD COLUMN id_card TEXT NOT NULL DEFAULT '';
ALTER TABLE employee ADD COLUMN bank_card TEXT NOT NULL DEFAULT '';
