package place

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRemoteBySigns(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"", "", ""}, {"SSH_CONNECTION", "10.0.0.2 5 10.0.0.1 22", "ssh"}, {"SESSIONNAME", "Console", ""}, {"SESSIONNAME", "RDP-Tcp#3", "rdp"},
		{"SESSIONNAME", "ICA-TCP#0", "citrix"}, {"XRDP_SESSION", "1", "rdp"}, {"VNCDESKTOP", ":1", "vnc"}, {"DISPLAY", ":0", ""},
	} {
		got := remoteBySigns(func(n string) string {
			if n == c.name {
				return c.value
			}
			return ""
		})
		if got != c.want {
			t.Errorf("%s=%s: %q, want %q", c.name, c.value, got, c.want)
		}
	}
}

// A folder keeps its identity when it is moved; a copy is another one.
func TestFolder(t *testing.T) {
	root := t.TempDir()
	a, b, c := filepath.Join(root, "a"), filepath.Join(root, "b"), filepath.Join(root, "c")
	if err := os.Mkdir(a, 0o700); err != nil {
		t.Fatal(err)
	}
	id := Of(a).Folder
	if err := os.Rename(a, b); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(c, 0o700); err != nil {
		t.Fatal(err)
	}
	if id == "" || Of(b).Folder != id || Of(c).Folder == id {
		t.Errorf("%q moved %q other %q", id, Of(b).Folder, Of(c).Folder)
	}
	if Of(filepath.Join(root, "none")).Folder != "" {
		t.Error("a folder that is not there has an identity")
	}
	first, again := Machine(), Machine()
	if first == "" || first != again {
		t.Errorf("the computer is called %q and %q", first, again)
	}
}
