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
		return placed(e)
	}
	// An inner fault with words is better than a general sentence.
	var inner *fault.Error
	if e.Err != nil && errors.As(e.Err, &inner) && Has(inner.Key) {
		return placed(inner)
	}
	k := e.Key
	if k == "" {
		k = e.Op
	}
	return T("ui.fault."+e.Kind.String(), "code", code(k))
}

// placed is a fault's own words, with the field and the right it names in the
// person's language, and the line in front where the words do not say it.
func placed(e *fault.Error) string {
	args := make(fault.Args, len(e.Args))
	for k, v := range e.Args {
		args[k] = v
	}
	for name, area := range map[string]string{"field": "field.", "action": "action.", "column": "report.col."} {
		v, ok := args[name].(string)
		v, _, _ = strings.Cut(v, ".") // "units.2" is about the units
		if name == "action" {
			v, _ = args[name].(string)
		}
		if ok && Has(area+v) {
			args[name] = T(area + v)
		}
	}
	if _, ok := args["value"]; !ok {
		args["value"] = ""
	}
	s := T(e.Key, args)
	if line, ok := args["line"]; ok && !strings.Contains(raw(e.Key), "{line}") {
		return T("ui.fault.line", "line", line, "what", s)
	}
	if row, ok := args["row"]; ok && e.Err != nil { // a line of a file: say what is wrong in it
		return T("ui.fault.row", "row", row, "what", strings.Join(FaultLines(e.Err), " "))
	}
	return s
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
