"""Writes what Imaging's decoded and resized pixels are compared with.

pngsuite.tsv  name, width, height, FNV-1a hash of the upright RGB bytes of each valid PngSuite file,
              by the plain decoder beside this file; Pillow must agree within 1, where it keeps
              8 bits itself
resize.tsv    source size, target size, target pixels in hex, by Pillow's BILINEAR filter, of a
              pattern that the test makes too
"""

import io
import pathlib
import sys

import numpy
from PIL import Image

import plain_png

RESIZES = [((17, 13), (8, 6)), ((17, 13), (5, 13)), ((17, 13), (17, 3)), ((17, 13), (1, 1)),
           ((17, 13), (31, 29)), ((64, 48), (7, 9)), ((3, 2), (9, 7)), ((1, 1), (4, 3)),
           ((50, 40), (49, 39)), ((200, 3), (20, 2))]


def fnv1a(data):
    """FNV-1a, 64 bits: short to write in both languages, and nobody attacks a test."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def pillow_on_white(data):
    """Pillow's RGB bytes on white; its 16-bit kinds are left out."""
    image = Image.open(io.BytesIO(data))
    if image.mode.startswith("I"):
        return None
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, (255, 255, 255, 255))
    return numpy.asarray(Image.alpha_composite(white, image).convert("RGB")).astype(int)


def pngsuite_rows(folder):
    for path in sorted(folder.glob("*.png")):
        if path.name.startswith("x"):
            continue
        data = path.read_bytes()
        width, height, pixels = plain_png.decode(data)
        pillow = pillow_on_white(data)
        if pillow is not None:
            ours = numpy.frombuffer(pixels, numpy.uint8).reshape(height, width, 3)
            difference = abs(pillow - ours).max()
            assert difference <= 1, (path.name, difference)
        assert Image.open(path).getexif().get(0x0112, 1) == 1, path.name
        yield path.name, width, height, fnv1a(pixels)


def pattern(width, height):
    """Sharp in every direction; the test computes the same."""
    y, x, channel = numpy.mgrid[0:height, 0:width, 0:3]
    return ((x * x * 3 + y * y * 5 + x * y * 7 + channel * 89 + 11) % 256).astype(numpy.uint8)


def resize_rows():
    for source, target in RESIZES:
        resized = Image.fromarray(pattern(*source)).resize(target, Image.BILINEAR)
        yield "{}x{}".format(*source), "{}x{}".format(*target), resized.tobytes().hex()


def write(path, rows):
    lines = ["\t".join(str(field) for field in row) for row in rows]
    path.write_text("\n".join(lines) + "\n")
    print(f"{path}: {len(lines)} rows")


if __name__ == "__main__":
    suite, output = map(pathlib.Path, sys.argv[1:])
    output.mkdir(parents=True, exist_ok=True)
    write(output / "pngsuite.tsv", pngsuite_rows(suite))
    write(output / "resize.tsv", resize_rows())
