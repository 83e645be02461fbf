// Package early has nothing to do on Windows, which tells Fyne its language by
// itself; LANG there belongs to other programs and is left alone. What belongs
// here: nothing. What does not: see early.go.
package early
