//go:build linux

package proof

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const tags = "migrated_fynedo,no_emoji,no_animations"

// program is the real thing: the one TIEZHANG_BIN names, or built here.
func program(t *testing.T) string {
	t.Helper()
	if bin := os.Getenv("TIEZHANG_BIN"); bin != "" {
		return bin
	}
	if out, err := exec.Command("go", "env", "CGO_ENABLED").Output(); err != nil || strings.TrimSpace(string(out)) != "1" {
		t.Skip("the window needs cgo, which is off: set TIEZHANG_BIN to a built program")
	}
	bin := filepath.Join(t.TempDir(), "tiezhang")
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute) // a cold build of the OpenGL bindings is long
	defer cancel()
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-tags", tags, "-o", bin, "tiezhang")
	if out, err := c.CombinedOutput(); err != nil {
		if bytes.Contains(out, []byte(".h: No such file")) || bytes.Contains(out, []byte("pkg-config")) {
			t.Skipf("the headers of OpenGL and X11 are not there: make test installs them\n%s", out)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

// tracer runs programs under strace.
type tracer struct {
	t    *testing.T
	dir  string
	env  []string
	runs int
}

func newTracer(t *testing.T) *tracer {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("strace is not installed: nobody can look on")
	}
	if out, err := exec.Command("strace", "-f", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v %s", err, out)
	}
	home := t.TempDir()
	return &tracer{t: t, dir: t.TempDir(), env: append(os.Environ(), "TIEZHANG_PASSWORD="+password, "LC_ALL=C.UTF-8", "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home)}
}

// run traces one command line; with a time it is ended after that.
func (r *tracer) run(limit time.Duration, args ...string) (trace, output string) {
	r.t.Helper()
	r.runs++
	file := filepath.Join(r.dir, strconv.Itoa(r.runs)+".trace")
	c := exec.Command("strace", append([]string{"-f", "-qq", "-e", "trace=%network", "-e", "signal=none", "-o", file}, args...)...)
	var out bytes.Buffer
	c.Stdout, c.Stderr, c.Env = &out, &out, r.env
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.WaitDelay = 5 * time.Second
	if err := c.Start(); err != nil {
		r.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	wait := limit
	if limit == 0 {
		wait = time.Minute
	}
	select {
	case err := <-done:
		if err != nil {
			r.t.Fatalf("%v: %v\n%s", args, err, out.String())
		}
		if limit != 0 {
			r.t.Errorf("%v ended by itself before %v:\n%s", args, limit, out.String())
		}
	case <-time.After(wait):
		if limit == 0 {
			r.t.Errorf("%v took longer than %v", args, wait)
		}
		// the traced program, not strace: that ends with it, its notes written
		kids, _ := os.ReadFile("/proc/" + strconv.Itoa(c.Process.Pid) + "/task/" + strconv.Itoa(c.Process.Pid) + "/children")
		for _, k := range strings.Fields(string(kids)) {
			if pid, err := strconv.Atoi(k); err == nil {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
			<-done
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(b), out.String()
}

// internet gives the lines of a trace that have to do with another computer.
func internet(trace string) (out []string) {
	for _, l := range strings.Split(trace, "\n") {
		if strings.Contains(l, "AF_INET") || strings.Contains(l, "AF_PACKET") || strings.Contains(l, "AF_VSOCK") || strings.Contains(l, "AF_BLUETOOTH") {
			out = append(out, l)
		}
	}
	return out
}

// TestTracerSees: the trace would show a socket if there were one.
func TestTracerSees(t *testing.T) {
	r := newTracer(t)
	me, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r.env = append(r.env, "TIEZHANG_PROOF_DIAL=1")
	trace, _ := r.run(0, me, "-test.run=^TestChildDials$")
	if len(internet(trace)) == 0 {
		t.Fatalf("a program that opens an internet socket is not noticed:\n%s", trace)
	}
}

func TestChildDials(t *testing.T) {
	if os.Getenv("TIEZHANG_PROOF_DIAL") == "" {
		t.Skip("runs as a child of TestTracerSees")
	}
	l, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)}) // nothing is sent
	if err != nil {
		t.Skip(err)
	}
	_ = l.Close()
}

// TestNoNetwork traces the real program through a day of the script face and at
// its window: it opens no internet socket, ever.
func TestNoNetwork(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	t.Parallel()
	r := newTracer(t)
	bin := program(t)
	base := t.TempDir()
	dir, keep, back := filepath.Join(base, "shop"), filepath.Join(base, "usb"), filepath.Join(base, "back")
	day := filepath.Join(base, "day.jsonl")
	lines, _ := trade(6)
	if err := os.WriteFile(day, []byte(master+lines), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"new", dir, "--shop", "S", "--owner", "O"}, {"post", dir, day}, {"report", dir, "sales-detail", "--reason", "accountant"},
		{"report", dir, "stock-alert", "--out", filepath.Join(base, "stock.xlsx"), "--reason", "accountant"}, {"log", dir}, {"verify", dir}, {"backup", dir, "--to", keep},
	} {
		trace, _ := r.run(0, append([]string{bin}, args...)...)
		for _, l := range internet(trace) {
			t.Errorf("tiezhang %s: %s", args[0], l)
		}
	}
	files, err := filepath.Glob(filepath.Join(keep, "*.tzbak"))
	if err != nil || len(files) != 1 {
		t.Fatalf("backups: %v %v", files, err)
	}
	for _, args := range [][]string{{"verify", files[0]}, {"restore", files[0], "--to", back}} {
		trace, _ := r.run(0, append([]string{bin}, args...)...)
		for _, l := range internet(trace) {
			t.Errorf("tiezhang %s: %s", args[0], l)
		}
	}
	t.Run("window", func(t *testing.T) { r.t = t; window(t, r, bin, dir) })
}

// window opens the program on a virtual screen.
func window(t *testing.T, r *tracer, bin, dir string) {
	if _, err := exec.LookPath("Xvfb"); err != nil {
		t.Skip("there is no virtual screen (Xvfb) to open the window on")
	}
	number, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer number.Close()
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1366x768x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	defer func() {
		_ = x.Process.Kill()
		_ = x.Wait()
	}()
	if err := number.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Logf("no time limit on the screen's start: %v", err)
	}
	b := make([]byte, 16)
	n, err := number.Read(b)
	if err != nil {
		t.Skipf("the virtual screen did not start: %v", err)
	}
	r.env = append(r.env, "DISPLAY=:"+strings.TrimSpace(string(b[:n])), "LIBGL_ALWAYS_SOFTWARE=1", "LC_ALL=zh_CN.UTF-8")
	for _, args := range [][]string{{bin}, {bin, dir}} {
		trace, out := r.run(6*time.Second, args...)
		if !strings.Contains(trace, "AF_UNIX") {
			t.Errorf("the window did not even speak to its screen, so nothing was seen:\n%s\n%s", out, trace)
		}
		for _, l := range internet(trace) {
			t.Errorf("the window: %s", l)
		}
	}
}
