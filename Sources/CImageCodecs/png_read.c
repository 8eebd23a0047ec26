/*
 * PNG to RGB on white through libpng's row functions (never its simplified ones, where most of
 * its recent faults were). Manual: libpng-manual.txt, chapter III.
 *
 * The fence is the same as in jpeg_read.c: one setjmp per call, all changing state in a session
 * on the heap.
 */
#include "codec_internal.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

enum { PNG_SIGNATURE_SIZE = 8, CHUNK_OVERHEAD = 12, RGB_SIZE = 3, RGBA_SIZE = 4 };

/* Rows, and bytes of file, between two looks at the clock: 8 KB inflate to 8 MB at most. */
enum { ROWS_PER_CHECK = 16, BYTES_PER_CHECK = 8192 };

typedef struct png_session {
    png_structp png;
    png_infop info;
    jmp_buf escape;
    codec_status status;
    codec_report *report;
    uint64_t deadline;
    const uint8_t *bytes;
    size_t byte_count;
    size_t position;
    /* Where the clock was last looked at. */
    size_t checked_position;
    int has_ended_early;
    /* Complete rows of the stored picture: with Adam7 those of the last pass. */
    uint32_t complete_rows;
    int is_reading_rows;
    /* Bytes of a sample: R, G, B, and A where some may show what is behind them. */
    uint32_t sample_size;
    /* One row, or with Adam7 all of them. */
    uint8_t *samples;
    /* Sums of the box being averaged: three for each reduced column. */
    uint32_t *sums;
    /* Reduced rows waiting to be placed. */
    uint8_t *strip;
    uint32_t strip_rows;
} png_session;

static void give_up(png_session *session, codec_status status, const char *text) {
    session->status = status;
    report_message(session->report, text);
    longjmp(session->escape, 1);
}

static void on_error(png_structp png, png_const_charp text) {
    png_session *session = png_get_error_ptr(png);
    give_up(session, CODEC_MALFORMED, text);
}

static void on_warning(png_structp png, png_const_charp text) {
    png_session *session = png_get_error_ptr(png);
    report_warning(session->report, text);
}

static void check_time(png_session *session) {
    if (codec_thread_cpu_nanoseconds() > session->deadline)
        give_up(session, CODEC_OUT_OF_TIME, "out of processor time");
}

/* After the last row libpng inflates whatever is left of the picture's data, without an end. The
 * clock has to be looked at here too. */
static void on_read(png_structp png, png_bytep to, size_t count) {
    png_session *session = png_get_io_ptr(png);
    if (session->position - session->checked_position >= BYTES_PER_CHECK) {
        session->checked_position = session->position;
        check_time(session);
    }
    if (count > session->byte_count - session->position) {
        session->has_ended_early = 1;
        give_up(session, CODEC_MALFORMED, "the data ends inside the picture");
    }
    memcpy(to, session->bytes + session->position, count);
    session->position += count;
}

static void begin(png_session *session, const codec_limits *limits) {
    session->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, session, on_error, on_warning);
    if (session->png == NULL) give_up(session, CODEC_OUT_OF_MEMORY, "no memory for libpng");
    session->info = png_create_info_struct(session->png);
    if (session->info == NULL) give_up(session, CODEC_OUT_OF_MEMORY, "no memory for libpng");
    png_set_user_limits(session->png, CODEC_SIDE_MAX, CODEC_SIDE_MAX);
    png_set_chunk_malloc_max(session->png, limits->memory_bytes);
    png_set_chunk_cache_max(session->png, 16);
    /* Text, profiles and the like are never inflated here: every ancillary chunk but tRNS. */
    png_set_keep_unknown_chunks(session->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_read_fn(session->png, session, on_read);
}

/* Whatever is stored comes out as 8-bit R, G, B, and A if something may be transparent: samples
 * that say so, and with Adam7 those that a shortened file never reaches. */
static void choose_output(png_session *session) {
    png_structp png = session->png;
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    session->sample_size = RGB_SIZE;
    if ((png_get_color_type(png, session->info) & PNG_COLOR_MASK_ALPHA) != 0
        || png_get_valid(png, session->info, PNG_INFO_tRNS) != 0
        || png_get_interlace_type(png, session->info) != PNG_INTERLACE_NONE) {
        png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
        session->sample_size = RGBA_SIZE;
    }
}

/* A sample over white: c * a + 255 * (255 - a), rounded. */
static uint32_t over_white(uint32_t sample, uint32_t alpha) {
    return (sample * alpha + 255u * (255u - alpha) + 127u) / 255u;
}

