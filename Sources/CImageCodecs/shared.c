/* Messages, the processor-time deadline, and the placement of decoded rows. */
#include "codec_internal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

void report_message(codec_report *report, const char *text) {
    size_t length = strnlen(text, sizeof report->message - 1);
    memcpy(report->message, text, length);
    report->message[length] = '\0';
}

void report_warning(codec_report *report, const char *text) {
    if (report->warning_count == 0) report_message(report, text);
    report->warning_count += 1;
}

uint64_t codec_thread_cpu_nanoseconds(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t cpu_deadline(const codec_limits *limits) {
    uint64_t deadline;
    if (__builtin_add_overflow(codec_thread_cpu_nanoseconds(), limits->cpu_nanoseconds, &deadline))
        return UINT64_MAX;
    return deadline;
}

uint32_t reduced_side(uint32_t side, uint32_t reduction) {
    return (uint32_t)(((uint64_t)side + reduction - 1) / reduction);
}

int target_is_sound(const codec_target *target) {
    uint32_t reduction = target->reduction;
    if (reduction != 1 && reduction != 2 && reduction != 4 && reduction != 8) return 0;
    if (target->stored_width == 0 || target->stored_width > CODEC_SIDE_MAX) return 0;
    if (target->stored_height == 0 || target->stored_height > CODEC_SIDE_MAX) return 0;
    /* Steps this small keep every sum below in 64 bits: 2 * 2^16 * 2^40. */
    const int64_t step_max = (int64_t)1 << 40;
    if (llabs(target->column_step) > step_max || llabs(target->row_step) > step_max) return 0;
    if (target->byte_count < 3 || target->byte_count > (size_t)INT64_MAX / 4) return 0;
    int64_t last_x = (int64_t)reduced_side(target->stored_width, reduction) - 1;
    int64_t last_y = (int64_t)reduced_side(target->stored_height, reduction) - 1;
    int64_t last_start = (int64_t)target->byte_count - 3;
    if (target->origin < 0 || target->origin > last_start) return 0;
    for (int corner = 1; corner < 4; corner++) {
        int64_t start = target->origin + (corner & 1 ? last_x * target->column_step : 0)
                        + (corner & 2 ? last_y * target->row_step : 0);
        if (start < 0 || start > last_start) return 0;
    }
    return 1;
}

void place_rows(const codec_target *target, const uint8_t *rows, size_t stride,
                uint32_t first_row, uint32_t row_count, uint32_t width) {
    uint8_t *start = target->pixels + target->origin + (ptrdiff_t)first_row * target->row_step;
    if (target->column_step == 3) {
        for (uint32_t y = 0; y < row_count; y++) {
            memcpy(start + (ptrdiff_t)y * target->row_step, rows + y * stride, (size_t)width * 3);
        }
        return;
    }
    /* Columns outside, so that a turned picture is written in runs of `row_count` pixels. */
    for (uint32_t x = 0; x < width; x++) {
        uint8_t *to = start + (ptrdiff_t)x * target->column_step;
        const uint8_t *from = rows + (size_t)x * 3;
        for (uint32_t y = 0; y < row_count; y++) {
            to[0] = from[0];
            to[1] = from[1];
            to[2] = from[2];
            to += target->row_step;
            from += stride;
        }
    }
}

uint8_t *row_in_place(const codec_target *target, uint32_t y) {
    if (target->column_step != 3) return NULL;
    return target->pixels + target->origin + (ptrdiff_t)y * target->row_step;
}

void codec_release(codec_bytes *bytes) {
    free(bytes->bytes);
    bytes->bytes = NULL;
    bytes->byte_count = 0;
}

uint32_t codec_crc32(const uint8_t *bytes, size_t byte_count) {
    return (uint32_t)crc32_z(crc32_z(0, NULL, 0), bytes, byte_count);
}

codec_status codec_inflate(const uint8_t *bytes, size_t byte_count, uint8_t *output,
                           size_t capacity, size_t *written) {
    *written = 0;
    if (byte_count > UINT32_MAX || capacity > UINT32_MAX) return CODEC_MALFORMED;
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (inflateInit(&stream) != Z_OK) return CODEC_OUT_OF_MEMORY;
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)byte_count;
    stream.next_out = output;
    stream.avail_out = (uInt)capacity;
    int result = inflate(&stream, Z_FINISH);
    size_t inflated = capacity - stream.avail_out;
    inflateEnd(&stream);
    if (result != Z_STREAM_END) return CODEC_MALFORMED;
    *written = inflated;
    return CODEC_OK;
}
