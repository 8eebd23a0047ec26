"""Makes 12 MP pictures as phones write them, each of another look, for the load that is measured.

Usage: photos.py FOLDER COUNT PHOTO…   The pictures are crops of the photos, turned, brightened,
brought to 4000 x 3000 and given a sensor's noise, so that a JPEG of them has 3 to 5 MB.
"""

import pathlib
import random
import sys

from PIL import Image, ImageChops, ImageEnhance

SIZE = (4000, 3000)
QUALITY = 90
# The standard deviation of a phone's noise in daylight, of 255.
NOISE = 5
# How much of a photo's sides is taken.
LEAST_PART = 0.7
ORIENTATION_TAG, ORIENTATIONS = 0x0112, [1, 1, 3, 6, 6, 8]


def crop(photo, draw):
    """A part of a photo with the sides of 4 to 3, of another place and brightness each time."""
    side = min(photo.width / 4, photo.height / 3) * draw.uniform(LEAST_PART, 1)
    width, height = int(4 * side), int(3 * side)
    left, top = draw.randint(0, photo.width - width), draw.randint(0, photo.height - height)
    part = photo.resize(SIZE, Image.LANCZOS, (left, top, left + width, top + height))
    if draw.random() < 0.5:
        part = part.transpose(Image.FLIP_LEFT_RIGHT)
    return ImageEnhance.Brightness(part).enhance(draw.uniform(0.8, 1.2))


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(7)
    noise = Image.effect_noise(SIZE, NOISE).convert("RGB")
    for number in range(count):
        with Image.open(sys.argv[3 + number % len(sys.argv[3:])]) as photo:
            picture = crop(photo.convert("RGB"), draw)
        picture = ImageChops.add(picture, noise, offset=-128)
        exif = Image.Exif()
        exif[ORIENTATION_TAG] = draw.choice(ORIENTATIONS)
        picture.save(folder / f"{number:02d}.jpg", quality=QUALITY, exif=exif)


main()
