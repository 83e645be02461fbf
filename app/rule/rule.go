// Package rule holds what is told to the owner without being asked: the rules
// that find something unusual. They are pure: facts go in, findings come out.
//
// What belongs here: alert and approval rules and how weighty each is. What
// does not: gathering the facts, writing findings down and showing them (app,
// ui).
package rule

// Level is how weighty a finding is.
type Level uint8

const (
	Note Level = iota // worth knowing
	High              // somebody else may be at work
)
