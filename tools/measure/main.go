//go:build linux

// Command measure works the real program on a virtual screen and tells how
// long a person waits: from a key to the first pixel that changes, and to the
// last one before the picture rests.
//
//	TIEZHANG_PASSWORD=… measure [-shots DIR] [-json FILE] PROGRAM SHOP
//
// It wants Xvfb, openbox and xdotool. It works in the shop it is given and
// posts a sale there: give it a copy. The program is run in English, because
// the screens are called by their names.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// row is one line of the table, in milliseconds unless the unit says otherwise.
type row struct {
	Work  string  `json:"work"`
	First float64 `json:"first"`
	Last  float64 `json:"last"`
	Unit  string  `json:"unit"`
}

type bench struct {
	dir     string
	display string
	shots   string
	screen  []byte // the frame, alive
	stride  int
	before  []byte
	program *exec.Cmd
	home    string
	rows    []row
	n       int
}

func main() {
	shots := flag.String("shots", "", "keep the frame after each step here, as XWD")
	out := flag.String("json", "", "write the figures here too")
	display := flag.Int("display", 66, "number of the virtual screen")
	flag.Parse()
	if flag.NArg() != 2 || os.Getenv("TIEZHANG_PASSWORD") == "" {
		fmt.Fprintln(os.Stderr, "usage: TIEZHANG_PASSWORD=… measure [-shots DIR] [-json FILE] [-display N] PROGRAM SHOP")
		os.Exit(2)
	}
	b := &bench{display: ":" + strconv.Itoa(*display), shots: *shots}
	err := b.run(flag.Arg(0), flag.Arg(1))
	b.table()
	if *out != "" {
		if data, jerr := json.MarshalIndent(b.rows, "", "  "); jerr == nil {
			err = errors.Join(err, os.WriteFile(*out, data, 0o600))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func (b *bench) run(program, shop string) (err error) {
	if b.dir, err = os.MkdirTemp("", "measure"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	stop, err := b.up()
	defer stop()
	if err != nil {
		return err
	}
	return b.day(program, shop)
}

// up starts the screen and its window manager.
func (b *bench) up() (stop func(), err error) {
	var started []*exec.Cmd
	stop = func() {
		for i := len(started) - 1; i >= 0; i-- {
			_ = started[i].Process.Signal(syscall.SIGTERM)
			_ = started[i].Wait()
		}
	}
	x := exec.Command("Xvfb", b.display, "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-fbdir", b.dir)
	if err := x.Start(); err != nil {
		return stop, err
	}
	started = append(started, x)
	file := filepath.Join(b.dir, "Xvfb_screen0")
	for range 100 {
		if st, err := os.Stat(file); err == nil && st.Size() > 1366*768*4 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	f, err := os.Open(file)
	if err != nil {
		return stop, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return stop, err
	}
	if b.screen, err = syscall.Mmap(int(f.Fd()), 0, int(st.Size()), syscall.PROT_READ, syscall.MAP_SHARED); err != nil {
		return stop, err
	}
	b.stride = 1366 * 4
	time.Sleep(300 * time.Millisecond)
	wm := exec.Command("openbox")
	wm.Env = append(os.Environ(), "DISPLAY="+b.display)
	if err := wm.Start(); err != nil {
		return stop, err
	}
	started = append(started, wm)
	time.Sleep(time.Second)
	return stop, nil
}

// picture is what is compared: all but the header of the file and the status
// bar, where a clock runs.
func (b *bench) picture() []byte { return b.screen[4096 : len(b.screen)-32*b.stride] }

// see does act and waits until the picture has rested.
func (b *bench) see(name string, rest time.Duration, act func() error) error {
	b.before = append(b.before[:0], b.picture()...)
	start := time.Now()
	if err := act(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	sent := time.Since(start) // handing the key over is no part of the program
	var first, last time.Duration
	for time.Since(start) < 60*time.Second {
		if !bytes.Equal(b.before, b.picture()) {
			last = time.Since(start)
			if first == 0 {
				first = last
			}
			b.before = append(b.before[:0], b.picture()...)
		}
		quiet := time.Since(start) - last
		if first > 0 && quiet > rest || first == 0 && quiet > 5*time.Second {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if name != "" {
		b.rows = append(b.rows, row{name, ms(first - sent), ms(last - sent), "ms"})
	}
	return b.shot(name)
}

func (b *bench) shot(name string) error {
	if b.shots == "" || name == "" {
		return nil
	}
	b.n++
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(name))
	return os.WriteFile(filepath.Join(b.shots, fmt.Sprintf("%02d-%s.xwd", b.n, clean)), b.screen, 0o600)
}

func ms(d time.Duration) float64 { return float64(max(0, d).Microseconds()) / 1000 }

// x runs xdotool.
func (b *bench) x(args ...string) func() error {
	return func() error {
		c := exec.Command("xdotool", args...)
		c.Env = append(os.Environ(), "DISPLAY="+b.display)
		return c.Run()
	}
}

func (b *bench) key(k string) func() error { return b.x("key", "--delay", "0", k) }
func (b *bench) typed(s string, ms int) func() error {
	return b.x("type", "--delay", strconv.Itoa(ms), s)
}

func (b *bench) launch(program, shop string) error {
	b.program = exec.Command(program, shop)
	b.program.Env = append(os.Environ(), "DISPLAY="+b.display, "TIEZHANG_HOME="+b.home, "LANG=en_US.UTF-8", "LC_ALL=en_US.UTF-8", "LANGUAGE=en")
	return b.program.Start()
}

// day is a person's day at the window.
func (b *bench) day(program, shop string) error {
	b.home = filepath.Join(b.dir, "home")
	if err := os.MkdirAll(b.home, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(b.home, "settings.json"), []byte(`{"language":"en"}`), 0o600); err != nil {
		return err
	}
	if err := b.see("start of the program", time.Second, func() error { return b.launch(program, shop) }); err != nil {
		return err
	}
	defer b.end()
	if err := b.typed(os.Getenv("TIEZHANG_PASSWORD"), 5)(); err != nil {
		return err
	}
	time.Sleep(500 * time.Millisecond)
	steps := []func() error{
		func() error { return b.see("sign-in to home", 1500*time.Millisecond, b.key("Return")) },
		func() error { return b.idle(10 * time.Second) },
		func() error { return b.screens(Screens) },
		b.scroll, b.document, b.sale,
		func() error { return b.idle(30 * time.Second) },
	}
	for _, s := range steps {
		if err := s(); err != nil {
			return err
		}
	}
	return nil
}

// Screens are opened through the palette by what is typed there.
var Screens = []string{"Sales documents", "Purchase documents", "Items", "Customers", "Stock on hand", "Stock alerts", "Sales detail",
	"Sales summary", "Purchase detail", "Receivables", "Payables", "Cash flow", "Profit", "Operation log"}

func (b *bench) open(name, words string, rest time.Duration) error {
	if err := b.see("", 300*time.Millisecond, b.key("ctrl+k")); err != nil {
		return err
	}
	if err := b.see("", 500*time.Millisecond, b.typed(words, 2)); err != nil {
		return err
	}
	return b.see(name, rest, b.key("Return"))
}

func (b *bench) screens(names []string) error {
	for _, n := range names {
		if err := b.open("open: "+n, n, 1200*time.Millisecond); err != nil {
			return err
		}
		if err := b.see("", 300*time.Millisecond, b.key("ctrl+w")); err != nil {
			return err
		}
	}
	return nil
}

// scroll holds Page Down over the longest list and counts the frames.
func (b *bench) scroll() error {
	if err := b.open("", "Operation log", 1200*time.Millisecond); err != nil {
		return err
	}
	b.before = append(b.before[:0], b.picture()...)
	frames, longest := 0, time.Duration(0)
	hold := exec.Command("xdotool", "key", "--repeat", "100", "--delay", "30", "Next")
	hold.Env = append(os.Environ(), "DISPLAY="+b.display)
	if err := hold.Start(); err != nil {
		return err
	}
	start := time.Now()
	last := start
	for time.Since(start) < 3*time.Second {
		if !bytes.Equal(b.before, b.picture()) {
			b.before = append(b.before[:0], b.picture()...)
			frames++
			longest = max(longest, time.Since(last))
			last = time.Now()
		}
		time.Sleep(time.Millisecond)
	}
	err := hold.Wait()
	b.rows = append(b.rows, row{"Page Down held for 3 s, 33 a second: frames; longest still", float64(frames), ms(longest), "n; ms"})
	if err := b.see("last rows by Ctrl+End", time.Second, b.key("ctrl+End")); err != nil {
		return err
	}
	if err := b.see("", 300*time.Millisecond, b.key("ctrl+w")); err != nil {
		return err
	}
	return err
}

// document opens the newest sale of the list.
func (b *bench) document() error {
	if err := b.open("", "Sales documents", 1200*time.Millisecond); err != nil {
		return err
	}
	if err := b.see("", 300*time.Millisecond, b.key("Home")); err != nil {
		return err
	}
	if err := b.see("open a document from the list", 700*time.Millisecond, b.key("Return")); err != nil {
		return err
	}
	for range 2 {
		if err := b.see("", 300*time.Millisecond, b.key("ctrl+w")); err != nil {
			return err
		}
	}
	return nil
}

// sale sells five items at the till, by codes of the sample shop.
func (b *bench) sale() error {
	if err := b.open("open: till", "Till", 700*time.Millisecond); err != nil {
		return err
	}
	for i, c := range []string{"10001", "10002", "10003", "10004"} {
		if err := b.typed(c, 2)(); err != nil {
			return err
		}
		name := ""
		if i == 3 {
			name = "till: Enter on a code"
		}
		if err := b.see(name, 400*time.Millisecond, b.key("Return")); err != nil {
			return err
		}
	}
	for _, k := range []string{"1", "0", "0", "0"} {
		if err := b.see("till: key "+k+" of a search", 400*time.Millisecond, b.key(k)); err != nil {
			return err
		}
	}
	if err := b.see("", 400*time.Millisecond, b.key("5")); err != nil {
		return err
	}
	if err := b.see("till: fifth line", 400*time.Millisecond, b.key("Return")); err != nil {
		return err
	}
	if err := b.see("till: pay", 500*time.Millisecond, b.key("F9")); err != nil {
		return err
	}
	return b.see("till: posted", 700*time.Millisecond, b.key("Return"))
}

// idle measures the processor and the memory while nobody does anything.
func (b *bench) idle(d time.Duration) error {
	c0, err := b.cpu()
	if err != nil {
		return err
	}
	time.Sleep(d)
	c1, err := b.cpu()
	if err != nil {
		return err
	}
	mb, err := b.memory()
	b.rows = append(b.rows, row{"idle: % of one processor; MB resident", float64((c1-c0)*100) / float64(d), mb, "%; MB"})
	return err
}

// cpu reads the time of the processor used so far; the kernel counts in
// hundredths of a second.
func (b *bench) cpu() (time.Duration, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", b.program.Process.Pid))
	if err != nil {
		return 0, err
	}
	f := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	if len(f) < 13 {
		return 0, errors.New("the kernel's line is too short")
	}
	user, err1 := strconv.ParseInt(f[11], 10, 64)
	system, err2 := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond, errors.Join(err1, err2)
}

func (b *bench) memory() (float64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.program.Process.Pid))
	if err != nil {
		return 0, err
	}
	for _, l := range strings.Split(string(data), "\n") {
		if rest, ok := strings.CutPrefix(l, "VmRSS:"); ok {
			kb, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(rest), " kB"))
			return float64(kb) / 1024, err
		}
	}
	return 0, errors.New("no VmRSS")
}

func (b *bench) end() {
	_ = b.program.Process.Signal(syscall.SIGTERM)
	gone := make(chan struct{})
	go func() { _ = b.program.Wait(); close(gone) }()
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		_ = b.program.Process.Kill()
		<-gone
	}
}

func (b *bench) table() {
	fmt.Printf("%-62s %10s %10s\n", "work", "first", "last")
	for _, r := range b.rows {
		fmt.Printf("%-62s %10.1f %10.1f %s\n", r.Work, r.First, r.Last, r.Unit)
	}
}
