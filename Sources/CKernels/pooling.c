#include <math.h>

#include "CKernels.h"
#include "clones.h"

REGRADE_CLONES void regrade_max_pool_f32(
    const float *input, const regrade_window *window, float *output) {
    const regrade_window w = *window;
    for (size_t oy = 0; oy < w.output_height; oy++) {
        float *row = output + oy * w.output_width;
        for (size_t ox = 0; ox < w.output_width; ox++) row[ox] = -INFINITY;
        for (size_t ky = 0; ky < w.kernel_height; ky++) {
            const ptrdiff_t y = (ptrdiff_t)(oy * w.stride_y + ky * w.dilation_y)
                - (ptrdiff_t)w.pad_top;
            if (y < 0 || y >= (ptrdiff_t)w.input_height) continue;
            const float *source = input + (size_t)y * w.input_width;
            for (size_t kx = 0; kx < w.kernel_width; kx++) {
                const ptrdiff_t shift = (ptrdiff_t)(kx * w.dilation_x) - (ptrdiff_t)w.pad_left;
                /* Outputs ox with 0 <= ox * stride + shift < width. */
                size_t first = 0, end = w.output_width;
                if (shift < 0) first = ((size_t)-shift + w.stride_x - 1) / w.stride_x;
                if (shift >= (ptrdiff_t)w.input_width) continue;
                const size_t last =
                    ((size_t)((ptrdiff_t)w.input_width - 1 - shift)) / w.stride_x + 1;
                if (end > last) end = last;
                for (size_t ox = first; ox < end; ox++) {
                    const float x = source[(ptrdiff_t)(ox * w.stride_x) + shift];
                    row[ox] = row[ox] < x || x != x ? x : row[ox];
                }
            }
        }
    }
}
