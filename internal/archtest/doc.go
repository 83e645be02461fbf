// Package archtest holds the rules of the house as tests.
//
// What belongs here: checks that read the source tree (imports, literals,
// sizes, the texts in two languages) and say which file breaks which rule and
// what to do instead, each proved by a sample that breaks it. What does not:
// tests of what the program does.
//
// imports_test.go has the table of who may import what: read it first.
package archtest
