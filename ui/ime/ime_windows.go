package ime

import (
	"syscall"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
)

const needed = true

var (
	imm32                   = syscall.NewLazyDLL("imm32.dll")
	immGetContext           = imm32.NewProc("ImmGetContext")
	immReleaseContext       = imm32.NewProc("ImmReleaseContext")
	immSetCompositionWindow = imm32.NewProc("ImmSetCompositionWindow")
	immSetCandidateWindow   = imm32.NewProc("ImmSetCandidateWindow")
	immSetOpenStatus        = imm32.NewProc("ImmSetOpenStatus")
	immAssociateContextEx   = imm32.NewProc("ImmAssociateContextEx")
)

const (
	cfsForcePosition = 0x0020
	cfsExclude       = 0x0080
	iaceDefault      = 0x0010
)

type point struct{ x, y int32 }
type rect struct{ left, top, right, bottom int32 }

type compositionForm struct {
	style uint32
	pos   point
	area  rect
}

type candidateForm struct {
	index, style uint32
	pos          point
	area         rect
}

func handle(w fyne.Window) (h uintptr) {
	n, ok := w.(driver.NativeWindow)
	if !ok || imm32.Load() != nil {
		return 0
	}
	n.RunNative(func(ctx any) {
		switch c := ctx.(type) {
		case driver.WindowsWindowContext:
			h = c.HWND
		case *driver.WindowsWindowContext:
			h = c.HWND
		}
	})
	return h
}

func enable(w fyne.Window, on bool) {
	h := handle(w)
	if h == 0 {
		return
	}
	var flags uintptr
	if on {
		flags = iaceDefault
	}
	_, _, _ = immAssociateContextEx.Call(h, 0, flags)
}

func sleep(w fyne.Window) {
	h := handle(w)
	if h == 0 {
		return
	}
	ctx, _, _ := immGetContext.Call(h)
	if ctx == 0 {
		return
	}
	defer func() { _, _, _ = immReleaseContext.Call(h, ctx) }()
	_, _, _ = immSetOpenStatus.Call(ctx, 0)
}

func place(w fyne.Window, x, y, height int) {
	h := handle(w)
	if h == 0 {
		return
	}
	ctx, _, _ := immGetContext.Call(h)
	if ctx == 0 {
		return
	}
	defer func() { _, _, _ = immReleaseContext.Call(h, ctx) }()
	px, py := int32(x), int32(y)
	bottom := int32(y + height)
	comp := compositionForm{style: cfsForcePosition, pos: point{px, py}}
	_, _, _ = immSetCompositionWindow.Call(ctx, uintptr(unsafe.Pointer(&comp)))
	cand := candidateForm{style: cfsExclude, pos: point{px, bottom}, area: rect{px, py, px + 1, bottom}}
	_, _, _ = immSetCandidateWindow.Call(ctx, uintptr(unsafe.Pointer(&cand)))
}
