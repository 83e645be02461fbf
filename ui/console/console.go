// Package console is the script face: the same use cases through the same gate,
// for scripts, auditors and tests. docs/console.md is its contract.
//
// What belongs here: commands, flags, plain and JSON output, exit codes. What
// does not: anything a screen could not also do, and any way round the gate.
package console

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"tiezhang/app"
	"tiezhang/app/fault"
	"tiezhang/ui/text"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// Environment variables that carry secrets; they are never taken from the
// command line, which other programs can read.
const (
	envPassword     = "TIEZHANG_PASSWORD"
	envNewPassword  = "TIEZHANG_NEW_PASSWORD"
	envRecovery     = "TIEZHANG_RECOVERY"
	envApproverPw   = "TIEZHANG_APPROVER_PASSWORD"
	envApproverTOTP = "TIEZHANG_APPROVER_CODE" // the six digits on the approver's phone
	envApproval     = "TIEZHANG_APPROVAL_CODE" // a printed code in the approver's stead
	envExportPw     = "TIEZHANG_EXPORT_PASSWORD"
)

// command is one word of the script face.
type command struct {
	name  string
	args  string // shown in the usage
	least int    // positional arguments wanted
	most  int
	flags func(*flag.FlagSet, *opts)
	run   func(context.Context, *call) error
}

// opts holds every flag; a command declares those it takes.
type opts struct {
	json                                                    bool
	user, passwordFile, newPasswordFile, approver, keyFile  string
	later                                                   bool
	shop, owner, lang                                       string
	days, items, bills, limit                               int
	seed                                                    uint64
	end, from, to, search, item, party, warehouse, category string
	account, kind, status, sort, outFile, since, role       string
	warehouses                                              string
	codes, unit, date                                       string
	number, actions                                         string
	hours, uses                                             int
	ownRows                                                 bool
	month, dayFlag, reason, counted, id                     string
	post, negative                                          bool
	staff, group                                            string
	zero, desc, dryRun, update, skipBad, stock, newPlaces   bool
	bare                                                    bool
}

// call is one command under way.
type call struct {
	opts
	args []string
	host app.Host
	in   io.Reader
	out  io.Writer
	err  io.Writer
}

func common(f *flag.FlagSet, o *opts) {
	f.BoolVar(&o.json, "json", false, "")
	f.StringVar(&o.lang, "lang", "", "")
	f.StringVar(&o.user, "user", "", "")
	f.StringVar(&o.passwordFile, "password-file", "", "")
	f.StringVar(&o.approver, "approver", "", "")
	f.StringVar(&o.keyFile, "key-file", "", "")
	f.StringVar(&o.number, "number", "", "")
}

