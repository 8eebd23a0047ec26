/* What the codec files of this folder share. Not visible to Swift. */
#pragma once

#include "CImageCodecs.h"

/* Rows that are collected before they are placed: turning a picture writes runs this long. */
#define STRIP_ROW_COUNT 16u

/* Copies `text` into the report, cut to fit. */
void report_message(codec_report *report, const char *text);

/* Counts one warning and keeps the first one's text. */
void report_warning(codec_report *report, const char *text);

/* The thread's processor time at which a call that starts now must stop. */
uint64_t cpu_deadline(const codec_limits *limits);

/* Sides after a reduction. */
uint32_t reduced_side(uint32_t side, uint32_t reduction);

/* Whether sides and steps are in bounds, so that place_rows may write without further checks. */
int target_is_sound(const codec_target *target);

/*
 * Writes `row_count` rows of `width` RGB pixels, `stride` bytes apart, to the target. `first_row`
 * and `width` are those of the reduced picture of a sound target.
 */
void place_rows(const codec_target *target, const uint8_t *rows, size_t stride,
                uint32_t first_row, uint32_t row_count, uint32_t width);

/* Where row `y` of a sound target's reduced picture may be decoded to as it is, or NULL if the
 * picture is turned or mirrored. */
uint8_t *row_in_place(const codec_target *target, uint32_t y);
