// Package app is the use cases: everything a person can do in the program is a
// Command or a Query here and passes the gate (Do, Ask). Screens, the script
// face, imports and prints all come through it; there is no other way to the
// data.
//
// What belongs here: the gate, sessions, the shop's life (new, open, close),
// the ports to the world (Store, Vault, Clock), and one file an area of use
// cases. What does not: SQL, files, widgets, and rules that are pure and so
// live in a package of their own below app.
package app
