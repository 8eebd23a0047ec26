/* The convolutions of EfficientNet-Lite0 of one kind, so and so often, for counting instructions.
 *
 *   kernels pointwise|depthwise|first ROUNDS
 *
 * Prints the level of the instruction set that the kernels chose and the millions of multiply-adds
 * of one round. Two counts with different ROUNDS tell what a round takes, without the start.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "CKernels.h"
#include "layers.h"

static void run(const layer *l, int rounds) {
    const size_t side = (l->side - 1) / l->stride + 1;
    const size_t groups = l->inputs == l->outputs ? l->inputs : 1;
    const size_t taps = l->kernel * l->kernel, pad = (l->kernel - 1) / 2;
    const regrade_pixel_convolution problem = {
        {l->side, l->side, side, side, l->kernel, l->kernel, l->stride, l->stride, 1, 1, pad, pad},
        l->inputs, l->outputs, groups, {REGRADE_CLIP, 0, 6}};
    float *input = noise(l->side * l->side * l->inputs, 1);
    float *weights = noise(l->outputs * (l->inputs / groups) * taps, 2);
    float *packed = noise(regrade_packed_count(&problem), 3);
    float *output = noise(side * side * l->outputs, 4);
    float *scratch = noise(regrade_pixel_scratch_count(&problem), 5);
    regrade_pack_weights_f32(&problem, weights, NULL, packed);
    for (size_t round = 0; round < (size_t)rounds * l->count; round++)
        regrade_convolve_pixels_f32(&problem, input, packed, NULL, output, scratch);
    free(input), free(weights), free(packed), free(output), free(scratch);
}

static double multiply_adds(const layer *l) {
    const size_t side = (l->side - 1) / l->stride + 1;
    const size_t depth = l->inputs == l->outputs ? 1 : l->inputs;
    return (double)(side * side * l->outputs * depth * l->kernel * l->kernel * l->count);
}

int main(int argc, char **argv) {
    const struct {
        const char *name;
        const layer *layers;
        size_t count;
    } kinds[] = {
        {"pointwise", POINTWISE, sizeof POINTWISE / sizeof *POINTWISE},
        {"depthwise", DEPTHWISE, sizeof DEPTHWISE / sizeof *DEPTHWISE},
        {"first", FIRST, sizeof FIRST / sizeof *FIRST},
    };
    const char *level = "base";
#ifdef __x86_64__
    if (__builtin_cpu_supports("x86-64-v3")) level = "v3";
    if (__builtin_cpu_supports("x86-64-v4")) level = "v4";
#endif
    for (size_t k = 0; argc == 3 && k < sizeof kinds / sizeof *kinds; k++) {
        if (strcmp(argv[1], kinds[k].name) != 0) continue;
        double sum = 0;
        for (size_t i = 0; i < kinds[k].count; i++) {
            run(&kinds[k].layers[i], atoi(argv[2]));
            sum += multiply_adds(&kinds[k].layers[i]);
        }
        printf("%s %.3f\n", level, sum * 1e-6);
        return 0;
    }
    fprintf(stderr, "usage: kernels pointwise|depthwise|first ROUNDS\n");
    return 64;
}
