/* Convolution with channels last: see pixel_kernels.h for the arithmetic, which is compiled here
 * for three levels of the instruction set. */
#include <string.h>

#include "activation.h"

#define UNROLL _Pragma("clang loop unroll(full)")
#define KEEP_ROLLED _Pragma("clang loop unroll(disable)")

/* Output pixels that are computed together. All common sizes of feature maps are multiples. */
#define SEGMENT_PIXELS 7
enum { SEGMENT = SEGMENT_PIXELS };
/* Columns of a panel of packed weights; the last panel has half of it if that is enough. */
enum { PANEL = 32 };
/* Bytes of input that stay in a second-level cache while all panels pass over them. */
enum { BLOCK_BYTES = 1 << 18 };
/* Bytes of packed weights that stay in a first-level cache. */
enum { RESIDENT_BYTES = 1 << 14 };

/* One group of a dense convolution of one image. */
typedef struct {
    const float *input, *addend;
    float *output;
    size_t pixel_step;  /* between the inputs of neighbouring output pixels */
    size_t row_step;    /* between the inputs of output rows */
    size_t row_pixels, row_count, row_segments, segment_pixels;
    /* What one output pixel sees: tap_rows x tap_columns runs of tap_depth numbers. */
    size_t tap_rows, tap_columns, tap_depth, tap_row_step, tap_column_step;
    size_t output_step, column_count;
    float low, high;
} dense_shape;

/* Where one or two segments lie, and the panel of weights that they are multiplied by. */
typedef struct {
    const float *input[2], *addend[2];
    float *output[2];
    size_t output_step, panel_width;
} tile_place;

#define LEVEL(name) name##_base
#define LEVEL_TARGET
#define LANES 4
#define TILE_ROWS 4
#include "pixel_kernels.h"
#undef LEVEL
#undef LEVEL_TARGET
#undef LANES
#undef TILE_ROWS

#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define REGRADE_LEVELS 1

#define LEVEL(name) name##_v3
#define LEVEL_TARGET __attribute__((target("arch=x86-64-v3")))
#define LANES 8
#define TILE_ROWS 4
#include "pixel_kernels.h"
#undef LEVEL
#undef LEVEL_TARGET
#undef LANES
#undef TILE_ROWS

/* Without min_vector_width the compiler prefers pairs of 256-bit registers at this level, which
 * doubles the instructions and leaves no registers for the sums. */
#define LEVEL(name) name##_v4
#define LEVEL_TARGET __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define LANES 16
#define TILE_ROWS 14
#include "pixel_kernels.h"
#undef LEVEL
#undef LEVEL_TARGET
#undef LANES
#undef TILE_ROWS
#endif

/* The loops of one level. */
typedef struct {
    size_t lanes;
    int tile_rows;
    void (*dense_tile)(
        const dense_shape *shape, const tile_place *place, const float *weights, int rows);
    void (*depthwise_segment)(
        const float *const *pointers, const float *weights, size_t channels, float low, float high,
        float *output, int size, int stride);
    void (*depthwise_any)(
        const float *const *pointers, const float *weights, size_t channels, size_t taps,
        float low, float high, float *output);
} pixel_loops;

static const pixel_loops *pixel_loops_here(void) {
#ifdef REGRADE_LEVELS
    static const pixel_loops v4 = {
        16, 2 * SEGMENT, dense_tile_v4, depthwise_segment_v4, depthwise_any_v4};
    static const pixel_loops v3 = {
        8, SEGMENT, dense_tile_v3, depthwise_segment_v3, depthwise_any_v3};
    if (__builtin_cpu_supports("x86-64-v4")) return &v4;
    if (__builtin_cpu_supports("x86-64-v3")) return &v3;
#endif
    static const pixel_loops base = {
        4, SEGMENT, dense_tile_base, depthwise_segment_base, depthwise_any_base};
    return &base;
}

/* What the clip of the epilogue does for an activation: nothing, if it comes later. */
static void set_clip(regrade_activation activation, float *low, float *high) {
    const int clips = activation.kind == REGRADE_CLIP;
    *low = clips ? activation.a : -INFINITY;
    *high = clips ? activation.b : INFINITY;
}

/* ---- Weights ---- */

