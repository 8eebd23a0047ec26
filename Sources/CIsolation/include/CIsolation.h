/*
 * Helper processes that may do nothing but compute: started, spoken to, and confined. Linux only.
 *
 * Messages go over a socket that keeps their bounds (SOCK_SEQPACKET), large data through memory
 * that both sides map (memfd, sealed against growing and shrinking, so that neither side can pull
 * it away from under the other). A helper finds the socket as descriptor 0 and the memory as 3.
 *
 * Functions return 0 or a number of errno, never set errno themselves, and share no state.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The longest message, in bytes. */
#define ISOLATION_MESSAGE_MAX 65536u

typedef struct isolation_helper {
    pid_t process;
    int channel;
    int memory_descriptor;
    uint8_t *memory;
    size_t memory_byte_count;
} isolation_helper;

/* Starts `program` with one argument, an empty environment and nothing else open. */
int isolation_start(const char *program, const char *argument, size_t memory_byte_count,
                    isolation_helper *helper);

/* Kills the helper if it lives, waits for its end and frees everything. */
void isolation_end(isolation_helper *helper);

/* Gives pages of the memory from `start` on back to the system; their content becomes zero. */
void isolation_forget(const isolation_helper *helper, size_t start);

/* Sends one message. */
int isolation_send(int channel, const void *bytes, size_t byte_count);

/*
 * Receives one message. ETIMEDOUT after `milliseconds` (negative: never), EPIPE if the other side
 * is gone, EMSGSIZE if the message is longer than `capacity`.
 */
int isolation_receive(int channel, void *bytes, size_t capacity, int milliseconds,
                      size_t *byte_count);

/* The helper's side of the memory; mapped for good, its descriptor is closed. */
int isolation_map(uint8_t **memory, size_t *byte_count);

/*
 * Gives up everything but computing, for all threads and for good: no new privileges, no files, no
 * core dump, `memory_byte_count` more address space than now, and only the system calls that
 * computing and talking over the channel need; others fail with EPERM. `*is_filtered` is 0 where
 * the kernel has no seccomp; the rest holds then.
 */
int isolation_confine(size_t memory_byte_count, int *is_filtered);

/* Ends this process (SIGPROF) when it has used so many more seconds of processor time; 0: never. */
int isolation_limit_processor_time(unsigned seconds);
