package totp

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tiezhang/app/fault"
)

// rfc is the SHA-1 secret of RFC 6238, appendix B, and of RFC 4226, appendix D.
func rfc() (s Secret) { copy(s[:], "12345678901234567890"); return s }

func TestVectorsOfTheRFC(t *testing.T) {
	for at, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
		1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		step := Step(time.Unix(at, 0))
		if got := rfc().digits(step, 8, 100_000_000); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
		if got := rfc().Code(step); got != want[2:] { // six digits are the last six of eight
			t.Errorf("at %d: %s, want %s", at, got, want[2:])
		}
	}
	for i, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if got := rfc().Code(int64(i)); got != want {
			t.Errorf("counter %d: %s, want %s", i, got, want)
		}
	}
}

func TestDriftAndSingleUse(t *testing.T) {
	now := time.Unix(1_800_000_015, 0)
	at := Step(now)
	for off := int64(-3); off <= 3; off++ {
		step, err := rfc().Check(rfc().Code(at+off), now, 0)
		if good := off >= -1 && off <= 1; good != (err == nil) || good && step != at+off {
			t.Errorf("%d steps off: %d %v", off, step, err)
		}
	}
	code := rfc().Code(at)
	if _, err := rfc().Check(code, now, at-1); err != nil {
		t.Error("unused:", err)
	}
	for _, last := range []int64{at, at + 1} { // used itself, or a later one
		if _, err := rfc().Check(code, now, last); fault.KeyOf(err) != "totp.used" {
			t.Errorf("last %d: %v", last, err)
		}
	}
	if _, err := rfc().Check("000000", now, at-1); fault.KeyOf(err) != "totp.wrong" {
		t.Error(err)
	}
}

// The clock is set back to the time an old code was shown: it was used, or
// something later was, so it is not taken; the fault says it is the clock.
func TestClockSetBack(t *testing.T) {
	now := time.Unix(1_800_000_015, 0)
	last := Step(now)
	back := now.Add(-time.Hour)
	if _, err := rfc().Check(rfc().Code(Step(back)), back, last); fault.KeyOf(err) != "totp.clock" {
		t.Error(err)
	}
}

func TestAsTyped(t *testing.T) {
	now := time.Unix(59, 0)
	for typed, ok := range map[string]bool{
		"287082": true, "287 082": true, " 287-082 ": true, "２８７０８２": true, "287\u00a0082": true,
		"": false, "28708": false, "2870820": false, "28708२": false, "-287082x": false, "94287082": false,
		strings.Repeat(" ", 100) + "287082": false, "2870\x0082": false,
	} {
		if _, err := rfc().Check(typed, now, 0); ok != (err == nil) {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// Whatever the order of codes and the course of the clock, accepted steps only
// grow: no code is ever good twice.
func TestStepsOnlyGrow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		last, clock := int64(0), int64(1_800_000_000)
		for range rapid.IntRange(1, 30).Draw(rt, "tries") {
			clock += rapid.Int64Range(-100, 100).Draw(rt, "move")
			now := time.Unix(clock, 0)
			code := rfc().Code(Step(now) + rapid.Int64Range(-2, 2).Draw(rt, "off"))
			step, err := rfc().Check(code, now, last)
			if err != nil {
				continue
			}
			if step <= last || step < Step(now)-1 || step > Step(now)+1 {
				rt.Fatalf("step %d accepted after %d at %d", step, last, Step(now))
			}
			last = step
		}
	})
}

func TestURI(t *testing.T) {
	u, err := url.Parse(rfc().URI("铁账: 老王五金", "李四/Li & co"))
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" {
		t.Fatal(u, err)
	}
	if u.Path != "/铁账  老王五金:李四/Li & co" {
		t.Errorf("label %q", u.Path)
	}
	q := u.Query()
	if q.Get("secret") != "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" || q.Get("issuer") != "铁账  老王五金" || q.Get("digits") != "6" || q.Get("period") != "30" || q.Get("algorithm") != "SHA1" {
		t.Error(q)
	}
	if got := rfc().Text(); got != "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ" {
		t.Error(got)
	}
}

func TestSecretStaysOutOfLogs(t *testing.T) {
	for _, f := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if got := fmt.Sprintf(f, rfc()); got != "[totp secret]" {
			t.Errorf("%s: %s", f, got)
		}
	}
}
