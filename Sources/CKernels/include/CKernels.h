/* Loops that gain from wide registers, compiled once per level of the x86-64 instruction set.
 *
 * The Swift compiler emits code for the oldest x86-64 only; these functions exist because that was
 * measured to be several times slower. They allocate nothing, keep no state, and trust their
 * arguments: the Swift callers in NeuralNetwork/Kernels have checked every size.
 *
 * All data is float32 in row-major order; counts are of elements, not bytes.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What is applied to each element after an operation; `a` and `b` mean what the line says. */
typedef enum {
    REGRADE_IDENTITY,
    REGRADE_CLIP,         /* min(max(x, a), b) */
    REGRADE_LEAKY_RELU,   /* x < 0 ? a x : x */
    REGRADE_SIGMOID,      /* 1 / (1 + exp(-x)) */
    REGRADE_HARD_SIGMOID, /* min(max(a x + b, 0), 1) */
    REGRADE_HARD_SWISH,   /* x min(max(x / 6 + 1/2, 0), 1) */
    REGRADE_SILU,         /* x / (1 + exp(-x)) */
    REGRADE_TANH,
} regrade_activation_kind;

typedef struct {
    regrade_activation_kind kind;
    float a;
    float b;
} regrade_activation;

/* A sliding window over one image plane; outside of the plane, elements count as zero. */
typedef struct {
    size_t input_height, input_width;
    size_t output_height, output_width;
    size_t kernel_height, kernel_width;
    size_t stride_y, stride_x;
    size_t dilation_y, dilation_x;
    size_t pad_top, pad_left;
} regrade_window;

/* rows[r][c] = activation(rows[r][c] + bias[r]); `bias` may be null. */
void regrade_bias_activation_f32(
    float *rows, size_t row_count, size_t column_count, size_t row_stride, const float *bias,
    regrade_activation activation);

/* output[i] = activation(input[i]); both may be the same. */
void regrade_activate_f32(
    const float *input, float *output, size_t count, regrade_activation activation);

typedef enum { REGRADE_ADD, REGRADE_SUBTRACT, REGRADE_MULTIPLY } regrade_binary_kind;

/* output[r][c] = activation(left[r][c] op right[r][c]), where an operand's row or column step
 * is 0 to repeat it along that direction; columns otherwise step by 1. */
void regrade_binary_f32(
    const float *left, size_t left_row_step, size_t left_column_step, const float *right,
    size_t right_row_step, size_t right_column_step, float *output, size_t row_count,
    size_t column_count, regrade_binary_kind kind, regrade_activation activation);

/* Writes the matrix [channels x kernel_height x kernel_width, pixel_count] of the input elements
 * under the window at output pixels first_pixel ..< first_pixel + pixel_count. */
void regrade_unfold_f32(
    const float *input, size_t channel_count, const regrade_window *window, size_t first_pixel,
    size_t pixel_count, float *columns);

/* Elements of scratch memory that regrade_depthwise_f32 needs. */
size_t regrade_depthwise_scratch_count(const regrade_window *window);

/* Convolves one plane with one kernel of kernel_height x kernel_width weights. */
void regrade_depthwise_f32(
    const float *input, const float *weights, float bias, regrade_activation activation,
    const regrade_window *window, float *output, float *scratch);

/* ---- Channels last: an image is a list of pixels, row by row, each with all its channels. ---- */

/* A convolution of one image with channels last. */
typedef struct {
    regrade_window window;
    size_t input_channels, output_channels, groups;
    regrade_activation activation;
} regrade_pixel_convolution;

/* Whether each channel is convolved alone. */
static inline int regrade_is_depthwise(const regrade_pixel_convolution *convolution) {
    return convolution->groups > 1 && convolution->groups == convolution->input_channels
        && convolution->groups == convolution->output_channels;
}

/* Elements of the packed weights and bias. */
size_t regrade_packed_count(const regrade_pixel_convolution *convolution);

/* Lays out weights[output_channels][input_channels / groups][kernel_height][kernel_width] and
 * bias[output_channels], which may be null, in the order in which the convolution reads them. */
void regrade_pack_weights_f32(
    const regrade_pixel_convolution *convolution, const float *weights, const float *bias,
    float *packed);

/* Elements of scratch memory that regrade_convolve_pixels_f32 needs. */
size_t regrade_pixel_scratch_count(const regrade_pixel_convolution *convolution);

/* output = activation(convolution of input + bias + addend); `addend` has the output's size, may be
 * null, and must be null if the convolution is depthwise. `scratch` is aligned for pointers. */
void regrade_convolve_pixels_f32(
    const regrade_pixel_convolution *convolution, const float *input, const float *packed,
    const float *addend, float *output, float *scratch);

/* output[c][r] = input[r][c]. */
void regrade_transpose_f32(
    const float *input, size_t row_count, size_t column_count, float *output);

/* output[c] = mean of channel c over all pixels. */
void regrade_mean_pixel_f32(
    const float *pixels, size_t pixel_count, size_t channel_count, float *output);

/* As regrade_max_pool_f32, for all channels of an image with channels last. */
void regrade_max_pool_pixels_f32(
    const float *input, const regrade_window *window, size_t channel_count, float *output);

/* ---- Channels first ---- */

/* Largest element under the window at each output pixel; padding does not take part. */
void regrade_max_pool_f32(const float *input, const regrade_window *window, float *output);

/* Sum of `count` elements with several partial sums, so that error grows slowly. */
float regrade_sum_f32(const float *input, size_t count);

/* largest[c] = max(largest[c], rows[r][c] of every row). */
void regrade_raise_f32(float *largest, const float *rows, size_t row_count, size_t column_count);

/* ---- Vectors of places in an image, for comparing images; channels last ---- */

/* output[r][c] = mean of the up to 3 x 3 pixels around input[r][c] that lie in the image. */
void regrade_local_mean_pixels_f32(
    const float *input, size_t row_count, size_t column_count, size_t channel_count,
    float *output);

/* Bilinear samples of an image at the centres of another grid; the output's pixels are
 * `output_step` apart. */
void regrade_resample_pixels_f32(
    const float *input, size_t row_count, size_t column_count, size_t channel_count,
    float *output, size_t output_row_count, size_t output_column_count, size_t output_step);

/* Scales vectors that begin `step` apart to length 1; a vector of zeros stays. */
void regrade_scale_to_unit_f32(float *vectors, size_t count, size_t dimension, size_t step);

/* ---- Pictures of 8-bit RGB ---- */

/* How each sample along one axis is made: sample t is the sum of counts[t] source samples from
 * starts[t] on, times weights[t * tap_limit ...], which have 22 fractional bits, are not negative
 * and add up to one. */
typedef struct {
    size_t target_count, tap_limit;
    const intptr_t *starts, *counts;
    const int32_t *weights;
} regrade_resize_table;

/* Resizes every row to table->target_count pixels. */
void regrade_resize_rows_u8(
    const uint8_t *source, size_t row_count, size_t source_width,
    const regrade_resize_table *table, uint8_t *target);

/* Resizes columns of rows of `row_bytes` samples to table->target_count rows. */
void regrade_resize_columns_u8(
    const uint8_t *source, size_t row_bytes, const regrade_resize_table *table, uint8_t *target);
