/*
 * JPEG to RGB through libjpeg(-turbo), which reports fatal errors through a function that must not
 * return: each call here runs under one setjmp, and everything that changes after it lives in the
 * session on the heap, whose values survive the longjmp. Manual: libjpeg.txt, "Error handling",
 * "Progress monitoring".
 */
#include "codec_internal.h"

#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

/* Calls of on_progress, one for each row or row of MCUs, between two looks at the clock. */
enum { CALLS_PER_CHECK = 16 };

typedef struct jpeg_session {
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    struct jpeg_decompress_struct info;
    jmp_buf escape;
    codec_status status;
    codec_report *report;
    const codec_limits *limits;
    uint64_t deadline;
    uint32_t progress_calls;
    uint8_t *strip;
    /* The entropy decoder ran out of data and fills in, until a restart marker comes. */
    int is_starved;
    /* Several scans are being collected before the first row is put out. */
    int is_collecting;
    /* Components whose first DC scan began, one bit each. */
    uint32_t components_begun;
    /* Rows of MCUs that were filled in, per component, while collecting. */
    uint32_t filled_mcu_rows[MAX_COMPONENTS];
    /* Rows of the reduced picture that were filled in, with one scan. */
    uint32_t filled_rows;
} jpeg_session;

static void give_up(jpeg_session *session, codec_status status, const char *text) {
    session->status = status;
    report_message(session->report, text);
    longjmp(session->escape, 1);
}

static void on_error(j_common_ptr info) {
    jpeg_session *session = (jpeg_session *)info->err;
    char text[JMSG_LENGTH_MAX] = {0};
    info->err->format_message(info, text);
    switch (info->err->msg_code) {
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
        give_up(session, CODEC_UNSUPPORTED, text);
    case JERR_NO_BACKING_STORE:
    case JERR_OUT_OF_MEMORY:
        give_up(session, CODEC_OUT_OF_MEMORY, text);
    default:
        give_up(session, CODEC_MALFORMED, text);
    }
}

/* Negative levels are warnings: bad data, but the codec goes on. The rest is tracing. */
static void on_message(j_common_ptr info, int level) {
    if (level >= 0) return;
    jpeg_session *session = (jpeg_session *)info->err;
    char text[JMSG_LENGTH_MAX] = {0};
    info->err->format_message(info, text);
    info->err->num_warnings += 1;
    report_warning(session->report, text);
    int code = info->err->msg_code;
    /* Arithmetic decoding may legally meet a marker; only the end of the bytes tells. */
    if (code == JWRN_HIT_MARKER || code == JWRN_ARITH_BAD_CODE
        || (code == JWRN_JPEG_EOF && session->info.arith_code))
        session->is_starved = 1;
}

static void on_output(j_common_ptr info) { (void)info; }

/* Whether data flows again: with restart markers a Huffman decoder can find its way back. */
static int has_recovered(const struct jpeg_decompress_struct *info) {
    return info->restart_interval != 0 && !info->arith_code && info->unread_marker == 0;
}

/* Keeps the books of a file of several scans; called before each row of MCUs is collected. */
static void note_collected_row(jpeg_session *session) {
    struct jpeg_decompress_struct *info = &session->info;
    int is_first_dc_scan = info->Ss == 0 && info->Ah == 0;
    if ((uint32_t)info->input_scan_number != session->report->scan_count) {
        session->report->scan_count = (uint32_t)info->input_scan_number;
        session->is_starved = 0;
        for (int i = 0; is_first_dc_scan && i < info->comps_in_scan; i++)
            session->components_begun |= 1u << info->cur_comp_info[i]->component_index;
        return;
    }
    if (!session->is_starved) return;
    for (int i = 0; is_first_dc_scan && i < info->comps_in_scan; i++)
        session->filled_mcu_rows[info->cur_comp_info[i]->component_index] += 1;
    if (has_recovered(info)) session->is_starved = 0;
}

static void on_progress(j_common_ptr common) {
    jpeg_session *session = (jpeg_session *)common->err;
    if (session->is_collecting) note_collected_row(session);
    if ((uint32_t)session->info.input_scan_number > session->limits->scan_count) {
        session->report->scan_count = (uint32_t)session->info.input_scan_number;
        give_up(session, CODEC_TOO_MANY_SCANS, "more scans than the limit");
    }
    if (session->progress_calls++ % CALLS_PER_CHECK != 0) return;
    if (codec_thread_cpu_nanoseconds() > session->deadline)
        give_up(session, CODEC_OUT_OF_TIME, "out of processor time");
}

static jpeg_session *open_session(const codec_limits *limits, codec_report *report) {
    jpeg_session *session = calloc(1, sizeof *session);
    if (session == NULL) return NULL;
    session->info.err = jpeg_std_error(&session->errors);
    session->errors.error_exit = on_error;
    session->errors.emit_message = on_message;
    session->errors.output_message = on_output;
    session->progress.progress_monitor = on_progress;
    session->report = report;
    session->limits = limits;
    session->deadline = cpu_deadline(limits);
    return session;
}

static codec_status close_session(jpeg_session *session) {
    codec_status status = session->status;
    jpeg_destroy_decompress(&session->info);
    free(session->strip);
    free(session);
    return status;
}

static void begin(jpeg_session *session, const uint8_t *bytes, size_t byte_count) {
    jpeg_create_decompress(&session->info);
    session->info.progress = &session->progress;
    session->info.mem->max_memory_to_use =
        session->limits->memory_bytes > LONG_MAX ? LONG_MAX : (long)session->limits->memory_bytes;
    jpeg_mem_src(&session->info, bytes, byte_count);
}

static uint8_t color_model(J_COLOR_SPACE space) {
    switch (space) {
    case JCS_GRAYSCALE: return 'Y';
    case JCS_YCbCr: return 'C';
    case JCS_RGB: return 'R';
    case JCS_CMYK: return 'K';
    case JCS_YCCK: return 'A';
    default: return '?';
    }
}

static void fill_header(jpeg_session *session, codec_jpeg_header *header) {
    const struct jpeg_decompress_struct *info = &session->info;
    header->width = info->image_width;
    header->height = info->image_height;
    header->bit_depth = (uint32_t)info->data_precision;
    header->component_count = (uint32_t)info->num_components;
    header->is_progressive = info->progressive_mode ? 1 : 0;
    header->is_arithmetic = info->arith_code ? 1 : 0;
    header->color_model = color_model(info->jpeg_color_space);
}

codec_status codec_jpeg_probe(const uint8_t *bytes, size_t byte_count,
                              const codec_limits *limits, codec_jpeg_header *header,
                              codec_report *report) {
    jpeg_session *session = open_session(limits, report);
    if (session == NULL) return CODEC_OUT_OF_MEMORY;
    if (setjmp(session->escape) == 0) {
        begin(session, bytes, byte_count);
        jpeg_read_header(&session->info, TRUE);
        if (jpeg_has_multiple_scans(&session->info)) {
            header->has_several_scans = 1;
            for (int i = 0; i < session->info.num_components; i++) {
                const jpeg_component_info *part = &session->info.comp_info[i];
                /* The arrays are padded to whole MCUs. */
                uint64_t columns = part->width_in_blocks + (uint64_t)part->h_samp_factor;
                uint64_t rows = part->height_in_blocks + (uint64_t)part->v_samp_factor;
                header->coefficient_byte_count += columns * rows * DCTSIZE2 * sizeof(JCOEF);
            }
        }
    }
    fill_header(session, header);
    return close_session(session);
}

/*
 * CMYK to RGB in place: what each ink lets through, times what black lets through. Adobe writes
 * 255 for no ink, others write 0.
 */
static void convert_inks(uint8_t *row, uint32_t width, int is_inverted) {
    uint8_t flip = is_inverted ? 0 : 255;
    for (uint32_t x = 0; x < width; x++) {
        const uint8_t *inks = row + (size_t)x * 4;
        uint32_t black = inks[3] ^ flip;
        uint8_t red = (uint8_t)(((inks[0] ^ flip) * black + 127) / 255);
        uint8_t green = (uint8_t)(((inks[1] ^ flip) * black + 127) / 255);
        uint8_t blue = (uint8_t)(((inks[2] ^ flip) * black + 127) / 255);
        uint8_t *pixel = row + (size_t)x * 3;
        pixel[0] = red;
        pixel[1] = green;
        pixel[2] = blue;
    }
}

static void choose_output(jpeg_session *session, const codec_target *target) {
    struct jpeg_decompress_struct *info = &session->info;
    info->dct_method = JDCT_ISLOW;
    /* Smoothing invents detail in unfinished progressive files, and had CVE-2021-29390. */
    info->do_block_smoothing = FALSE;
    info->scale_num = CODEC_REDUCTION_MAX / target->reduction;
    info->scale_denom = CODEC_REDUCTION_MAX;
    switch (info->jpeg_color_space) {
    case JCS_GRAYSCALE:
    case JCS_YCbCr:
    case JCS_RGB:
        info->out_color_space = JCS_RGB;
        return;
    case JCS_CMYK:
    case JCS_YCCK:
        info->out_color_space = JCS_CMYK;
        return;
    default:
        give_up(session, CODEC_UNSUPPORTED, "components of an unknown colour model");
    }
}

