/* RGB to PNG through libpng. The fence is the same as in png_read.c. */
#include "codec_internal.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

typedef struct png_writing {
    png_structp png;
    png_infop info;
    jmp_buf escape;
    codec_report *report;
    uint8_t *bytes;
    size_t byte_count;
    size_t capacity;
} png_writing;

static void on_error(png_structp png, png_const_charp text) {
    png_writing *writing = png_get_error_ptr(png);
    report_message(writing->report, text);
    longjmp(writing->escape, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
    png_writing *writing = png_get_error_ptr(png);
    report_warning(writing->report, text);
}

static void on_write(png_structp png, png_bytep from, size_t count) {
    png_writing *writing = png_get_io_ptr(png);
    if (count > writing->capacity - writing->byte_count) {
        size_t capacity = (writing->byte_count + count) * 2;
        uint8_t *bytes = realloc(writing->bytes, capacity);
        if (bytes == NULL) png_error(png, "no memory for the encoded picture");
        writing->bytes = bytes;
        writing->capacity = capacity;
    }
    memcpy(writing->bytes + writing->byte_count, from, count);
    writing->byte_count += count;
}

static void on_flush(png_structp png) { (void)png; }

static void encode(png_writing *writing, const uint8_t *pixels, uint32_t width, uint32_t height,
                   int compression_level, int is_interlaced) {
    writing->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writing, on_error, on_warning);
    if (writing->png == NULL) longjmp(writing->escape, 1);
    writing->info = png_create_info_struct(writing->png);
    if (writing->info == NULL) longjmp(writing->escape, 1);
    png_structp png = writing->png;
    png_set_write_fn(png, writing, on_write, on_flush);
    png_set_compression_level(png, compression_level);
    png_set_IHDR(png, writing->info, width, height, 8, PNG_COLOR_TYPE_RGB,
                 is_interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, writing->info);
    int pass_count = is_interlaced ? png_set_interlace_handling(png) : 1;
    for (int pass = 0; pass < pass_count; pass++)
        for (uint32_t y = 0; y < height; y++)
            png_write_row(png, pixels + (size_t)y * width * 3);
    png_write_end(png, NULL);
}

codec_status codec_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height,
                              int compression_level, int is_interlaced, codec_bytes *output,
                              codec_report *report) {
    png_writing *writing = calloc(1, sizeof *writing);
    if (writing == NULL) return CODEC_OUT_OF_MEMORY;
    writing->report = report;
    codec_status status = CODEC_MALFORMED;
    if (setjmp(writing->escape) == 0) {
        encode(writing, pixels, width, height, compression_level, is_interlaced);
        output->bytes = writing->bytes;
        output->byte_count = writing->byte_count;
        writing->bytes = NULL;
        png_destroy_write_struct(&writing->png, &writing->info);
        free(writing);
        return CODEC_OK;
    }
    if (writing->png != NULL) png_destroy_write_struct(&writing->png, &writing->info);
    free(writing->bytes);
    free(writing);
    return status;
}
