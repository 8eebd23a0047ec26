/*
 * Counts what a program takes from the heap, or refuses it; preloaded. Calls are those of malloc,
 * calloc, realloc and the aligned ones. glibc only, whose own functions have second names.
 *
 * SIGUSR2 writes what was taken and not given back, in blocks and bytes, into
 * REGRADE_ALLOCATION_LIVE=FILE: to the block, which neither mallinfo(3) nor the resident set is,
 * for glibc keeps freed blocks for the thread that freed them.
 *
 * REGRADE_ALLOCATION_FILE=FILE  receives the number of calls when the program ends
 * REGRADE_ALLOCATION_FAIL_AT=N  the N-th call (from 1) gets nothing, and every later one if
 * REGRADE_ALLOCATION_FOREVER=1
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

static atomic_ulong calls;
static unsigned long first_refused = ULONG_MAX;
static unsigned long last_refused = ULONG_MAX;
static atomic_long live_blocks;
static atomic_long live_bytes;
static const char *live_path;

/* Only what a signal handler may call. */
static void report_live(int signal) {
    (void)signal;
    const int file = open(live_path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return;
    long values[] = {atomic_load(&live_blocks), atomic_load(&live_bytes)};
    if (write(file, values, sizeof values) < 0) { /* The reader finds no numbers. */ }
    close(file);
}

/* The loader takes memory before this runs; what it gets is counted like everything else. */
__attribute__((constructor)) static void read_settings(void) {
    live_path = getenv("REGRADE_ALLOCATION_LIVE");
    if (live_path != NULL) signal(SIGUSR2, report_live);
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

/* Notes that a block came (1) or went (-1); the block itself, or NULL. */
static void *counted(void *memory, long change) {
    if (memory == NULL) return NULL;
    atomic_fetch_add_explicit(&live_blocks, change, memory_order_relaxed);
    atomic_fetch_add_explicit(
        &live_bytes, change * (long)malloc_usable_size(memory), memory_order_relaxed);
    return memory;
}

void *malloc(size_t size) { return is_refused() ? NULL : counted(__libc_malloc(size), 1); }

void *calloc(size_t number, size_t size) {
    return is_refused() ? NULL : counted(__libc_calloc(number, size), 1);
}

void *realloc(void *memory, size_t size) {
    if (is_refused()) return NULL;
    counted(memory, -1);
    void *moved = __libc_realloc(memory, size);
    /* What could not be moved is still there, except that no size at all frees it. */
    counted(moved == NULL && size > 0 ? memory : moved, 1);
    return moved;
}

void *aligned_alloc(size_t alignment, size_t size) {
    return is_refused() ? NULL : counted(__libc_memalign(alignment, size), 1);
}

void *memalign(size_t alignment, size_t size) { return aligned_alloc(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (is_refused()) return ENOMEM;
    *memory = counted(__libc_memalign(alignment, size), 1);
    return *memory == NULL ? ENOMEM : 0;
}

void free(void *memory) { __libc_free(counted(memory, -1)); }

__attribute__((destructor)) static void report(void) {
    const unsigned long total = atomic_load(&calls);
    const char *path = getenv("REGRADE_ALLOCATION_FILE");
    FILE *file = path == NULL ? NULL : fopen(path, "w");
    if (file == NULL) return;
    fprintf(file, "%lu\n", total);
    fclose(file);
}
