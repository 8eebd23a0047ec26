#include "activation.h"

REGRADE_CLONES void regrade_activate_f32(
    const float *input, float *output, size_t count, regrade_activation activation) {
    regrade_activate_row(input, output, count, activation);
}

REGRADE_CLONES void regrade_bias_activation_f32(
    float *rows, size_t row_count, size_t column_count, size_t row_stride, const float *bias,
    regrade_activation activation) {
    for (size_t r = 0; r < row_count; r++) {
        float *row = rows + r * row_stride;
        const float offset = bias ? bias[r] : 0;
        if (activation.kind == REGRADE_CLIP) {
            /* The common case in one pass over the row. */
            for (size_t c = 0; c < column_count; c++) {
                float x = row[c] + offset;
                x = x < activation.a ? activation.a : x;
                row[c] = x > activation.b ? activation.b : x;
            }
            continue;
        }
        if (bias)
            for (size_t c = 0; c < column_count; c++) row[c] += offset;
        regrade_activate_row(row, row, column_count, activation);
    }
}

REGRADE_INLINE void combine_rows(
    const float *restrict left, const float *restrict right, float *restrict output, size_t count,
    size_t left_step, size_t right_step, regrade_binary_kind kind) {
    switch (kind) {
    case REGRADE_ADD:
        for (size_t i = 0; i < count; i++)
            output[i] = left[i * left_step] + right[i * right_step];
        break;
    case REGRADE_SUBTRACT:
        for (size_t i = 0; i < count; i++)
            output[i] = left[i * left_step] - right[i * right_step];
        break;
    case REGRADE_MULTIPLY:
        for (size_t i = 0; i < count; i++)
            output[i] = left[i * left_step] * right[i * right_step];
        break;
    }
}

REGRADE_CLONES void regrade_binary_f32(
    const float *left, size_t left_row_step, size_t left_column_step, const float *right,
    size_t right_row_step, size_t right_column_step, float *output, size_t row_count,
    size_t column_count, regrade_binary_kind kind, regrade_activation activation) {
    for (size_t r = 0; r < row_count; r++) {
        const float *a = left + r * left_row_step, *b = right + r * right_row_step;
        float *row = output + r * column_count;
        /* Constant steps let the compiler emit plain vector loads. */
        if (left_column_step && right_column_step)
            combine_rows(a, b, row, column_count, 1, 1, kind);
        else if (left_column_step)
            combine_rows(a, b, row, column_count, 1, 0, kind);
        else if (right_column_step)
            combine_rows(a, b, row, column_count, 0, 1, kind);
        else
            combine_rows(a, b, row, column_count, 0, 0, kind);
        if (activation.kind != REGRADE_IDENTITY)
            regrade_activate_row(row, row, column_count, activation);
    }
}

REGRADE_CLONES float regrade_sum_f32(const float *input, size_t count) {
    float partial[16] = {0};
    size_t i = 0;
    for (; i + 16 <= count; i += 16)
        for (size_t lane = 0; lane < 16; lane++) partial[lane] += input[i + lane];
    float sum = 0;
    for (; i < count; i++) sum += input[i];
    for (size_t lane = 0; lane < 16; lane++) sum += partial[lane];
    return sum;
}

REGRADE_CLONES void regrade_raise_f32(
    float *restrict largest, const float *restrict rows, size_t row_count, size_t column_count) {
    for (size_t r = 0; r < row_count; r++) {
        const float *row = rows + r * column_count;
        for (size_t c = 0; c < column_count; c++)
            largest[c] = row[c] > largest[c] ? row[c] : largest[c];
    }
}
