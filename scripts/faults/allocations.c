/*
 * Counts what a program takes from the heap, or refuses it; preloaded. Calls are those of malloc,
 * calloc, realloc and the aligned ones. glibc only, whose own functions have second names.
 *
 * REGRADE_ALLOCATION_FILE=FILE  receives the number of calls when the program ends
 * REGRADE_ALLOCATION_FAIL_AT=N  the N-th call (from 1) gets nothing, and every later one if
 * REGRADE_ALLOCATION_FOREVER=1
 */
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong calls;
static unsigned long first_refused = ULONG_MAX;
static unsigned long last_refused = ULONG_MAX;

/* The loader takes memory before this runs; what it gets is counted like everything else. */
__attribute__((constructor)) static void read_settings(void) {
    const char *at = getenv("REGRADE_ALLOCATION_FAIL_AT");
    if (at == NULL) return;
    first_refused = strtoul(at, NULL, 10);
    last_refused = getenv("REGRADE_ALLOCATION_FOREVER") == NULL ? first_refused : ULONG_MAX - 1;
}

/* Counts a call; whether it is to be refused. */
static int is_refused(void) {
    const unsigned long number =
        atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed) + 1;
    if (number < first_refused || number > last_refused) return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) { return is_refused() ? NULL : __libc_malloc(size); }

void *calloc(size_t number, size_t size) {
    return is_refused() ? NULL : __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
    return is_refused() ? NULL : __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return is_refused() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (is_refused()) return ENOMEM;
    *memory = __libc_memalign(alignment, size);
    return *memory == NULL ? ENOMEM : 0;
}

__attribute__((destructor)) static void report(void) {
    const unsigned long total = atomic_load(&calls);
    const char *path = getenv("REGRADE_ALLOCATION_FILE");
    FILE *file = path == NULL ? NULL : fopen(path, "w");
    if (file == NULL) return;
    fprintf(file, "%lu\n", total);
    fclose(file);
}