static size_t panel_width(size_t remaining) { return remaining > PANEL / 2 ? PANEL : PANEL / 2; }

size_t regrade_packed_count(const regrade_pixel_convolution *c) {
    const size_t taps = c->window.kernel_height * c->window.kernel_width;
    const size_t inputs = c->input_channels / c->groups, outputs = c->output_channels / c->groups;
    if (regrade_is_depthwise(c)) return (1 + taps) * c->output_channels;
    size_t columns = 0;
    for (size_t first = 0; first < outputs; first += PANEL) columns += panel_width(outputs - first);
    return c->groups * columns * (1 + taps * inputs);
}

void regrade_pack_weights_f32(
    const regrade_pixel_convolution *c, const float *weights, const float *bias, float *packed) {
    const size_t taps = c->window.kernel_height * c->window.kernel_width;
    const size_t inputs = c->input_channels / c->groups, outputs = c->output_channels / c->groups;
    if (regrade_is_depthwise(c)) {
        for (size_t o = 0; o < c->output_channels; o++) packed[o] = bias ? bias[o] : 0;
        for (size_t t = 0; t < taps; t++)
            for (size_t o = 0; o < c->output_channels; o++)
                packed[(1 + t) * c->output_channels + o] = weights[o * taps + t];
        return;
    }
    for (size_t group = 0; group < c->groups; group++)
        for (size_t first = 0; first < outputs; first += PANEL) {
            const size_t width = panel_width(outputs - first);
            for (size_t column = 0; column < width; column++) {
                const size_t o = group * outputs + first + column;
                const int exists = first + column < outputs;
                float *number = packed + column;
                *number = exists && bias ? bias[o] : 0;
                for (size_t t = 0; t < taps; t++)
                    for (size_t i = 0; i < inputs; i++) {
                        number += width;
                        *number = exists ? weights[(o * inputs + i) * taps + t] : 0;
                    }
            }
            packed += width * (1 + taps * inputs);
        }
}

/* ---- Dense ---- */

/* Height and width of the input with the zeros around it that windows reach. */
static size_t padded_height(const regrade_window *w) {
    return (w->output_height - 1) * w->stride_y + (w->kernel_height - 1) * w->dilation_y + 1;
}

static size_t padded_width(const regrade_window *w) {
    return (w->output_width - 1) * w->stride_x + (w->kernel_width - 1) * w->dilation_x + 1;
}

static int needs_padding(const regrade_window *w) {
    return w->pad_top > 0 || w->pad_left > 0 || padded_height(w) > w->input_height
        || padded_width(w) > w->input_width;
}

/* Copies what windows reach, with zeros around it. */
static void pad_pixels(
    const float *input, const regrade_window *w, size_t channels, float *output) {
    const size_t height = padded_height(w), width = padded_width(w);
    const size_t left = w->pad_left < width ? w->pad_left : width;
    size_t inside = width - left;
    if (inside > w->input_width) inside = w->input_width;
    const size_t right = width - left - inside;
    for (size_t row = 0; row < height; row++, output += width * channels) {
        if (row < w->pad_top || row - w->pad_top >= w->input_height) {
            memset(output, 0, width * channels * sizeof(float));
            continue;
        }
        const float *source = input + (row - w->pad_top) * w->input_width * channels;
        memset(output, 0, left * channels * sizeof(float));
        memcpy(output + left * channels, source, inside * channels * sizeof(float));
        memset(output + (left + inside) * channels, 0, right * channels * sizeof(float));
    }
}

/* Places a segment as the first or second of a tile. */
static void place_segment(
    const dense_shape *shape, size_t segment, size_t column, tile_place *place, int index) {
    const size_t row = segment / shape->row_segments;
    size_t pixel = (segment - row * shape->row_segments) * shape->segment_pixels;
    /* The last segment of a row may repeat pixels of the one before: the same results again. */
    if (pixel + shape->segment_pixels > shape->row_pixels)
        pixel = shape->row_pixels - shape->segment_pixels;
    const size_t offset = (row * shape->row_pixels + pixel) * shape->output_step + column;
    place->input[index] = shape->input + row * shape->row_step + pixel * shape->pixel_step;
    place->output[index] = shape->output + offset;
    place->addend[index] = shape->addend ? shape->addend + offset : NULL;
}

