package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/richardlehane/mscfb"
	"github.com/xuri/excelize/v2"

	"tiezhang/app/report"
)

const encryptTestPassword = "九月对账-2026"

// encrypted makes a protected workbook of some rows.
func encrypted(t *testing.T, rows int, password string) (plain, out []byte) {
	t.Helper()
	var b, e bytes.Buffer
	s := Sheet{Title: "秘密", Columns: []Column{{report.Column{Key: "cost", Type: report.Text, Width: 20}, "成本"}},
		Rows: func(yield func(report.Row, error) bool) {
			for i := range rows {
				if !yield(report.Row{Cells: []report.Value{report.T(fmt.Sprintf("SENTINEL-%d-%d", i, i*7919%10007))}}, nil) {
					return
				}
			}
		}}
	if err := Write(context.Background(), &b, s); err != nil {
		t.Fatal(err)
	}
	if err := Encrypt(&e, b.Bytes(), password); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), e.Bytes()
}

// TestEncryptedOpensElsewhere: another reader opens it with the password and with
// nothing else, for files of every shape of the container: small streams, large
// ones, and an index too large for the header.
func TestEncryptedOpensElsewhere(t *testing.T) {
	for _, rows := range []int{1, 3000} {
		_, out := encrypted(t, rows, encryptTestPassword)
		f, err := excelize.OpenReader(bytes.NewReader(out), excelize.Options{Password: encryptTestPassword})
		if err != nil {
			t.Fatal(rows, err)
		}
		got, err := f.GetRows(f.GetSheetName(0))
		if err != nil || len(got) < rows+1 || !strings.HasPrefix(got[len(got)-1][0], "SENTINEL") {
			t.Errorf("%d rows: read %d, %v", rows, len(got), err)
		}
		for _, bad := range []string{"", "九月对账-2025", encryptTestPassword + " "} {
			if _, err := excelize.OpenReader(bytes.NewReader(out), excelize.Options{Password: bad}); err == nil {
				t.Errorf("%d rows: opened with %q", rows, bad)
			}
		}
		for _, word := range []string{"SENTINEL", "秘密", "xl/worksheets", encryptTestPassword} {
			if bytes.Contains(out, []byte(word)) {
				t.Errorf("%q can be read in the file", word)
			}
		}
	}
}

// TestCompoundFileOfAnySize: what goes in comes out of another reader, also over
// 7 MB, where the header's index is full.
func TestCompoundFileOfAnySize(t *testing.T) {
	for _, n := range []int{0, 1, 63, 64, 4095, 4096, 4097, 65_536, cfbInHead * cfbPerFAT * cfbSector, 9_000_000} {
		data := bytes.Repeat([]byte{1, 2, 3, 5, 7, 11, 13}, n/7+1)[:n]
		want := []cfbStream{{"EncryptionInfo", []byte("small one")}, {"EncryptedPackage", data}}
		doc, err := mscfb.New(bytes.NewReader(compoundFile(want)))
		if err != nil {
			t.Fatal(n, err)
		}
		found := 0
		for e, err := doc.Next(); err == nil; e, err = doc.Next() {
			for _, s := range want {
				if s.name != e.Name {
					continue
				}
				found++
				got := make([]byte, e.Size)
				if m, err := e.Read(got); e.Size > 0 && (err != nil || m != len(s.data)) || !bytes.Equal(got, s.data) {
					t.Errorf("%d bytes: %s has %d of %d, %v", n, s.name, m, len(s.data), err)
				}
			}
		}
		if found != 2 {
			t.Errorf("%d bytes: %d streams", n, found)
		}
	}
}

// TestEncryptedTwiceDiffers: the keys are random, and a failing disk is told.
func TestEncryptedTwiceDiffers(t *testing.T) {
	plain, a := encrypted(t, 1, encryptTestPassword)
	var b bytes.Buffer
	if err := Encrypt(&b, plain, encryptTestPassword); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(a, b.Bytes()) {
		t.Error("the same workbook looks the same twice: the key is not random")
	}
	if err := Encrypt(failing{}, plain, "x"); err == nil {
		t.Error("a full disk was not noticed")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }
