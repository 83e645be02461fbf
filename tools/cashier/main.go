//go:build linux

// Command cashier plays a day at the till in the real program on a virtual
// screen, by keyboard and scanner alone, and then holds books and stock against
// sums the program had no part in.
//
//	cashier [-display N] [-shots DIR] [-json FILE] PROGRAM SCRIPT.json
//
// The script comes from internal/cashier/script. Wants Xvfb, openbox and
// xdotool. It makes a shop of its own and throws it away.
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
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// day is the script: see internal/cashier.
type day struct {
	Setup []string `json:"setup"`
	Bills []struct {
		Keys   string `json:"keys"`
		Return bool   `json:"return"`
		Total  int64  `json:"total"`
		What   string `json:"what"`
	} `json:"bills"`
	Money map[string]int64 `json:"money"`
	Stock map[string]int64 `json:"stock"`
}

// result is what a run found.
type result struct {
	Bills  int      `json:"bills"`
	Median float64  `json:"median_ms"` // of a bill, with the cashier's own fingers
	Slow   float64  `json:"p95_ms"`
	Worst  float64  `json:"worst_ms"`
	Mute   []string `json:"unanswered"` // keys that changed nothing on the screen
	Wrong  []string `json:"wrong"`
}

const (
	password = "lamp-river-54-Mango-quiet"
	scanGap  = 2  // ms a character of a scanner
	fingers  = 45 // ms a key of a fast cashier
	patience = 3 * time.Second
	mostMute = 10
)

type player struct {
	dir, shop, program string
	display, shots     string
	screen             []byte
	before             []byte
	run                *exec.Cmd
	date               string
	rest               time.Duration // how long the picture rests before a hand goes on
	d                  day
	res                result
}

func main() {
	display := flag.Int("display", 67, "number of the virtual screen")
	shots := flag.String("shots", "", "keep some frames here, as XWD")
	rest := flag.Duration("rest", 60*time.Millisecond, "how long the picture rests before a hand goes on; longer on a busy machine")
	out := flag.String("json", "", "write the result here too")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: cashier [-display N] [-shots DIR] [-json FILE] PROGRAM SCRIPT.json")
		os.Exit(2)
	}
	p := &player{display: ":" + strconv.Itoa(*display), program: flag.Arg(0), shots: *shots, rest: *rest}
	err := p.play(flag.Arg(1))
	if p.dir != "" {
		_ = os.RemoveAll(p.dir)
	}
	b, jerr := json.MarshalIndent(p.res, "", "  ")
	fmt.Println(string(b))
	if *out != "" && jerr == nil {
		err = errors.Join(err, os.WriteFile(*out, b, 0o600))
	}
	if err == nil && len(p.res.Wrong) > 0 {
		err = errors.New("the books do not agree with the script")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "cashier:", err)
		os.Exit(1)
	}
}

func (p *player) play(script string) error {
	b, err := os.ReadFile(script)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, &p.d); err != nil {
		return err
	}
	if p.dir, err = os.MkdirTemp("", "cashier"); err != nil {
		return err
	}
	if err := p.open(); err != nil {
		return err
	}
	stop, err := p.up()
	defer stop()
	if err != nil {
		return err
	}
	if err := p.start(); err != nil {
		return err
	}
	var took []time.Duration
	for i := range p.d.Bills {
		start := time.Now()
		if err := p.keys(i, p.keysOf(i)); err != nil {
			p.end()
			return fmt.Errorf("bill %d: %w", i, err)
		}
		took = append(took, time.Since(start))
	}
	time.Sleep(time.Second)
	p.shot("end")
	p.end()
	slices.Sort(took)
	n := len(took)
	if n == 0 {
		return errors.New("the script has no bills")
	}
	ms := func(d time.Duration) float64 { return float64(d.Milliseconds()) }
	p.res.Bills, p.res.Median, p.res.Slow, p.res.Worst = n, ms(took[n/2]), ms(took[n*95/100]), ms(took[n-1])
	return p.check()
}

// open makes the shop through the script face.
func (p *player) open() error {
	p.shop = filepath.Join(p.dir, "shop")
	if _, err := p.face("new", p.shop, "--shop", "Cashier", "--owner", "Boss", "--lang", "en"); err != nil {
		return err
	}
	lines := filepath.Join(p.dir, "setup.jsonl")
	if err := os.WriteFile(lines, []byte(strings.Join(p.d.Setup, "\n")+"\n"), 0o600); err != nil {
		return err
	}
	_, err := p.face("post", p.shop, lines)
	return err
}

// face runs the script face and gives what it said.
func (p *player) face(args ...string) ([]byte, error) {
	c := exec.Command(p.program, append(args, "--json")...)
	c.Env = append(os.Environ(), "TIEZHANG_PASSWORD="+password)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", args[0], err, stderr.String())
	}
	return out, nil
}

// up starts the screen and its window manager.
func (p *player) up() (stop func(), err error) {
	var started []*exec.Cmd
	stop = func() {
		for i := len(started) - 1; i >= 0; i-- {
			_ = started[i].Process.Signal(syscall.SIGTERM)
			_ = started[i].Wait()
		}
	}
	x := exec.Command("Xvfb", p.display, "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-fbdir", p.dir)
	if err := x.Start(); err != nil {
		return stop, err
	}
	started = append(started, x)
	file := filepath.Join(p.dir, "Xvfb_screen0")
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
	if p.screen, err = syscall.Mmap(int(f.Fd()), 0, int(st.Size()), syscall.PROT_READ, syscall.MAP_SHARED); err != nil {
		return stop, err
	}
	time.Sleep(300 * time.Millisecond)
	wm := exec.Command("openbox")
	wm.Env = append(os.Environ(), "DISPLAY="+p.display)
	if err := wm.Start(); err != nil {
		return stop, err
	}
	started = append(started, wm)
	time.Sleep(time.Second)
	return stop, nil
}

// start opens the program, signs in and goes to the till.
func (p *player) start() error {
	home := filepath.Join(p.dir, "home")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(home, "settings.json"), []byte(`{"language":"en"}`), 0o600); err != nil {
		return err
	}
	p.run = exec.Command(p.program, p.shop)
	p.run.Env = append(os.Environ(), "DISPLAY="+p.display, "TIEZHANG_HOME="+home, "XDG_CONFIG_HOME="+home, "LANG=en_US.UTF-8", "LC_ALL=en_US.UTF-8", "LANGUAGE=en")
	p.mark()
	if err := p.run.Start(); err != nil {
		return err
	}
	p.date = time.Now().Format("20060102")
	p.wait(time.Second, 30*time.Second)
	for i, s := range []struct {
		args []string
		rest time.Duration
	}{
		{[]string{"type", "--delay", "10", password}, 300 * time.Millisecond},
		{[]string{"key", "Return"}, 2 * time.Second},
		{[]string{"key", "Escape"}, 500 * time.Millisecond}, // whatever greets whoever comes in
		{[]string{"key", "ctrl+k"}, 500 * time.Millisecond},
		{[]string{"type", "--delay", "20", "Till"}, 500 * time.Millisecond},
		{[]string{"key", "Return"}, time.Second},
	} {
		p.mark()
		if err := p.x(s.args...); err != nil {
			return err
		}
		p.wait(s.rest, 5*time.Second)
		if i == 1 && !p.signedIn() {
			return errors.New("the program did not let the owner in")
		}
		p.shot("start-" + strconv.Itoa(i))
	}
	return nil
}

// signedIn waits for the dark rail of modules at the left: making the key of a
// password takes as long as the machine lets it.
func (p *player) signedIn() bool {
	for range 600 {
		at := len(p.screen) - 768*1366*4 + (600*1366+20)*4
		if c := p.screen[at : at+3]; c[0] < 0x60 && c[1] < 0x60 && c[2] < 0x60 {
			time.Sleep(2 * time.Second)
			return true
		}
		time.Sleep(100 * time.Millisecond)
	}
	return false
}

// shot keeps a frame for people to look at.
func (p *player) shot(name string) {
	if p.shots != "" {
		_ = os.WriteFile(filepath.Join(p.shots, name+".xwd"), p.screen, 0o600)
	}
}

func (p *player) x(args ...string) error {
	c := exec.Command("xdotool", args...)
	c.Env = append(os.Environ(), "DISPLAY="+p.display)
	return c.Run()
}

// picture is what is compared: not the header of the file and not the status bar
// with its clock.
func (p *player) picture() []byte { return p.screen[4096 : len(p.screen)-32*1366*4] }

func (p *player) mark() { p.before = append(p.before[:0], p.picture()...) }

