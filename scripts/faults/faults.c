/* Fails chosen system calls of a program, or records all of them; for tests, loaded by LD_PRELOAD.
 *
 * Looked at are calls that change files below REGRADE_FAULT_DIR:
 *   open (creating), write, pwrite, fsync, fdatasync, ftruncate, rename, link, unlink, mkdir, rmdir.
 *
 * REGRADE_FAULT_AT=N      the N-th of them (from 1) fails, and every later one if
 * REGRADE_FAULT_FOREVER=1
 * REGRADE_FAULT_WHILE=FILE  each of them fails as long as FILE exists
 * REGRADE_FAULT_LATE=N    with the above: is late by N milliseconds instead of failing
 * REGRADE_FAULT_ERROR     EIO, EROFS or ENOSPC; unlink and rmdir never fail with ENOSPC
 * REGRADE_FAULT_MARK      a file that is made once a call has failed
 * REGRADE_FAULT_LOG       a file that receives a record of every call that succeeded, and of what the
 *                         program wrote to standard output: its acknowledgements
 *
 * A record: one byte of kind, then three numbers of 8 bytes, little-endian (file number, offset or
 * length, byte count), two lengths of 4 bytes, and the two texts or the bytes. Records are appended
 * with one write, so several processes may share a log.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define FILE_LIMIT 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char watched[FILE_LIMIT];
static long call_count;

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static int is_below(const char *path) {
    const char *folder = setting("REGRADE_FAULT_DIR");
    return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

/* Linux keeps the name of an open file. */
static int is_open_below(int file) {
    if (file < 0 || file >= FILE_LIMIT) return 0;
    return watched[file];
}

static void watch(int file) {
    char link[64], path[4096];
    if (file < 0 || file >= FILE_LIMIT) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t count = readlink(link, path, sizeof path - 1);
    if (count < 0) count = 0;
    path[count] = 0;
    watched[file] = is_below(path) && !strstr(path, "-shm");
}

/* Whether a trial has called for trouble with the call of this number. */
static int is_chosen(long number) {
    const char *file = setting("REGRADE_FAULT_WHILE");
    if (file && syscall(SYS_faccessat, AT_FDCWD, file, F_OK) == 0) {
        const char *late = setting("REGRADE_FAULT_LATE");
        if (!late) return 1;
        long count = atol(late);
        struct timespec pause = {count / 1000, count % 1000 * 1000000};
        nanosleep(&pause, NULL);
    }
    const char *at = setting("REGRADE_FAULT_AT");
    if (!at) return 0;
    long first = atol(at);
    return number == first || (number > first && setting("REGRADE_FAULT_FOREVER"));
}

/* Whether this call is to fail; sets errno then. */
static int fails(int may_lack_space) {
    pthread_mutex_lock(&lock);
    long number = ++call_count;
    pthread_mutex_unlock(&lock);
    if (!is_chosen(number)) return 0;
    const char *error = setting("REGRADE_FAULT_ERROR");
    int no_space = error && strcmp(error, "ENOSPC") == 0;
    if (no_space && !may_lack_space) return 0;
    const char *mark = setting("REGRADE_FAULT_MARK");
    if (mark) {
        int file = (int)syscall(SYS_openat, AT_FDCWD, mark, O_WRONLY | O_CREAT, 0600);
        if (file >= 0) syscall(SYS_close, file);
    }
    errno = no_space ? ENOSPC : error && strcmp(error, "EROFS") == 0 ? EROFS : EIO;
    return 1;
}

static void put(char *at, uint64_t value, int count) {
    for (int i = 0; i < count; i++) at[i] = (char)(value >> (8 * i));
}

static void record(
    char kind, uint64_t number, uint64_t offset, const void *first, size_t first_count,
    const void *second, size_t second_count) {
    const char *path = setting("REGRADE_FAULT_LOG");
    if (!path) return;
    int saved = errno;
    size_t total = 33 + first_count + second_count;
    char *bytes = malloc(total);
    if (!bytes) abort();
    bytes[0] = kind;
    put(bytes + 1, number, 8);
    put(bytes + 9, offset, 8);
    put(bytes + 17, first_count + second_count, 8);
    put(bytes + 25, first_count, 4);
    put(bytes + 29, second_count, 4);
    memcpy(bytes + 33, first, first_count);
    if (second_count) memcpy(bytes + 33 + first_count, second, second_count);
    pthread_mutex_lock(&lock);
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file >= 0) {
        syscall(SYS_write, file, bytes, total);
        syscall(SYS_close, file);
    }
    pthread_mutex_unlock(&lock);
    free(bytes);
    errno = saved;
}

static uint64_t number_of(int file) {
    struct stat status;
    return fstat(file, &status) == 0 ? status.st_ino : 0;
}

