package store

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiezhang/app"
	"tiezhang/app/doc"
	"tiezhang/store/cipherdb"
	"tiezhang/store/schema"
)

// A fixture is a small shop as a released layout held it: testdata/schema-NNNN.sql,
// the rows only. It is written when a release is made, for its last script, with
//
//	STORE_WRITE_FIXTURE=1 go test -run TestFixtures ./store
//
// and has to migrate for ever after. Scripts that came out together have one
// fixture, that of the last; until then it is written anew when one of them
// changes.
func fixtureName(version int) string {
	return filepath.Join("testdata", fmt.Sprintf("schema-%04d.sql", version))
}

func TestFixtures(t *testing.T) {
	steps, err := schema.Steps()
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("STORE_WRITE_FIXTURE") != "" {
		writeFixture(t, len(steps))
	}
	first, last := steps[0].Version, len(steps)
	for _, s := range steps {
		if _, err := os.Stat(fixtureName(s.Version)); err != nil && s.Version != first && s.Version != last {
			continue
		}
		t.Run(s.Name, func(t *testing.T) { migrateFixture(t, steps, s.Version) })
	}
}

func migrateFixture(t *testing.T, steps []schema.Step, version int) {
	rows, err := os.ReadFile(fixtureName(version))
	if err != nil {
		t.Fatalf("every release has its fixture: %v", err)
	}
	dir := t.TempDir()
	db, err := cipherdb.Create(filepath.Join(dir, DBName), [32]byte{1}, cipherdb.NewSalt())
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	defer func() {
		if !closed {
			_ = db.Close()
		}
	}()
	if _, err := migrateTo(bg, db, 1, steps[:version]); err != nil {
		t.Fatal(err)
	}
	err = db.Write(bg, func(x *sql.Tx) error {
		_, err := x.ExecContext(bg, "PRAGMA defer_foreign_keys = ON;\n"+string(rows))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := open(bg, db, dir, [32]byte{1}) // brings it up to date
	if err != nil {
		t.Fatal(err)
	}
	if s.Schema() != len(steps) {
		t.Errorf("schema %d, want %d", s.Schema(), len(steps))
	}
	sh := &shop{t: t, s: s}
	sh.sound()
	sh.read(func(x app.Tx) error {
		c, err := x.Counts()
		if err != nil || c.Items < 2 || c.Posted < 8 || c.ByKind[doc.SalesDelivery] < 1 || c.Users < 1 {
			t.Errorf("counts %+v %v", c, err)
		}
		tot, err := x.Totals()
		if err != nil || tot.StockValue == 0 || tot.Receivable == 0 || tot.LastNumber == "" {
			t.Errorf("totals %+v %v", tot, err)
		}
		return x.(*tx).each(`PRAGMA foreign_key_check`, nil, func(func(...any) error) error {
			t.Error("a reference leads nowhere")
			return nil
		})
	})
	// every row of an older layout takes what is new
	sh.write(func(x app.Tx) error {
		ps, err := x.SearchParties("", "", 0)
		if err != nil || len(ps) == 0 {
			t.Fatal(ps, err)
		}
		for _, p := range ps {
			if version < 5 && p.BankName+p.BankAccount+p.TaxNo != "" {
				t.Errorf("%+v", p)
			}
			p.BankName, p.BankAccount, p.TaxNo = "b", "622202", "1A"
			if _, err := x.SaveParty(p); err != nil {
				return err
			}
			if got, err := x.Party(p.ID); err != nil || got.BankName != "b" || got.BankAccount != "622202" || got.TaxNo != "1A" || got.Name != p.Name || got.Card != p.Card {
				t.Errorf("%+v %v", got, err)
			}
		}
		return nil
	})
	closed = true
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// writeFixture writes the rows of a traded shop as SQL. What hangs on documents
// comes before them, because a posted document takes no more rows.
func writeFixture(t *testing.T, version int) {
	sh := newTradeShop(t)
	var out strings.Builder
	err := sh.s.file().Read(bg, func(x *sql.Tx) error {
		rows, err := x.QueryContext(bg, `SELECT t.name, group_concat(c.name, ', '), group_concat('quote(' || c.name || ')', ' || '', '' || ')
			FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT IN ('migration') AND t.name NOT LIKE 'sqlite_%'
			GROUP BY t.name ORDER BY t.name = 'document', t.name`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, cols, quoted string
			if err := rows.Scan(&name, &cols, &quoted); err != nil {
				return err
			}
			each, err := x.QueryContext(bg, `SELECT 'INSERT INTO `+name+` (`+cols+`) VALUES (' || `+quoted+` || ');' FROM `+name)
			if err != nil {
				return err
			}
			for each.Next() {
				var s string
				if err := each.Scan(&s); err != nil {
					return err
				}
				out.WriteString(s + "\n")
			}
			if err := each.Err(); err != nil {
				return err
			}
			_ = each.Close()
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(fixtureName(version), []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
