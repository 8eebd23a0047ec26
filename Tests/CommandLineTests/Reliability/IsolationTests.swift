import Foundation
import Imaging
import TestSupport
import Testing

/// Photos decoded by the real program as a helper, and by programs that are none.
@Suite struct IsolationTests {
    private static let program = IsolatedPhotoDecoder.Program(
        path: RepositoryProgram.executable.path)

    private func outcome(
        _ bytes: [UInt8], _ decoder: some PhotoDecoding
    ) -> Result<DecodedPhoto, ImageDecodingError> {
        Result { () throws(ImageDecodingError) in
            try decoder.decode(bytes, covering: PixelSize(width: 64, height: 64))
        }
    }

    @Test func aHelperGivesWhatThisProcessGives() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Repository.fixtures.path)
            .filter { $0.hasSuffix(".jpg") || $0.hasSuffix(".png") }.sorted()
        var files = try names.prefix(6).map {
            try [UInt8](Data(contentsOf: Repository.fixtures.appending(path: $0)))
        }
        for entry in Corpus.entries.enumerated() where entry.offset.isMultiple(of: 23) {
            files.append(try Corpus.bytes(entry.element.path))
        }
        let isolated = IsolatedPhotoDecoder(program: Self.program)
        let here = PhotoDecoder()
        for file in files { #expect(outcome(file, isolated) == outcome(file, here)) }
        #expect(files.count > 5 && isolated.isFiltered == true)
    }

    @Test func aHelperHasGivenUpItsRights() throws {
        let isolated = IsolatedPhotoDecoder(program: Self.program)
        _ = outcome(try photo(), isolated)
        let process = try #require(isolated.process)
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        #expect(status.contains("NoNewPrivs:\t1\n"))
        // 2: a filter; see proc(5).
        #expect(status.contains("Seccomp:\t2\n"))
        let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
        let files = limits.split(separator: "\n").first { $0.hasPrefix("Max open files") }
        #expect(files?.split(separator: " ")[3...4] == ["3", "3"])
    }

    /// None, if its death is seen before the next photo is handed over.
    @Test func aHelperThatIsKilledCostsAtMostOnePhoto() throws {
        let isolated = IsolatedPhotoDecoder(program: Self.program)
        let bytes = try photo()
        let whole = outcome(bytes, isolated)
        for _ in 0..<3 {
            let process = try #require(isolated.process)
            #expect(kill(process, SIGKILL) == 0)
            let next = outcome(bytes, isolated)
            if next != whole {
                #expect(next == .failure(.decoderFailed(.ended)))
                #expect(isolated.process == nil)
                #expect(outcome(bytes, isolated) == whole)
            }
            #expect(isolated.process != process)
        }
    }

    /// Helpers that are shell scripts, and what is said of them; `%` stands for the first message.
    static let impostors: [(script: String, failure: DecoderFailure)] = [
        ("exit 0", .notStarted(errorNumber: ENOEXEC)),
        ("printf nonsense >&0", .notStarted(errorNumber: ENOEXEC)),
        ("% exit 1", .ended),
        ("% dd bs=65536 count=1 <&0 >/dev/null; kill -9 $$", .ended),
        (
            "% dd bs=65536 count=1 <&0 >/dev/null; printf nonsense >&0; exec sleep 60",
            .answerInvalid
        ),
        ("% printf '{\"ready\":{\"isFiltered\":true}}' >&0; exec sleep 60", .answerInvalid),
        ("% dd bs=65536 count=1 <&0 >/dev/null; exec sleep 60", .silent(seconds: 1)),
        (
            "% printf '{\"decoded\":{\"_0\":{\"header\":{\"format\":\"jpeg\",\"storedSize\":"
                + "{\"width\":16000,\"height\":4000},\"orientation\":1,\"bitDepth\":8,"
                + "\"componentCount\":3,\"colorModel\":\"ycbcr\",\"isInterlaced\":false,"
                + "\"isProgressive\":false,\"isArithmetic\":false},\"reduction\":1,"
                + "\"codecWarningCount\":0,\"realRowCount\":4000}}}' >&0; exec sleep 60",
            .answerInvalid
        ),
        (
            "% printf '{\"decoded\":{\"_0\":{\"header\":{\"format\":\"jpeg\",\"storedSize\":"
                + "{\"width\":9223372036854775807,\"height\":8},\"orientation\":1,\"bitDepth\":8,"
                + "\"componentCount\":3,\"colorModel\":\"ycbcr\",\"isInterlaced\":false,"
                + "\"isProgressive\":false,\"isArithmetic\":false},\"reduction\":1,"
                + "\"codecWarningCount\":0,\"realRowCount\":8}}}' >&0; exec sleep 60",
            .answerInvalid
        ),
    ]

    @Test(arguments: impostors)
    func aHelperThatMisbehavesIsNotBelieved(
        impostor: (script: String, failure: DecoderFailure)
    ) throws {
        let folder = try TemporaryFolder()
        let hello = "printf '{\"ready\":{\"isFiltered\":true}}' >&0;"
        let script = "#!/bin/sh\n" + impostor.script.replacing("%", with: hello, maxReplacements: 1)
        let file = try folder.write(script + "\n", to: "helper")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file.path)
        let isolated = IsolatedPhotoDecoder(
            program: .init(path: file.path), silenceSeconds: impostor.failure.seconds ?? 30)
        #expect(
            outcome(try photo(), isolated) == .failure(.decoderFailed(impostor.failure)))
        #expect(isolated.process == nil)
    }

    @Test func aProgramThatIsNotThereIsSaidToBe() throws {
        let isolated = IsolatedPhotoDecoder(program: .init(path: "/no/such/program"))
        #expect(
            outcome(try photo(), isolated)
                == .failure(.decoderFailed(.notStarted(errorNumber: ENOENT))))
    }

    @Test func theProgramInspectsThroughHelpers() async throws {
        let arguments = ["inspect", "fixtures/box-intact.jpg", "--category", "box", "--json"]
        let plain = try await RepositoryProgram.run(arguments)
        let isolated = try await RepositoryProgram.run(arguments + ["--isolate-decoders"])
        #expect(plain.status == 0 && isolated.status == 0, "\(isolated.messages)")
        func document(_ output: ProgramOutput) throws -> [String: Any] {
            let object = try JSONSerialization.jsonObject(with: output.standardOutput)
            return try #require(object as? [String: Any])
        }
        for member in ["probabilities", "outcome", "photos", "reasons"] {
            let (one, other) = (try document(plain)[member], try document(isolated)[member])
            #expect(one != nil && (one as? NSObject) == (other as? NSObject), "\(member)")
        }
    }

    private func photo() throws -> [UInt8] {
        try [UInt8](Data(contentsOf: Repository.fixtures.appending(path: "box-intact.jpg")))
    }
}

extension DecoderFailure {
    /// How long was waited in vain.
    fileprivate var seconds: Int? {
        if case .silent(let seconds) = self { seconds } else { nil }
    }
}
