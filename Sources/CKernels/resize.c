#include <string.h>

#include "CKernels.h"
#include "clones.h"

/* Weights have this many fractional bits. */
enum { FRACTION_BITS = 22, HALF = 1 << (FRACTION_BITS - 1) };

REGRADE_INLINE uint8_t sample(int32_t sum) {
    const int32_t x = sum >> FRACTION_BITS;
    return (uint8_t)(x > 255 ? 255 : x);
}

typedef int32_t pixel_sum __attribute__((ext_vector_type(4)));
typedef uint8_t four_bytes __attribute__((ext_vector_type(4), aligned(1)));

/* One pixel of 4 bytes at once, of which the last belongs to the next pixel and is ignored. */
REGRADE_INLINE void resize_row(
    const uint8_t *row, const regrade_resize_table *table, uint8_t *target) {
    for (size_t column = 0; column < table->target_count; column++, target += 3) {
        const uint8_t *from = row + 3 * (size_t)table->starts[column];
        const int32_t *weights = table->weights + column * table->tap_limit;
        const size_t count = (size_t)table->counts[column];
        pixel_sum sum = HALF;
        for (size_t tap = 0; tap < count; tap++, from += 3)
            sum += __builtin_convertvector(*(const four_bytes *)from, pixel_sum) * weights[tap];
        for (int channel = 0; channel < 3; channel++) target[channel] = sample(sum[channel]);
    }
}

REGRADE_CLONES void regrade_resize_rows_u8(
    const uint8_t *source, size_t row_count, size_t source_width,
    const regrade_resize_table *table, uint8_t *target) {
    for (size_t row = 0; row + 1 < row_count; row++)
        resize_row(
            source + row * source_width * 3, table, target + row * table->target_count * 3);
    if (row_count == 0) return;
    /* No byte follows the last row. */
    const uint8_t *last = source + (row_count - 1) * source_width * 3;
    uint8_t *output = target + (row_count - 1) * table->target_count * 3;
    for (size_t column = 0; column < table->target_count; column++)
        for (int channel = 0; channel < 3; channel++) {
            int32_t sum = HALF;
            for (size_t tap = 0; tap < (size_t)table->counts[column]; tap++)
                sum += last[3 * ((size_t)table->starts[column] + tap) + (size_t)channel]
                    * table->weights[column * table->tap_limit + tap];
            *output++ = sample(sum);
        }
}

REGRADE_CLONES void regrade_resize_columns_u8(
    const uint8_t *source, size_t row_bytes, const regrade_resize_table *table, uint8_t *target) {
    /* Sums of a block stay in registers while the rows pass. */
    enum { BLOCK = 64 };
    for (size_t row = 0; row < table->target_count; row++, target += row_bytes) {
        const uint8_t *from = source + (size_t)table->starts[row] * row_bytes;
        const int32_t *weights = table->weights + row * table->tap_limit;
        const size_t count = (size_t)table->counts[row];
        size_t first = 0;
        for (; first + BLOCK <= row_bytes; first += BLOCK) {
            int32_t sums[BLOCK];
            for (size_t i = 0; i < BLOCK; i++) sums[i] = HALF;
            for (size_t tap = 0; tap < count; tap++)
                for (size_t i = 0; i < BLOCK; i++)
                    sums[i] += from[tap * row_bytes + first + i] * weights[tap];
            for (size_t i = 0; i < BLOCK; i++) target[first + i] = sample(sums[i]);
        }
        for (; first < row_bytes; first++) {
            int32_t sum = HALF;
            for (size_t tap = 0; tap < count; tap++)
                sum += from[tap * row_bytes + first] * weights[tap];
            target[first] = sample(sum);
        }
    }
}