/* A tile of fewer columns than the panel has: computed aside and copied, since tiles are written
 * and their addend is read in whole vectors. */
static void edge_tile(
    const pixel_loops *loops, const dense_shape *shape, const tile_place *place,
    const float *panel, int rows, size_t column_count) {
    float edge[2 * SEGMENT * PANEL];
    tile_place aside = *place;
    aside.output_step = PANEL;
    const size_t bytes = column_count * sizeof(float);
    for (int half = 0; half < 2; half++) {
        aside.output[half] = edge + half * SEGMENT * PANEL;
        if (place->addend[0]) aside.addend[half] = aside.output[half];
    }
    for (int r = 0; place->addend[0] && r < rows; r++)
        memcpy(
            edge + r * PANEL, place->addend[r >= SEGMENT] + (size_t)(r % SEGMENT)
                * place->output_step, bytes);
    loops->dense_tile(shape, &aside, panel, rows);
    for (int r = 0; r < rows; r++)
        memcpy(
            place->output[r >= SEGMENT] + (size_t)(r % SEGMENT) * place->output_step,
            edge + r * PANEL, bytes);
}

/* The segments first ..< end of the columns from `column` on that the panel has. */
static void dense_panel(
    const pixel_loops *loops, const dense_shape *shape, size_t first, size_t end, size_t column,
    const float *panel, size_t width) {
    tile_place place = {.output_step = shape->output_step, .panel_width = width};
    const size_t column_count = shape->column_count - column;
    for (size_t segment = first; segment < end; segment++) {
        place_segment(shape, segment, column, &place, 0);
        place.input[1] = place.input[0];
        int rows = (int)shape->segment_pixels;
        if (rows == SEGMENT && loops->tile_rows > SEGMENT && segment + 1 < end) {
            place_segment(shape, ++segment, column, &place, 1);
            rows = 2 * SEGMENT;
        }
        if (column_count < width)
            edge_tile(loops, shape, &place, panel, rows, column_count);
        else
            loops->dense_tile(shape, &place, panel, rows);
    }
}

static void convolve_dense(
    const regrade_pixel_convolution *c, const float *input, const float *packed,
    const float *addend, float *output, float *scratch) {
    const regrade_window *w = &c->window;
    const size_t channels = c->input_channels;
    const size_t inputs = channels / c->groups, outputs = c->output_channels / c->groups;
    size_t width = w->input_width;
    if (needs_padding(w)) {
        pad_pixels(input, w, channels, scratch);
        input = scratch;
        width = padded_width(w);
    }
    dense_shape shape = {
        .pixel_step = w->stride_x * channels,
        .row_step = w->stride_y * width * channels,
        .row_pixels = w->output_width,
        .row_count = w->output_height,
        .tap_rows = w->kernel_height,
        .tap_columns = w->kernel_width,
        .tap_depth = inputs,
        .tap_row_step = w->dilation_y * width * channels,
        .tap_column_step = w->dilation_x * channels,
        .output_step = c->output_channels,
    };
    set_clip(c->activation, &shape.low, &shape.high);
    if (c->groups == 1 && w->dilation_x == 1) {
        /* The pixels under one row of the kernel lie side by side. */
        shape.tap_depth *= shape.tap_columns;
        shape.tap_columns = 1;
    }
    if (w->kernel_height * w->kernel_width == 1 && w->stride_y == 1 && w->stride_x == 1
        && width == w->output_width) {
        /* Pointwise: the whole image is one row. */
        shape.row_pixels *= shape.row_count;
        shape.row_count = 1;
    }
    shape.segment_pixels = shape.row_pixels < SEGMENT ? 1 : SEGMENT;
    shape.row_segments = (shape.row_pixels + shape.segment_pixels - 1) / shape.segment_pixels;
    const size_t segments = shape.row_segments * shape.row_count;
    const size_t depth = w->kernel_height * w->kernel_width * inputs;
    size_t block = BLOCK_BYTES / sizeof(float)
        / (shape.segment_pixels * shape.pixel_step * w->stride_y) / 2 * 2;
    if (block < 2 || outputs * depth * sizeof(float) <= RESIDENT_BYTES) block = 2;
    if (outputs <= PANEL) block = segments;
    const pixel_loops *loops = pixel_loops_here();
    for (size_t group = 0; group < c->groups; group++) {
        shape.input = input + group * inputs;
        shape.output = output + group * outputs;
        shape.addend = addend ? addend + group * outputs : NULL;
        shape.column_count = outputs;
        for (size_t first = 0; first < segments; first += block) {
            const size_t end = first + block < segments ? first + block : segments;
            const float *panel = packed;
            for (size_t column = 0; column < outputs; column += PANEL) {
                const size_t width = panel_width(outputs - column);
                dense_panel(loops, &shape, first, end, column, panel, width);
                panel += width * (1 + depth);
            }
            if (end == segments) packed = panel;
        }
    }
    /* Not with each segment, as segments may overlap. */
    if (c->activation.kind > REGRADE_CLIP)
        regrade_activate_f32(
            output, output, w->output_height * w->output_width * c->output_channels,
            c->activation);
}

