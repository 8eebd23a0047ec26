/* What the files of this folder share. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Runs the fence on one input; the name is libFuzzer's. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t byte_count);

/* How many inputs gave a picture, whole or in part. */
extern uint64_t decoded_count;

/* A sequence of numbers that its start decides: SplitMix64 (Steele, Lea and Flood, 2014). */
typedef struct numbers {
    uint64_t state;
} numbers;

uint64_t next_number(numbers *numbers);

/* A file in memory with room to grow. */
typedef struct mutant {
    uint8_t *bytes;
    size_t byte_count;
    size_t capacity;
} mutant;

/*
 * Changes a file in one to four places: bits, bytes, numbers, ranges; segments of a JPEG and
 * chunks of a PNG as a whole, with their lengths and checksums; and pieces of `other`.
 */
void mutate(mutant *mutant, const uint8_t *other, size_t other_count, numbers *numbers);
