package page

import "context"

// Join brings the context that Env.Confirmed gives together with the one bg
// gives: the first holds the password just asked for, the second ends when the
// work is stopped.
func Join(values, work context.Context) context.Context { return joined{work, values} }

type joined struct {
	context.Context
	values context.Context
}

func (j joined) Value(key any) any {
	if v := j.values.Value(key); v != nil {
		return v
	}
	return j.Context.Value(key)
}
