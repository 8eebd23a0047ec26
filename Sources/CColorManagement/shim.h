/* Little CMS 2 (Debian: liblcms2-dev): ICC profiles to sRGB. */
#include <lcms2.h>