static void flush_strip(png_session *session, const codec_target *target, uint32_t next_row) {
    uint32_t width = reduced_side(target->stored_width, target->reduction);
    place_rows(target, session->strip, (size_t)width * 3, next_row - session->strip_rows,
               session->strip_rows, width);
    session->strip_rows = 0;
}

/* Puts `count` pixels over white. */
static void copy_pixels(uint8_t *to, const uint8_t *sample, uint32_t sample_size, uint32_t count) {
    if (sample_size == RGB_SIZE) {
        memcpy(to, sample, (size_t)count * RGB_SIZE);
        return;
    }
    for (uint32_t i = 0; i < count; i++, sample += RGBA_SIZE, to += RGB_SIZE) {
        uint32_t alpha = sample[3];
        for (int channel = 0; channel < 3; channel++)
            to[channel] =
                alpha == 255 ? sample[channel] : (uint8_t)over_white(sample[channel], alpha);
    }
}

/* Adds `count` pixels over white to a box's three sums. */
static void add_pixels(uint32_t *sum, const uint8_t *sample, uint32_t sample_size,
                       uint32_t count) {
    for (uint32_t i = 0; i < count; i++, sample += sample_size) {
        uint32_t alpha = sample_size == RGB_SIZE ? 255 : sample[3];
        for (int channel = 0; channel < 3; channel++)
            sum[channel] += alpha == 255 ? sample[channel] : over_white(sample[channel], alpha);
    }
}

/* Adds one stored row to the box sums; at the end of a box puts a reduced row into the strip. */
static void add_to_boxes(png_session *session, const codec_target *target, const uint8_t *samples,
                         uint32_t y, int ends_box, uint8_t *row) {
    uint32_t width = target->stored_width, reduction = target->reduction;
    uint32_t reduced_width = reduced_side(width, reduction);
    for (uint32_t x = 0; x < reduced_width; x++) {
        uint32_t left = x * reduction;
        uint32_t box_width = width - left < reduction ? width - left : reduction;
        uint32_t *sum = session->sums + (size_t)x * 3;
        add_pixels(
            sum, samples + (size_t)left * session->sample_size, session->sample_size, box_width);
        if (!ends_box) continue;
        uint32_t area = box_width * (y % reduction + 1);
        for (int channel = 0; channel < 3; channel++) {
            row[(size_t)x * 3 + channel] = (uint8_t)((sum[channel] + area / 2) / area);
            sum[channel] = 0;
        }
    }
}

/* Takes in one stored row: a box of one is a copy. */
static void add_row(png_session *session, const codec_target *target, const uint8_t *samples,
                    uint32_t y) {
    uint32_t width = target->stored_width, reduction = target->reduction;
    int is_last = y + 1 == target->stored_height;
    int ends_box = (y + 1) % reduction == 0 || is_last;
    uint8_t *row =
        session->strip + (size_t)session->strip_rows * reduced_side(width, reduction) * 3;
    if (reduction == 1) copy_pixels(row, samples, session->sample_size, width);
    else add_to_boxes(session, target, samples, y, ends_box, row);
    if (!ends_box) return;
    session->strip_rows += 1;
    if (session->strip_rows == STRIP_ROW_COUNT || is_last)
        flush_strip(session, target, y / reduction + 1);
}

static void allocate(png_session *session, const codec_target *target, uint32_t row_count,
                     const codec_limits *limits) {
    size_t reduced_width = reduced_side(target->stored_width, target->reduction);
    size_t row_size = (size_t)target->stored_width * session->sample_size;
    if (row_size * row_count > limits->memory_bytes)
        give_up(session, CODEC_OUT_OF_MEMORY, "the rows need more memory than the limit");
    session->samples = calloc(row_count, row_size);
    session->sums = calloc(reduced_width * 3, sizeof *session->sums);
    session->strip = calloc(STRIP_ROW_COUNT, reduced_width * 3);
    if (session->samples == NULL || session->sums == NULL || session->strip == NULL)
        give_up(session, CODEC_OUT_OF_MEMORY, "no memory for rows");
}

static void decode_in_order(png_session *session, const codec_target *target) {
    int is_copy = target->reduction == 1 && session->sample_size == RGB_SIZE;
    for (uint32_t y = 0; y < target->stored_height; y++) {
        if (y % ROWS_PER_CHECK == 0) check_time(session);
        uint8_t *row = is_copy ? row_in_place(target, y) : NULL;
        png_read_row(session->png, row != NULL ? row : session->samples, NULL);
        session->complete_rows = y + 1;
        if (row == NULL) add_row(session, target, session->samples, y);
    }
}

