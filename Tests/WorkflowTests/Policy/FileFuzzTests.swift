import Foundation
import TestSupport
import Testing
import Workflow

/// Mutants of the files that a shop writes: policies, manifests, labels, addresses.
struct FileFuzzTests {
    @Test func policiesAreAnsweredWithoutACrash() async throws {
        let fuzzing = ParserFuzzing(
            "policy", seeds: [Array(LoadedPolicy.shippedBytes)],
            words: [
                "&a", "*a", "<<: *a", "- ", "? ", "!!binary", "|\n", "{", "[", ": ", "\t", "~",
                "---\n",
                "rules:", "1e999", "%YAML 1.1\n",
            ], fastCount: 60)
        try await fuzzing.run { bytes in
            let check = PolicyCheck(bytes: Data(bytes))
            if let error = check.error { throw error }
        }
    }

    private static let manifest =
        "item,path,view,category,value,currency\nA,a/front.jpg,front,phone,12900,EUR\n"
        + "A,\"a/b\"\"ack.jpg\",back,,,\n,/else/where.png,,box,,\r\n"

    private static let marks = [
        "\"", "\"\"", ",", "\n", "\r\n", "\u{FEFF}", "-1", "9223372036854775808", "EUR",
    ]

    @Test func manifestsAreAnsweredWithoutACrash() async throws {
        let folder = try TemporaryFolder()
        let fuzzing = ParserFuzzing(
            "manifest", seeds: [Array(Self.manifest.utf8)], words: Self.marks)
        try await fuzzing.run { bytes in
            let file = try folder.write(Data(bytes), to: "items.csv")
            var reader = try ManifestReader(path: file.path)
            while let entry = try reader.next() { #expect(!entry.paths.isEmpty) }
        }
    }

    @Test func labelsAreAnsweredWithoutACrash() async throws {
        let folder = try TemporaryFolder()
        let labels = "path,category,severity\na.jpg,box,none\n\"b.jpg\",phone,2\n"
        let fuzzing = ParserFuzzing(
            "labels", seeds: [Array(labels.utf8)], words: Self.marks + ["severe", "split"])
        try await fuzzing.run { bytes in
            let file = try folder.write(Data(bytes), to: "labels.csv")
            _ = try LabelReader.labels(path: file.path)
        }
    }

    @Test func webhookAddressesAreAnsweredWithoutACrash() async throws {
        let seeds = [
            "https://hooks.example/returns?a=b", "https://[2001:db8::1]:8443/x",
            "https://user@example.com:443/%41#f", "https://192.168.0.1/",
        ]
        let fuzzing = ParserFuzzing(
            "webhook-url", seeds: seeds.map { Array($0.utf8) },
            words: [
                "@", "://", "[", "]", ":", "%00", "%2e", "..", "localhost", "0x7f", "::ffff:", "\\",
            ],
            fastCount: 2_000)
        try await fuzzing.run { bytes in
            _ = try WebhookURL(String(decoding: bytes, as: UTF8.self))
        }
    }
}