var commands = []command{
	{"new", "DIR --shop NAME --owner NAME", 1, 1, func(f *flag.FlagSet, o *opts) {
		f.StringVar(&o.shop, "shop", "", "")
		f.StringVar(&o.owner, "owner", "", "")
	}, newShop},
	{"demo", "DIR --days N --seed S [--items N] [--bills N] [--end DATE]", 1, 1, func(f *flag.FlagSet, o *opts) {
		f.IntVar(&o.days, "days", 30, "")
		f.Uint64Var(&o.seed, "seed", 1, "")
		f.IntVar(&o.items, "items", 0, "")
		f.IntVar(&o.bills, "bills", 0, "")
		f.StringVar(&o.end, "end", "", "")
		f.StringVar(&o.shop, "shop", "", "")
		f.StringVar(&o.owner, "owner", "", "")
	}, demoShop},
	{"import", "DIR items|parties|opening-stock FILE.xlsx [--dry-run] [--skip-bad] [--update] [--codes barcode|running] [--unit U] [--warehouse W] [--new-places] [--stock] [--date D]", 3, 3, func(f *flag.FlagSet, o *opts) {
		for n, p := range map[string]*bool{"dry-run": &o.dryRun, "skip-bad": &o.skipBad, "update": &o.update, "stock": &o.stock, "new-places": &o.newPlaces} {
			f.BoolVar(p, n, false, "")
		}
		for n, p := range map[string]*string{"codes": &o.codes, "unit": &o.unit, "warehouse": &o.warehouse, "date": &o.date} {
			f.StringVar(p, n, "", "")
		}
	}, importFile},
	{"post", "DIR FILE.jsonl", 2, 2, nil, postFile},
	{"count", "DIR FILE.csv|FILE.xlsx|FILE.json [--warehouse W] [--post] [--id ID] [--date D] [--reason R]", 2, 2, func(f *flag.FlagSet, o *opts) {
		for n, p := range map[string]*string{"warehouse": &o.warehouse, "id": &o.id, "date": &o.date, "reason": &o.reason} {
			f.StringVar(p, n, "", "")
		}
		f.BoolVar(&o.post, "post", false, "")
	}, countFile},
	{"close", "DIR --month YYYY-MM [--negative] | --day DATE --counted MONEY [--account A] [--reason R]", 1, 1, func(f *flag.FlagSet, o *opts) {
		for n, p := range map[string]*string{"month": &o.month, "day": &o.dayFlag, "counted": &o.counted, "account": &o.account, "reason": &o.reason} {
			f.StringVar(p, n, "", "")
		}
		f.BoolVar(&o.negative, "negative", false, "")
	}, closeBooks},
	{"reopen", "DIR --month YYYY-MM [--to FOLDER] | --day DATE --reason R", 1, 1, func(f *flag.FlagSet, o *opts) {
		for n, p := range map[string]*string{"month": &o.month, "day": &o.dayFlag, "to": &o.to, "reason": &o.reason} {
			f.StringVar(p, n, "", "")
		}
	}, reopenBooks},
	{"report", "DIR NAME [--from D] [--to D] [--search T] [--item C] [--party C] [--warehouse C] [--category T] [--kind K] [--status S] [--staff C] [--group G] [--days N] [--sort COLUMN] [--desc] [--zero] [--limit N] [--without-sensitive] [--reason R] [--out FILE.xlsx]", 2, 2, func(f *flag.FlagSet, o *opts) {
		for n, p := range map[string]*string{"from": &o.from, "to": &o.to, "search": &o.search, "item": &o.item, "party": &o.party, "warehouse": &o.warehouse,
			"account": &o.account, "category": &o.category, "kind": &o.kind, "status": &o.status, "staff": &o.staff, "group": &o.group, "sort": &o.sort, "out": &o.outFile, "reason": &o.reason} {
			f.StringVar(p, n, "", "")
		}
		f.BoolVar(&o.zero, "zero", false, "")
		f.BoolVar(&o.desc, "desc", false, "")
		f.BoolVar(&o.bare, "without-sensitive", false, "")
		f.IntVar(&o.limit, "limit", 0, "")
	}, showReport},
	{"log", "DIR [--since NUMBER|DATE]", 1, 1, func(f *flag.FlagSet, o *opts) { f.StringVar(&o.since, "since", "", "") }, showLog},
	{"verify", "DIR|FILE.tzbak", 1, 1, nil, verify},
	{"backup", "DIR --to FOLDER", 1, 1, func(f *flag.FlagSet, o *opts) { f.StringVar(&o.to, "to", "", "") }, backup},
	{"restore", "FILE.tzbak --to DIR", 1, 1, func(f *flag.FlagSet, o *opts) { f.StringVar(&o.to, "to", "", "") }, restore},
	{"recover", "DIR", 1, 1, func(f *flag.FlagSet, o *opts) { f.StringVar(&o.newPasswordFile, "new-password-file", "", "") }, recoverShop},
	{"user", "DIR list|add|invite|role|places|disable|enable|reset|code|leave|password [NAME] [--role ROLE] [--warehouses A,B|all] [--to NAME] [--later]", 2, 3, func(f *flag.FlagSet, o *opts) {
		f.StringVar(&o.role, "role", "", "")
		f.StringVar(&o.warehouses, "warehouses", "", "")
		f.StringVar(&o.to, "to", "", "")
		f.BoolVar(&o.later, "later", false, "")
		f.StringVar(&o.newPasswordFile, "new-password-file", "", "")
	}, people},
	{"grant", "DIR list|give NAME|end ID [--actions A,B] [--hours N] [--uses N] [--own] [--reason R]", 2, 3, func(f *flag.FlagSet, o *opts) {
		f.StringVar(&o.actions, "actions", "", "")
		f.StringVar(&o.reason, "reason", "", "")
		f.IntVar(&o.hours, "hours", 24, "")
		f.IntVar(&o.uses, "uses", 0, "")
		f.BoolVar(&o.ownRows, "own", false, "")
	}, grants},
	{"approve", "DIR list|yes ID|no ID|codes [FILE.pdf]|codes-end SHEET [--reason R] [--actions A,B] [--up-to MONEY]", 2, 3, func(f *flag.FlagSet, o *opts) {
		f.StringVar(&o.reason, "reason", "", "")
		f.StringVar(&o.actions, "actions", "", "")
		f.StringVar(&o.counted, "up-to", "", "")
	}, approve},
	{"totp", "DIR start|confirm|off [NAME]", 2, 3, nil, phoneCodes},
	{"key-stick", "DIR make FOLDER|drop", 2, 3, nil, keyStick},
	{"rotate", "DIR", 1, 1, nil, rotate},
	{"export-key", "DIR", 1, 1, nil, exportKey},
}

// Knows tells whether a word is one of the script face, so that main can leave
// the window closed.
func Knows(word string) bool {
	switch word {
	case "help", "--help", "-h", "version", "--version":
		return true
	}
	return find(word) != nil
}

func find(word string) *command {
	for i := range commands {
		if commands[i].name == word {
			return &commands[i]
		}
	}
	return nil
}