/* Adam7: seven passes over all rows, of which the last completes them. */
static void decode_interlaced(png_session *session, const codec_target *target, int pass_count) {
    size_t row_size = (size_t)target->stored_width * session->sample_size;
    for (int pass = 0; pass < pass_count; pass++) {
        for (uint32_t y = 0; y < target->stored_height; y++) {
            if (y % ROWS_PER_CHECK == 0) check_time(session);
            png_read_row(session->png, session->samples + y * row_size, NULL);
            if (pass == pass_count - 1) session->complete_rows = y + 1;
        }
    }
}

/*
 * What png_read_end would do, without inflating surplus data: the checksums of the picture's own
 * chunks that libpng has not reached yet, and whether the file has its end.
 */
static void check_tail(png_session *session) {
    size_t start = PNG_SIGNATURE_SIZE;
    while (session->byte_count - start >= CHUNK_OVERHEAD) {
        const uint8_t *chunk = session->bytes + start;
        size_t length = png_get_uint_32(chunk);
        if (length > session->byte_count - start - CHUNK_OVERHEAD) break;
        size_t end = start + CHUNK_OVERHEAD + length;
        if (end > session->position && memcmp(chunk + 4, "IDAT", 4) == 0
            && codec_crc32(chunk + 4, length + 4) != png_get_uint_32(chunk + 8 + length))
            give_up(session, CODEC_MALFORMED, "IDAT: CRC error");
        if (memcmp(chunk + 4, "IEND", 4) == 0) return;
        start = end;
    }
    report_warning(session->report, "the data ends before the end of the file is marked");
}

static void decode(png_session *session, const codec_target *target, const codec_limits *limits) {
    begin(session, limits);
    png_read_info(session->png, session->info);
    if (png_get_image_width(session->png, session->info) != target->stored_width
        || png_get_image_height(session->png, session->info) != target->stored_height)
        give_up(session, CODEC_UNEXPECTED_SIZE, "the header changed between two readings");
    choose_output(session);
    int pass_count = png_set_interlace_handling(session->png);
    png_read_update_info(session->png, session->info);
    size_t row_size = (size_t)target->stored_width * session->sample_size;
    if (png_get_rowbytes(session->png, session->info) != row_size)
        give_up(session, CODEC_UNSUPPORTED, "the codec offers rows of another layout");
    allocate(session, target, pass_count > 1 ? target->stored_height : 1, limits);
    session->is_reading_rows = 1;
    if (pass_count > 1) {
        decode_interlaced(session, target, pass_count);
        for (uint32_t y = 0; y < target->stored_height; y++)
            add_row(session, target, session->samples + y * row_size, y);
    } else {
        decode_in_order(session, target);
    }
    check_tail(session);
}

/*
 * After the data ended early: what is complete goes out. Rows of Adam7 count only when the last
 * pass reached them, but all of them hold a coarse picture and are put out.
 */
static void finish_early(png_session *session, const codec_target *target, int is_interlaced) {
    size_t row_size = (size_t)target->stored_width * session->sample_size;
    uint32_t height = is_interlaced ? target->stored_height : session->complete_rows;
    for (uint32_t y = 0; is_interlaced && y < height; y++)
        add_row(session, target, session->samples + y * row_size, y);
    if (session->strip_rows > 0) flush_strip(session, target, height / target->reduction);
    session->status = CODEC_OK;
    session->report->warning_count += 1;
}

codec_status codec_png_decode(const uint8_t *bytes, size_t byte_count,
                              const codec_limits *limits, const codec_target *target,
                              codec_report *report) {
    if (!target_is_sound(target)) return CODEC_UNEXPECTED_SIZE;
    png_session *session = calloc(1, sizeof *session);
    if (session == NULL) return CODEC_OUT_OF_MEMORY;
    session->report = report;
    session->deadline = cpu_deadline(limits);
    session->bytes = bytes;
    session->byte_count = byte_count;
    if (setjmp(session->escape) == 0) {
        decode(session, target, limits);
    } else if (session->has_ended_early && session->is_reading_rows) {
        int is_interlaced =
            png_get_interlace_type(session->png, session->info) == PNG_INTERLACE_ADAM7;
        finish_early(session, target, is_interlaced);
    }
    report->decoded_row_count = session->complete_rows;
    codec_status status = session->status;
    if (session->png != NULL) png_destroy_read_struct(&session->png, &session->info, NULL);
    free(session->samples);
    free(session->sums);
    free(session->strip);
    free(session);
    return status;
}
