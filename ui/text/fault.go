package text

import (
	"context"
	"errors"
	"hash/crc32"
	"strconv"
	"strings"

	"tiezhang/app/fault"
)

// Fault says in words what happened and what to do next. Several faults give
// one line each. An error that is no fault, and a fault whose key has no text,
// give a general sentence with a code for support, never a raw key.
func Fault(err error) string { return strings.Join(FaultLines(err), "\n") }

// FaultLines is Fault as a list, one entry a fault.
func FaultLines(err error) []string {
	if err == nil {
		return nil
	}
	var list fault.List
	if errors.As(err, &list) && len(list) > 0 {
		out := make([]string, 0, len(list))
		for _, e := range list {
			out = append(out, one(e))
		}
		return out
	}
	// A fault that wraps others came from the layer nearest the person: its
	// words name the place best.
	var e *fault.Error
	if errors.As(err, &e) {
		return []string{one(e)}
	}
	if errors.Is(err, context.Canceled) {
		return []string{T("ui.fault.canceled", "code", "C")}
	}
	return []string{T("ui.fault.internal", "code", code(err.Error()))}
}

func one(e *fault.Error) string {
	if Has(e.Key) {
		return T(e.Key, e.Args)
	}
	// An inner fault with words is better than a general sentence.
	var inner *fault.Error
	if e.Err != nil && errors.As(e.Err, &inner) && Has(inner.Key) {
		return T(inner.Key, inner.Args)
	}
	k := e.Key
	if k == "" {
		k = e.Op
	}
	return T("ui.fault."+e.Kind.String(), "code", code(k))
}

// Code is the short code of a fault, the same for the same key: what a person
// reads to support over the phone.
func Code(err error) string {
	if k := fault.KeyOf(err); k != "" {
		return code(k)
	}
	if err == nil {
		return ""
	}
	return code(err.Error())
}

func code(s string) string {
	n := strings.ToUpper(strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(s))), 36))
	return strings.Repeat("0", max(0, 7-len(n))) + n
}
