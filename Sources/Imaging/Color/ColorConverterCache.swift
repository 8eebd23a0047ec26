/// The conversions of recently seen profiles; setting one up costs more than using it on a small
/// picture.
final class ColorConverterCache {
    /// How many profiles are kept: a batch mixes a few makes of phone.
    private static let entryLimit = 8

    private var entries: [(icc: [UInt8], converter: ColorConverter)] = []

    /// Converts pixels to sRGB where `profile` asks for it, and says what was done.
    ///
    /// - Parameter checkTime: Called now and then; what it throws ends the conversion.
    func convertToSRGB(
        _ pixels: inout [UInt8], from profile: EmbeddedProfile?,
        colorModel: PhotoHeader.ColorModel,
        checkTime: () throws(ImageDecodingError) -> Void
    ) throws(ImageDecodingError) -> ColorProfile? {
        switch profile {
        case nil: return nil
        case .unreadable?: return ColorProfile(name: "", treatment: .ignored)
        case .icc(let icc)?:
            let converter = converter(for: icc)
            // An RGB profile on grey samples cannot be meant: R = G = B went through no such space.
            let isRGB =
                colorModel != .gray && colorModel != .grayAlpha
                && colorModel != .cmyk && colorModel != .ycck
            if isRGB {
                try converter.convert(&pixels, checkTime: checkTime)
                return converter.profile
            }
            return ColorProfile(name: converter.profile.name, treatment: .ignored)
        }
    }

    private func converter(for icc: [UInt8]) -> ColorConverter {
        if let known = entries.first(where: { $0.icc == icc }) { return known.converter }
        let converter = ColorConverter(icc: icc)
        if entries.count == Self.entryLimit { entries.removeFirst() }
        entries.append((icc, converter))
        return converter
    }
}
