/* Dense and depthwise convolution with channels last, for one level of the instruction set.
 *
 * Included once per level by pixels.c, which defines
 *   LEVEL(name)   the name with the level behind it,
 *   LEVEL_TARGET  the attributes of functions compiled for it,
 *   LANES         floats in a vector,
 *   TILE_ROWS     pixels per full tile: twice SEGMENT where 28 sums fit into the registers.
 *
 * A dense convolution is a product of matrices: rows are output pixels, columns are output
 * channels, and the depth runs over what one output sees. With channels last neither operand has to
 * be rearranged while running: one number of a pixel is spread over a vector, and multiplied by two
 * vectors of weights, which were laid out in this order when the network was planned. Seven output
 * pixels in a row stand at equal distances in the input also where the kernel is large, so that one
 * address and a step reach all of them.
 */

typedef float LEVEL(vector) __attribute__((ext_vector_type(LANES), aligned(4)));
#define VECTOR LEVEL(vector)

/* The sums of `rows` pixels from `first_row` on and `vectors` vectors of channels, from bias to
 * activation. All three are constants where this is inlined, so that the sums stay in registers. */
LEVEL_TARGET REGRADE_INLINE void LEVEL(tile)(
    const dense_shape *shape, const tile_place *place, const float *weights, const int first_row,
    const int rows, const int vectors) {
    VECTOR sums[TILE_ROWS][2];
    UNROLL for (int r = 0; r < rows; r++)
        UNROLL for (int v = 0; v < vectors; v++)
            sums[r][v] = *(const VECTOR *)(weights + v * LANES);
    const size_t step = shape->pixel_step, depth = shape->tap_depth, width = place->panel_width;
    weights += width;
    for (size_t y = 0; y < shape->tap_rows; y++)
        for (size_t x = 0; x < shape->tap_columns; x++) {
            const size_t offset = y * shape->tap_row_step + x * shape->tap_column_step;
            const float *near = place->input[0] + offset, *far = place->input[1] + offset;
            KEEP_ROLLED for (size_t c = 0; c < depth; c++, weights += width) {
                VECTOR w[2];
                UNROLL for (int v = 0; v < vectors; v++)
                    w[v] = *(const VECTOR *)(weights + v * LANES);
                UNROLL for (int r = 0; r < rows; r++) {
                    const int row = first_row + r;
                    const VECTOR number = row < SEGMENT
                        ? near[c + (size_t)row * step] : far[c + (size_t)(row - SEGMENT) * step];
                    UNROLL for (int v = 0; v < vectors; v++) sums[r][v] += number * w[v];
                }
            }
        }
    const VECTOR low = shape->low, high = shape->high;
    UNROLL for (int r = 0; r < rows; r++) {
        const int row = first_row + r;
        const size_t offset = (size_t)(row < SEGMENT ? row : row - SEGMENT) * place->output_step;
        UNROLL for (int v = 0; v < vectors; v++) {
            VECTOR x = sums[r][v];
            if (place->addend[0])
                x += *(const VECTOR *)(place->addend[row >= SEGMENT] + offset + v * LANES);
            /* Comparisons are written so that a NaN stays one. */
            x = x < low ? low : x;
            x = x > high ? high : x;
            *(VECTOR *)(place->output[row >= SEGMENT] + offset + v * LANES) = x;
        }
    }
}

/* One function per size, so that the registers of each are allotted by themselves. */
#define TILE(ROWS, VECTORS, FIRST_ROW)                                                            \
    LEVEL_TARGET static __attribute__((noinline)) void LEVEL(                                     \
        tile_##ROWS##x##VECTORS##_##FIRST_ROW)(                                                   \
        const dense_shape *shape, const tile_place *place, const float *weights) {                \
        LEVEL(tile)(shape, place, weights, FIRST_ROW, ROWS, VECTORS);                             \
    }

TILE(1, 2, 0)
#if TILE_ROWS > SEGMENT_PIXELS
TILE(14, 2, 0)
TILE(14, 1, 0)
TILE(7, 2, 0)
TILE(7, 1, 0)
TILE(1, 1, 0)

/* A tile of the panel's full width; see regrade_dense. */
static void LEVEL(dense_tile)(
    const dense_shape *shape, const tile_place *place, const float *weights, int rows) {
    if (place->panel_width > LANES) {
        if (rows == 2 * SEGMENT) LEVEL(tile_14x2_0)(shape, place, weights);
        else if (rows == SEGMENT) LEVEL(tile_7x2_0)(shape, place, weights);
        else LEVEL(tile_1x2_0)(shape, place, weights);
    } else {
        if (rows == 2 * SEGMENT) LEVEL(tile_14x1_0)(shape, place, weights);
        else if (rows == SEGMENT) LEVEL(tile_7x1_0)(shape, place, weights);
        else LEVEL(tile_1x1_0)(shape, place, weights);
    }
}
#else
TILE(4, 2, 0)
TILE(3, 2, 4)

