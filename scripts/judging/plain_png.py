"""A PNG decoder in plain Python, written from the specification and sharing nothing with libpng.

It gives what Regrade promises: 8-bit RGB on white, 16-bit samples rounded, gAMA and bKGD ignored.
"""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# First column, first row, column step, row step of each pass (PNG third edition, section 8.1).
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
         (0, 1, 1, 2)]


def chunks(data):
    """Type and payload of each chunk, checksums verified."""
    position = len(SIGNATURE)
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        payload = data[position + 8:position + 8 + length]
        checksum, = struct.unpack_from(">I", data, position + 8 + length)
        assert checksum == zlib.crc32(kind + payload), kind
        yield kind, payload
        position += 12 + length


def paeth(left, above, corner):
    """The neighbour nearest to left + above - corner, in this order on a tie."""
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


def unfiltered(data, row_count, row_size, step):
    """The rows of one pass; `step` is the bytes of a pixel, at least 1."""
    previous = bytes(row_size)
    for index in range(row_count):
        start = index * (row_size + 1)
        kind, row = data[start], bytearray(data[start + 1:start + 1 + row_size])
        for at in range(row_size):
            left = row[at - step] if at >= step else 0
            above = previous[at]
            corner = previous[at - step] if at >= step else 0
            row[at] = (row[at] + [0, left, above, (left + above) // 2,
                                  paeth(left, above, corner)][kind]) & 255
        yield bytes(row)
        previous = row


def samples_of(row, count, depth):
    """`count` samples of a row, high bits first."""
    if depth == 16:
        return struct.unpack(f">{count}H", row[:count * 2])
    per_byte = 8 // depth
    mask = (1 << depth) - 1
    return [row[i // per_byte] >> (8 - depth - i % per_byte * depth) & mask for i in range(count)]


def over_white(color, alpha):
    """Colour on white, rounded."""
    return tuple((value * alpha + 255 * (255 - alpha) + 127) // 255 for value in color)


def pixel(values, depth, kind, palette, transparency):
    """One pixel as R, G, B on white."""
    if kind == 3:
        index = values[0]
        alpha = transparency[index] if index < len(transparency) else 255
        return over_white(palette[index * 3:index * 3 + 3], alpha)
    largest = (1 << depth) - 1
    scaled = [(value * 255 * 2 + largest) // (largest * 2) for value in values]
    alpha = 255
    if kind in (4, 6):
        alpha = scaled[-1]
    elif transparency:
        key = struct.unpack(f">{len(transparency) // 2}H", transparency)
        alpha = 0 if tuple(values) == key else 255
    color = scaled[:3] if kind in (2, 6) else [scaled[0]] * 3
    return over_white(color, alpha)


def decode(data):
    """Width, height and the RGB bytes of a PNG, as stored."""
    palette = transparency = compressed = b""
    for kind, payload in chunks(data):
        if kind == b"IHDR":
            width, height, depth, color, _, _, interlace = struct.unpack(">IIBBBBB", payload)
        elif kind == b"PLTE":
            palette = payload
        elif kind == b"tRNS":
            transparency = payload
        elif kind == b"IDAT":
            compressed += payload
    raw = zlib.decompress(compressed)
    bits = SAMPLES[color] * depth
    output = bytearray(width * height * 3)
    position = 0
    for left, top, step_x, step_y in ADAM7 if interlace else [(0, 0, 1, 1)]:
        columns = (width - left + step_x - 1) // step_x
        rows = (height - top + step_y - 1) // step_y
        if columns <= 0 or rows <= 0:
            continue
        row_size = (columns * bits + 7) // 8
        lines = unfiltered(raw[position:], rows, row_size, max(1, bits // 8))
        position += rows * (row_size + 1)
        for row, line in enumerate(lines):
            values = samples_of(line, columns * SAMPLES[color], depth)
            for column in range(columns):
                own = values[column * SAMPLES[color]:(column + 1) * SAMPLES[color]]
                at = ((top + row * step_y) * width + left + column * step_x) * 3
                output[at:at + 3] = bytes(pixel(own, depth, color, palette, transparency))
    return width, height, bytes(output)
