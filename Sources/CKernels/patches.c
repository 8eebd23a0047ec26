#include <math.h>

#include "include/CKernels.h"
#include "clones.h"

REGRADE_CLONES void regrade_local_mean_pixels_f32(
    const float *restrict input, size_t row_count, size_t column_count, size_t channel_count,
    float *restrict output) {
    for (size_t r = 0; r < row_count; r++) {
        const size_t top = r > 0 ? r - 1 : 0, bottom = r + 1 < row_count ? r + 1 : r;
        for (size_t c = 0; c < column_count; c++) {
            const size_t left = c > 0 ? c - 1 : 0, right = c + 1 < column_count ? c + 1 : c;
            const float share = 1.0f / (float)((bottom - top + 1) * (right - left + 1));
            float *pixel = output + (r * column_count + c) * channel_count;
            for (size_t k = 0; k < channel_count; k++) pixel[k] = 0;
            for (size_t y = top; y <= bottom; y++)
                for (size_t x = left; x <= right; x++) {
                    const float *near = input + (y * column_count + x) * channel_count;
                    for (size_t k = 0; k < channel_count; k++) pixel[k] += near[k] * share;
                }
        }
    }
}

/* Where sample `index` of `count` lies between samples of a row of `source_count`. */
REGRADE_INLINE float place(
    size_t index, size_t count, size_t source_count, size_t *below, size_t *above) {
    float position = ((float)index + 0.5f) * (float)source_count / (float)count - 0.5f;
    position = position < 0 ? 0 : position;
    const size_t last = source_count - 1;
    *below = (size_t)position < last ? (size_t)position : last;
    *above = *below < last ? *below + 1 : last;
    return position - (float)*below;
}

REGRADE_CLONES void regrade_resample_pixels_f32(
    const float *restrict input, size_t row_count, size_t column_count, size_t channel_count,
    float *restrict output, size_t output_row_count, size_t output_column_count,
    size_t output_step) {
    for (size_t r = 0; r < output_row_count; r++) {
        size_t top, bottom;
        const float down = place(r, output_row_count, row_count, &top, &bottom);
        for (size_t c = 0; c < output_column_count; c++) {
            size_t left, right;
            const float across = place(c, output_column_count, column_count, &left, &right);
            const float *a = input + (top * column_count + left) * channel_count;
            const float *b = input + (top * column_count + right) * channel_count;
            const float *d = input + (bottom * column_count + left) * channel_count;
            const float *e = input + (bottom * column_count + right) * channel_count;
            const float wa = (1 - down) * (1 - across), wb = (1 - down) * across;
            const float wd = down * (1 - across), we = down * across;
            float *pixel = output + (r * output_column_count + c) * output_step;
            for (size_t k = 0; k < channel_count; k++)
                pixel[k] = wa * a[k] + wb * b[k] + wd * d[k] + we * e[k];
        }
    }
}

REGRADE_CLONES void regrade_scale_to_unit_f32(
    float *vectors, size_t count, size_t dimension, size_t step) {
    for (size_t i = 0; i < count; i++) {
        float *vector = vectors + i * step;
        float partial[16] = {0};
        size_t k = 0;
        for (; k + 16 <= dimension; k += 16)
            for (size_t lane = 0; lane < 16; lane++)
                partial[lane] += vector[k + lane] * vector[k + lane];
        float square = 0;
        for (; k < dimension; k++) square += vector[k] * vector[k];
        for (size_t lane = 0; lane < 16; lane++) square += partial[lane];
        const float factor = square > 0 ? 1.0f / sqrtf(square) : 0;
        for (k = 0; k < dimension; k++) vector[k] *= factor;
    }
}
