/* The pointwise convolutions of EfficientNet-Lite0, ours against OpenBLAS's sgemm on the same
 * matrices, alternating. Ours includes bias and clip, sgemm is the product alone.
 *
 * Prints one line per shape: pixels, inputs, outputs, how often the network has it, best
 * milliseconds of ours and of sgemm, and the largest difference of their results.
 */
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "CKernels.h"
#include "clock.h"
#include "layers.h"

int main(int argc, char **argv) {
    const int rounds = argc > 1 ? atoi(argv[1]) : 100;
    openblas_set_num_threads(1);
    for (size_t i = 0; i < sizeof POINTWISE / sizeof *POINTWISE; i++) {
        const layer l = POINTWISE[i];
        const size_t pixels = l.side * l.side;
        const regrade_pixel_convolution problem = {
            {l.side, l.side, l.side, l.side, 1, 1, 1, 1, 1, 1, 0, 0}, l.inputs, l.outputs, 1,
            {REGRADE_CLIP, -INFINITY, INFINITY}};
        float *input = noise(pixels * l.inputs, 1), *weights = noise(l.outputs * l.inputs, 2);
        float *packed = noise(regrade_packed_count(&problem), 3);
        float *ours = noise(pixels * l.outputs, 4), *theirs = noise(pixels * l.outputs, 5);
        float *transposed = noise(l.outputs * l.inputs, 6);
        regrade_pack_weights_f32(&problem, weights, NULL, packed);
        regrade_transpose_f32(weights, l.outputs, l.inputs, transposed);
        double best[2] = {1e9, 1e9};
        for (int round = 0; round < rounds; round++) {
            double start = milliseconds();
            regrade_convolve_pixels_f32(&problem, input, packed, NULL, ours, NULL);
            double time = milliseconds() - start;
            if (time < best[0]) best[0] = time;
            start = milliseconds();
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)pixels, (int)l.outputs,
                (int)l.inputs, 1, input, (int)l.inputs, transposed, (int)l.outputs, 0, theirs,
                (int)l.outputs);
            time = milliseconds() - start;
            if (time < best[1]) best[1] = time;
        }
        float difference = 0;
        for (size_t k = 0; k < pixels * l.outputs; k++)
            if (!(fabsf(ours[k] - theirs[k]) <= difference))
                difference = fabsf(ours[k] - theirs[k]);
        printf(
            "%zu %zu %zu %zu %.5f %.5f %g\n", pixels, l.inputs, l.outputs, l.count, best[0],
            best[1], (double)difference);
        free(input), free(weights), free(packed), free(ours), free(theirs), free(transposed);
    }
    return 0;
}
