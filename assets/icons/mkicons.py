#!/usr/bin/env python3
"""Draw the icons: one short line of strokes each, written as SVG, PNG and ICO.

    python3 assets/icons/mkicons.py          (standard library only)

The result is committed; run this to add or change an icon.

Why not hand-written stroked SVG: Fyne recolours fills only, so a stroked icon
would stay black in the dark theme and on a disabled button. Here every stroke
becomes a filled outline: a line is a capsule, an arc a bent capsule, all with
round ends and one width, so the set looks drawn by one hand.

The same shapes as distances give the pixels of the PNG and ICO: no renderer to
install.
"""
import math
import os
import struct
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTH = 1.8  # of a stroke, on a field of 24


def n(v):
    text = f"{v:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class Line:
    """One straight stroke with round ends."""

    def __init__(self, x1, y1, x2, y2, width=WIDTH):
        self.p, self.r = (x1, y1, x2, y2), width / 2

    def path(self):
        x1, y1, x2, y2 = self.p
        length = math.hypot(x2 - x1, y2 - y1)
        dx, dy, r = (x2 - x1) / length * self.r, (y2 - y1) / length * self.r, n(self.r)
        return (f"M{n(x1 - dy)} {n(y1 + dx)}A{r} {r} 0 0 1 {n(x1 + dy)} {n(y1 - dx)}"
                f"L{n(x2 + dy)} {n(y2 - dx)}A{r} {r} 0 0 1 {n(x2 - dy)} {n(y2 + dx)}Z")

    def distance(self, x, y):
        x1, y1, x2, y2 = self.p
        vx, vy = x2 - x1, y2 - y1
        t = max(0, min(1, ((x - x1) * vx + (y - y1) * vy) / (vx * vx + vy * vy)))
        return math.hypot(x - x1 - t * vx, y - y1 - t * vy) - self.r


class Arc:
    """A stroke along a circle, from angle a to b in degrees, clockwise from east."""

    def __init__(self, cx, cy, radius, a, b, width=WIDTH):
        self.c, self.radius, self.a, self.b, self.r = (cx, cy), radius, math.radians(a), math.radians(b), width / 2

    def at(self, radius, angle):
        return f"{n(self.c[0] + radius * math.cos(angle))} {n(self.c[1] + radius * math.sin(angle))}"

    def path(self):
        outer, inner, r = self.radius + self.r, self.radius - self.r, n(self.r)
        big = 1 if self.b - self.a > math.pi else 0
        return (f"M{self.at(outer, self.a)}A{n(outer)} {n(outer)} 0 {big} 1 {self.at(outer, self.b)}"
                f"A{r} {r} 0 0 1 {self.at(inner, self.b)}A{n(inner)} {n(inner)} 0 {big} 0 {self.at(inner, self.a)}"
                f"A{r} {r} 0 0 1 {self.at(outer, self.a)}Z")


class Ring:
    def __init__(self, cx, cy, radius, width=WIDTH):
        self.c, self.radius, self.r = (cx, cy), radius, width / 2

    def path(self):
        return disc(*self.c, self.radius + self.r, 1) + disc(*self.c, self.radius - self.r, 0)


class Dot:
    def __init__(self, cx, cy, radius):
        self.c, self.radius = (cx, cy), radius

    def path(self):
        return disc(*self.c, self.radius, 1)


class Plate:
    """A filled rectangle with round corners."""

    def __init__(self, x, y, w, h, radius):
        self.p, self.radius = (x, y, w, h), radius

    def path(self):
        x, y, w, h = self.p
        r = n(self.radius)
        a = f"A{r} {r} 0 0 1 "
        return (f"M{n(x + self.radius)} {n(y)}L{n(x + w - self.radius)} {n(y)}{a}{n(x + w)} {n(y + self.radius)}"
                f"L{n(x + w)} {n(y + h - self.radius)}{a}{n(x + w - self.radius)} {n(y + h)}"
                f"L{n(x + self.radius)} {n(y + h)}{a}{n(x)} {n(y + h - self.radius)}"
                f"L{n(x)} {n(y + self.radius)}{a}{n(x + self.radius)} {n(y)}Z")

    def distance(self, px, py):
        x, y, w, h = self.p
        qx = abs(px - x - w / 2) - w / 2 + self.radius
        qy = abs(py - y - h / 2) - h / 2 + self.radius
        return math.hypot(max(qx, 0), max(qy, 0)) + min(max(qx, qy), 0) - self.radius


def disc(cx, cy, r, sweep):
    return (f"M{n(cx - r)} {n(cy)}A{n(r)} {n(r)} 0 1 {sweep} {n(cx + r)} {n(cy)}"
            f"A{n(r)} {n(r)} 0 1 {sweep} {n(cx - r)} {n(cy)}Z")


def line(*p, width=WIDTH):
    """A stroke through the points x, y, x, y, …"""
    return [Line(*p[i:i + 4], width=width) for i in range(0, len(p) - 2, 2)]


def loop(*p):
    return line(*p, *p[:2])


