// Package schema holds the data layout of the encrypted file: numbered SQL
// scripts, NNNN_name.sql, run in order and never changed once released. What
// belongs here: the scripts and their list with checksums. What does not:
// running them (package store) and any other SQL.
package schema

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed *.sql
var files embed.FS

// Step is one script.
type Step struct {
	Version int
	Name    string
	SQL     string
	Sum     string // SHA-256 of SQL in hex, line ends as in the repository
}

// Steps lists the scripts in order: 1, 2, 3 … without gaps; a gap or a name
// that does not fit is a mistake of ours and an error.
func Steps() ([]Step, error) {
	names, err := fs.Glob(files, "*.sql") // sorted
	if err != nil {
		return nil, err
	}
	out := make([]Step, 0, len(names))
	for i, n := range names {
		no, rest, ok := strings.Cut(strings.TrimSuffix(n, ".sql"), "_")
		v, err := strconv.Atoi(no)
		if !ok || err != nil || len(no) != 4 || v != i+1 {
			return nil, fmt.Errorf("schema: %s is not script %04d_name.sql", n, i+1)
		}
		b, err := files.ReadFile(n)
		if err != nil {
			return nil, err
		}
		text := strings.ReplaceAll(string(b), "\r\n", "\n") // a checkout on Windows must give the same sum
		sum := sha256.Sum256([]byte(text))
		out = append(out, Step{Version: v, Name: rest, SQL: text, Sum: hex.EncodeToString(sum[:])})
	}
	return out, nil
}
