#pragma once

#include <math.h>

#include "CKernels.h"
#include "clones.h"

/* Applies an activation to `count` elements. The kind is tested once per call, not per element,
 * so that each loop body vectorises. */
REGRADE_INLINE void regrade_activate_row(
    const float *input, float *output, size_t count, regrade_activation activation) {
    const float a = activation.a, b = activation.b;
    switch (activation.kind) {
    case REGRADE_IDENTITY:
        if (input != output)
            for (size_t i = 0; i < count; i++) output[i] = input[i];
        break;
    case REGRADE_CLIP:
        /* Comparisons are written so that a NaN stays one. */
        for (size_t i = 0; i < count; i++) {
            float x = input[i];
            x = x < a ? a : x;
            output[i] = x > b ? b : x;
        }
        break;
    case REGRADE_LEAKY_RELU:
        for (size_t i = 0; i < count; i++) output[i] = input[i] < 0 ? a * input[i] : input[i];
        break;
    case REGRADE_SIGMOID:
        for (size_t i = 0; i < count; i++) output[i] = 1 / (1 + expf(-input[i]));
        break;
    case REGRADE_HARD_SIGMOID:
        for (size_t i = 0; i < count; i++) {
            float x = a * input[i] + b;
            x = x < 0 ? 0 : x;
            output[i] = x > 1 ? 1 : x;
        }
        break;
    case REGRADE_HARD_SWISH:
        for (size_t i = 0; i < count; i++) {
            float x = input[i] * (1.0f / 6) + 0.5f;
            x = x < 0 ? 0 : x;
            output[i] = input[i] * (x > 1 ? 1 : x);
        }
        break;
    case REGRADE_SILU:
        for (size_t i = 0; i < count; i++) output[i] = input[i] / (1 + expf(-input[i]));
        break;
    case REGRADE_TANH:
        for (size_t i = 0; i < count; i++) output[i] = tanhf(input[i]);
        break;
    }
}
