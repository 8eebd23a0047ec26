/* The helper's side. Manual pages: seccomp(2), prctl(2), setrlimit(2). */
#define _GNU_SOURCE
#include "CIsolation.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

enum { MEMORY_DESCRIPTOR = 3 };

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define ARCHITECTURE 0
#endif

int isolation_map(uint8_t **memory, size_t *byte_count) {
    struct stat status;
    if (fstat(MEMORY_DESCRIPTOR, &status) != 0) return errno;
    void *mapped = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED,
                        MEMORY_DESCRIPTOR, 0);
    if (mapped == MAP_FAILED) return errno;
    close(MEMORY_DESCRIPTOR);
    *memory = mapped;
    *byte_count = (size_t)status.st_size;
    return 0;
}

/* Address space in use, in bytes; 0 if it cannot be told. */
static size_t address_space(void) {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return 0;
    if (fscanf(file, "%lu", &pages) != 1) pages = 0;
    fclose(file);
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

static int set_limit(int resource, rlim_t value) {
    struct rlimit limit = {.rlim_cur = value, .rlim_max = value};
    return setrlimit((__rlimit_resource_t)resource, &limit) == 0 ? 0 : errno;
}

/* Computing, memory, clocks, waiting for other threads, the channel, and the own end. */
static const int allowed_calls[] = {
    SYS_read, SYS_write, SYS_recvfrom, SYS_sendto, SYS_ppoll, SYS_close, SYS_fstat, SYS_lseek,
    SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_futex, SYS_sched_yield, SYS_getcpu,
    SYS_sched_getaffinity, SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep,
    SYS_gettimeofday, SYS_getrandom, SYS_getpid, SYS_gettid, SYS_setitimer, SYS_rt_sigreturn,
    SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_sigaltstack, SYS_tgkill,
    SYS_restart_syscall, SYS_set_robust_list, SYS_membarrier, SYS_exit, SYS_exit_group,
#ifdef SYS_poll
    SYS_poll,
#endif
};

/* These are allowed as long as no memory becomes executable. */
static const int mapping_calls[] = {SYS_mmap, SYS_mprotect};

enum {
    ALLOWED_COUNT = sizeof allowed_calls / sizeof *allowed_calls,
    MAPPING_COUNT = sizeof mapping_calls / sizeof *mapping_calls,
    /* Architecture 3, number 1, two for each call, one for each mapping, refusal 1, protection 4. */
    FILTER_COUNT = 4 + 2 * ALLOWED_COUNT + MAPPING_COUNT + 1 + 4
};

static int install_filter(void) {
    struct sock_filter filter[FILTER_COUNT];
    unsigned short at = 0;
    filter[at++] = (struct sock_filter)BPF_STMT(
        BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    filter[at++] = (struct sock_filter)BPF_STMT(
        BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < ALLOWED_COUNT; i++) {
        filter[at++] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, (unsigned)allowed_calls[i], 0, 1);
        filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    }
    /* A mapping call jumps over the rest of its list and the refusal that follows it. */
    for (int i = 0; i < MAPPING_COUNT; i++)
        filter[at++] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, (unsigned)mapping_calls[i],
            (unsigned char)(MAPPING_COUNT - i), 0);
    filter[at++] =
        (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (EPERM & 0xFFFF));
    /* The third argument of both holds the protection; its low half is enough. */
    filter[at++] = (struct sock_filter)BPF_STMT(
        BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2]));
    filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1);
    filter[at++] =
        (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (EPERM & 0xFFFF));
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = at, .filter = filter};
    long result =
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    /* A positive number is a thread that has a filter of its own. */
    return result == 0 ? 0 : result > 0 ? EBUSY : errno;
}

int isolation_confine(size_t memory_byte_count, int *is_filtered) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    /* Nobody else of the same user may look into it either. */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return errno;
    size_t used = address_space();
    int result = used == 0 ? EIO : set_limit(RLIMIT_AS, used + memory_byte_count);
    if (result == 0) result = set_limit(RLIMIT_CORE, 0);
    if (result == 0) result = set_limit(RLIMIT_FSIZE, 0);
    /* The channel and what stands for the output; poll(2) wants as many as it waits for. */
    if (result == 0) result = set_limit(RLIMIT_NOFILE, 3);
    if (result != 0) return result;
    result = ARCHITECTURE == 0 ? ENOSYS : install_filter();
    *is_filtered = result == 0;
    return result == ENOSYS || result == EINVAL ? 0 : result;
}

int isolation_limit_processor_time(unsigned seconds) {
    struct itimerval timer = {.it_value.tv_sec = (time_t)seconds};
    return setitimer(ITIMER_PROF, &timer, NULL) == 0 ? 0 : errno;
}
