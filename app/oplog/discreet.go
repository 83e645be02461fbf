package oplog

import "encoding/json"

// figures are the details that tell amounts, prices and what they did to the
// profit.
var figures = []string{"total", "margin", "over_credit", "price", "value", "difference"}

// Discreet gives the detail of an entry without its figures, for those who may
// read the log but not see cost and purchase prices. What is no detail stays as
// it is.
func Discreet(detail string) string {
	var m map[string]json.RawMessage
	if json.Unmarshal([]byte(detail), &m) != nil {
		return detail
	}
	n := len(m)
	for _, f := range figures {
		delete(m, f)
	}
	switch {
	case len(m) == n:
		return detail
	case len(m) == 0:
		return ""
	}
	b, err := json.Marshal(m)
	if err != nil { // it came from JSON
		return ""
	}
	return string(b)
}
