import Foundation
import Imaging
import ReturnsDomain
import ReviewTerminal
import TestSupport
import Testing

struct ScreenTests {
    private static let goldenFolder = Repository.root.appending(
        path: "Tests/ReviewTerminalTests/Golden")

    /// Compares a screen with the checked-in one; `UPDATE_GOLDEN=1` writes it.
    private func expectGolden(_ lines: [String], _ name: String) throws {
        let file = Self.goldenFolder.appending(path: name + ".txt")
        let text = lines.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    private static let statement =
        "Screen \u{1B}[31mcracked\u{07} on arrival.\nパッケージは無傷でした。"

    private static let screens: [(name: String, columns: Int, rows: Int, keys: String)] = [
        ("case-80x24", 80, 24, ""), ("case-120x40", 120, 40, ""), ("case-50x30", 50, 30, ""),
        ("scrolled-80x24", 80, 24, "jjjj"), ("reason-80x24", 80, 24, "f"),
        ("help-80x24", 80, 24, "?"), ("comment-80x24", 80, 24, "cpackaging intact 箱"),
        ("small-30x8", 30, 8, ""),
    ]

    @Test(arguments: screens.indices) func theScreenIsAsChecked(index: Int) throws {
        let screen = Self.screens[index]
        var driver = try Driver(columns: screen.columns, rows: screen.rows, showsPictures: true)
        driver.send(.leased(try Fixtures.record(1, statement: Self.statement)))
        driver.send(.photosLoaded(Fixtures.id(1), indexes: [0, 1]))
        for case .prepare(let key) in driver.effects {
            let image = Self.gradient(width: 60, height: 40)
            let picture = try #require(
                PictureMaker.prepared(image, in: key.place, by: .halfBlocks))
            driver.send(.prepared(key, picture))
        }
        driver.press(screen.keys)
        try expectGolden(driver.lines, screen.name)
    }

