#include <string.h>

#include "CKernels.h"
#include "clones.h"

/* Copies `count` elements that start at padded column `x` of an input row and stand `stride`
 * apart; what lies outside of the row is zero. */
REGRADE_INLINE void copy_row(
    const float *row, size_t width, ptrdiff_t x, size_t stride, size_t count, float *output) {
    size_t done = 0;
    while (done < count && x < 0) {
        output[done++] = 0;
        x += (ptrdiff_t)stride;
    }
    size_t inside = 0;
    if (x < (ptrdiff_t)width) inside = ((size_t)((ptrdiff_t)width - x) + stride - 1) / stride;
    if (inside > count - done) inside = count - done;
    if (inside > 0) {
        const float *source = row + x;
        if (stride == 1)
            memcpy(output + done, source, inside * sizeof(float));
        else if (stride == 2)
            for (size_t i = 0; i < inside; i++) output[done + i] = source[2 * i];
        else
            for (size_t i = 0; i < inside; i++) output[done + i] = source[stride * i];
    }
    done += inside;
    for (; done < count; done++) output[done] = 0;
}

REGRADE_CLONES void regrade_unfold_f32(
    const float *input, size_t channel_count, const regrade_window *window, size_t first_pixel,
    size_t pixel_count, float *columns) {
    const regrade_window w = *window;
    const size_t plane = w.input_height * w.input_width;
    float *output = columns;
    for (size_t channel = 0; channel < channel_count; channel++)
        for (size_t ky = 0; ky < w.kernel_height; ky++)
            for (size_t kx = 0; kx < w.kernel_width; kx++) {
                size_t pixel = first_pixel;
                const size_t end = first_pixel + pixel_count;
                while (pixel < end) {
                    const size_t oy = pixel / w.output_width, ox = pixel % w.output_width;
                    size_t count = w.output_width - ox;
                    if (count > end - pixel) count = end - pixel;
                    const ptrdiff_t y = (ptrdiff_t)(oy * w.stride_y + ky * w.dilation_y)
                        - (ptrdiff_t)w.pad_top;
                    const ptrdiff_t x = (ptrdiff_t)(ox * w.stride_x + kx * w.dilation_x)
                        - (ptrdiff_t)w.pad_left;
                    if (y < 0 || y >= (ptrdiff_t)w.input_height)
                        memset(output, 0, count * sizeof(float));
                    else
                        copy_row(
                            input + channel * plane + (size_t)y * w.input_width, w.input_width, x,
                            w.stride_x, count, output);
                    output += count;
                    pixel += count;
                }
            }
}