// Run carries out one command line (without the program's name) and gives the
// exit code.
func Run(args []string, in io.Reader, out, errOut io.Writer, host app.Host) int {
	defer TakeSecrets()()
	useLanguage(os.Getenv("LC_ALL"), os.Getenv("LANG"), systemLanguage())
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		usage(out)
		return exitOK
	}
	if args[0] == "version" || args[0] == "--version" {
		fmt.Fprintln(out, "tiezhang", host.Version)
		return exitOK
	}
	cmd := find(args[0])
	if cmd == nil {
		fmt.Fprintln(errOut, text.T("console.unknown", "command", args[0]))
		usage(errOut)
		return exitUsage
	}
	c := &call{host: host, in: in, out: out, err: errOut}
	f := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	common(f, &c.opts)
	if cmd.flags != nil {
		cmd.flags(f, &c.opts)
	}
	var err error
	if c.args, err = mixed(f, args[1:]); err != nil || len(c.args) < cmd.least || len(c.args) > cmd.most {
		if err != nil && !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(errOut, err)
		}
		fmt.Fprintln(errOut, text.T("console.usage"), "tiezhang", cmd.name, cmd.args)
		return exitUsage
	}
	if c.lang != "" {
		useLanguage(c.lang)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := cmd.run(ctx, c); err != nil {
		var u usageError
		if errors.As(err, &u) {
			fmt.Fprintln(errOut, u.words)
			return exitUsage
		}
		if !errors.Is(err, errSaid) {
			for _, l := range text.FaultLines(err) {
				fmt.Fprintln(errOut, l)
			}
			detail(errOut, err)
		}
		return exitFailed
	}
	return exitOK
}

// detail adds the technical line scripts may look at: kind and key.
func detail(w io.Writer, err error) {
	var list fault.List
	if errors.As(err, &list) {
		for _, e := range list {
			fmt.Fprintf(w, "[%s %s]\n", e.Kind, e.Key)
		}
		return
	}
	if k := fault.KeyOf(err); k != "" {
		fmt.Fprintf(w, "[%s %s]\n", fault.KindOf(err), k)
	}
}

// mixed lets flags stand before, between and after the other words.
func mixed(f *flag.FlagSet, args []string) ([]string, error) {
	var words []string
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		if f.NArg() == 0 {
			return words, nil
		}
		words = append(words, f.Arg(0))
		args = f.Args()[1:]
	}
}

func useLanguage(hints ...string) {
	for _, h := range hints {
		h = strings.ToLower(h)
		if h == "" {
			continue
		}
		if strings.HasPrefix(h, "zh") {
			text.Use(text.Chinese)
		} else {
			text.Use(text.English)
		}
		return
	}
	text.Use(text.English)
}

// usageError is a wrong command line found while running.
type usageError struct{ words string }

func (u usageError) Error() string { return u.words }

// errSaid: what went wrong has been written already.
var errSaid = errors.New("console: said")

func usage(w io.Writer) {
	fmt.Fprintln(w, text.T("console.title"))
	for _, c := range commands {
		fmt.Fprintln(w, "  tiezhang", c.name, c.args)
	}
	fmt.Fprintln(w, text.T("console.common"))
}

// print writes JSON when asked for, else the words.
func (c *call) print(v any, words string) error {
	if !c.json {
		_, err := fmt.Fprintln(c.out, words)
		return err
	}
	e := json.NewEncoder(c.out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// secret reads a password from a file or the environment; the end of line of a
// file does not belong to it.
func secret(file, env string) (string, error) {
	if file == "" {
		return fromEnv(env), nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", fault.Wrap("console.secret", fault.NotFound, "console.password-file", fault.Pairs("file", file), err)
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}

// open signs in: --user, or the owner.
func (c *call) open(ctx context.Context, dir string) (*app.Session, error) {
	if _, err := app.FinishRestore(dir); err != nil {
		return nil, err
	}
	door, err := c.host.Vault.Look(dir)
	if err != nil {
		return nil, err
	}
	user := c.user
	if user == "" && len(door.Users) > 0 {
		user = door.Users[0]
	}
	pw, err := secret(c.passwordFile, envPassword)
	if err != nil {
		return nil, err
	}
	if pw == "" {
		return nil, usageError{text.T("console.no-password", "env", envPassword)}
	}
	p, err := c.proof(door, user, pw)
	if err != nil {
		return nil, err
	}
	return c.host.Enter(ctx, dir, user, p)
}

// with runs fn with a signed-in session and closes the shop after it.
func (c *call) with(ctx context.Context, fn func(context.Context, *app.Session) error) error {
	pw, err := secret(c.passwordFile, envPassword)
	if err != nil {
		return err
	}
	s, err := c.open(ctx, c.args[0])
	if err != nil {
		return err
	}
	ctx = app.WithPassword(ctx, pw) // signing in proved it just now: what wants it once more has it
	if c.approver != "" {
		ctx = app.WithSecondCode(app.WithSecond(ctx, c.approver, fromEnv(envApproverPw)), fromEnv(envApproverTOTP))
	}
	if code := fromEnv(envApproval); code != "" {
		ctx = app.WithCode(ctx, code)
	}
	if c.number != "" {
		ctx = app.WithTyped(ctx, c.number)
	}
	err = fn(ctx, s)
	if cerr := s.Shop().Close(ctx); err == nil {
		err = cerr
	}
	return err
}
