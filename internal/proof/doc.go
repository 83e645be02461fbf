// Package proof attacks the promises of the whole program from outside: as
// other processes, on real folders, with the machine pulled away under it.
//
// What belongs here: tests that run the script face or the built program and
// then look at what is left: files searched for plaintext, processes killed,
// disks filled, system calls traced. What does not: tests that one package can
// make of itself, and anything the program needs.
package proof
