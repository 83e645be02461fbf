package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/ui/text"
)

// maxLine bounds one line of a file of documents.
const maxLine = 8 << 20

// lineFault is a line that was refused.
type lineFault struct {
	Line  int    `json:"line"`
	ID    string `json:"id,omitempty"`
	Error string `json:"error"`
	Key   string `json:"key,omitempty"`
}

// postFile carries out a file line by line. A line that fails is named and the
// rest goes on: each document is whole or not there, and what was posted is not
// posted twice when the mended file is run again.
func postFile(ctx context.Context, c *call) error {
	var r io.Reader = c.in
	if c.args[1] != "-" {
		f, err := os.Open(c.args[1])
		if err != nil {
			return fault.Wrap("console.post", fault.NotFound, "console.no-file", fault.Pairs("file", c.args[1]), err)
		}
		defer f.Close()
		r = f
	}
	return c.with(ctx, func(ctx context.Context, s *app.Session) error {
		var done []app.WireResult
		var failed []lineFault
		again := 0
		sc := bufio.NewScanner(r)
		sc.Buffer(make([]byte, 64<<10), maxLine)
		for no := 1; sc.Scan(); no++ {
			line := strings.TrimSpace(strings.TrimPrefix(sc.Text(), "\ufeff"))
			if line == "" {
				continue
			}
			w, err := app.ParseWire([]byte(line))
			var res app.WireResult
			if err == nil {
				if w.Date != "" && w.Reason == "" { // a file of past documents is a reason of its own
					w.Reason = text.T("console.post-reason")
				}
				res, err = app.Do(ctx, s, app.PostWire{Wire: w})
			}
			if err != nil {
				failed = append(failed, lineFault{Line: no, ID: w.ID, Error: text.Fault(err), Key: fault.KeyOf(err)})
				for _, l := range text.FaultLines(err) {
					fmt.Fprintln(c.err, text.T("console.line", "line", no, "what", l))
				}
				detail(c.err, err)
				if stop(err) {
					break
				}
				continue
			}
			if res.Again {
				again++
			}
			for _, f := range res.Warnings {
				fmt.Fprintln(c.err, text.T("console.warning", "line", no, "what", text.Fault(f)))
			}
			done = append(done, res)
		}
		if err := sc.Err(); err != nil {
			return fault.Wrap("console.post", fault.Invalid, "console.read", fault.Pairs("file", c.args[1]), err)
		}
		err := c.print(map[string]any{"posted": len(done) - again, "again": again, "failed": orEmpty(failed), "results": orEmpty(done)},
			text.T("console.posted", "posted", len(done)-again, "again", again, "failed", len(failed)))
		if err == nil && len(failed) > 0 {
			err = errSaid
		}
		return err
	})
}

// stop tells whether going on with the next line is pointless.
func stop(err error) bool {
	switch fault.KindOf(err) {
	case fault.NoSpace, fault.ReadOnly, fault.Canceled:
		return true
	case fault.Damaged:
		return !errors.As(err, new(fault.List))
	}
	return false
}

// orEmpty keeps JSON lists lists.
func orEmpty[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
