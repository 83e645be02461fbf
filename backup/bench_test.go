package backup

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"tiezhang/backup/archive"
	"tiezhang/backup/target"
)

// filePin is an image in a file, as the real one is.
type filePin struct {
	*os.File
	size int64
	salt [16]byte
}

func (p filePin) Size() int64    { return p.size }
func (p filePin) PageSize() int  { return 4096 }
func (p filePin) Salt() [16]byte { return p.salt }
func (p filePin) Release() error { return nil }

// BenchmarkFull measures backup with read-back, verify and restore of 256 MiB
// against a plain copy with fsync in the same run. Page HMACs cannot be had
// without encrypting, so a verifier that does the same work and never
// complains stands in.
func BenchmarkFull(b *testing.B) {
	const size = 256 << 20
	root := b.TempDir()
	src := filepath.Join(root, "image")
	f, err := os.Create(src)
	if err != nil {
		b.Fatal(err)
	}
	s := newShop(1, 1)
	buf := make([]byte, 1<<20)
	for n := 0; n < size; n += len(buf) {
		for i := range buf {
			buf[i] = byte(s.rnd.Uint32())
		}
		if n == 0 {
			copy(buf, s.salt[:])
		}
		if _, err := f.Write(buf); err != nil {
			b.Fatal(err)
		}
	}
	f.Close()
	folder := filepath.Join(root, "usb")
	if err := os.Mkdir(folder, 0o700); err != nil {
		b.Fatal(err)
	}
	real, err := archive.SQLCipherPages(s.dek, s.salt, 4096)
	if err != nil {
		b.Fatal(err)
	}
	k := s.keys(b)
	k.Verify = func(p []byte, no uint32) error { _ = real(p, no); return nil }
	if _, err := target.Ensure(b.Context(), target.OS{}, folder, k.Owner()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		t0 := time.Now()
		in, _ := os.Open(src)
		out, _ := os.Create(filepath.Join(root, "copy"))
		if _, err := io.Copy(struct{ io.Writer }{out}, in); err != nil {
			b.Fatal(err)
		}
		out.Sync()
		out.Close()
		in.Close()
		cp := time.Since(t0)
		t0 = time.Now()
		h, _ := os.Open(src)
		r, err := Run(b.Context(), Job{FS: target.OS{}, Clock: SystemClock{}, Keys: k, Target: Target{Folder: folder}, Full: true,
			Source: pinFunc(func() Pinned { return filePin{h, size, s.salt} })})
		if err != nil {
			b.Fatal(err)
		}
		h.Close()
		run := time.Since(t0)
		t0 = time.Now()
		if _, err := Verify(b.Context(), VerifyJob{FS: target.OS{}, Path: r.Path, Keys: &k}); err != nil {
			b.Fatal(err)
		}
		ver := time.Since(t0)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(run.Seconds()/cp.Seconds(), "backup/cp")
		b.ReportMetric(ver.Seconds()/cp.Seconds(), "verify/cp")
		b.ReportMetric(cp.Seconds(), "cp-s")
		b.ReportMetric(float64(m.Sys>>20), "sys-MiB")
		if err := os.Remove(r.Path); err != nil {
			b.Fatal(err)
		}
	}
}
