package cipherdb

import (
	"database/sql"
	"fmt"
	"testing"
)

// BenchmarkPosting is one posting's worth of statements in one transaction.
func BenchmarkPosting(b *testing.B) {
	db := create(b)
	n := 0
	for b.Loop() {
		must(b, db.Write(ctx, func(tx *sql.Tx) error {
			for range 20 {
				n++
				if _, err := tx.Exec("INSERT INTO doc(code, body) VALUES (?, ?)", fmt.Sprintf("B%07d", n), "x"); err != nil {
					return err
				}
				var s string
				if err := tx.QueryRow("SELECT body FROM doc WHERE code = ? AND length(body) < 50", fmt.Sprintf("B%07d", n)).Scan(&s); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

func BenchmarkVerifyPage(b *testing.B) {
	k := NewPageKey(testKey, NewSalt())
	page := make([]byte, PageSize)
	b.SetBytes(PageSize)
	for b.Loop() {
		k.Verify(page, 2)
	}
}
