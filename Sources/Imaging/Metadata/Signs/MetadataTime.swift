/// A time as metadata state it: seconds since 1970 on whatever clock it was read from.
///
/// EXIF times are local and mostly without a zone, so two of them agree only within a day.
/// - SeeAlso: CIPA DC-008 (Exif 2.32), 4.6.4 (DateTime) and 4.6.6 (GPSDateStamp).
struct MetadataTime: Hashable, Comparable {
    /// Seconds since 1970-01-01 00:00:00 of that clock.
    let seconds: Int

    /// Cameras before these had no EXIF; clocks that were never set show such years.
    private static let years = 1995...2100

    /// `YYYY:MM:DD HH:MM:SS`; nil for anything else, and for a clock that was never set.
    init?(exif text: String) {
        let halves = text.split(separator: " ", omittingEmptySubsequences: false)
        guard halves.count == 2, let day = Self.day(halves[0]),
            let time = Self.numbers(halves[1], digits: [2, 2, 2]), time[0] < 24, time[1] < 60,
            time[2] <= 60
        else { return nil }
        seconds = day * 86_400 + time[0] * 3600 + time[1] * 60 + time[2]
    }

    /// `YYYY:MM:DD` and whole hours; nil for anything else.
    init?(gpsDate text: String, hours: Int) {
        guard let day = Self.day(text[...]), (0...24).contains(hours) else { return nil }
        seconds = day * 86_400 + hours * 3600
    }

    static func < (left: MetadataTime, right: MetadataTime) -> Bool { left.seconds < right.seconds }

    /// How many seconds this is after another time; negative if it is before.
    func seconds(after other: MetadataTime) -> Int { seconds - other.seconds }

    /// Days since 1970-01-01 in the Gregorian calendar.
    private static func day(_ text: Substring) -> Int? {
        guard let date = numbers(text, digits: [4, 2, 2]), years.contains(date[0]),
            (1...12).contains(date[1]), (1...31).contains(date[2])
        else { return nil }
        // Years begin in March, so that the leap day is the last of its year.
        let year = date[1] <= 2 ? date[0] - 1 : date[0]
        let month = (date[1] + 9) % 12
        let dayOfYear = (153 * month + 2) / 5 + date[2] - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }

    /// Numbers of just so many digits with colons between them.
    private static func numbers(_ text: Substring, digits: [Int]) -> [Int]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == digits.count else { return nil }
        var numbers: [Int] = []
        for (part, count) in zip(parts, digits) {
            guard part.utf8.count == count, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(part)
            else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}
