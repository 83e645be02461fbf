// Command xwdpng turns the frame of a virtual X screen (an XWD file, as Xvfb
// writes with -fbdir) into a PNG, so that looking at the program on a machine
// without a screen needs no picture tools: xwdpng IN.xwd OUT.png
package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: xwdpng IN.xwd OUT.png")
		os.Exit(2)
	}
	if err := convert(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "xwdpng:", err)
		os.Exit(1)
	}
}

func convert(in, out string) error {
	data, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	picture, err := decode(data)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	return errors.Join(png.Encode(w, picture), w.Flush(), f.Close())
}

// decode reads the one layout Xvfb uses at 24 bits: 32 bits a pixel, Z pixmap.
// The header is 25 big-endian words; see XWDFile.h of the X window system.
func decode(data []byte) (image.Image, error) {
	if len(data) < 100 {
		return nil, errors.New("shorter than a header")
	}
	word := func(i int) int { return int(binary.BigEndian.Uint32(data[4*i:])) }
	const (
		headerSize, version, format, width, height = 0, 1, 2, 4, 5
		byteOrder, bitsPerPixel, bytesPerLine      = 7, 11, 12
		colours, colourSize                        = 19, 12
	)
	if word(version) != 7 || word(format) != 2 || word(bitsPerPixel) != 32 {
		return nil, errors.New("not a 32-bit Z pixmap of XWD version 7")
	}
	var order binary.ByteOrder = binary.LittleEndian
	if word(byteOrder) == 1 {
		order = binary.BigEndian
	}
	w, h, stride := word(width), word(height), word(bytesPerLine)
	start := word(headerSize) + word(colours)*colourSize
	if w <= 0 || h <= 0 || w > 1<<14 || h > 1<<14 || stride < 4*w || stride > 1<<18 || start < 100 || start > len(data)-stride*h {
		return nil, errors.New("the sizes in the header do not fit the file")
	}
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		row := data[start+y*stride:]
		for x := range w {
			p := order.Uint32(row[4*x:])
			copy(img.Pix[img.PixOffset(x, y):], []byte{byte(p >> 16), byte(p >> 8), byte(p), 255})
		}
	}
	return img, nil
}
