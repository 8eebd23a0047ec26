/*
 * What a fuzzer runs: every function of Sources/CImageCodecs on one file's bytes, as Imaging calls
 * them. Pictures are decoded at each scale into memory of exactly the needed size, turned as the
 * bytes happen to say, and written again. It aborts where the fence's own promises do not hold.
 */
#include "fuzzing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"

/* Larger pictures cost time and exercise nothing else; their headers are still read. */
enum { PIXEL_COUNT_MAX = 1 << 20, INFLATED_BYTE_COUNT_MAX = 1 << 20 };

static const codec_limits limits = {
    .cpu_nanoseconds = 1000000000u, .memory_bytes = 64u << 20, .scan_count = 100};

uint64_t decoded_count;

typedef codec_status decoding(const uint8_t *, size_t, const codec_limits *, const codec_target *,
                              codec_report *);

static void promise(int holds, const char *text) {
    if (holds) return;
    fprintf(stderr, "broken promise: %s\n", text);
    abort();
}

/* Reads every byte, so that a sanitizer sees what was written and what was not. */
static uint8_t sum(const uint8_t *bytes, size_t count) {
    uint8_t sum = 0;
    for (size_t i = 0; i < count; i++) sum ^= bytes[i];
    return sum;
}

static void encode(const uint8_t *pixels, uint32_t width, uint32_t height, uint8_t choice) {
    codec_bytes output = {0};
    codec_report report = {0};
    codec_jpeg_options options = {.quality = 1 + choice % 100,
                                  .chroma_step_x = 1 + (choice >> 1 & 1),
                                  .chroma_step_y = 1 + (choice >> 2 & 1),
                                  .is_progressive = choice >> 3 & 1,
                                  .restart_interval = choice >> 4 & 1};
    codec_status status = codec_jpeg_encode(pixels, width, height, &options, &output, &report);
    promise(status == CODEC_OK && output.byte_count > 0, "pixels make a JPEG");
    codec_release(&output);
    status = codec_png_encode(pixels, width, height, choice % 10, choice & 1, &output, &report);
    promise(status == CODEC_OK && output.byte_count > 0, "pixels make a PNG");
    codec_release(&output);
}

/* Steps through the output for the eight ways to turn and mirror a picture. */
static void place(codec_target *target, uint32_t width, uint32_t height, uint8_t turn) {
    int swaps = turn >> 2 & 1;
    ptrdiff_t stride = (ptrdiff_t)(swaps ? height : width) * 3;
    target->column_step = swaps ? stride : 3;
    target->row_step = swaps ? 3 : stride;
    if (turn & 1) {
        target->origin += (ptrdiff_t)(width - 1) * target->column_step;
        target->column_step = -target->column_step;
    }
    if (turn & 2) {
        target->origin += (ptrdiff_t)(height - 1) * target->row_step;
        target->row_step = -target->row_step;
    }
}

static void decode(decoding *function, const uint8_t *bytes, size_t byte_count, uint32_t width,
                   uint32_t height) {
    uint8_t choice = byte_count > 64 ? bytes[byte_count / 2] : 0;
    for (uint32_t reduction = 1; reduction <= CODEC_REDUCTION_MAX; reduction *= 2) {
        uint32_t reduced_width = (width + reduction - 1) / reduction;
        uint32_t reduced_height = (height + reduction - 1) / reduction;
        codec_target target = {
            .stored_width = width, .stored_height = height, .reduction = reduction};
        target.byte_count = (size_t)reduced_width * reduced_height * 3;
        target.pixels = calloc(target.byte_count, 1);
        if (target.pixels == NULL) return;
        place(&target, reduced_width, reduced_height, choice);
        codec_report report = {0};
        uint64_t start = codec_thread_cpu_nanoseconds();
        codec_status status = function(bytes, byte_count, &limits, &target, &report);
        promise(codec_thread_cpu_nanoseconds() - start < 3 * limits.cpu_nanoseconds,
                "a call ends near its limit of processor time");
        promise(report.decoded_row_count <= height, "no more rows than the picture has");
        promise(status != CODEC_OK || report.warning_count > 0
                    || report.decoded_row_count == height,
                "without a warning every row is real");
        promise(memchr(report.message, 0, sizeof report.message) != NULL, "messages end");
        sum(target.pixels, target.byte_count);
        decoded_count += status == CODEC_OK && reduction == CODEC_REDUCTION_MAX;
        if (status == CODEC_OK && reduction == CODEC_REDUCTION_MAX)
            encode(target.pixels, reduced_width, reduced_height, choice);
        free(target.pixels);
    }
}

static void run_jpeg(const uint8_t *bytes, size_t byte_count) {
    codec_jpeg_header header = {0};
    codec_report report = {0};
    codec_status status = codec_jpeg_probe(bytes, byte_count, &limits, &header, &report);
    if (status != CODEC_OK || (uint64_t)header.width * header.height > PIXEL_COUNT_MAX) return;
    decode(codec_jpeg_decode, bytes, byte_count, header.width, header.height);
}

static void run_png(const uint8_t *bytes, size_t byte_count) {
    if (byte_count < 24) return;
    uint32_t sides[2];
    for (int i = 0; i < 2; i++) {
        const uint8_t *side = bytes + 16 + 4 * i;
        sides[i] = (uint32_t)side[0] << 24 | (uint32_t)side[1] << 16 | (uint32_t)side[2] << 8
                   | side[3];
        if (sides[i] == 0 || sides[i] > CODEC_SIDE_MAX) return;
    }
    if ((uint64_t)sides[0] * sides[1] > PIXEL_COUNT_MAX) return;
    decode(codec_png_decode, bytes, byte_count, sides[0], sides[1]);
}

static void run_inflate(const uint8_t *bytes, size_t byte_count) {
    static uint8_t output[INFLATED_BYTE_COUNT_MAX];
    /* A profile's stream begins a little into its chunk; the mutant decides where. */
    size_t start = byte_count > 8 ? bytes[byte_count - 1] % 8 : 0;
    size_t written = 0;
    codec_inflate(bytes + start, byte_count - start, output, sizeof output, &written);
    promise(written <= sizeof output, "no more bytes than there is room for");
    codec_crc32(bytes, byte_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_count) {
    static const uint8_t png_signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    int is_png = byte_count >= 8 && memcmp(bytes, png_signature, 8) == 0;
    (is_png ? run_png : run_jpeg)(bytes, byte_count);
    run_inflate(bytes, byte_count);
    return 0;
}