/* ---- Depthwise ---- */

/* Whether the kernel has a loop of its own; others are rare. */
static int has_own_loop(const regrade_window *w, size_t channels) {
    return w->kernel_height == w->kernel_width && (w->kernel_width == 3 || w->kernel_width == 5)
        && w->stride_x == w->stride_y && w->stride_x <= 2 && w->dilation_x == 1
        && w->dilation_y == 1 && w->output_width >= SEGMENT
        && channels >= pixel_loops_here()->lanes;
}

static void convolve_depthwise(
    const regrade_pixel_convolution *c, const float *input, const float *packed, float *output,
    float *scratch) {
    const regrade_window *w = &c->window;
    const size_t channels = c->input_channels;
    const pixel_loops *loops = pixel_loops_here();
    float low, high;
    set_clip(c->activation, &low, &high);
    memset(scratch, 0, channels * sizeof(float));
    const float **pointers =
        (const float **)(scratch + (channels + 1) / 2 * 2);
    const int own = has_own_loop(w, channels);
    const size_t pixels = own ? SEGMENT : 1;
    const size_t columns = own ? (SEGMENT - 1) * w->stride_x + w->kernel_width : w->kernel_width;
    for (size_t oy = 0; oy < w->output_height; oy++)
        for (size_t first = 0; first < w->output_width; first += pixels) {
            const size_t ox =
                first + pixels <= w->output_width ? first : w->output_width - pixels;
            for (size_t ky = 0; ky < w->kernel_height; ky++) {
                const size_t y = oy * w->stride_y + ky * w->dilation_y - w->pad_top;
                for (size_t column = 0; column < columns; column++) {
                    const size_t x = ox * w->stride_x + column * w->dilation_x - w->pad_left;
                    /* Differences below zero wrap around and are too large as well. */
                    pointers[ky * columns + column] =
                        y < w->input_height && x < w->input_width
                        ? input + (y * w->input_width + x) * channels : scratch;
                }
            }
            float *pixel = output + (oy * w->output_width + ox) * channels;
            if (own)
                loops->depthwise_segment(
                    pointers, packed, channels, low, high, pixel, (int)w->kernel_width,
                    (int)w->stride_x);
            else
                loops->depthwise_any(
                    pointers, packed, channels, w->kernel_height * w->kernel_width, low, high,
                    pixel);
            if (c->activation.kind > REGRADE_CLIP)
                regrade_activate_f32(pixel, pixel, pixels * channels, c->activation);
        }
}

/* ---- Both ---- */

size_t regrade_pixel_scratch_count(const regrade_pixel_convolution *c) {
    const regrade_window *w = &c->window;
    if (regrade_is_depthwise(c)) {
        const size_t columns = (SEGMENT - 1) * w->stride_x + w->kernel_width;
        return (c->input_channels + 1) / 2 * 2
            + w->kernel_height * columns * (sizeof(float *) / sizeof(float));
    }
    return needs_padding(w) ? padded_height(w) * padded_width(w) * c->input_channels : 0;
}

void regrade_convolve_pixels_f32(
    const regrade_pixel_convolution *convolution, const float *input, const float *packed,
    const float *addend, float *output, float *scratch) {
    if (regrade_is_depthwise(convolution))
        convolve_depthwise(convolution, input, packed, output, scratch);
    else
        convolve_dense(convolution, input, packed, addend, output, scratch);
}
