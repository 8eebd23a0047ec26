import CaseStore
import ReturnsDomain
import Testing

@Suite struct ErrorSentenceTests {
    @Test(arguments: [
        (
            CaseStoreError.databaseNewer(found: 7, supported: 1),
            "database has schema version 7, this build reads up to 1; use the newer build"
        ),
        (.busy, "database was locked by other processes for more than 5 s; try again"),
        (
            .keyFileExposed(path: "keys/wrapping.key", mode: "0644"),
            "key file keys/wrapping.key has mode 0644, expected 0600; run chmod 600 on it and "
                + "consider who could have read it"
        ),
        (
            .reviewerUnknown(name: "eve"),
            "there is no reviewer 'eve'; add one with: regrade reviewer add"
        ),
        (
            .exportDiverges(file: "adjudications.jsonl", seq: 3),
            "adjudications.jsonl differs from the database at sequence number 3; keep a copy, "
                + "delete the file and it is written anew"
        ),
        (
            .commentTooLong(byteCount: 4001, limit: 4000),
            "comment has 4001 bytes, more than the limit of 4000"
        ),
    ])
    func saysWhatIsWrongAndWhatToDo(error: CaseStoreError, sentence: String) {
        #expect(error.description == sentence)
    }

    @Test func aFindingNamesItsPlaceAndWhatIsWrong() {
        let problem = AuditProblem(.hashDiffers, seq: 12, file: "00000001.jsonl")
        #expect(
            problem.description == "00000001.jsonl, entry 12: the contents do not have the hash "
                + "of the entry; it was changed")
    }
}
