package keys

// Action is something with a key that a shop may choose. Title is a text key.
type Action struct {
	Name  string // "till.pay", as in Binding.Action
	Title string
	Group Group
	Chord Chord // the program's own
}

// Group is where a key works. Two actions of one group cannot have the same key.
type Group string

const (
	AtTill   Group = "till"
	AtPay    Group = "pay"      // the dialog that takes the money
	OnPaper  Group = "document" // the document screen
	Anywhere Group = "shell"    // fixed, and so taken everywhere
)

// Groups lists those whose keys may be chosen, in the order of the screen.
var Groups = []Group{AtTill, AtPay, OnPaper}

// actions is the list of what may be given another key. A test of each screen
// holds it together with what the screen binds.
var actions = []Action{
	{"till.pay", "till.key.pay", AtTill, F9},
	{"till.qty", "till.key.qty", AtTill, F2},
	{"till.price", "till.key.price", AtTill, F3},
	{"till.off", "till.key.off", AtTill, F4},
	{"till.delete", "till.key.delete", AtTill, "Delete"},
	{"till.discount", "till.key.discount", AtTill, F8},
	{"till.member", "till.key.member", AtTill, "Ctrl+B"},
	{"till.staff", "till.key.staff", AtTill, "Ctrl+G"},
	{"till.hold", "till.key.hold", AtTill, F5},
	{"till.recall", "till.key.recall", AtTill, F6},
	{"till.return", "till.key.return", AtTill, F7},
	{"till.print", "till.key.print", AtTill, F10},
	{"till.close", "till.key.close", AtTill, F11},
	{"till.clear", "till.key.clear", AtTill, F12},
	{"till.topup", "till.key.topup", AtTill, "Ctrl+T"},
	{"till.drawer", "till.key.drawer", AtTill, "Ctrl+D"},
	{"till.device", "till.key.device", AtTill, "Ctrl+F10"},
	{"pay.ok", "till.pay.ok", AtPay, F9},
	{"pay.round", "till.pay.round", AtPay, F8},
	{"pay.points", "till.pay.points", AtPay, F10},
	{"pay.1", "till.pay.account.1", AtPay, F1},
	{"pay.2", "till.pay.account.2", AtPay, F2},
	{"pay.3", "till.pay.account.3", AtPay, F3},
	{"pay.4", "till.pay.account.4", AtPay, F4},
	{"pay.5", "till.pay.account.5", AtPay, F5},
	{"pay.6", "till.pay.account.6", AtPay, F6},
	{"pay.7", "till.pay.account.7", AtPay, F7},
	{"doc.post", "docview.action.post", OnPaper, F9},
	{"doc.post_print", "docview.action.post_print", OnPaper, F10},
	{"doc.save", "docview.action.save", OnPaper, "Ctrl+S"},
	{"doc.print", "docview.action.print", OnPaper, "Ctrl+P"},
	{"doc.header", "docview.action.header", OnPaper, F3},
	{"doc.grid", "docview.action.grid", OnPaper, F4},
	{"doc.pay", "docview.action.pay", OnPaper, F6},
	{"doc.origin", "docview.action.origin", OnPaper, F7},
	{"doc.new", "docview.action.new", OnPaper, "Ctrl+N"},
}

// shell are the keys that work everywhere and stay as they are.
var shell = []Action{
	{"shell.palette", "shell.key.palette", Anywhere, "Ctrl+K"},
	{"shell.help", "shell.key.help", Anywhere, F1},
	{"shell.lock", "shell.key.lock", Anywhere, "Ctrl+L"},
	{"shell.rail", "shell.key.rail", Anywhere, "Ctrl+M"},
	{"shell.close", "shell.key.close", Anywhere, "Ctrl+W"},
	{"shell.next", "shell.key.next", Anywhere, "Ctrl+Tab"},
	{"shell.previous", "shell.key.previous", Anywhere, "Ctrl+Shift+Tab"},
	{"shell.exit", "shell.key.exit", Anywhere, "Ctrl+Q"},
}

// Actions lists what may be given another key, in the order of the screen.
func Actions() []Action { return append([]Action(nil), actions...) }

func action(name string) (Action, bool) {
	for _, a := range actions {
		if a.Name == name {
			return a, true
		}
	}
	return Action{}, false
}