// wait waits until the picture has changed since mark and rests; false when
// nothing changed at all.
func (p *player) wait(quiet, most time.Duration) bool {
	start := time.Now()
	var last time.Time
	for {
		if !bytes.Equal(p.before, p.picture()) {
			last = time.Now()
			p.mark()
		}
		switch now := time.Now(); {
		case last.IsZero() && now.Sub(start) > most:
			return false
		case !last.IsZero() && now.Sub(last) > quiet:
			return true
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// names of keys as xdotool wants them.
var names = map[string]string{"Enter": "Return", "Escape": "Escape", "Delete": "Delete", "Down": "Down", "Up": "Up"}

// keys plays one bill. A scan is followed at once by the next one; what a hand
// does comes after the picture rests, as a cashier looks.
func (p *player) keys(bill int, s string) error {
	for s != "" {
		p.mark()
		what := s
		switch s[0] {
		case '<':
			name, after, _ := strings.Cut(s[1:], ">")
			what, s = "<"+name+">", after
			if n, ok := names[name]; ok {
				name = n
			}
			if err := p.x("key", "--delay", "0", name); err != nil {
				return err
			}
		case '{':
			code, after, _ := strings.Cut(s[1:], "}")
			what, s = "{"+code+"}", after
			if err := p.x("type", "--delay", strconv.Itoa(scanGap), "--args", "1", code, "key", "--delay", "0", "Return"); err != nil {
				return err
			}
			if strings.HasPrefix(s, "{") {
				continue
			}
		default:
			n := strings.IndexAny(s, "<{")
			if n < 0 {
				n = len(s)
			}
			what, s = s[:n], s[n:]
			if err := p.x("type", "--delay", strconv.Itoa(fingers), what); err != nil {
				return err
			}
		}
		if !p.wait(p.rest, patience) {
			p.res.Mute = append(p.res.Mute, fmt.Sprintf("bill %d: %s", bill, what))
			p.shot(fmt.Sprintf("mute-%d", len(p.res.Mute)))
			if len(p.res.Mute) >= mostMute {
				return errors.New("too many keys changed nothing: the window is somewhere else")
			}
		}
	}
	return nil
}

func (p *player) number(bill int) string {
	n, prefix := 0, "LS"
	if p.d.Bills[bill].Return {
		prefix = "LT"
	}
	for _, b := range p.d.Bills[:bill+1] {
		if b.Return == p.d.Bills[bill].Return {
			n++
		}
	}
	return fmt.Sprintf("%s-%s-%04d", prefix, p.date, n)
}

// keysOf fills in the receipt numbers.
func (p *player) keysOf(bill int) string {
	keys := p.d.Bills[bill].Keys
	for {
		i, j := strings.IndexByte(keys, '['), strings.IndexByte(keys, ']')
		if i < 0 || j < i {
			return keys
		}
		n, err := strconv.Atoi(keys[i+1 : j])
		if err != nil {
			return keys
		}
		keys = keys[:i] + p.number(n) + keys[j+1:]
	}
}

func (p *player) end() {
	_ = p.run.Process.Signal(syscall.SIGTERM)
	gone := make(chan struct{})
	go func() { _ = p.run.Wait(); close(gone) }()
	select {
	case <-gone:
	case <-time.After(20 * time.Second):
		_ = p.run.Process.Kill()
		<-gone
	}
}

// table is a report of the script face.
type table struct {
	Columns []struct {
		Key string `json:"key"`
	} `json:"columns"`
	Rows [][]any `json:"rows"`
}

func (p *player) report(name string, args ...string) ([]map[string]string, error) {
	b, err := p.face(append([]string{"report", p.shop, name, "--reason", "checking the bills"}, args...)...)
	if err != nil {
		return nil, err
	}
	var t table
	if err := json.Unmarshal(b, &t); err != nil {
		return nil, fmt.Errorf("report %s: %w", name, err)
	}
	var out []map[string]string
	for _, r := range t.Rows {
		m := map[string]string{}
		for i, v := range r {
			m[t.Columns[i].Key] = fmt.Sprint(v)
		}
		out = append(out, m)
	}
	return out, nil
}

func (p *player) wrong(format string, args ...any) {
	p.res.Wrong = append(p.res.Wrong, fmt.Sprintf(format, args...))
}

func money(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%d.%02d", sign, fen/100, fen%100)
}

// check holds every bill, every account and every item against the script, and
// has the program check its own books.
func (p *player) check() error {
	docs, err := p.report("documents", "--kind", "RetailSale,RetailReturn")
	if err != nil {
		return err
	}
	byNumber := map[string]map[string]string{}
	for _, d := range docs {
		if d["status"] != "posted" {
			p.wrong("left over: a bill of %s with status %s", d["total"], d["status"])
			continue
		}
		byNumber[d["number"]] = d
	}
	for i, b := range p.d.Bills {
		n := p.number(i)
		if d := byNumber[n]; d == nil {
			p.wrong("bill %d, %s (%s): not in the books: %s", i, n, b.What, b.Keys)
		} else if d["total"] != money(b.Total) {
			p.wrong("bill %d, %s (%s): %s in the books, %s by head: %s", i, n, b.What, d["total"], money(b.Total), b.Keys)
		}
		delete(byNumber, n)
	}
	for n := range byNumber {
		p.wrong("bill %s is in the books and not in the script", n)
	}
	accounts, err := p.report("accounts")
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if want := money(p.d.Money[a["account_kind"]]); a["balance"] != want {
			p.wrong("%s: %s in the books, %s by head", a["name"], a["balance"], want)
		}
	}
	stock, err := p.report("stock-balance")
	if err != nil {
		return err
	}
	if len(stock) != len(p.d.Stock) {
		p.wrong("%d items in stock, want %d", len(stock), len(p.d.Stock))
	}
	for _, s := range stock {
		if want := strconv.FormatInt(p.d.Stock[s["code"]], 10); s["qty"] != want {
			p.wrong("%s: %s in stock, %s by head", s["code"], s["qty"], want)
		}
	}
	if out, err := p.face("verify", p.shop); err != nil {
		p.wrong("the program's own check: %v %s", err, out)
	}
	return nil
}
