import Foundation
import ReturnsDomain
import TestSupport
import Testing
import Workflow

struct LabelReaderTests {
    private func labels(
        _ text: String, photos: String? = nil, rowCountLimit: Int = LabelReader.rowCountLimit
    ) throws -> [LabelledPhoto] {
        let folder = try TemporaryFolder()
        let file = try folder.write(text, to: "labels.csv")
        return try LabelReader.labels(
            path: file.path, photosFolder: photos, rowCountLimit: rowCountLimit)
    }

    @Test func contractColumnsAreRead() throws {
        let label = try labels(
            """
            path,outcome,severity,damaged,types,category,group
            a.jpg,refurbish,minor,1,dent|scratch,vehicle,g1

            """)[0]
        #expect(label.outcome == .refurbish && label.severity == .minor)
        #expect(label.isDamaged == true && label.types == [.dent, .scratch])
        #expect(label.category == "vehicle" && label.group == "g1")
        guard case .file(let file) = label.place else {
            Issue.record("\(label.place)")
            return
        }
        #expect(file.hasSuffix("/a.jpg"))
    }

    @Test func moreRowsThanTheLimitAreRefused() throws {
        let text = "path,damaged\na.jpg,0\nb.jpg,1\n"
        #expect(try labels(text, rowCountLimit: 2).count == 2)
        #expect(throws: ManifestError.tooManyRows(limit: 1)) {
            try labels(text, rowCountLimit: 1)
        }
    }

    @Test func trainingManifestsAreRead() throws {
        let label = try labels(
            """
            path,source,licence,category,damaged,severity,types,group,width,height
            b.jpg,shop,CC0,box,0,,,g2,300,200

            """, photos: "/elsewhere")[0]
        // Intact goods have a known severity.
        #expect(label.severity == Severity.none && label.isDamaged == false)
        #expect(label.source == "shop" && label.place == .file("/elsewhere/b.jpg"))
    }

    @Test func labelsByInspectionAreRead() throws {
        let id = InspectionID(at: Timestamp(millisecondsSince1970: 0))
        let hash = ContentHash(digest: Array(repeating: 0xAB, count: 32))
        let found = try labels(
            """
            path,inspection,outcome,category,group,sha256,view,labelled_by,machine_outcome,\
            misclassified,sampling_probability
            ,\(id),resell,box,g1,\(hash),front,reviewer,reject,1,0.02
            ,\(id),resell,box,,,,,,,
            a.jpg,\(id),resell,box,,\(hash),,,,,

            """)
        #expect(found[0].place == .kept(id, sha256: hash) && found[0].group == "g1")
        #expect(found[0].path == "\(id)/abababababab")
        // Photos of one inspection are not independent of each other.
        #expect(found[1].place == .kept(id, sha256: nil) && found[1].group == id.description)
        #expect(!found[2].isKept && found[2].path == "a.jpg")
    }

    @Test func emptyMeansUnknownAndEachPhotoIsItsOwnGroup() throws {
        let label = try labels("path,damaged,severity,group,split\nc.jpg,,,,train\n")[0]
        #expect(label.isDamaged == nil && label.severity == nil && label.group == "c.jpg")
        #expect(label.isTrainingPhoto)
    }

    @Test(arguments: [
        ("a.jpg,2,", "severe", true), ("a.jpg,,reject", "reject", true),
        ("a.jpg,0,", "none", false),
    ])
    func damageFollowsFromSeverityAndOutcome(row: String, what: String, damaged: Bool) throws {
        let label = try labels("path,severity,outcome\n\(row)\n")[0]
        #expect(label.isDamaged == damaged, "\(what)")
    }

    @Test(arguments: [
        ("path,colour,shape\na,1,2\n", "unknown columns colour, shape"),
        ("damaged\n1\n", "no column path and no column inspection"),
        ("path,inspection\n,\n", "line 2: path and inspection are empty"),
        ("inspection\n4711\n", "line 2: inspection is '4711', expected insp_…"),
        (
            "inspection,sha256\ninsp_\(String(repeating: "0", count: 26)),ab\n",
            "line 2: sha256 is 'ab', expected 64 hexadecimal digits"
        ),
        ("path,path\na,b\n", "the column path twice"),
        ("path,severity\na.jpg,awful\n", "line 2: severity is 'awful'"),
        ("path,damaged\na.jpg,maybe\n", "line 2: damaged is 'maybe'"),
        ("path,outcome\na.jpg,retake\n", "line 2: outcome is 'retake'"),
        ("path,types\na.jpg,dent|rust\n", "line 2: types is 'rust'"),
        ("path,damaged,severity\na.jpg,0,3\n", "damaged is false and severity is severe"),
        ("path,damaged\n", "no rows"), ("", "is empty"), ("path,damaged\na\n", "1 fields"),
    ])
    func mistakesAreNamed(text: String, message: String) throws {
        let error = #expect(throws: ManifestError.self) { try labels(text) }
        #expect("\(error.map(String.init(describing:)) ?? "")".contains(message))
    }
}
