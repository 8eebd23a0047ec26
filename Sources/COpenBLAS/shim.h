/* The C interface of OpenBLAS (Debian: libopenblas-dev, the pthread build). */
#include <cblas.h>
