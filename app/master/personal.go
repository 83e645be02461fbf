package master

import (
	"strings"
	"time"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
)

// Numbers that belong to one person or one account: how they are tidied and what
// makes one acceptable. What is wrong names the field and never the number.

// TidyIDCard brings an ID card number into the one form: half width, without
// blanks, its check letter a capital.
func TidyIDCard(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(amount.Narrow(s)), ""))
}

// TidyBank takes the blanks and dashes out of a card or account number.
func TidyBank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '\u2010' || r == '\u2013' || r == '\u2014' {
			return -1
		}
		return r
	}, strings.Join(strings.Fields(amount.Narrow(s)), ""))
}

// TidyTaxNo brings a taxpayer's number into capitals without blanks.
func TidyTaxNo(s string) string { return TidyIDCard(s) }

const (
	minBank, maxBank = 6, 32
	maxTaxNo         = 20
)

// idCardOK tells an ID card number: 18 places with a check digit, or the 15 of
// the cards before 1999. The day of birth in it must be a day.
func idCardOK(s string) bool {
	switch len(s) {
	case 15:
		return digits(s) && birthDay("19"+s[6:12])
	case 18:
		return digits(s[:17]) && birthDay(s[6:14]) && idCheck(s[:17]) == s[17]
	}
	return false
}

// idCheck is the last place of an ID card number, as GB 11643 works it out.
func idCheck(first string) byte {
	sum, weight := 0, 1 // the weights are powers of two modulo 11, the last place 2
	for i := len(first) - 1; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += int(first[i]-'0') * weight
	}
	return "10X98765432"[sum%11]
}

func birthDay(s string) bool {
	t, err := time.Parse("20060102", s)
	return err == nil && t.Year() >= 1800
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func bankOK(s string) bool { return len(s) >= minBank && len(s) <= maxBank && digits(s) }

func taxNoOK(s string) bool {
	return len(s) <= maxTaxNo && strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// checkBank checks what a party is paid and billed by.
func (p Party) checkBank(l fault.List) fault.List {
	l = text(l, "party", "bank_name", p.BankName, MaxName, false)
	if p.BankAccount != "" && !bankOK(p.BankAccount) {
		l = append(l, bad("party", "bank_account", "master.bank", "least", minBank, "most", maxBank))
	}
	if !taxNoOK(p.TaxNo) {
		l = append(l, bad("party", "tax_no", "master.tax-no", "most", maxTaxNo))
	}
	return l
}
