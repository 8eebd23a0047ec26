/* Decoding one file: ours against the codec's own loop over rows, alternating.
 *
 *   decode FILE REDUCTION ROUNDS
 *
 * Prints the median milliseconds of ours and of the codec alone, the median of the ratios of each
 * round, how many bytes of the two pictures differ, and of a JPEG the best milliseconds of
 * entropy decoding alone: no decoder can be faster.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libjpeg's header needs stdio.h before it. */
#include <jpeglib.h>
#include <png.h>

#include "CImageCodecs.h"
#include "clock.h"

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *numbers, int count) {
    qsort(numbers, (size_t)count, sizeof *numbers, ascending);
    return numbers[count / 2];
}

static void open_jpeg(
    struct jpeg_decompress_struct *info, struct jpeg_error_mgr *errors, const unsigned char *bytes,
    size_t count) {
    info->err = jpeg_std_error(errors);
    jpeg_create_decompress(info);
    jpeg_mem_src(info, bytes, count);
    jpeg_read_header(info, TRUE);
}

/* libjpeg-turbo alone: as its example program does it. */
static void plain_jpeg(
    const unsigned char *bytes, size_t count, unsigned reduction, unsigned char *pixels) {
    struct jpeg_decompress_struct info;
    struct jpeg_error_mgr errors;
    open_jpeg(&info, &errors, bytes, count);
    info.scale_num = 1;
    info.scale_denom = reduction;
    info.out_color_space = JCS_RGB;
    jpeg_start_decompress(&info);
    while (info.output_scanline < info.output_height) {
        JSAMPROW row = pixels + (size_t)info.output_scanline * info.output_width * 3;
        jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
}

/* Entropy decoding alone: rows that are skipped are neither transformed nor converted. Of a file
 * of several scans all of them are read, and nothing is put out. */
static void entropy_alone(const unsigned char *bytes, size_t count) {
    struct jpeg_decompress_struct info;
    struct jpeg_error_mgr errors;
    open_jpeg(&info, &errors, bytes, count);
    jpeg_start_decompress(&info);
    /* To skip the last row as well would skip everything. */
    jpeg_skip_scanlines(&info, info.output_height - 1);
    jpeg_destroy_decompress(&info);
}

typedef struct {
    const unsigned char *bytes;
    size_t left;
} source;

static void read_source(png_structp png, png_bytep output, size_t count) {
    source *from = png_get_io_ptr(png);
    if (count > from->left) png_error(png, "end of file");
    memcpy(output, from->bytes, count);
    from->bytes += count;
    from->left -= count;
}

/* libpng alone: rows of 8-bit RGB. */
static void plain_png(const unsigned char *bytes, size_t count, unsigned char *pixels) {
    source from = {bytes, count};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    png_set_read_fn(png, &from, read_source);
    png_read_info(png, info);
    png_set_expand(png);
    png_set_strip_16(png);
    png_set_strip_alpha(png);
    png_set_gray_to_rgb(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    const size_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
    for (size_t y = 0; y < height; y++) png_read_row(png, pixels + y * width * 3, NULL);
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
}

static int is_png(const unsigned char *bytes) { return bytes[0] == 0x89; }

static unsigned big_endian(const unsigned char *bytes) {
    return (unsigned)bytes[0] << 24 | (unsigned)bytes[1] << 16 | (unsigned)bytes[2] << 8 | bytes[3];
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: decode FILE REDUCTION ROUNDS\n");
        return 64;
    }
    const unsigned reduction = (unsigned)atoi(argv[2]);
    const int rounds = atoi(argv[3]);
    FILE *file = fopen(argv[1], "rb");
    if (!file) return 66;
    fseek(file, 0, SEEK_END);
    const size_t count = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(count);
    if (fread(bytes, 1, count, file) != count) return 66;
    fclose(file);
    const codec_limits limits = {60ull * 1000000000ull, (size_t)1 << 30, 1000};
    codec_report report = {0};
    unsigned width, height;
    if (is_png(bytes)) {
        width = big_endian(bytes + 16);
        height = big_endian(bytes + 20);
    } else {
        codec_jpeg_header header = {0};
        if (codec_jpeg_probe(bytes, count, &limits, &header, &report) != CODEC_OK) return 65;
        width = header.width;
        height = header.height;
    }
    const size_t columns = (width + reduction - 1) / reduction;
    const size_t rows = (height + reduction - 1) / reduction;
    const size_t size = columns * rows * 3;
    unsigned char *ours = malloc(size), *theirs = malloc(size);
    double *times = malloc(sizeof(double) * 3 * (size_t)rounds);
    double entropy = 0;
    for (int round = -2; round < rounds; round++) {
        const codec_target target = {
            width, height, reduction, ours, size, 0, 3, (ptrdiff_t)columns * 3};
        report = (codec_report){0};
        const double start = milliseconds();
        const codec_status status = is_png(bytes)
            ? codec_png_decode(bytes, count, &limits, &target, &report)
            : codec_jpeg_decode(bytes, count, &limits, &target, &report);
        const double middle = milliseconds();
        if (status != CODEC_OK) return 65;
        if (is_png(bytes)) plain_png(bytes, count, theirs);
        else plain_jpeg(bytes, count, reduction, theirs);
        const double end = milliseconds();
        if (!is_png(bytes)) {
            entropy_alone(bytes, count);
            const double time = milliseconds() - end;
            if (entropy == 0 || time < entropy) entropy = time;
        }
        if (round < 0) continue;
        times[round] = middle - start;
        times[rounds + round] = end - middle;
        times[2 * rounds + round] = (middle - start) / (end - middle);
    }
    size_t different = 0;
    for (size_t i = 0; i < size; i++) different += ours[i] != theirs[i];
    printf(
        "%.4f %.4f %.4f %zu %.4f\n", median(times, rounds), median(times + rounds, rounds),
        median(times + 2 * rounds, rounds), different, entropy);
    return 0;
}
