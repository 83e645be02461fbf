// Package place tells where the program runs: which computer, which account of
// its system, which folder, and whether somebody sits in front of it.
//
// What belongs here: asking the system. What does not: judging the answer
// (app/rule). Nothing here proves anything: whoever administers the computer
// can make it say what they like. It is told to the owner, not relied upon.
package place

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/user"
	"strings"

	"tiezhang/app/rule"
)

// Of gives the place a shop's folder is opened at.
func Of(dir string) rule.Place {
	p := rule.Place{Machine: Machine(), Folder: folderID(dir), Remote: remote(os.Getenv)}
	if u, err := user.Current(); err == nil {
		p.OSUser = u.Username
	}
	return p
}

// Machine names this computer: what it is called, and a few digits of what its
// system knows it by, so that another one of the same name is another one.
func Machine() string {
	name, _ := os.Hostname()
	if id := strings.TrimSpace(machineID()); id != "" {
		sum := sha256.Sum256([]byte("tiezhang place 1\x00" + id)) // the number itself is nobody's business
		name += "#" + hex.EncodeToString(sum[:4])
	}
	return name
}

// remoteBySigns reads the marks remote sessions leave in the environment.
func remoteBySigns(env func(string) string) string {
	for _, s := range []struct{ name, means string }{
		{"SSH_CONNECTION", "ssh"}, {"SSH_CLIENT", "ssh"}, {"SSH_TTY", "ssh"}, {"XRDP_SESSION", "rdp"}, {"XRDP_SOCKET_PATH", "rdp"}, {"VNCDESKTOP", "vnc"}, {"X2GO_SESSION", "x2go"},
	} {
		if env(s.name) != "" {
			return s.means
		}
	}
	switch session := strings.ToLower(env("SESSIONNAME")); {
	case strings.HasPrefix(session, "rdp-"):
		return "rdp"
	case strings.HasPrefix(session, "ica-"):
		return "citrix"
	}
	return ""
}
