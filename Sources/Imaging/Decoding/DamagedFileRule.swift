/// When a damaged file is still worth looking at.
///
/// Codecs repair what they can and go on: a JPEG cut in half decodes "successfully" with grey rows.
/// A photo with any codec warning is flagged, so that no machine decides on it; one that lacks
/// rows is refused.
public enum DamagedFileRule {
    /// Share of the rows that must come from the file, in 0...1.
    public static let realRowRatioRequired = 0.9

    /// Whether so many real rows out of `rowCountExpected` (at least 1) are enough.
    static func admits(rowCount: Int, of rowCountExpected: Int) -> Bool {
        Double(rowCount) >= realRowRatioRequired * Double(rowCountExpected)
    }
}
