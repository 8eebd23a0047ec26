/* Mutations that know the outline of JPEG and PNG files. */
#include "fuzzing.h"

#include <string.h>

#include "CImageCodecs.h"

enum { PNG_SIGNATURE_SIZE = 8, CHUNK_OVERHEAD = 12, RANGE_MAX = 512, PART_MAX = 256 };

uint64_t next_number(numbers *numbers) {
    uint64_t z = numbers->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static size_t below(numbers *numbers, size_t bound) {
    return bound == 0 ? 0 : (size_t)(next_number(numbers) % bound);
}

/* A segment, a chunk, or any range. */
typedef struct part {
    size_t start;
    size_t byte_count;
} part;

static int is_png(const mutant *file) {
    return file->byte_count > PNG_SIGNATURE_SIZE && memcmp(file->bytes, "\x89PNG", 4) == 0;
}

static uint32_t big_endian(const uint8_t *bytes, int count) {
    uint32_t value = 0;
    for (int i = 0; i < count; i++) value = value << 8 | bytes[i];
    return value;
}

static void put_big_endian(uint8_t *bytes, int count, uint64_t value) {
    for (int i = count; i-- > 0; value >>= 8) bytes[i] = (uint8_t)value;
}

/* The chunks of a PNG, or the marker segments of a JPEG up to its last scan's data. */
static size_t find_parts(const mutant *file, part *parts) {
    size_t count = 0, at = is_png(file) ? PNG_SIGNATURE_SIZE : 2;
    while (count < PART_MAX && at + CHUNK_OVERHEAD <= file->byte_count) {
        size_t length;
        if (is_png(file)) {
            length = (size_t)big_endian(file->bytes + at, 4) + CHUNK_OVERHEAD;
        } else {
            if (file->bytes[at] != 0xFF || file->bytes[at + 1] < 0xC0) {
                at += 1;
                continue;
            }
            length = (size_t)big_endian(file->bytes + at + 2, 2) + 2;
        }
        if (length > file->byte_count - at) break;
        parts[count++] = (part){at, length};
        at += length;
    }
    return count;
}

static void remove_range(mutant *file, part range) {
    memmove(file->bytes + range.start, file->bytes + range.start + range.byte_count,
            file->byte_count - range.start - range.byte_count);
    file->byte_count -= range.byte_count;
}

/* `from` may lie in the file itself. */
static void insert(mutant *file, size_t at, const uint8_t *from, size_t count) {
    static uint8_t copy[1 << 16];
    if (count > sizeof copy) count = sizeof copy;
    if (count > file->capacity - file->byte_count) return;
    memcpy(copy, from, count);
    memmove(file->bytes + at + count, file->bytes + at, file->byte_count - at);
    memcpy(file->bytes + at, copy, count);
    file->byte_count += count;
}

static void change_number(mutant *file, size_t at, int byte_count, numbers *numbers) {
    static const uint32_t telling[] = {0, 1, 2, 3, 4, 7, 8, 16, 64, 127, 128, 255, 256, 1023,
                                       32767, 32768, 65500, 65535, 0x7FFFFFFF, 0x80000000,
                                       0xFFFFFFFF};
    if (at + (size_t)byte_count > file->byte_count) return;
    uint8_t *place = file->bytes + at;
    uint64_t value = telling[below(numbers, sizeof telling / sizeof *telling)];
    if (below(numbers, 2))
        value = big_endian(place, byte_count) + below(numbers, 17) - 8;
    put_big_endian(place, byte_count, value);
}

static void change_anywhere(mutant *file, const uint8_t *other, size_t other_count,
                            numbers *numbers) {
    size_t at = below(numbers, file->byte_count);
    size_t rest = file->byte_count - at;
    part range = {at, 1 + below(numbers, rest < RANGE_MAX ? rest : RANGE_MAX)};
    switch (below(numbers, 8)) {
    case 0: file->bytes[at] ^= (uint8_t)(1u << below(numbers, 8)); return;
    case 1: file->bytes[at] = (uint8_t)next_number(numbers); return;
    case 2: change_number(file, at, 2, numbers); return;
    case 3: change_number(file, at, 4, numbers); return;
    case 4: remove_range(file, (part){at, range.byte_count < rest ? range.byte_count : 0}); return;
    case 5: insert(file, below(numbers, file->byte_count), file->bytes + at, range.byte_count);
        return;
    case 6: /* cut, seldom near the start */
        file->byte_count = 1 + (below(numbers, 2) ? at : file->byte_count - 1 - rest / 4);
        return;
    default: {
        size_t from = below(numbers, other_count);
        insert(file, at, other + from, other_count - from);
        return;
    }
    }
}

static void change_part(mutant *file, numbers *numbers) {
    part parts[PART_MAX];
    size_t count = find_parts(file, parts);
    if (count == 0) return;
    part chosen = parts[below(numbers, count)];
    int length_size = is_png(file) ? 4 : 2;
    size_t header_size = is_png(file) ? 8 : 4;
    switch (below(numbers, 6)) {
    case 0: change_number(file, chosen.start + (is_png(file) ? 0 : 2), length_size, numbers);
        return;
    case 1: remove_range(file, chosen); return;
    case 2:
        insert(file, parts[below(numbers, count)].start, file->bytes + chosen.start,
               chosen.byte_count);
        return;
    case 3: /* another kind of part with the same content */
        file->bytes[chosen.start + (is_png(file) ? 4 + below(numbers, 4) : 1)] =
            is_png(file) ? (uint8_t)("IDATPLtRNSiHEp"[below(numbers, 14)])
                         : (uint8_t)(0xC0 + below(numbers, 64));
        return;
    default: { /* the fields at the front decide most */
        if (chosen.byte_count <= header_size) return;
        size_t field_count = chosen.byte_count - header_size;
        size_t at = chosen.start + header_size + below(numbers, field_count < 24 ? field_count : 24);
        if (below(numbers, 2)) change_number(file, at, below(numbers, 2) ? 1 : 2, numbers);
        else file->bytes[at] ^= (uint8_t)(1u << below(numbers, 8));
        return;
    }
    }
}

/* Without this, libpng refuses nearly every mutant at its first changed chunk. */
static void repair_checksums(mutant *file) {
    part parts[PART_MAX];
    size_t count = find_parts(file, parts);
    for (size_t i = 0; i < count; i++) {
        uint8_t *chunk = file->bytes + parts[i].start;
        size_t covered = parts[i].byte_count - 8;
        put_big_endian(chunk + 4 + covered, 4, codec_crc32(chunk + 4, covered));
    }
}

void mutate(mutant *file, const uint8_t *other, size_t other_count, numbers *numbers) {
    size_t changes = 1 + below(numbers, 4);
    for (size_t i = 0; i < changes && file->byte_count > 0; i++) {
        if (below(numbers, 2)) change_part(file, numbers);
        else change_anywhere(file, other, other_count, numbers);
    }
    if (is_png(file) && below(numbers, 8) != 0) repair_checksums(file);
}
