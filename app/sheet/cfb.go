package sheet

import (
	"encoding/binary"
	"unicode/utf16"
)

// The compound file an encrypted workbook is wrapped in ([MS-CFB], version 3):
// sectors of 512 bytes, streams under 4096 bytes in a stream of small sectors.
const (
	cfbSector  = 512
	cfbSmall   = 64
	cfbCutoff  = 4096
	cfbPerFAT  = cfbSector / 4
	cfbInHead  = 109 // sectors of the FAT the header names itself
	cfbFAT     = 0xFFFFFFFD
	cfbDIFAT   = 0xFFFFFFFC
	cfbEnd     = 0xFFFFFFFE
	cfbFree    = 0xFFFFFFFF
	cfbNothing = 0xFFFFFFFF
)

// cfbStream is a named stream of a compound file.
type cfbStream struct {
	name string
	data []byte
}

// compoundFile lays two or three streams out in a file. Names come in the order
// the directory wants them: the shorter first, then by letters.
func compoundFile(streams []cfbStream) []byte {
	le := binary.LittleEndian
	var small []byte
	var miniFAT []uint32
	var big []byte // of all sectors behind the directory, in order
	starts := make([]uint32, len(streams))
	chains := [][2]int{} // first sector (relative) and count of each big chain
	place := func(b []byte) uint32 {
		first := len(big) / cfbSector
		n := (len(b) + cfbSector - 1) / cfbSector
		big = append(big, b...)
		big = append(big, make([]byte, n*cfbSector-len(b))...)
		chains = append(chains, [2]int{first, n})
		return uint32(first) //nolint:gosec // a count of sectors
	}
	for i, s := range streams {
		if len(s.data) >= cfbCutoff {
			starts[i] = place(s.data)
			continue
		}
		starts[i] = uint32(len(miniFAT)) //nolint:gosec // few
		n := (len(s.data) + cfbSmall - 1) / cfbSmall
		for j := range n {
			next := uint32(len(miniFAT) + 1) //nolint:gosec // few
			if j == n-1 {
				next = cfbEnd
			}
			miniFAT = append(miniFAT, next)
		}
		small = append(small, s.data...)
		small = append(small, make([]byte, n*cfbSmall-len(s.data))...)
	}
	smallStart, miniStart, miniSectors := uint32(cfbEnd), uint32(cfbEnd), 0
	if len(small) > 0 {
		smallStart = place(small)
		b := make([]byte, 0, cfbSector)
		for _, v := range miniFAT {
			b = le.AppendUint32(b, v)
		}
		for len(b)%cfbSector != 0 {
			b = le.AppendUint32(b, cfbFree)
		}
		miniStart, miniSectors = place(b), len(b)/cfbSector
	}
	dirSectors := (len(streams) + 1 + 3) / 4
	body := dirSectors + len(big)/cfbSector
	// the FAT and its index cover themselves too
	fat, difat := 0, 0
	for {
		f := (body + fat + difat + cfbPerFAT - 1) / cfbPerFAT
		d := 0
		if f > cfbInHead {
			d = (f - cfbInHead + cfbPerFAT - 2) / (cfbPerFAT - 1)
		}
		if f == fat && d == difat {
			break
		}
		fat, difat = f, d
	}
	dirAt := fat + difat
	dataAt := uint32(dirAt + dirSectors) //nolint:gosec // a count of sectors
	sector := func(rel uint32) uint32 {
		if rel == cfbEnd {
			return cfbEnd
		}
		return dataAt + rel
	}

	out := make([]byte, 0, cfbSector*(1+fat+difat+body))
	out = append(out, 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1)
	out = append(out, make([]byte, 16)...)
	for _, v := range []uint16{0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0} {
		out = le.AppendUint16(out, v)
	}
	difatAt := uint32(cfbEnd)
	if difat > 0 {
		difatAt = uint32(fat) //nolint:gosec // a count of sectors
	}
	for _, v := range []uint32{0, uint32(fat), uint32(dirAt), 0, cfbCutoff, sector(miniStart), uint32(miniSectors), difatAt, uint32(difat)} { //nolint:gosec // counts
		out = le.AppendUint32(out, v)
	}
	for i := range cfbInHead {
		out = le.AppendUint32(out, orFree(i, fat))
	}
	// FAT
	for i := range fat * cfbPerFAT {
		v := uint32(cfbFree)
		switch {
		case i < fat:
			v = cfbFAT
		case i < fat+difat:
			v = cfbDIFAT
		case i < dirAt+dirSectors:
			v = uint32(i + 1) //nolint:gosec // a count of sectors
			if i == dirAt+dirSectors-1 {
				v = cfbEnd
			}
		case i < fat+difat+body:
			v = uint32(i + 1) //nolint:gosec // a count of sectors
			for _, c := range chains {
				if i-dirAt-dirSectors == c[0]+c[1]-1 {
					v = cfbEnd
				}
			}
		}
		out = le.AppendUint32(out, v)
	}
	for d := range difat {
		for j := range cfbPerFAT - 1 {
			out = le.AppendUint32(out, orFree(cfbInHead+d*(cfbPerFAT-1)+j, fat))
		}
		next := uint32(cfbEnd)
		if d < difat-1 {
			next = uint32(fat + d + 1) //nolint:gosec // a count of sectors
		}
		out = le.AppendUint32(out, next)
	}
	// directory: the root, then the streams as a list to the right
	entry := func(name string, kind byte, right, child, start uint32, size int) {
		u := utf16.Encode([]rune(name))
		var e [128]byte
		for i, c := range u {
			le.PutUint16(e[2*i:], c)
		}
		le.PutUint16(e[64:], uint16(2*len(u)+2)) //nolint:gosec // a short name
		e[66], e[67] = kind, 1
		le.PutUint32(e[68:], cfbNothing)
		le.PutUint32(e[72:], right)
		le.PutUint32(e[76:], child)
		le.PutUint32(e[116:], start)
		le.PutUint64(e[120:], uint64(size)) //nolint:gosec // a length
		out = append(out, e[:]...)
	}
	entry("Root Entry", 5, cfbNothing, 1, sector(smallStart), len(small))
	for i, s := range streams {
		right := uint32(cfbNothing)
		if i < len(streams)-1 {
			right = uint32(i + 2) //nolint:gosec // few
		}
		start := starts[i]
		if len(s.data) >= cfbCutoff {
			start = sector(start)
		}
		entry(s.name, 2, right, cfbNothing, start, len(s.data))
	}
	for i := len(streams) + 1; i < dirSectors*4; i++ {
		var e [128]byte
		le.PutUint32(e[68:], cfbNothing)
		le.PutUint32(e[72:], cfbNothing)
		le.PutUint32(e[76:], cfbNothing)
		out = append(out, e[:]...)
	}
	return append(out, big...)
}

// orFree is the number of a sector of the FAT, or none.
func orFree(i, fat int) uint32 {
	if i < fat {
		return uint32(i) //nolint:gosec // a count of sectors
	}
	return cfbFree
}
