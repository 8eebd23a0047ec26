/* mallopt(3), which Swift's own module of the C library lacks. */
#ifdef __linux__
#include <malloc.h>
#endif
