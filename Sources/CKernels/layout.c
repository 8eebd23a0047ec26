#include <string.h>

#include "CKernels.h"
#include "clones.h"

/* Side of the square that is transposed in registers and first-level cache. */
enum { TRANSPOSED_SIDE = 16 };

REGRADE_CLONES void regrade_transpose_f32(
    const float *input, size_t row_count, size_t column_count, float *output) {
    if (row_count == 3) {
        /* The planes of a picture become its pixels. */
        const float *red = input, *green = input + column_count, *blue = green + column_count;
        for (size_t c = 0; c < column_count; c++) {
            output[3 * c] = red[c];
            output[3 * c + 1] = green[c];
            output[3 * c + 2] = blue[c];
        }
        return;
    }
    for (size_t first_row = 0; first_row < row_count; first_row += TRANSPOSED_SIDE) {
        size_t rows = row_count - first_row;
        if (rows > TRANSPOSED_SIDE) rows = TRANSPOSED_SIDE;
        for (size_t first = 0; first < column_count; first += TRANSPOSED_SIDE) {
            const float *source = input + first_row * column_count + first;
            float *target = output + first * row_count + first_row;
            size_t columns = column_count - first;
            if (columns > TRANSPOSED_SIDE) columns = TRANSPOSED_SIDE;
            for (size_t c = 0; c < columns; c++)
                for (size_t r = 0; r < rows; r++)
                    target[c * row_count + r] = source[r * column_count + c];
        }
    }
}

REGRADE_CLONES void regrade_mean_pixel_f32(
    const float *pixels, size_t pixel_count, size_t channel_count, float *output) {
    memset(output, 0, channel_count * sizeof(float));
    for (size_t p = 0; p < pixel_count; p++)
        for (size_t c = 0; c < channel_count; c++) output[c] += pixels[p * channel_count + c];
    for (size_t c = 0; c < channel_count; c++) output[c] /= (float)pixel_count;
}

REGRADE_CLONES void regrade_max_pool_pixels_f32(
    const float *input, const regrade_window *window, size_t channel_count, float *output) {
    const regrade_window w = *window;
    for (size_t oy = 0; oy < w.output_height; oy++)
        for (size_t ox = 0; ox < w.output_width; ox++, output += channel_count) {
            for (size_t c = 0; c < channel_count; c++) output[c] = -__builtin_inff();
            for (size_t ky = 0; ky < w.kernel_height; ky++)
                for (size_t kx = 0; kx < w.kernel_width; kx++) {
                    const size_t y = oy * w.stride_y + ky * w.dilation_y - w.pad_top;
                    const size_t x = ox * w.stride_x + kx * w.dilation_x - w.pad_left;
                    /* Differences below zero wrap around and are too large as well. */
                    if (y >= w.input_height || x >= w.input_width) continue;
                    const float *pixel = input + (y * w.input_width + x) * channel_count;
                    for (size_t c = 0; c < channel_count; c++)
                        output[c] = output[c] < pixel[c] || pixel[c] != pixel[c]
                            ? pixel[c] : output[c];
                }
        }
}