def box(x, y, w, h, r):
    return (line(x + r, y, x + w - r, y) + [Arc(x + w - r, y + r, r, 270, 360)]
            + line(x + w, y + r, x + w, y + h - r) + [Arc(x + w - r, y + h - r, r, 0, 90)]
            + line(x + w - r, y + h, x + r, y + h) + [Arc(x + r, y + h - r, r, 90, 180)]
            + line(x, y + h - r, x, y + r) + [Arc(x + r, y + r, r, 180, 270)])


def gear():
    shape = [Ring(12, 12, 2.7), Ring(12, 12, 6.3)]
    for i in range(8):
        c, s = math.cos(i * math.pi / 4), math.sin(i * math.pi / 4)
        shape += line(12 + 7.2 * c, 12 + 7.2 * s, 12 + 8.6 * c, 12 + 8.6 * s, width=2.6)
    return shape


ICONS = {
    # the rail
    "home": line(3, 11.2, 12, 3.8, 21, 11.2) + line(5.6, 9.8, 5.6, 20, 18.4, 20, 18.4, 9.8) + line(9.9, 20, 9.9, 14.2, 14.1, 14.2, 14.1, 20),
    "till": box(3.4, 12, 17.2, 8.4, 1.6) + box(7, 3.6, 10, 4.9, 1.2) + line(12, 8.5, 12, 12) + [Dot(8, 16.2, 1.1), Dot(12, 16.2, 1.1), Dot(16, 16.2, 1.1)],
    "sales": line(2.6, 4.4, 5.2, 4.4, 7.8, 15.2, 18, 15.2, 20.6, 7.6, 6, 7.6) + [Ring(9.2, 19.2, 1.3), Ring(16.6, 19.2, 1.3)],
    "purchase": line(4.2, 17, 2.6, 17, 2.6, 6, 14, 6, 14, 17) + line(9.8, 17, 14.2, 17) + line(14, 9.8, 18, 9.8, 21.4, 13.4, 21.4, 17, 19.8, 17) + [Ring(7, 17.4, 2), Ring(17, 17.4, 2)],
    "stock": loop(12, 3.2, 20, 7.4, 20, 16.6, 12, 20.8, 4, 16.6, 4, 7.4) + line(4, 7.4, 12, 11.7, 20, 7.4) + line(12, 11.7, 12, 20.8),
    "money": [Ring(12, 12, 8.8)] + line(8.7, 7.3, 12, 11.7, 15.3, 7.3) + line(12, 11.7, 12, 17) + line(9, 12, 15, 12) + line(9, 14.6, 15, 14.6),
    "reports": line(3.8, 3.8, 3.8, 20.2, 20.6, 20.2) + line(8.4, 16.4, 8.4, 12.4, width=2.4) + line(13, 16.4, 13, 9, width=2.4) + line(17.6, 16.4, 17.6, 5.4, width=2.4),
    "data": loop(3, 5.4, 9.4, 5.4, 11.6, 8, 21, 8, 21, 19, 3, 19),
    "security": loop(12, 3, 19.6, 5.8, 19.6, 11.4, 18.4, 15.4, 15.9, 18.6, 12, 21, 8.1, 18.6, 5.6, 15.4, 4.4, 11.4, 4.4, 5.8) + line(8.5, 11.8, 11.2, 14.5, 15.7, 9.6),
    "settings": gear(),
    "backup": box(3.4, 14.2, 17.2, 6.4, 1.6) + [Dot(16.8, 17.4, 1.1)] + line(12, 3.2, 12, 10.6) + line(8.5, 7.4, 12, 10.9, 15.5, 7.4),
    "lock": box(5, 10.6, 14, 10, 1.8) + [Arc(12, 7.8, 4, 180, 360), Dot(12, 14.8, 1.3)] + line(8, 7.8, 8, 10.6) + line(16, 7.8, 16, 10.6) + line(12, 14.8, 12, 17.4),
    "user": [Ring(12, 7.8, 4), Arc(12, 20.6, 7.4, 180, 360)] + line(4.6, 20.6, 19.4, 20.6),
    # actions
    "search": [Ring(10.4, 10.4, 6.6)] + line(15.2, 15.2, 20.6, 20.6),
    "plus": line(12, 4.8, 12, 19.2) + line(4.8, 12, 19.2, 12),
    "print": line(7, 17, 3.4, 17, 3.4, 9, 20.6, 9, 20.6, 17, 17, 17) + line(7, 9, 7, 3.4, 17, 3.4, 17, 9) + loop(7, 13.6, 17, 13.6, 17, 20.6, 7, 20.6),
    "excel": loop(5, 3.2, 14.4, 3.2, 19, 7.8, 19, 20.8, 5, 20.8) + line(14.4, 3.2, 14.4, 7.8, 19, 7.8) + line(9.2, 11.4, 14.8, 17.6) + line(14.8, 11.4, 9.2, 17.6),
    "refresh": [Arc(12, 12, 7.8, 15, 318)] + line(18.6, 2.8, 18.6, 7.2, 14.2, 7.2),
    "undo": line(8, 4.6, 3.8, 8.8, 8, 13) + line(3.8, 8.8, 14.4, 8.8) + [Arc(14.4, 14, 5.2, 270, 450)] + line(14.4, 19.2, 8.4, 19.2),
    "delete": line(4, 6.6, 20, 6.6) + line(9, 6.6, 9, 3.6, 15, 3.6, 15, 6.6) + line(6, 6.6, 7, 20.6, 17, 20.6, 18, 6.6) + line(10.2, 10.6, 10.2, 16.6) + line(13.8, 10.6, 13.8, 16.6),
    "edit": loop(4, 20, 5, 15.6, 16.2, 4.4, 19.6, 7.8, 8.4, 19) + line(13.4, 7.2, 16.8, 10.6),
    "filter": loop(3.4, 4.4, 20.6, 4.4, 14.2, 12.2, 14.2, 19.6, 9.8, 17.4, 9.8, 12.2),
    "calendar": box(3.6, 5.2, 16.8, 15.4, 1.6) + line(3.6, 10.2, 20.4, 10.2) + line(8, 3, 8, 7) + line(16, 3, 16, 7),
    "barcode": sum((line(x, 5.4, x, 18.6, width=w) for x, w in ((3.6, 1.4), (7, 2.4), (10.8, 1.4), (13.6, 1.4), (17, 2.4), (20.4, 1.4))), []),
    # states
    "check": line(4.4, 12.6, 9.8, 18, 19.6, 6.6),
    "warning": loop(12, 3.8, 21.2, 20, 2.8, 20) + line(12, 9.8, 12, 14) + [Dot(12, 16.9, 1.15)],
    "info": [Ring(12, 12, 8.8), Dot(12, 7.7, 1.15)] + line(12, 11.4, 12, 16.6),
    "help": [Ring(12, 12, 8.8), Arc(12, 9.7, 2.7, 180, 400), Dot(12, 16.7, 1.15)] + line(14.07, 11.44, 12, 13.4),
    # directions
    "close": line(5.8, 5.8, 18.2, 18.2) + line(18.2, 5.8, 5.8, 18.2),
    "up": line(5.4, 15.2, 12, 8.6, 18.6, 15.2),
    "down": line(5.4, 8.8, 12, 15.4, 18.6, 8.8),
    "left": line(15.2, 5.4, 8.6, 12, 15.2, 18.6),
    "right": line(8.8, 5.4, 15.4, 12, 8.8, 18.6),
    "menu": line(3.8, 6.2, 20.2, 6.2) + line(3.8, 12, 20.2, 12) + line(3.8, 17.8, 20.2, 17.8),
}

