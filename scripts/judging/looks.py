"""How often strangers look the same, and how often copies do, by Regrade's perceptual hash.

The same arithmetic as Sources/Imaging/Quality/PerceptualHash.swift, in NumPy and Pillow, over the
photos of a manifest with the columns `path` and `group`; photos of one group are no strangers.
"""

import argparse
import csv
import io
import pathlib

import numpy
from PIL import Image, ImageEnhance

RADII = (2, 4, 6, 8, 10)
WAVES = numpy.cos(numpy.pi * numpy.outer(numpy.arange(1, 9), 2 * numpy.arange(32) + 1) / 64)


def look(photo):
    """The 64 bits of an upright picture."""
    small = numpy.asarray(photo.resize((32, 32), Image.Resampling.BILINEAR)).astype(numpy.uint32)
    luma = (small @ numpy.array([77, 150, 29], dtype=numpy.uint32)) >> 8
    strengths = (WAVES @ luma @ WAVES.T).ravel()
    return numpy.packbits(strengths > numpy.median(strengths)).view(">u8")[0]


def copies(photo):
    """What people do to a photo before they send it again, by name."""

    def cropped(share):
        x, y = round(photo.width * share), round(photo.height * share)
        return photo.crop((x, y, photo.width - x, photo.height - y))

    encoded = io.BytesIO()
    photo.save(encoded, "JPEG", quality=50)
    yield "JPEG quality 50", Image.open(encoded).convert("RGB")
    yield "half the size", photo.resize((photo.width // 2, photo.height // 2))
    yield "30 % brighter", ImageEnhance.Brightness(photo).enhance(1.3)
    yield "2 % cut off at each side", cropped(0.02)
    yield "5 % cut off at each side", cropped(0.05)


def main():
    """Prints one table of strangers and one of copies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=pathlib.Path)
    parser.add_argument("--copies", type=int, default=16, help="copy every so many-th photo")
    arguments = parser.parse_args()
    with arguments.manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    looks = numpy.zeros(len(rows), dtype=numpy.uint64)
    distances = {}
    for index, row in enumerate(rows):
        photo = Image.open(arguments.manifest.parent / row["path"]).convert("RGB")
        looks[index] = look(photo)
        if index % arguments.copies == 0:
            for name, copy in copies(photo):
                apart = int(numpy.bitwise_count(looks[index] ^ look(copy)))
                distances.setdefault(name, []).append(apart)
    groups = numpy.array([row["group"] for row in rows])
    counts = numpy.zeros(65, dtype=numpy.int64)
    for index in range(len(rows)):
        apart = numpy.bitwise_count(looks[index] ^ looks[index + 1:])
        strangers = groups[index + 1:] != groups[index]
        counts += numpy.bincount(apart[strangers], minlength=65)
    within = ", ".join(f"{counts[:radius + 1].sum()} within {radius}" for radius in RADII)
    print(f"{counts.sum()} pairs of strangers among {len(rows)} photos: {within} bits")
    for name, apart in distances.items():
        shares = ", ".join(
            f"{100 * numpy.mean(numpy.array(apart) <= radius):.0f} % within {radius}"
            for radius in RADII)
        print(f"{name}, {len(apart)} copies: {shares} bits")


if __name__ == "__main__":
    main()
