/* Tells ThreadSanitizer of a continuation that is resumed before it is awaited.
 *
 * Swift's runtime says that a resumption releases the task, and that a task which was asleep acquires
 * itself when it wakes. One that finds its continuation resumed already goes on without a word
 * (swift_continuation_await in Task.cpp of swiftlang/swift, 6.3): what the resumer wrote looks like a
 * race then. This function stands before the runtime's and says it. A resumption between the two is
 * still missed, a few instructions. */
#define _GNU_SOURCE
#include <dlfcn.h>

#define SWIFT_ASYNC_CALL __attribute__((swiftasynccall))
#define SWIFT_CALL __attribute__((swiftcall))

void __tsan_acquire(void *) __attribute__((weak));

static SWIFT_CALL void *(*current_task)(void);
static SWIFT_ASYNC_CALL void (*await)(void *);

__attribute__((constructor)) static void find_functions(void) {
    current_task = dlsym(RTLD_DEFAULT, "swift_task_getCurrent");
    await = dlsym(RTLD_NEXT, "swift_continuation_await");
}

SWIFT_ASYNC_CALL void swift_continuation_await(void *continuation) {
    if (__tsan_acquire && current_task) __tsan_acquire(current_task());
    __attribute__((musttail)) return await(continuation);
}
