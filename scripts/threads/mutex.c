/* Tells ThreadSanitizer of the slow path of Swift's Mutex.
 *
 * Synchronization.Mutex takes a free lock with an atomic instruction, which the sanitizer sees, and
 * waits for a taken one in the kernel (futex(2), FUTEX_LOCK_PI), which it does not: what the last
 * holder wrote looks like a race then. This library, loaded before the others, stands between the two
 * and says what the kernel did. The names are those that the library of Swift 6.3 exports; where they
 * are others, nothing is intercepted, and scripts/stress threads says so by the reports it prints. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define SWIFT_CALL __attribute__((swiftcall))
#define SWIFT_SELF __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

void __tsan_acquire(void *) __attribute__((weak));
void __tsan_release(void *) __attribute__((weak));

SWIFT_CALL void mutex_lock(uint32_t thread, SWIFT_SELF void *mutex) __asm__(LOCK);
SWIFT_CALL void mutex_unlock(SWIFT_SELF void *mutex) __asm__(UNLOCK);

SWIFT_CALL void mutex_lock(uint32_t thread, SWIFT_SELF void *mutex) {
    SWIFT_CALL void (*lock)(uint32_t, SWIFT_SELF void *) = dlsym(RTLD_NEXT, LOCK);
    lock(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT_CALL void mutex_unlock(SWIFT_SELF void *mutex) {
    SWIFT_CALL void (*unlock)(SWIFT_SELF void *) = dlsym(RTLD_NEXT, UNLOCK);
    if (__tsan_release) __tsan_release(mutex);
    unlock(mutex);
}
