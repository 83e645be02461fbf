package store

import (
	"tiezhang/app/fault"
)

// coded are the tables whose rows have a code, by the name of their list.
var coded = map[string]string{"items": "item", "parties": "party", "warehouses": "warehouse", "accounts": "account", "employees": "employee"}

// LastCode implements app.CatalogTx. Longer numbers are higher; codes with
// anything but digits behind the prefix do not count. It walks that part of the
// index of codes, no rows.
func (t *tx) LastCode(list, prefix string) (string, error) {
	const op = "store.LastCode"
	table, ok := coded[list]
	if !ok {
		return "", fault.New(op, fault.NotFound, "report.unknown", fault.Pairs("name", list))
	}
	var code string
	err := t.get(`SELECT code FROM `+table+` WHERE code > ?1 AND code < ?1 || 'a' AND substr(code, 1, length(?1)) = ?1 COLLATE NOCASE
		AND length(code) > length(?1) AND substr(code, length(?1) + 1) NOT GLOB '*[^0-9]*'
		ORDER BY length(code) DESC, code DESC LIMIT 1`, []any{prefix}, &code)
	if noRow(err) {
		return "", nil
	}
	return code, wrap(op, err)
}

// Words implements app.CatalogTx.
func (t *tx) Words(column string) ([]string, error) {
	const op = "store.Words"
	switch column {
	case "category", "brand", "unit":
	default:
		return nil, fault.New(op, fault.NotFound, "report.unknown", fault.Pairs("name", column))
	}
	return all(t, op, `SELECT DISTINCT `+column+` FROM item WHERE `+column+` <> '' ORDER BY 1`, nil, func(scan func(...any) error) (s string, err error) {
		return s, scan(&s)
	})
}
