import Foundation
import Imaging
import TestSupport
import Testing
import Workflow

struct SettingsTests {
    @Test func flagsComeBeforeTheEnvironmentAndThatBeforeTheFile() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "regrade.yaml")
        try Data("data: from-file\nworkers: 3\nlocale: de\nkeepPhotos: false\n".utf8)
            .write(to: file)
        var flags = StatedSettings()
        flags.dataDirectory = "from-flag"
        flags.configurationPath = file.path
        let settings = try await Settings.loaded(
            flags: flags, environment: ["REGRADE_DATA": "from-env", "REGRADE_WORKERS": "5"])
        #expect(settings.dataDirectory == "from-flag")
        #expect(settings.workerCount == 5)
        #expect(settings.locale == "de")
        #expect(!settings.keepsPhotos)
    }

    @Test func everyLimitOnPhotosIsASetting() async throws {
        let settings = try await Settings.loaded(
            flags: StatedSettings(),
            environment: [
                "REGRADE_BYTE_COUNT_LIMIT": "1", "REGRADE_PIXEL_COUNT_LIMIT": "2",
                "REGRADE_INTERLACED_PIXEL_COUNT_LIMIT": "3", "REGRADE_SIDE_LIMIT": "4",
                "REGRADE_SCAN_COUNT_LIMIT": "5", "REGRADE_FRAME_COUNT_LIMIT": "6",
                "REGRADE_METADATA_BYTE_COUNT_LIMIT": "7", "REGRADE_MEMORY_BYTE_COUNT_LIMIT": "8",
                "REGRADE_PROCESSOR_TIME_LIMIT": "9",
            ])
        #expect(
            settings.decodingLimits
                == DecodingLimits(
                    byteCountLimit: 1, pixelCountLimit: 2, interlacedPixelCountLimit: 3,
                    sideLimit: 4, scanCountLimit: 5, frameCountLimit: 6,
                    metadataByteCountLimit: 7, memoryByteCountLimit: 8,
                    processorTimeLimit: .milliseconds(9)))
    }

    @Test func hasDefaults() async throws {
        let settings = try await Settings.loaded(flags: StatedSettings(), environment: [:])
        #expect(settings == Settings())
        #expect(settings.keepsPhotos)
    }

    @Test(arguments: [
        ("REGRADE_WORKERS", "0", "workers is '0', expected a whole number above 0"),
        ("REGRADE_WORKERS", "257", "workers is 257, expected 1 to 256"),
        ("REGRADE_WORKERS", "two", "workers is 'two', expected a whole number above 0"),
        ("REGRADE_SIDE_LIMIT", "-1", "sideLimit is '-1', expected a whole number above 0"),
    ])
    func namesAWrongValue(name: String, value: String, message: String) async {
        let failure = await #expect(throws: Failure.self) {
            try await Settings.loaded(flags: StatedSettings(), environment: [name: value])
        }
        #expect(failure?.message == message)
        #expect(failure?.kind == .configuration)
    }

    @Test func namesAnUnknownSetting() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "regrade.yaml")
        try Data("data: x\nwokers: 3\n".utf8).write(to: file)
        var flags = StatedSettings()
        flags.configurationPath = file.path
        let stated = flags
        let failure = await #expect(throws: Failure.self) {
            try await Settings.loaded(flags: stated, environment: [:])
        }
        #expect(failure?.code == "unknown_setting")
        #expect(failure?.message.contains("unknown settings wokers; known are") == true)
    }
}
