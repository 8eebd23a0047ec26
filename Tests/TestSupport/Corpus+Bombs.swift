extension Corpus {
    /// The bombs that are always refused, and how: each by its own code, so that an operator sees
    /// which limit to think about.
    public static let bombCodes = [
        ("empty.jpg", "photo_empty"), ("html.jpg", "unsupported_format"),
        ("jpeg_dnl_zero_height.jpg", "photo_undecodable"),
        ("jpeg_hdr_65535x65535_base_nodata.jpg", "side_too_long"),
        ("jpeg_hdr_65535x65535_prog_rgb_200B.jpg", "side_too_long"),
        ("jpeg_prog_4096x4096_2000scans.jpg", "too_many_scans"),
        ("jpeg_prog_65500x65500_2scans_hdr.jpg", "side_too_long"),
        ("jpeg_prog_7000x7000_10000scans.jpg", "too_many_scans"),
        ("one_byte.jpg", "unsupported_format"),
        ("png_20000x20000_rgba8.png", "side_too_long"),
        ("png_65535x65535_gray1.png", "side_too_long"),
        ("png_7000x7000_rgba16_adam7.png", "too_many_interlaced_pixels"),
        ("png_hdr_2147483647.png", "side_too_long"), ("sig_only.png", "photo_undecodable"),
        ("soi_only.jpg", "photo_undecodable"),
    ]
}
