/* The starter's side. Manual pages: posix_spawn(3), memfd_create(2), unix(7). */
#define _GNU_SOURCE
#include "CIsolation.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHANNEL_DESCRIPTOR = 0, MEMORY_DESCRIPTOR = 3, FIRST_UNUSED_DESCRIPTOR = 4 };

/* Moves a descriptor out of the way of those that the helper's are copied to. */
static int moved(int descriptor) {
    if (descriptor < 0) return -1;
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, FIRST_UNUSED_DESCRIPTOR);
    close(descriptor);
    return copy;
}

static int make_memory(size_t byte_count, isolation_helper *helper) {
    int descriptor = moved(memfd_create("regrade-helper", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (descriptor < 0) return errno;
    helper->memory_descriptor = descriptor;
    if (ftruncate(descriptor, (off_t)byte_count) != 0) return errno;
    if (fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) return errno;
    void *memory = mmap(NULL, byte_count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (memory == MAP_FAILED) return errno;
    helper->memory = memory;
    helper->memory_byte_count = byte_count;
    return 0;
}

static int spawn(const char *program, const char *argument, int channel,
                 isolation_helper *helper) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int result = posix_spawn_file_actions_init(&actions);
    if (result != 0) return result;
    result = posix_spawnattr_init(&attributes);
    if (result != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return result;
    }
    posix_spawn_file_actions_adddup2(&actions, channel, CHANNEL_DESCRIPTOR);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, helper->memory_descriptor, MEMORY_DESCRIPTOR);
    posix_spawn_file_actions_addclosefrom_np(&actions, FIRST_UNUSED_DESCRIPTOR);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    char *arguments[] = {(char *)program, (char *)argument, NULL};
    /* One thread is enough for linear algebra that is never called. */
    char *environment[] = {"OPENBLAS_NUM_THREADS=1", NULL};
    result = posix_spawn(&helper->process, program, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

int isolation_start(const char *program, const char *argument, size_t memory_byte_count,
                    isolation_helper *helper) {
    *helper = (isolation_helper){.process = -1, .channel = -1, .memory_descriptor = -1};
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) return errno;
    helper->channel = pair[0];
    int theirs = moved(pair[1]);
    int result = theirs < 0 ? EMFILE : make_memory(memory_byte_count, helper);
    if (result == 0) result = spawn(program, argument, theirs, helper);
    if (theirs >= 0) close(theirs);
    if (result != 0) {
        helper->process = -1;
        isolation_end(helper);
    }
    return result;
}

void isolation_end(isolation_helper *helper) {
    if (helper->process > 0) {
        kill(helper->process, SIGKILL);
        while (waitpid(helper->process, NULL, 0) < 0 && errno == EINTR) {}
    }
    if (helper->memory != NULL) munmap(helper->memory, helper->memory_byte_count);
    if (helper->memory_descriptor >= 0) close(helper->memory_descriptor);
    if (helper->channel >= 0) close(helper->channel);
    *helper = (isolation_helper){.process = -1, .channel = -1, .memory_descriptor = -1};
}

void isolation_forget(const isolation_helper *helper, size_t start) {
    if (start >= helper->memory_byte_count) return;
    /* What cannot be given back is only memory that stays in use. */
    (void)fallocate(helper->memory_descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                    (off_t)start, (off_t)(helper->memory_byte_count - start));
}

int isolation_send(int channel, const void *bytes, size_t byte_count) {
    if (byte_count > ISOLATION_MESSAGE_MAX) return EMSGSIZE;
    for (;;) {
        if (send(channel, bytes, byte_count, MSG_NOSIGNAL) >= 0) return 0;
        if (errno != EINTR) return errno == ECONNRESET ? EPIPE : errno;
    }
}

static int64_t now_milliseconds(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int isolation_receive(int channel, void *bytes, size_t capacity, int milliseconds,
                      size_t *byte_count) {
    int64_t end = now_milliseconds() + milliseconds;
    struct pollfd wanted = {.fd = channel, .events = POLLIN};
    for (;;) {
        int64_t left = milliseconds < 0 ? -1 : end - now_milliseconds();
        if (milliseconds >= 0 && left < 0) left = 0;
        int ready = poll(&wanted, 1, (int)left);
        if (ready == 0) return ETIMEDOUT;
        if (ready < 0 && errno != EINTR) return errno;
        if (ready > 0) break;
    }
    ssize_t count;
    do count = recv(channel, bytes, capacity, MSG_TRUNC);
    while (count < 0 && errno == EINTR);
    if (count < 0) return errno == ECONNRESET ? EPIPE : errno;
    if (count == 0) return EPIPE;
    if ((size_t)count > capacity) return EMSGSIZE;
    *byte_count = (size_t)count;
    return 0;
}
