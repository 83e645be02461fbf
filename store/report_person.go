package store

// Members are natural persons: who may not be told their names is told the first
// character, and finds and sorts them by no more than that.

// isMember tells a row of party that is a member, or was taken over by one.
func isMember(p string) string {
	return "(" + p + ".card <> '' OR ifnull(" + p + ".merged_into IN (SELECT id FROM party WHERE card <> ''), 0))"
}

// partySaid is the name of a party as this person may be told it. It looks like
// what app.MaskPerson makes.
func (b *build) partySaid(p string) string {
	if !b.q.Unseen.Persons {
		return p + ".name"
	}
	return "CASE WHEN " + isMember(p) + " THEN substr(" + p + ".name, 1, 1) || '*' ELSE " + p + ".name END"
}

// partyNamed is the column of a party's name: the order of masked names, too,
// says no more than they do.
func (b *build) partyNamed(p string) col {
	if !b.q.Unseen.Persons {
		return named(p)
	}
	said := b.partySaid(p)
	return col{expr: said, sort: []string{"CASE WHEN " + isMember(p) + " THEN substr(" + p + ".name, 1, 1) ELSE " + p + ".pinyin END", said}}
}

func partyNamed(p string) col { return col{by: func(b *build) col { return b.partyNamed(p) }} }

// partyText is what a party is found by: its search text; of members whose names
// are masked, what is shown.
func (b *build) partyText(p string) string {
	if !b.q.Unseen.Persons {
		return p + ".search"
	}
	shown := "lower(" + p + ".code || ' ' || " + p + ".card || ' ' || substr(" + p + ".name, 1, 1))"
	return "CASE WHEN " + isMember(p) + " THEN " + shown + " ELSE " + p + ".search END"
}

// foundParty looks in the text of parties.
func foundParty(p string) func(*build) string {
	return search(func(b *build, w string) string { return "instr(" + b.partyText(p) + ", " + w + ") > 0" })
}
