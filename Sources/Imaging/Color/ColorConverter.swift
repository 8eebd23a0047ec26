internal import CColorManagement

/// A conversion from one embedded RGB profile to sRGB, through Little CMS.
///
/// Only profiles of three curves and a matrix are followed: Display P3, Adobe RGB, ProPhoto and the
/// like. Those built on tables are printers' and scanners', and their parsers are the larger risk.
///
/// Safe because the handles are made in `init`, freed in `deinit` and never leave.
@safe final class ColorConverter {
    let profile: ColorProfile

    /// Little CMS's transform; nil where pixels stay as they are.
    private let transform: cmsHTRANSFORM?
    private let context: cmsContext?

    /// The longest profile name kept.
    private static let nameCharacterLimit = 64

    /// How far apart, of 255, two colours may be for a profile to count as sRGB: rounding of its
    /// curves and matrix.
    private static let matchTolerance = 2

    init(icc: [UInt8]) {
        let context = unsafe cmsCreateContext(nil, nil)
        unsafe self.context = unsafe context
        let source = unsafe icc.withUnsafeBytes { bytes in
            unsafe cmsOpenProfileFromMemTHR(
                context, bytes.baseAddress, UInt32(clamping: bytes.count))
        }
        guard let source = unsafe source else {
            unsafe transform = nil
            profile = ColorProfile(name: "", treatment: .ignored)
            return
        }
        defer { _ = unsafe cmsCloseProfile(source) }
        let name = unsafe Self.name(of: source)
        guard unsafe Self.isMatrixProfile(source),
            let target = unsafe cmsCreate_sRGBProfileTHR(context)
        else {
            unsafe transform = nil
            profile = ColorProfile(name: name, treatment: .ignored)
            return
        }
        defer { _ = unsafe cmsCloseProfile(target) }
        let transform = unsafe cmsCreateTransformTHR(
            context, source, Self.rgb8, target, Self.rgb8, UInt32(INTENT_PERCEPTUAL), 0)
        guard let transform = unsafe transform else {
            unsafe self.transform = nil
            profile = ColorProfile(name: name, treatment: .ignored)
            return
        }
        if unsafe Self.isIdentity(transform) {
            unsafe cmsDeleteTransform(transform)
            unsafe self.transform = nil
            profile = ColorProfile(name: name, treatment: .matchesSRGB)
        } else {
            unsafe self.transform = unsafe transform
            profile = ColorProfile(name: name, treatment: .converted)
        }
    }

    deinit {
        if let transform = unsafe transform { unsafe cmsDeleteTransform(transform) }
        unsafe cmsDeleteContext(context)
    }

    /// Pixels between two calls of `checkTime`: about a millisecond.
    private static let pixelsPerCheck = 65_536

    /// Converts samples R, G, B in place.
    ///
    /// - Parameter checkTime: Called now and then; what it throws ends the conversion.
    func convert(
        _ pixels: inout [UInt8], checkTime: () throws(ImageDecodingError) -> Void
    ) throws(ImageDecodingError) {
        guard let transform = unsafe transform else { return }
        let step = Self.pixelsPerCheck * 3
        for start in stride(from: 0, to: pixels.count, by: step) {
            try checkTime()
            let count = min(step, pixels.count - start)
            unsafe pixels.withUnsafeMutableBytes { bytes in
                // `start + count` is at most the buffer's count.
                let part = unsafe bytes.baseAddress.map { unsafe $0 + start }
                unsafe cmsDoTransform(transform, part, part, UInt32(count / 3))
            }
        }
    }

    /// `TYPE_RGB_8`, which is a macro that Swift does not see: RGB, three channels, one byte.
    private static let rgb8 = UInt32(PT_RGB) << 16 | 3 << 3 | 1

    private static func isMatrixProfile(_ profile: cmsHPROFILE) -> Bool {
        unsafe cmsGetColorSpace(profile) == cmsSigRgbData
            && cmsIsMatrixShaper(profile) != 0
            && cmsIsTag(profile, cmsSigAToB0Tag) == 0
    }

    private static func name(of profile: cmsHPROFILE) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        let count = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            unsafe cmsGetProfileInfoASCII(
                profile, cmsInfoDescription, "en", "US", buffer.baseAddress,
                UInt32(buffer.count - 1))
        }
        let bytes = buffer.prefix(Int(count)).prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let printable = bytes.filter { (0x20..<0x7F).contains($0) }
        return String(decoding: printable.prefix(nameCharacterLimit), as: UTF8.self)
    }

    /// Whether a lattice of 9 x 9 x 9 colours comes out as it went in.
    private static func isIdentity(_ transform: cmsHTRANSFORM) -> Bool {
        let levels = stride(from: 0, through: 255, by: 32).map { UInt8(min($0, 255)) } + [255]
        var colors: [UInt8] = []
        for red in levels {
            for green in levels {
                for blue in levels { colors += [red, green, blue] }
            }
        }
        var converted = colors
        unsafe converted.withUnsafeMutableBytes { bytes in
            unsafe cmsDoTransform(
                transform, bytes.baseAddress, bytes.baseAddress, UInt32(bytes.count / 3))
        }
        return zip(colors, converted).allSatisfy {
            abs(Int($0) - Int($1)) <= matchTolerance
        }
    }
}
