package master

import (
	"strings"
	"testing"

	"tiezhang/app/fault"
)

func TestIDCards(t *testing.T) {
	for _, c := range []struct {
		in, tidy string
		ok       bool
	}{
		{"11010519491231002X", "11010519491231002X", true}, // the example of GB 11643
		{"440524188001010014", "440524188001010014", true}, // and the other one
		{" 1101 0519 4912 3100 2x ", "11010519491231002X", true},
		{"１１０１０５１９４９１２３１００２ｘ", "11010519491231002X", true},
		{"110105491231002", "110105491231002", true},
		{"110105194912310021", "110105194912310021", false}, // check digit
		{"110105194912310012", "110105194912310012", false},
		{"110105194902310028", "110105194902310028", false}, // no 31st of February
		{"110105491331002", "110105491331002", false},
		{"11010519491231002", "11010519491231002", false},
		{"X1010519491231002X", "X1010519491231002X", false},
		{"1101054912310X2", "1101054912310X2", false},
		{"-10105194912310020", "-10105194912310020", false},
	} {
		got := TidyIDCard(c.in)
		if got != c.tidy || idCardOK(got) != c.ok {
			t.Errorf("%q: %q %v, want %q %v", c.in, got, idCardOK(got), c.tidy, c.ok)
		}
	}
	// the check finds every single wrong digit, and any two neighbours swapped
	const good = "11010519491231002X"
	for i := range 17 {
		for d := byte('0'); d <= '9'; d++ {
			if d != good[i] && idCheck(good[:i]+string(d)+good[i+1:17]) == good[17] {
				t.Errorf("place %d as %c passes", i, d)
			}
		}
		if i < 16 && good[i] != good[i+1] && idCheck(good[:i]+good[i+1:i+2]+good[i:i+1]+good[i+2:17]) == good[17] {
			t.Errorf("places %d and %d swapped pass", i, i+1)
		}
	}
}

func TestBankNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"6222 0212 3456 7890 123": "6222021234567890123", "6222-0212—3456": "622202123456", "６２２２０２": "622202", "12345": "", "": "",
		strings.Repeat("1", 33): "", "6222O2": "", "-622202": "622202",
	} {
		got := TidyBank(in)
		if !bankOK(got) {
			got = ""
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := TidyTaxNo(" 9133 0106ma2a x"); got != "91330106MA2AX" || !taxNoOK(got) {
		t.Error(got)
	}
}

// TestPersonalFaultsTellNoNumber: what is wrong names the field; the number
// would go into the log with it.
func TestPersonalFaultsTellNoNumber(t *testing.T) {
	p := Party{Code: "C", Name: "N", Kind: Customer, BankAccount: "62220", TaxNo: "?bad"}
	e := Employee{Code: "E", Name: "N", IDCard: "110105194912310021", BankCard: "62220"}
	want := map[string]string{"bank_account": "master.bank", "tax_no": "master.tax-no", "id_card": "master.id-card", "bank_card": "master.bank"}
	for _, err := range []error{p.Check(), e.Check()} {
		l, _ := err.(fault.List)
		if len(l) != 2 {
			t.Fatal(err)
		}
		for _, f := range l {
			field, _ := f.Args["field"].(string)
			if f.Key != want[field] {
				t.Errorf("%s: %s", field, f.Key)
			}
			for k, v := range f.Args {
				if s, ok := v.(string); ok && (strings.Contains(s, "6222") || strings.Contains(s, "1101") || strings.Contains(s, "bad")) {
					t.Errorf("%s tells %s", k, s)
				}
			}
		}
	}
}