    private static func gradient(width: Int, height: Int) -> RGBImage {
        let pixels = (0..<height).flatMap { y in
            (0..<width).flatMap { x in
                [UInt8](repeating: UInt8(255 * (x + y) / (width + height)), count: 3)
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    @Test func anEmptyQueueAndTooFewColoursAreSaid() throws {
        var driver = try Driver()
        driver.send(.queueEmpty)
        try expectGolden(driver.lines, "empty-80x24")
        driver.send(.leased(try Fixtures.record(1)))
        #expect(driver.text.contains("This terminal shows too few"))
    }

    /// What the writer sends makes a terminal show the frame, whatever stood there before.
    @Test func changesAloneMakeTheSameScreenAsAWholeFrame() throws {
        var driver = try Driver(showsPictures: true)
        var writer = FrameWriter(depth: .full)
        var emulator = ScreenEmulator(columns: 80, rows: 24)
        driver.send(.leased(try Fixtures.record(1, statement: Self.statement)))
        driver.send(.leased(try Fixtures.record(2, statement: "ok")))
        driver.send(.photosLoaded(Fixtures.id(1), indexes: [0]))
        for case .prepare(let key) in driver.effects {
            let picture = try #require(
                PictureMaker.prepared(
                    Self.gradient(width: 60, height: 40), in: key.place, by: .halfBlocks))
            driver.send(.prepared(key, picture))
        }
        for keys in ["", "j", "f", "⎋", "?", "x", "c字x", "⏎", "f⏎", "jj"] {
            driver.press(keys)
            let frame = ReviewScreen.frame(of: driver.session, date: Fixtures.date)
            emulator.write(writer.bytes(for: frame))
            var whole = ScreenEmulator(columns: 80, rows: 24)
            var fresh = FrameWriter(depth: .full)
            whole.write(fresh.bytes(for: frame))
            #expect(emulator.lines == whole.lines, "after \(keys)")
            #expect(writer.bytes(for: frame).isEmpty, "nothing changed")
        }
        #expect(emulator.unknown.isEmpty, "\(emulator.unknown)")
    }

    @Test func aChangedCharacterIsAFewBytes() throws {
        var driver = try Driver()
        driver.send(.leased(try Fixtures.record(1)))
        var writer = FrameWriter(depth: .full)
        let all = writer.bytes(for: ReviewScreen.frame(of: driver.session, date: Fixtures.date))
        driver.now = .seconds(60)
        driver.send(.tick)
        let change = writer.bytes(for: ReviewScreen.frame(of: driver.session, date: Fixtures.date))
        #expect(!change.isEmpty)
        #expect(change.count < 80, "\(change.count) of \(all.count)")
    }

    @Test(arguments: [ColorDepth.none, .eight, .palette, .full])
    func coloursKeepToTheDepth(depth: ColorDepth) throws {
        var driver = try Driver(showsPictures: true)
        driver.send(.leased(try Fixtures.record(1)))
        driver.send(.photosLoaded(Fixtures.id(1), indexes: [0]))
        for case .prepare(let key) in driver.effects {
            let picture = PictureMaker.prepared(
                Self.gradient(width: 8, height: 8), in: key.place, by: .halfBlocks)
            driver.send(.prepared(key, try #require(picture)))
        }
        var writer = FrameWriter(depth: depth)
        let frame = ReviewScreen.frame(of: driver.session, date: Fixtures.date)
        let text = String(decoding: writer.bytes(for: frame), as: UTF8.self)
        #expect(text.contains("38;2;") == (depth == .full))
        #expect(text.contains("38;5;") == (depth == .palette))
        #expect(text.contains(";33m") == (depth != .none), "the proposal is yellow")
    }

    private static let palette: [(color: RGBColor, index: Int)] = [
        (RGBColor(red: 0, green: 0, blue: 0), 16), (RGBColor(red: 255, green: 255, blue: 255), 231),
        (RGBColor(red: 255, green: 0, blue: 0), 196), (RGBColor(red: 8, green: 8, blue: 8), 232),
        (RGBColor(red: 128, green: 128, blue: 128), 244),
        (RGBColor(red: 95, green: 135, blue: 175), 67),
    ]

    @Test(arguments: palette.indices) func theNearestPaletteColourIsTaken(index: Int) {
        #expect(Self.palette[index].color.paletteIndex == Self.palette[index].index)
    }

    @Test func kittyPicturesAreSentOnceInChunksAndTakenAway() throws {
        var driver = try Driver(showsPictures: true)
        driver.send(.leased(try Fixtures.record(1)))
        driver.send(.photosLoaded(Fixtures.id(1), indexes: [0]))
        var noise = SystemRandomNumberGenerator()
        let pixels = (0..<(120 * 90 * 3)).map { _ in UInt8.random(in: 0...255, using: &noise) }
        let image = RGBImage(width: 120, height: 90, pixels: pixels)
        for case .prepare(let key) in driver.effects {
            let picture = PictureMaker.prepared(
                image, in: key.place, by: .kitty(cell: PixelSize(width: 10, height: 20)))
            driver.send(.prepared(key, try #require(picture)))
        }
        var writer = FrameWriter(depth: .full)
        var emulator = ScreenEmulator(columns: 80, rows: 24)
        emulator.write(
            writer.bytes(for: ReviewScreen.frame(of: driver.session, date: Fixtures.date)))
        #expect(emulator.graphics.first?.hasPrefix("a=T,f=100") == true)
        #expect(emulator.graphics.count > 1)
        #expect(emulator.graphics.last?.hasSuffix("m=0") == true)
        let sentCount = emulator.graphics.count
        driver.press("j")
        emulator.write(
            writer.bytes(for: ReviewScreen.frame(of: driver.session, date: Fixtures.date)))
        #expect(emulator.graphics.count == sentCount)
        driver.press("?")
        emulator.write(
            writer.bytes(for: ReviewScreen.frame(of: driver.session, date: Fixtures.date)))
        #expect(emulator.graphics.last == "a=d,d=I,i=1,q=2")
    }

    @Test(arguments: [(400, 300), (300, 400), (4000, 10), (10, 4000), (1, 1)])
    func picturesFitTheirPlaceWithTheirProportions(width: Int, height: Int) throws {
        let image = Self.gradient(width: width, height: height)
        let place = CellSize(columns: 35, rows: 20)
        let picture = try #require(PictureMaker.prepared(image, in: place, by: .halfBlocks))
        #expect(picture.size.columns <= 35 && picture.size.rows <= 20)
        #expect(picture.size.columns == 35 || picture.size.rows == 20)
    }
}