static void decode_rows(jpeg_session *session, const codec_target *target) {
    struct jpeg_decompress_struct *info = &session->info;
    size_t stride = (size_t)info->output_width * (size_t)info->output_components;
    session->strip = calloc(STRIP_ROW_COUNT, stride);
    if (session->strip == NULL) give_up(session, CODEC_OUT_OF_MEMORY, "no memory for rows");
    int is_in_place = info->out_color_space == JCS_RGB && row_in_place(target, 0) != NULL;
    uint32_t collected = 0;
    while (info->output_scanline < info->output_height) {
        uint8_t *row = is_in_place ? row_in_place(target, info->output_scanline)
                                   : session->strip + collected * stride;
        JSAMPROW rows[1] = {row};
        if (jpeg_read_scanlines(info, rows, 1) != 1)
            give_up(session, CODEC_MALFORMED, "the codec returned no row");
        if (info->out_color_space == JCS_CMYK)
            convert_inks(row, info->output_width, info->saw_Adobe_marker);
        if (session->is_starved) {
            session->filled_rows += 1;
            if (has_recovered(info)) session->is_starved = 0;
        }
        if (is_in_place) continue;
        collected += 1;
        if (collected == STRIP_ROW_COUNT || info->output_scanline == info->output_height) {
            place_rows(target, session->strip, stride, info->output_scanline - collected,
                       collected, info->output_width);
            collected = 0;
        }
    }
}

/* Stored rows that are real, after everything was read. */
static uint32_t real_rows(const jpeg_session *session, const codec_target *target,
                          int has_several_scans) {
    const struct jpeg_decompress_struct *info = &session->info;
    uint64_t filled = (uint64_t)session->filled_rows * target->reduction;
    for (int i = 0; has_several_scans && i < info->num_components; i++) {
        if ((session->components_begun >> i & 1) == 0) return 0;
        uint64_t rows = (uint64_t)session->filled_mcu_rows[i] * DCTSIZE
                        * (uint64_t)info->max_v_samp_factor;
        if (rows > filled) filled = rows;
    }
    return filled >= target->stored_height ? 0 : target->stored_height - (uint32_t)filled;
}

static void decode(jpeg_session *session, const uint8_t *bytes, size_t byte_count,
                   const codec_target *target) {
    struct jpeg_decompress_struct *info = &session->info;
    begin(session, bytes, byte_count);
    jpeg_read_header(info, TRUE);
    if (info->image_width != target->stored_width || info->image_height != target->stored_height)
        give_up(session, CODEC_UNEXPECTED_SIZE, "the header changed between two readings");
    choose_output(session, target);
    int has_several_scans = jpeg_has_multiple_scans(info);
    session->is_collecting = has_several_scans;
    jpeg_start_decompress(info);
    session->is_collecting = 0;
    session->is_starved = session->is_starved && !has_several_scans;
    session->report->scan_count = (uint32_t)info->input_scan_number;
    if (info->output_width != reduced_side(target->stored_width, target->reduction)
        || info->output_height != reduced_side(target->stored_height, target->reduction))
        give_up(session, CODEC_UNEXPECTED_SIZE, "the codec chose another scale");
    decode_rows(session, target);
    jpeg_finish_decompress(info);
    uint32_t row_count = real_rows(session, target, has_several_scans);
    session->report->decoded_row_count = row_count;
    /* To libjpeg an end that is marked is in order, also before all components came. */
    if (row_count < target->stored_height && session->report->warning_count == 0)
        report_warning(session->report, "the picture ends before all its components came");
}

codec_status codec_jpeg_decode(const uint8_t *bytes, size_t byte_count,
                               const codec_limits *limits, const codec_target *target,
                               codec_report *report) {
    if (!target_is_sound(target)) return CODEC_UNEXPECTED_SIZE;
    jpeg_session *session = open_session(limits, report);
    if (session == NULL) return CODEC_OUT_OF_MEMORY;
    if (setjmp(session->escape) == 0) decode(session, bytes, byte_count, target);
    return close_session(session);
}
