/*
 * Feeds mutants of files to the fence; which ones, two numbers decide.
 *   mutants SEED FIRST LAST SECONDS <LIST    mutants FIRST to LAST, as many as the time allows
 *   mutants SEED K K 0 FILE <LIST            writes mutant K and does nothing else
 * LIST names the files, one a line. It prints the last mutant that was run, and how many gave a
 * picture. A sanitizer's report, a broken promise, and a mutant that takes ten seconds of processor
 * time end it with another status, after a line with the mutant's number.
 */
#include "fuzzing.h"

#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { FILE_COUNT_MAX = 4096, FILE_SIZE_MAX = 1 << 18, ROOM = 1 << 20, HANG_SECONDS = 10 };

static struct { uint8_t *bytes; size_t byte_count; } files[FILE_COUNT_MAX];
static size_t file_count;
static uint64_t seed, current;

static void tell(void) {
    fprintf(stderr, "\nfound with seed %llu at mutant %llu\n", (unsigned long long)seed,
            (unsigned long long)current);
}

static void on_hang(int signal) {
    (void)signal;
    fprintf(stderr, "\nhang: %d s of processor time", HANG_SECONDS);
    tell();
    _exit(2);
}

/* Files that are too large for many mutants a second are left out. */
static void load_files(void) {
    char path[4096];
    while (file_count < FILE_COUNT_MAX && fgets(path, sizeof path, stdin) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        FILE *file = fopen(path, "rb");
        if (file == NULL) continue;
        uint8_t *bytes = malloc(FILE_SIZE_MAX);
        size_t count = bytes == NULL ? 0 : fread(bytes, 1, FILE_SIZE_MAX, file);
        fclose(file);
        if (count == 0 || count == FILE_SIZE_MAX) {
            free(bytes);
            continue;
        }
        files[file_count].bytes = bytes;
        files[file_count++].byte_count = count;
    }
}

/* Mutant `number` in memory of exactly its size, so that reading beyond it is seen. */
static uint8_t *make_mutant(uint64_t number, size_t *byte_count) {
    static uint8_t room[ROOM];
    numbers numbers = {seed ^ number * 0xD1B54A32D192ED03u};
    size_t one = next_number(&numbers) % file_count, two = next_number(&numbers) % file_count;
    memcpy(room, files[one].bytes, files[one].byte_count);
    mutant mutant = {room, files[one].byte_count, ROOM};
    mutate(&mutant, files[two].bytes, files[two].byte_count, &numbers);
    uint8_t *bytes = malloc(mutant.byte_count);
    if (bytes != NULL) memcpy(bytes, room, mutant.byte_count);
    *byte_count = bytes == NULL ? 0 : mutant.byte_count;
    return bytes;
}

int main(int argc, char **argv) {
    if (argc < 5) return 64;
    seed = strtoull(argv[1], NULL, 10);
    uint64_t last = strtoull(argv[3], NULL, 10);
    time_t end = time(NULL) + strtol(argv[4], NULL, 10);
    load_files();
    if (file_count == 0) {
        fprintf(stderr, "mutants: no readable file in the list\n");
        return 66;
    }
    __sanitizer_set_death_callback(tell);
    signal(SIGPROF, on_hang);
    current = strtoull(argv[2], NULL, 10);
    for (; current <= last && (argc > 5 || time(NULL) < end); current++) {
        size_t byte_count;
        uint8_t *bytes = make_mutant(current, &byte_count);
        if (bytes == NULL) continue;
        if (argc > 5) {
            FILE *file = fopen(argv[5], "wb");
            int is_written = file != NULL && fwrite(bytes, 1, byte_count, file) == byte_count;
            free(bytes);
            return is_written && fclose(file) == 0 ? 0 : 74;
        }
        setitimer(ITIMER_PROF, &(struct itimerval){.it_value.tv_sec = HANG_SECONDS}, NULL);
        LLVMFuzzerTestOneInput(bytes, byte_count);
        free(bytes);
    }
    printf("%llu %llu\n", (unsigned long long)current - 1, (unsigned long long)decoded_count);
    return 0;
}
