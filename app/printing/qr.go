package printing

import (
	"image"
	"image/color"
	"image/draw"
)

// QR makes the picture of a QR code, so many dots a module, for a screen: on
// white, with the white edge scanners look for, whatever the window's colours.
func QR(content string, dots int) (image.Image, error) {
	code, err := qrImage(content, dots)
	if err != nil {
		return nil, err
	}
	edge := 4 * dots
	b := code.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx()+2*edge, b.Dy()+2*edge))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, image.Rect(edge, edge, edge+b.Dx(), edge+b.Dy()), code, b.Min, draw.Src)
	return out, nil
}
