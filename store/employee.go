package store

import "tiezhang/app/master"

const employeeCols = `id, code, name, phone, id_card, bank_card, ifnull(user, 0), note, disabled, version`

func scanEmployee(scan func(...any) error) (e master.Employee, err error) {
	err = scan(&e.ID, &e.Code, &e.Name, &e.Phone, &e.IDCard, &e.BankCard, &e.User, &e.Note, &e.Disabled, &e.Version)
	return e, err
}

// Employee implements app.CatalogTx.
func (t *tx) Employee(id int64) (master.Employee, error) {
	return one(t, "store.Employee", "employee", `SELECT `+employeeCols+` FROM employee WHERE id = ?`, id, scanEmployee)
}

// EmployeeByCode implements app.CatalogTx.
func (t *tx) EmployeeByCode(code string) (master.Employee, error) {
	return one(t, "store.EmployeeByCode", "employee", `SELECT `+employeeCols+` FROM employee WHERE code = ?`, code, scanEmployee)
}

// Employees implements app.CatalogTx.
func (t *tx) Employees() ([]master.Employee, error) {
	return all(t, "store.Employees", `SELECT `+employeeCols+` FROM employee ORDER BY code`, nil, scanEmployee)
}

// SaveEmployee implements app.CatalogTx.
func (t *tx) SaveEmployee(e master.Employee) (int64, error) {
	const op = "store.SaveEmployee"
	args := []any{e.Code, e.Name, e.Phone, e.IDCard, e.BankCard, opt(e.User), e.Note, flag(e.Disabled)}
	if e.ID == 0 {
		res, err := t.exec(`INSERT INTO employee (code, name, phone, id_card, bank_card, user, note, disabled) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, args...)
		if err != nil {
			return 0, t.taken(op, "employee", e.Code, err)
		}
		id, err := res.LastInsertId()
		return id, wrap(op, err)
	}
	res, err := t.exec(`UPDATE employee SET code = ?, name = ?, phone = ?, id_card = ?, bank_card = ?, user = ?, note = ?, disabled = ?, version = version + 1 WHERE id = ? AND version = ?`,
		append(args, e.ID, e.Version)...)
	if err != nil {
		return 0, t.taken(op, "employee", e.Code, err)
	}
	return e.ID, t.saved(op, "employee", e.ID, e.Name, res)
}
