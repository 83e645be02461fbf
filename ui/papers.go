package ui

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tiezhang/app/fault"
	"tiezhang/ui/bg"
)

// Papers are PDFs on their way to a printer. The system's own program prints them,
// and it can only be given a file: that lies in a folder only this account can
// read, and goes after a while, when the window is locked, and with the program.
// What a crash left, or a program that held the file, goes at the next start.
const (
	paperPrefix = "tiezhang-paper-"
	paperFor    = 10 * time.Minute
)

// paper is part of page.Env.
func (s *Shell) paper(name string, pdf []byte) {
	dir, err := os.MkdirTemp("", paperPrefix)
	if err != nil {
		s.fail(paperFault(os.TempDir(), err))
		return
	}
	s.papers[dir] = s.o.Runner.Later(paperFor, func() { s.dropPaper(dir) })
	path := filepath.Join(dir, strings.Map(plainName, name))
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		s.dropPaper(dir)
		s.fail(paperFault(path, err))
		return
	}
	s.openFile(path)
}

func paperFault(path string, err error) error {
	return fault.Wrap("ui.paper", fault.ReadOnly, "shell.paper", fault.Pairs("path", path), err)
}

// plainName keeps a name from leading anywhere.
func plainName(r rune) rune {
	if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
		return '-'
	}
	return r
}

// dropPaper takes one away. A viewer of Windows may hold it: then it is tried
// again when the program ends.
func (s *Shell) dropPaper(dir string) {
	if stop := s.papers[dir]; stop != nil {
		stop()
	}
	s.papers[dir] = nil
	if os.RemoveAll(dir) == nil {
		delete(s.papers, dir)
	}
}

func (s *Shell) dropPapers() {
	for dir := range s.papers {
		s.dropPaper(dir)
	}
}

// sweepPapers takes away what an earlier run left; younger ones may be another
// window's.
func (s *Shell) sweepPapers() {
	now := time.Now() // files have the machine's time, whatever clock the shop has
	bg.Run(s.owner, func(context.Context) (struct{}, error) {
		old, _ := filepath.Glob(filepath.Join(os.TempDir(), paperPrefix+"*"))
		for _, dir := range old {
			if i, err := os.Lstat(dir); err == nil && i.IsDir() && now.Sub(i.ModTime()) > paperFor {
				_ = os.RemoveAll(dir)
			}
		}
		return struct{}{}, nil
	}, nil)
}
