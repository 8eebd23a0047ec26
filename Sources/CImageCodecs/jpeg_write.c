/* RGB to JPEG through libjpeg. The fence is the same as in jpeg_read.c. */
#include "codec_internal.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

typedef struct jpeg_writing {
    struct jpeg_error_mgr errors;
    struct jpeg_compress_struct info;
    jmp_buf escape;
    codec_report *report;
    unsigned char *bytes;
    unsigned long byte_count;
} jpeg_writing;

static void on_error(j_common_ptr info) {
    jpeg_writing *writing = (jpeg_writing *)info->err;
    char text[JMSG_LENGTH_MAX] = {0};
    info->err->format_message(info, text);
    report_message(writing->report, text);
    longjmp(writing->escape, 1);
}

static void on_message(j_common_ptr info, int level) { (void)info; (void)level; }

static void on_output(j_common_ptr info) { (void)info; }

static void encode(jpeg_writing *writing, const uint8_t *pixels, uint32_t width, uint32_t height,
                   const codec_jpeg_options *options) {
    struct jpeg_compress_struct *info = &writing->info;
    jpeg_create_compress(info);
    jpeg_mem_dest(info, &writing->bytes, &writing->byte_count);
    info->image_width = width;
    info->image_height = height;
    info->input_components = 3;
    info->in_color_space = JCS_RGB;
    jpeg_set_defaults(info);
    jpeg_set_quality(info, options->quality, TRUE);
    info->comp_info[0].h_samp_factor = options->chroma_step_x;
    info->comp_info[0].v_samp_factor = options->chroma_step_y;
    info->restart_interval = options->restart_interval;
    if (options->is_progressive) jpeg_simple_progression(info);
    jpeg_start_compress(info, TRUE);
    size_t stride = (size_t)width * 3;
    while (info->next_scanline < height) {
        JSAMPROW rows[1] = {(JSAMPROW)(pixels + (size_t)info->next_scanline * stride)};
        jpeg_write_scanlines(info, rows, 1);
    }
    jpeg_finish_compress(info);
}

codec_status codec_jpeg_encode(const uint8_t *pixels, uint32_t width, uint32_t height,
                               const codec_jpeg_options *options, codec_bytes *output,
                               codec_report *report) {
    jpeg_writing *writing = calloc(1, sizeof *writing);
    if (writing == NULL) return CODEC_OUT_OF_MEMORY;
    writing->report = report;
    writing->info.err = jpeg_std_error(&writing->errors);
    writing->errors.error_exit = on_error;
    writing->errors.emit_message = on_message;
    writing->errors.output_message = on_output;
    if (setjmp(writing->escape) == 0) {
        encode(writing, pixels, width, height, options);
        output->bytes = writing->bytes;
        output->byte_count = writing->byte_count;
        writing->bytes = NULL;
        jpeg_destroy_compress(&writing->info);
        free(writing);
        return CODEC_OK;
    }
    /* `bytes` is not freed: once libjpeg has grown its buffer it is stale. Only memory can run out
     * here, and then a leak is the lesser evil. */
    jpeg_destroy_compress(&writing->info);
    free(writing);
    return CODEC_MALFORMED;
}