# The program's own icon: an account book with a yuan sign, on iron blue. Few
# and thick strokes, so that 16 pixels still say what it is.
IRON, PAPER = (0x1D, 0x4E, 0x79), (0xFF, 0xFF, 0xFF)
APP = [
    (IRON, [Plate(0.6, 0.6, 22.8, 22.8, 4.6)]),
    (PAPER, [Plate(4.4, 3.6, 15.2, 16.8, 1.6)]),
    (IRON, [Plate(6.5, 3.6, 1, 16.8, 0.01)]),
    (IRON, line(10.1, 6.8, 13.4, 11.2, 16.7, 6.8, width=2) + line(13.4, 11.2, 13.4, 17.2, width=2)
     + line(10.4, 12, 16.4, 12, width=1.6) + line(10.4, 14.8, 16.4, 14.8, width=1.6)),
]


def svg(layers):
    paths = "".join(f'<path fill="#{r:02x}{g:02x}{b:02x}" d="{"".join(s.path() for s in shapes)}"/>'
                    for (r, g, b), shapes in layers)
    return ('<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" '
            f'viewBox="0 0 24 24">{paths}</svg>\n')


def png(layers, size):
    scale = size / 24
    rows = bytearray()
    for py in range(size):
        rows.append(0)
        y = (py + 0.5) / scale
        for px in range(size):
            x = (px + 0.5) / scale
            r = g = b = alpha = 0.0
            for colour, shapes in layers:
                d = min(s.distance(x, y) for s in shapes)
                cover = max(0.0, min(1.0, 0.5 - d * scale))
                if cover:
                    keep = alpha * (1 - cover)
                    alpha = cover + keep
                    r, g, b = ((c * cover + old * keep) / alpha for c, old in zip(colour, (r, g, b)))
            rows += bytes((round(r), round(g), round(b), round(alpha * 255)))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b""))


def ico(layers, sizes):
    pictures = [png(layers, s) for s in sizes]
    head, at = struct.pack("<HHH", 0, 1, len(sizes)), 6 + 16 * len(sizes)
    for size, picture in zip(sizes, pictures):
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return head + b"".join(pictures)


def write(name, data):
    with open(os.path.join(HERE, name), "wb") as f:
        f.write(data.encode() if isinstance(data, str) else data)


if __name__ == "__main__":
    for name, shapes in ICONS.items():
        write(f"{name}.svg", svg([((0, 0, 0), shapes)]))
    write("app.svg", svg(APP))
    write("app.png", png(APP, 512))
    write("app.ico", ico(APP, (16, 20, 24, 32, 40, 48, 64, 128, 256)))
    print(f"{len(ICONS)} icons and the program's own")