/* Sixteen registers hold the sums of four pixels and two vectors. */
static void LEVEL(dense_tile)(
    const dense_shape *shape, const tile_place *place, const float *weights, int rows) {
    tile_place part = *place;
    for (size_t column = 0; column < place->panel_width; column += 2 * LANES) {
        if (rows == 1) {
            LEVEL(tile_1x2_0)(shape, &part, weights + column);
        } else {
            LEVEL(tile_4x2_0)(shape, &part, weights + column);
            LEVEL(tile_3x2_4)(shape, &part, weights + column);
        }
        part.output[0] += 2 * LANES;
        if (part.addend[0]) part.addend[0] += 2 * LANES;
    }
}
#endif
#undef TILE

/* One vector of channels of `pixels` neighbours in an output row: `pointers` holds the input pixel
 * for each tap row and input column. Kernel size and stride are constants where this is inlined. */
LEVEL_TARGET REGRADE_INLINE void LEVEL(depthwise_block)(
    const float *const *pointers, const float *weights, size_t channels, size_t c, VECTOR low,
    VECTOR high, float *output, const int size, const int stride, const int pixels) {
    const int columns = (pixels - 1) * stride + size;
    VECTOR sums[SEGMENT];
    UNROLL for (int i = 0; i < pixels; i++) sums[i] = *(const VECTOR *)(weights + c);
    UNROLL for (int y = 0; y < size; y++) {
        VECTOR w[5];
        UNROLL for (int x = 0; x < size; x++)
            w[x] = *(const VECTOR *)(weights + (size_t)(1 + y * size + x) * channels + c);
        UNROLL for (int x = 0; x < columns; x++) {
            const VECTOR pixel = *(const VECTOR *)(pointers[y * columns + x] + c);
            UNROLL for (int i = 0; i < pixels; i++)
                if (x >= i * stride && x < i * stride + size) sums[i] += pixel * w[x - i * stride];
        }
    }
    UNROLL for (int i = 0; i < pixels; i++) {
        VECTOR x = sums[i];
        x = x < low ? low : x;
        x = x > high ? high : x;
        *(VECTOR *)(output + (size_t)i * channels + c) = x;
    }
}

/* Any kernel: `pointers` holds the input pixel of each tap. One output pixel at a time. */
LEVEL_TARGET REGRADE_INLINE void LEVEL(depthwise_pixel)(
    const float *const *pointers, const float *weights, size_t channels, size_t taps, float low,
    float high, float *output) {
    for (size_t c = 0; c < channels; c++) output[c] = weights[c];
    for (size_t t = 0; t < taps; t++) {
        const float *pixel = pointers[t], *w = weights + (1 + t) * channels;
        for (size_t c = 0; c < channels; c++) output[c] += pixel[c] * w[c];
    }
    for (size_t c = 0; c < channels; c++) {
        float x = output[c];
        x = x < low ? low : x;
        output[c] = x > high ? high : x;
    }
}

#define DEPTHWISE_ROW(SIZE, STRIDE)                                                               \
    for (size_t c = 0; c < channels; c += LANES)                                                  \
    /* The last vector may repeat channels of the one before: the same results again. */          \
    LEVEL(depthwise_block)(                                                                       \
        pointers, weights, channels, c + LANES <= channels ? c : channels - LANES, low, high,     \
        output, SIZE, STRIDE, SEGMENT)

/* SEGMENT neighbours in an output row; see depthwise_block. */
LEVEL_TARGET static void LEVEL(depthwise_segment)(
    const float *const *pointers, const float *weights, size_t channels, float lowest,
    float highest, float *output, int size, int stride) {
    const VECTOR low = lowest, high = highest;
    if (size == 3 && stride == 1) {
        DEPTHWISE_ROW(3, 1);
    } else if (size == 3) {
        DEPTHWISE_ROW(3, 2);
    } else if (stride == 1) {
        DEPTHWISE_ROW(5, 1);
    } else {
        DEPTHWISE_ROW(5, 2);
    }
}

LEVEL_TARGET static void LEVEL(depthwise_any)(
    const float *const *pointers, const float *weights, size_t channels, size_t taps, float low,
    float high, float *output) {
    LEVEL(depthwise_pixel)(pointers, weights, channels, taps, low, high, output);
}

#undef DEPTHWISE_ROW
#undef VECTOR
