/* zlib (Debian: zlib1g-dev): one body at a time as gzip, RFC 1952. */
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

/*
 * Writes `bytes[0 ..< byte_count]` as gzip to `out[0 ..< capacity]`.
 *
 * Here because deflateInit2 is a macro, which Swift cannot call. Returns how many bytes were
 * written; 0 if they do not fit or there is no memory. Manual: deflateInit2, windowBits + 16.
 */
static inline size_t gzip_bytes(
    const uint8_t *bytes, size_t byte_count, uint8_t *out, size_t capacity, int level)
{
    z_stream stream = {0};
    if (byte_count > UINT32_MAX || capacity > UINT32_MAX)
        return 0;
    if (deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)byte_count;
    stream.next_out = out;
    stream.avail_out = (uInt)capacity;
    int status = deflate(&stream, Z_FINISH);
    size_t count = stream.total_out;
    deflateEnd(&stream);
    return status == Z_STREAM_END ? count : 0;
}
