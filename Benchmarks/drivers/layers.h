/* The convolutions of EfficientNet-Lite0 at 224 x 224. */
#pragma once

#include <stddef.h>
#include <stdlib.h>

/* Side of the input in pixels, and how often the network has the layer. */
typedef struct {
    size_t side, inputs, outputs, kernel, stride, count;
} layer;

static const layer POINTWISE[] = {
    {112, 32, 16, 1, 1, 1},  {112, 16, 96, 1, 1, 1},  {56, 96, 24, 1, 1, 1},
    {56, 24, 144, 1, 1, 2},  {56, 144, 24, 1, 1, 1},  {28, 144, 40, 1, 1, 1},
    {28, 40, 240, 1, 1, 2},  {28, 240, 40, 1, 1, 1},  {14, 240, 80, 1, 1, 1},
    {14, 80, 480, 1, 1, 3},  {14, 480, 80, 1, 1, 2},  {14, 480, 112, 1, 1, 1},
    {14, 112, 672, 1, 1, 3}, {14, 672, 112, 1, 1, 2}, {7, 672, 192, 1, 1, 1},
    {7, 192, 1152, 1, 1, 4}, {7, 1152, 192, 1, 1, 3}, {7, 1152, 320, 1, 1, 1},
    {7, 320, 1280, 1, 1, 1},
};

/* Each channel alone. */
static const layer DEPTHWISE[] = {
    {112, 32, 32, 3, 1, 1},   {112, 96, 96, 3, 2, 1},   {56, 144, 144, 3, 1, 1},
    {56, 144, 144, 5, 2, 1},  {28, 240, 240, 5, 1, 1},  {28, 240, 240, 3, 2, 1},
    {14, 480, 480, 3, 1, 2},  {14, 480, 480, 5, 1, 1},  {14, 672, 672, 5, 1, 2},
    {14, 672, 672, 5, 2, 1},  {7, 1152, 1152, 5, 1, 3}, {7, 1152, 1152, 3, 1, 1},
};

static const layer FIRST[] = {{224, 3, 32, 3, 2, 1}};

/* Seeded numbers in -1 ..< 1, aligned as a session's memory is. */
static inline float *noise(size_t count, unsigned seed) {
    float *numbers = aligned_alloc(64, (count * sizeof(float) + 127) / 64 * 64);
    for (size_t i = 0; i < count; i++) {
        seed = seed * 1664525u + 1013904223u;
        numbers[i] = (float)(seed >> 8) / (float)(1 << 23) - 1;
    }
    return numbers;
}