static void record_paths(char kind, uint64_t number, const char *first, const char *second) {
    record(kind, number, 0, first, strlen(first), second, second ? strlen(second) : 0);
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int opened(int file, const char *path, int flags, int existed) {
    if (file < 0) return file;
    watch(file);
    if (!is_open_below(file)) return file;
    if ((flags & O_CREAT) && !existed) record_paths('c', number_of(file), path, NULL);
    if (flags & O_TRUNC) record('t', number_of(file), 0, "", 0, NULL, 0);
    return file;
}

#define OPEN(NAME, PARAMETERS, PATH, CALL) \
    int NAME PARAMETERS { \
        REAL(NAME); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list arguments; \
            va_start(arguments, flags); \
            mode = va_arg(arguments, mode_t); \
            va_end(arguments); \
        } \
        int existed = syscall(SYS_faccessat, AT_FDCWD, PATH, F_OK) == 0; \
        if ((flags & O_CREAT) && !existed && is_below(PATH) && fails(1)) return -1; \
        return opened(CALL, PATH, flags, existed); \
    }

OPEN(open, (const char *path, int flags, ...), path, real(path, flags, mode))
OPEN(open64, (const char *path, int flags, ...), path, real(path, flags, mode))
OPEN(openat, (int folder, const char *path, int flags, ...), path, real(folder, path, flags, mode))
OPEN(openat64, (int folder, const char *path, int flags, ...), path,
     real(folder, path, flags, mode))

int close(int file) {
    REAL(close);
    if (file >= 0 && file < FILE_LIMIT) watched[file] = 0;
    return real(file);
}

static void wrote(int file, const void *bytes, ssize_t count, uint64_t offset) {
    if (count > 0) record('w', number_of(file), offset, bytes, (size_t)count, NULL, 0);
}

ssize_t write(int file, const void *bytes, size_t count) {
    REAL(write);
    if (file == STDOUT_FILENO) record('a', 0, 0, bytes, count, NULL, 0);
    if (!is_open_below(file)) return real(file, bytes, count);
    if (fails(1)) return -1;
    uint64_t offset = (uint64_t)lseek(file, 0, SEEK_CUR);
    if (fcntl(file, F_GETFL) & O_APPEND) offset = (uint64_t)lseek(file, 0, SEEK_END);
    ssize_t result = real(file, bytes, count);
    wrote(file, bytes, result, offset);
    return result;
}

#define PWRITE(NAME, OFFSET) \
    ssize_t NAME(int file, const void *bytes, size_t count, OFFSET offset) { \
        REAL(NAME); \
        if (!is_open_below(file)) return real(file, bytes, count, offset); \
        if (fails(1)) return -1; \
        ssize_t result = real(file, bytes, count, offset); \
        wrote(file, bytes, result, (uint64_t)offset); \
        return result; \
    }

PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define SYNC(NAME) \
    int NAME(int file) { \
        REAL(NAME); \
        if (!is_open_below(file)) return real(file); \
        if (fails(1)) return -1; \
        int result = real(file); \
        if (result == 0) { \
            char link[64], path[4096]; \
            snprintf(link, sizeof link, "/proc/self/fd/%d", file); \
            ssize_t count = readlink(link, path, sizeof path); \
            record('s', number_of(file), 0, path, count > 0 ? (size_t)count : 0, NULL, 0); \
        } \
        return result; \
    }

SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(NAME, LENGTH) \
    int NAME(int file, LENGTH length) { \
        REAL(NAME); \
        if (!is_open_below(file)) return real(file, length); \
        if (fails(0)) return -1; \
        int result = real(file, length); \
        if (result == 0) record('t', number_of(file), (uint64_t)length, "", 0, NULL, 0); \
        return result; \
    }

TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define TWO_NAMES(NAME, KIND) \
    int NAME(const char *from, const char *to) { \
        REAL(NAME); \
        if (!is_below(to)) return real(from, to); \
        if (fails(1)) return -1; \
        int result = real(from, to); \
        if (result == 0) record_paths(KIND, 0, from, to); \
        return result; \
    }

TWO_NAMES(rename, 'r')
TWO_NAMES(link, 'l')

#define ONE_NAME(NAME, KIND) \
    int NAME(const char *path) { \
        REAL(NAME); \
        if (!is_below(path)) return real(path); \
        if (fails(0)) return -1; \
        int result = real(path); \
        if (result == 0) record_paths(KIND, 0, path, NULL); \
        return result; \
    }

ONE_NAME(unlink, 'u')
ONE_NAME(rmdir, 'd')

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    if (!is_below(path)) return real(path, mode);
    if (fails(1)) return -1;
    int result = real(path, mode);
    if (result == 0) record_paths('m', 0, path, NULL);
    return result;
}
