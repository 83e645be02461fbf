// Command script writes a day at the till to standard output, for tools/cashier.
// What belongs here: its flags. What does not: the day (internal/cashier).
package main

import (
	"flag"
	"fmt"
	"os"

	"tiezhang/internal/cashier"
)

func main() {
	seed := flag.Uint64("seed", 7, "the same seed writes the same day")
	n := flag.Int("n", 300, "bills")
	flag.Parse()
	b, err := cashier.Make(*seed, *n).JSON()
	if err == nil {
		_, err = os.Stdout.Write(b)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
