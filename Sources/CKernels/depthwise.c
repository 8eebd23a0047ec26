/* Depthwise convolution of one plane.
 *
 * The padded input is split into stride_y x stride_x phase planes (for stride 1 there is one), in
 * which neighbours of the output are neighbours of the input. All phase planes have one row length,
 * so each tap of the kernel is a fixed offset, and the whole output is one long loop over a flat
 * array: vectors never end at a short row. The few elements computed between the rows are dropped
 * when the result is copied out.
 */
#include <string.h>

#include "activation.h"

enum { BLOCK = 64 };

typedef float vector16 __attribute__((vector_size(64), aligned(4)));

typedef struct {
    size_t width, height;  /* of one phase plane */
    size_t flat_count;     /* outputs, with those between the rows */
} phase_layout;

REGRADE_INLINE phase_layout layout_of(const regrade_window *w) {
    const size_t height = (w->output_height - 1) * w->stride_y
        + (w->kernel_height - 1) * w->dilation_y + 1;
    const size_t width = (w->output_width - 1) * w->stride_x
        + (w->kernel_width - 1) * w->dilation_x + 1;
    phase_layout layout;
    layout.width = (width + w->stride_x - 1) / w->stride_x;
    layout.height = (height + w->stride_y - 1) / w->stride_y;
    layout.flat_count = (w->output_height - 1) * layout.width + w->output_width;
    return layout;
}

size_t regrade_depthwise_scratch_count(const regrade_window *w) {
    const phase_layout layout = layout_of(w);
    const size_t planes = w->stride_y * w->stride_x * layout.width * layout.height;
    const size_t taps = w->kernel_height * w->kernel_width;
    /* Blocks may read and write past the end by less than one block and one kernel row. */
    return planes + BLOCK + w->kernel_width * w->dilation_x + layout.flat_count + BLOCK
        + taps * (sizeof(size_t) / sizeof(float)) + 2;
}

/* Fills the phase planes from the input, with zeros around it. */
REGRADE_INLINE void split_phases(
    const float *input, const regrade_window *w, phase_layout layout, float *planes) {
    for (size_t py = 0; py < w->stride_y; py++)
        for (size_t px = 0; px < w->stride_x; px++)
            for (size_t row = 0; row < layout.height; row++) {
                float *output = planes
                    + ((py * w->stride_x + px) * layout.height + row) * layout.width;
                const ptrdiff_t y = (ptrdiff_t)(row * w->stride_y + py) - (ptrdiff_t)w->pad_top;
                if (y < 0 || y >= (ptrdiff_t)w->input_height) {
                    memset(output, 0, layout.width * sizeof(float));
                    continue;
                }
                const float *source = input + (size_t)y * w->input_width;
                const size_t stride = w->stride_x;
                ptrdiff_t x = (ptrdiff_t)px - (ptrdiff_t)w->pad_left;
                size_t done = 0;
                for (; done < layout.width && x < 0; done++, x += (ptrdiff_t)stride)
                    output[done] = 0;
                size_t inside = 0;
                if (x < (ptrdiff_t)w->input_width)
                    inside = ((size_t)((ptrdiff_t)w->input_width - x) + stride - 1) / stride;
                if (inside > layout.width - done) inside = layout.width - done;
                if (inside > 0) {
                    source += x;
                    if (stride == 1)
                        memcpy(output + done, source, inside * sizeof(float));
                    else if (stride == 2)
                        for (size_t i = 0; i < inside; i++) output[done + i] = source[2 * i];
                    else
                        for (size_t i = 0; i < inside; i++) output[done + i] = source[stride * i];
                }
                for (done += inside; done < layout.width; done++) output[done] = 0;
            }
}

/* output[i] = bias + sum over taps of weights[t] planes[i + offsets[t]], rounded up to blocks. */
REGRADE_INLINE void accumulate_taps(
    const float *planes, const float *weights, const size_t *offsets, size_t tap_count, float bias,
    float *output, size_t count) {
    for (size_t i = 0; i < count; i += BLOCK) {
        vector16 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
        s0 += bias;
        s1 += bias;
        s2 += bias;
        s3 += bias;
        for (size_t t = 0; t < tap_count; t++) {
            const float *source = planes + i + offsets[t];
            const float weight = weights[t];
            s0 += *(const vector16 *)source * weight;
            s1 += *(const vector16 *)(source + 16) * weight;
            s2 += *(const vector16 *)(source + 32) * weight;
            s3 += *(const vector16 *)(source + 48) * weight;
        }
        *(vector16 *)(output + i) = s0;
        *(vector16 *)(output + i + 16) = s1;
        *(vector16 *)(output + i + 32) = s2;
        *(vector16 *)(output + i + 48) = s3;
    }
}

REGRADE_CLONES void regrade_depthwise_f32(
    const float *input, const float *weights, float bias, regrade_activation activation,
    const regrade_window *window, float *output, float *scratch) {
    const regrade_window w = *window;
    const phase_layout layout = layout_of(&w);
    const size_t tap_count = w.kernel_height * w.kernel_width;
    size_t *offsets = (size_t *)scratch;
    float *planes = scratch + tap_count * (sizeof(size_t) / sizeof(float));
    const size_t planes_count = w.stride_y * w.stride_x * layout.width * layout.height;
    float *flat = planes + planes_count + BLOCK + w.kernel_width * w.dilation_x;
    for (size_t ky = 0; ky < w.kernel_height; ky++)
        for (size_t kx = 0; kx < w.kernel_width; kx++) {
            const size_t y = ky * w.dilation_y, x = kx * w.dilation_x;
            const size_t phase = y % w.stride_y * w.stride_x + x % w.stride_x;
            offsets[ky * w.kernel_width + kx] =
                (phase * layout.height + y / w.stride_y) * layout.width + x / w.stride_x;
        }
    split_phases(input, &w, layout, planes);
    /* Read, never used: keeps what lies past the planes defined. */
    memset(planes + planes_count, 0, (BLOCK + w.kernel_width * w.dilation_x) * sizeof(float));
    if (tap_count == 9)
        accumulate_taps(planes, weights, offsets, 9, bias, flat, layout.flat_count);
    else if (tap_count == 25)
        accumulate_taps(planes, weights, offsets, 25, bias, flat, layout.flat_count);
    else
        accumulate_taps(planes, weights, offsets, tap_count, bias, flat, layout.flat_count);
    for (size_t row = 0; row < w.output_height; row++)
        regrade_activate_row(
            flat + row * layout.width, output + row * w.output_width, w.output_width, activation);
}
