/* Gives libFuzzer the mutations that know JPEG and PNG, beside its own. */
#include "fuzzing.h"

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t byte_count, size_t capacity);

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t byte_count, size_t capacity,
                               unsigned int seed) {
    numbers numbers = {seed};
    if (next_number(&numbers) % 2) return LLVMFuzzerMutate(bytes, byte_count, capacity);
    mutant mutant = {bytes, byte_count, capacity};
    mutate(&mutant, bytes, byte_count, &numbers);
    return mutant.byte_count;
}
