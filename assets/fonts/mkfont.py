#!/usr/bin/python3
"""Make the two screen faces and the PDF face from Debian's Noto Sans CJK.

    apt-get install fonts-noto-cjk unicode-data python3-fonttools
    /usr/bin/python3 assets/fonts/mkfont.py

The result is committed, so nobody needs to run this to build the program. Run
it to add characters or to check that the committed faces are what this script
makes (the same package versions give the same bytes).

Why a subset: the original is 19 MB a weight. Why these characters: GB2312 plus
the 8105 of the 2013 table of standard characters (Unihan kTGH) cover the names
of people, places and goods in mainland China; the rest is Latin, kana,
punctuation, box drawing and the units and symbols found on labels and receipts.

Why hhea 980/-260: Noto's own 1160/-320 makes a 14 px line 20.3 px high and
a table show a fifth fewer rows. Why a second outline format: the PDF writer
reads glyf outlines only.

The Open Font Licence reserves nothing for Noto Sans CJK, but a changed face
under the old name would shadow the real one where it is installed: so the
family is renamed.
"""
import bz2
import gzip
import os

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

SOURCE = "/usr/share/fonts/opentype/noto/NotoSansCJK-{}.ttc"
SC_FACE = 2  # the order in the collection is JP, KR, SC, TC, HK
UNIHAN = "/usr/share/unicode/Unihan_OtherMappings.txt.bz2"
FAMILY = "Tiezhang Sans SC"
ASCENT, DESCENT = 980, 260
VERSION = "1.000"
HERE = os.path.dirname(os.path.abspath(__file__))

# One character range a line: first, last (inclusive), what it is.
RANGES = [
    (0x0020, 0x007E, "ASCII"),
    (0x00A0, 0x017F, "Latin-1 and Latin extended A"),
    (0x01CD, 0x01DC, "pinyin vowels with the third tone"),
    (0x0391, 0x03C9, "Greek: model numbers, micro"),
    (0x2010, 0x2027, "dashes, quotes, ellipsis"),
    (0x2030, 0x203E, "per mille, primes"),
    (0x20A9, 0x20AC, "won, euro"),
    (0x2100, 0x213B, "degrees, numero, trade mark"),
    (0x2150, 0x2188, "fractions, Roman numerals"),
    (0x2190, 0x21FF, "arrows"),
    (0x2200, 0x226F, "mathematics"),
    (0x2460, 0x24FF, "circled and bracketed numbers"),
    (0x2500, 0x266F, "box drawing, blocks, shapes, stars"),
    (0x2713, 0x271A, "ticks and crosses"),
    (0x3000, 0x303F, "Chinese punctuation"),
    (0x3040, 0x30FF, "kana, for imported goods"),
    (0x31C0, 0x31E3, "strokes"),
    (0x3220, 0x3243, "bracketed ideographs"),
    (0x3280, 0x32B0, "circled ideographs"),
    (0x3300, 0x33FF, "squared units: kg, ml, cm"),
    (0xFE30, 0xFE4F, "vertical punctuation"),
    (0xFF00, 0xFFEF, "full-width forms, yen"),
    (0xFFFD, 0xFFFD, "replacement character"),
]


def standard_characters():
    """The 2013 table, from Unihan: lines of U+code, kTGH, year:number."""
    found = set()
    with bz2.open(UNIHAN, "rt", encoding="utf-8") as f:
        for line in f:
            field = line.rstrip("\n").split("\t")
            if len(field) == 3 and field[1] == "kTGH":
                found.add(int(field[0][2:], 16))
    if len(found) != 8105:
        raise SystemExit(f"{UNIHAN}: {len(found)} standard characters, want 8105")
    return found


def gb2312():
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                pass  # unassigned
    return found


def wanted():
    points = standard_characters() | gb2312()
    for first, last, _ in RANGES:
        points |= set(range(first, last + 1))
    return points


def rename(font, style):
    name = font["name"]
    postscript = FAMILY.replace(" ", "") + "-" + style
    # Localised copies of the family name would still say Noto.
    name.names = [r for r in name.names if r.langID in (0, 0x409)]
    for record in name.names:
        text = {
            1: FAMILY,
            2: style,
            3: f"{VERSION};{postscript}",
            4: f"{FAMILY} {style}",
            5: f"Version {VERSION}, a subset of Noto Sans CJK SC",
            6: postscript,
        }.get(record.nameID)
        if text:
            record.string = text
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [postscript]
        top = cff.topDictIndex[0]
        top.FamilyName, top.FullName = FAMILY, f"{FAMILY} {style}"


def line_height(font):
    hhea, os2 = font["hhea"], font["OS/2"]
    hhea.ascent, hhea.descent, hhea.lineGap = ASCENT, -DESCENT, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ASCENT, -DESCENT, 0
    # The clipping box on Windows must still hold the tallest glyph.
    os2.usWinAscent, os2.usWinDescent = max(ASCENT, 1000), max(DESCENT, 260)


def screen_face(style):
    options = subset.Options()
    options.font_number = SC_FACE
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.hinting = False
    options.notdef_outline = True
    options.legacy_cmap = False
    options.recalc_timestamp = False
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "GDEF"]
    font = subset.load_font(SOURCE.format(style), options)
    font.recalcTimestamp = False  # the same input gives the same bytes
    points = wanted()
    missing = points - set(font.getBestCmap())
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    rename(font, style)
    line_height(font)

    cmap, widths = font.getBestCmap(), font["hmtx"]
    lost = [c for c in standard_characters() | gb2312() if c not in cmap]
    if lost:
        raise SystemExit(f"{style}: no glyph for {[hex(c) for c in lost][:20]}")
    if len({widths[cmap[c]][0] for c in b"0123456789"}) != 1:
        raise SystemExit(f"{style}: digits differ in width; columns of money would not line up")

    path = os.path.join(HERE, f"TiezhangSansSC-{style}.otf")
    font.save(path)
    print(f"{path}: {os.path.getsize(path)} bytes, {len(cmap)} characters, "
          f"{len(missing)} of the ranges not in the source")
    return path


def pdf_face(screen_path):
    font = TTFont(screen_path, recalcTimestamp=False)
    order, outlines = font.getGlyphOrder(), font.getGlyphSet()
    glyphs = {}
    for glyph in order:
        pen = TTGlyphPen(outlines)
        # One thousandth of an em: on paper below the printer's dot.
        outlines[glyph].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[glyph] = pen.glyph()
    font["loca"] = newTable("loca")
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, glyphs
    del font["CFF "]
    glyf.compile(font)
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements", "maxPoints",
                  "maxContours", "maxCompositePoints", "maxCompositeContours", "maxComponentDepth"):
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    maxp.compile(font)
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"
    for glyph in order:
        advance, _ = font["hmtx"][glyph]
        outline = glyf[glyph]
        font["hmtx"][glyph] = (advance, outline.xMin if outline.numberOfContours else 0)
    plain = os.path.join(HERE, "TiezhangSansSC-Regular.ttf")
    font.save(plain)
    with open(plain, "rb") as f:
        data = f.read()
    os.remove(plain)
    packed = plain + ".gz"
    with open(packed, "wb") as f:
        f.write(gzip.compress(data, 9, mtime=0))
    print(f"{packed}: {os.path.getsize(packed)} bytes ({len(data)} unpacked)")


if __name__ == "__main__":
    regular = screen_face("Regular")
    screen_face("Bold")
    pdf_face(regular)
