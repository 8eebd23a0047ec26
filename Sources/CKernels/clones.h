/* One definition, compiled for three levels of the instruction set; the loader picks one.
 * ThreadSanitizer's runtime cannot resolve such functions, so its builds get the plain one. */
#pragma once

#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define REGRADE_CLONES \
    __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define REGRADE_CLONES
#endif

/* Helpers must be inlined to be compiled for their caller's instruction set. */
#define REGRADE_INLINE static inline __attribute__((always_inline))
