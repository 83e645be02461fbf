package formview

import (
	"errors"

	"tiezhang/app/amount"
	"tiezhang/app/fault"
	"tiezhang/ui/control"
	"tiezhang/ui/text"
)

// str ties a field to a text.
func str(key, label string, k kind, v *string) *field {
	return &field{key: key, label: label, kind: k, get: func() string { return *v }, set: func(s string) error { *v = s; return nil }}
}

// required marks a field that must be filled.
func required(f *field) *field { f.must = true; return f }

// num ties a field to an amount of any sort; empty is zero.
func num[T ~int64](key, label string, get func() T, set func(T), show func(T) string, parse func(string) (T, error)) *field {
	return &field{key: key, label: label, kind: number,
		get: func() string {
			if v := get(); v != 0 {
				return show(v)
			}
			return ""
		},
		set: func(s string) error {
			v, err := readNum(key, s, parse)
			if err == nil {
				set(v)
			}
			return err
		}}
}

func readNum[T ~int64](key, s string, parse func(string) (T, error)) (T, error) {
	s = amount.Narrow(s)
	if s == "" {
		return 0, nil
	}
	v, err := parse(s)
	switch {
	case err == nil:
		return v, nil
	case errors.Is(err, amount.ErrPrecision):
		return 0, fault.Bad("formview", "formview.decimals", "field", key, "value", s)
	}
	return 0, fault.Bad("formview", "formview.number", "field", key, "value", s)
}

// plain options of keys "area.value".
func keyed[T ~string](area string, values []T) func() []control.Option {
	return func() []control.Option {
		out := make([]control.Option, len(values))
		for i, v := range values {
			out[i] = control.Option{Value: string(v), Text: text.T(area + string(v)), Search: string(v)}
		}
		return out
	}
}

// tick ties a field to a yes or no.
func tick(key, label string, v *bool) *field {
	return &field{key: key, label: label, kind: check,
		get: func() string {
			if *v {
				return "1"
			}
			return ""
		},
		set: func(s string) error { *v = s != ""; return nil }}
}
