/*
 * The one fence around libjpeg, libpng and zlib.
 *
 * Rules that hold for every function here:
 *  - No codec struct and no callback crosses this header. Each call opens what it needs and frees
 *    it, also when the codec gives up: setjmp and longjmp stay inside this folder.
 *  - A call never blocks, prints, or touches a file. It reads `bytes[0 ..< byte_count]` only.
 *  - Sizes are size_t; sides are at most CODEC_SIDE_MAX, so no product of them overflows.
 *  - The functions share no state: any number of threads may call them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The longest side that any function here accepts, in pixels: JPEG's own bound. */
#define CODEC_SIDE_MAX 65535u

/* Reductions are 1, 2, 4 or 8: a stored picture of w x h gives ceil(w / r) x ceil(h / r). */
#define CODEC_REDUCTION_MAX 8u

typedef enum __attribute__((enum_extensibility(closed))) codec_status {
    CODEC_OK = 0,
    /* The bytes break the format; `message` is the codec's own sentence. */
    CODEC_MALFORMED,
    /* A legal form of the format that the codec does not read, such as 12-bit JPEG. */
    CODEC_UNSUPPORTED,
    /* More scans than codec_limits.scan_count. */
    CODEC_TOO_MANY_SCANS,
    /* More processor time than codec_limits.cpu_nanoseconds. */
    CODEC_OUT_OF_TIME,
    /* More memory than codec_limits.memory_bytes, or the system has none. */
    CODEC_OUT_OF_MEMORY,
    /* The header differs from what the caller expects; nothing was written. */
    CODEC_UNEXPECTED_SIZE
} codec_status;

/* What a call has to tell beside its status. Zero it before use. */
typedef struct codec_report {
    /* The codec's last error, or its first warning, or empty. NUL-terminated. */
    char message[200];
    /* How often the codec complained and went on. */
    uint64_t warning_count;
    /* Rows of the stored picture that came from data and not from the codec's filling. */
    uint32_t decoded_row_count;
    /* Scans seen, JPEG only. */
    uint32_t scan_count;
} codec_report;

/* Bounds that hold while a call runs. */
typedef struct codec_limits {
    /* Processor time of the calling thread for this call. */
    uint64_t cpu_nanoseconds;
    /* Memory of the codec, without the pixels that the caller owns. */
    size_t memory_bytes;
    uint32_t scan_count;
} codec_limits;

/* What a JPEG's header says. */
typedef struct codec_jpeg_header {
    uint32_t width;
    uint32_t height;
    uint32_t bit_depth;
    uint32_t component_count;
    /* One of 'Y' gray, 'C' YCbCr, 'R' RGB, 'K' CMYK, 'A' YCCK (Adobe), '?' unknown. */
    uint8_t color_model;
    uint8_t is_progressive;
    uint8_t is_arithmetic;
    uint8_t has_several_scans;
    /* Bytes of the coefficient arrays that a file of several scans needs; otherwise 0. */
    uint64_t coefficient_byte_count;
} codec_jpeg_header;

/*
 * Where decoded pixels go: three bytes R, G, B each.
 *
 * Pixel (x, y) of the reduced picture is written at
 * `pixels + origin + x * column_step + y * row_step`, which lets the caller turn and mirror the
 * picture without a second buffer. All four corners are checked against `byte_count` first.
 */
typedef struct codec_target {
    /* The stored size that the caller's own header check saw. */
    uint32_t stored_width;
    uint32_t stored_height;
    uint32_t reduction;
    uint8_t *pixels;
    size_t byte_count;
    ptrdiff_t origin;
    ptrdiff_t column_step;
    ptrdiff_t row_step;
} codec_target;

/*
 * Reads a JPEG's header. `header` is filled as far as the codec came, also on failure, so that
 * a side beyond the codec's own bound can be named.
 */
codec_status codec_jpeg_probe(const uint8_t *bytes, size_t byte_count,
                              const codec_limits *limits, codec_jpeg_header *header,
                              codec_report *report);

/*
 * Decodes a JPEG of any 8-bit kind to RGB, reduced in the DCT.
 *
 * On CODEC_OK every row was written; with warnings, `decoded_row_count` says how many of the
 * stored rows are real. In a file of several scans a row counts when each component has the
 * first scan of its DC coefficients there: what later scans lack is sharpness, not rows.
 */
codec_status codec_jpeg_decode(const uint8_t *bytes, size_t byte_count,
                               const codec_limits *limits, const codec_target *target,
                               codec_report *report);

/*
 * Decodes a PNG of any kind to 8-bit RGB on white, reduced by averaging boxes.
 *
 * 16-bit samples are rounded to 8 bits, then composited, then averaged; gAMA is not applied.
 * If the data ends early the status is CODEC_OK with a warning, and `decoded_row_count` tells
 * how far it came; rows beyond that are left as they were.
 */
codec_status codec_png_decode(const uint8_t *bytes, size_t byte_count,
                              const codec_limits *limits, const codec_target *target,
                              codec_report *report);

/* Bytes that a call allocated; give them back with codec_release. */
typedef struct codec_bytes {
    uint8_t *bytes;
    size_t byte_count;
} codec_bytes;

void codec_release(codec_bytes *bytes);

/* How a JPEG is written. */
typedef struct codec_jpeg_options {
    /* 1 ... 100, libjpeg's scale. */
    int quality;
    /* Chroma samples are kept every 1 or 2 pixels in each direction. */
    int chroma_step_x;
    int chroma_step_y;
    int is_progressive;
    /* MCUs between restart markers; 0 for none. */
    unsigned restart_interval;
} codec_jpeg_options;

/* Writes RGB, `width * height * 3` bytes, rows from the top. `output` is untouched on failure. */
codec_status codec_jpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height,
                               const codec_jpeg_options *options, codec_bytes *output,
                               codec_report *report);

/*
 * Writes 8-bit RGB, as above. `compression_level` is zlib's, 0 ... 9. With `is_interlaced` the
 * picture is stored as Adam7.
 */
codec_status codec_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height,
                              int compression_level, int is_interlaced, codec_bytes *output,
                              codec_report *report);

/*
 * Inflates a zlib stream into `output[0 ..< capacity]` and sets `written`, at most `capacity`.
 * CODEC_MALFORMED, with 0 written, if the stream is broken or would need more.
 */
codec_status codec_inflate(const uint8_t *bytes, size_t byte_count, uint8_t *output,
                           size_t capacity, size_t *written);

/* CRC-32 of ISO 3309 as PNG chunks use it, over `bytes[0 ..< byte_count]`. */
uint32_t codec_crc32(const uint8_t *bytes, size_t byte_count);

/* Processor time of the calling thread so far (CLOCK_THREAD_CPUTIME_ID), in nanoseconds. */
uint64_t codec_thread_cpu_nanoseconds(void);
