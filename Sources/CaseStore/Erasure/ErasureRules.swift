/// What erasing a case does to each table; a test compares this list with the schema.
///
/// A migration that adds a table which names an inspection, a task, an order or a photo adds its
/// rule here. Rules run in this order, with the tenant as `?1` and the inspection as `?2`.
enum ErasureRules {
    /// What is done to one table.
    struct Rule {
        let table: String
        let statement: String
    }

    /// The statement of each table, those that others refer to last.
    static let ofCase: [Rule] = [
        Rule(table: "reviewLease", statement: delete("reviewLease", where: ofTask)),
        Rule(table: "reviewDecision", statement: delete("reviewDecision", where: ofTask)),
        Rule(table: "appeal", statement: delete("appeal", where: ofInspection)),
        Rule(table: "truth", statement: delete("truth", where: ofInspection)),
        Rule(table: "goldItem", statement: delete("goldItem", where: ofInspection)),
        Rule(table: "caseView", statement: delete("caseView", where: ofInspection)),
        Rule(table: "reviewTask", statement: delete("reviewTask", where: ofInspection)),
        Rule(table: "batchItem", statement: delete("batchItem", where: unreadableOfCase)),
        Rule(table: "batchItem", statement: delete("batchItem", where: inspectedInBatch)),
        Rule(
            table: "photoAssessment",
            statement: delete(
                "photoAssessment",
                where: """
                    sha256 IN (SELECT sha256 FROM photo WHERE tenant = ?1 AND inspection = ?2)
                    """)),
        Rule(
            table: "photoLook",
            statement: delete(
                "photoLook",
                where: """
                    inspection = ?2 AND (number, part) IN (
                      SELECT n.value, (p.look >> (16 * n.value)) & 65535
                      FROM photo p, json_each('[0, 1, 2, 3]') n
                      WHERE p.tenant = ?1 AND p.inspection = ?2 AND p.look IS NOT NULL)
                    """)),
        Rule(table: "photo", statement: delete("photo", where: ofInspection)),
        // With the banks that were made with them: see ``StoreTransaction/remove(_:)``.
        Rule(table: "referencePhoto", statement: delete("referencePhoto", where: referenceOfCase)),
        Rule(
            table: "queueEvent",
            statement: """
                UPDATE queueEvent SET event = 'erased',
                  line = CAST('{"event":"erased","seq":' || seq || '}' AS BLOB)
                WHERE tenant = ?1 AND inspection = ?2
                """),
        Rule(
            table: "webhookDelivery",
            statement: """
                UPDATE webhookDelivery SET state = 'dropped', nextAt = NULL, settledAt = nextAt
                WHERE tenant = ?1 AND state = 'pending' AND seq IN
                  (SELECT seq FROM outboxEvent WHERE tenant = ?1 AND inspection = ?2)
                """),
        Rule(
            table: "outboxEvent",
            statement: """
                UPDATE outboxEvent SET type = 'erased',
                  body = CAST('{"event":"erased","seq":' || seq || '}' AS BLOB)
                WHERE tenant = ?1 AND inspection = ?2
                """),
        Rule(
            table: "idempotencyKey",
            statement: """
                UPDATE idempotencyKey SET state = 'erased', fingerprint = '', status = NULL,
                  headers = NULL, body = NULL
                WHERE tenant = ?1 AND inspection = ?2
                """),
        Rule(
            table: "adjudication",
            statement: """
                UPDATE adjudication SET document = NULL WHERE tenant = ?1 AND inspection = ?2
                """),
        Rule(
            table: "submissionPhoto", statement: delete("submissionPhoto", where: "submission = ?2")
        ),
        Rule(table: "submission", statement: delete("submission", where: "id = ?2")),
        Rule(table: "legalHold", statement: delete("legalHold", where: ofInspection)),
        Rule(
            table: "inspection",
            statement: """
                UPDATE inspection SET orderID = NULL, sku = NULL, category = NULL, region = NULL,
                  consent = NULL, salt = NULL, wrappedDataKey = NULL, sealedStatement = NULL
                WHERE tenant = ?1 AND id = ?2
                """),
    ]

    /// Tables that name a case and stay as they are, each with the reason.
    static let untouched: [String: String] = [
        "auditEntry": "holds no personal data, and a chain that loses entries does not verify",
        "erasure": "says that the case was erased",
        "decidingVersion": "its hashes are of policies, models and calibrations",
    ]

    /// What the retention period of photos removes.
    static let ofPhotos = """
        UPDATE photo SET keptName = NULL, keptSHA256 = NULL, keptByteCount = NULL
        WHERE tenant = ?1 AND inspection = ?2
        """

    /// What the retention period of texts removes.
    static let ofTexts = [
        "UPDATE inspection SET sealedStatement = NULL WHERE tenant = ?1 AND id = ?2",
        "UPDATE reviewDecision SET sealedComment = NULL WHERE tenant = ?1 AND \(ofTask)",
        "UPDATE appeal SET sealedStatement = NULL WHERE tenant = ?1 AND inspection = ?2",
    ]

    /// Whether a row `i` of `inspection` has texts besides the customer's statement.
    static let hasOtherTexts = """
        EXISTS (SELECT 1 FROM reviewTask t
          JOIN reviewDecision d ON d.tenant = t.tenant AND d.task = t.id
          WHERE t.tenant = i.tenant AND t.inspection = i.id AND d.sealedComment IS NOT NULL)
        OR EXISTS (SELECT 1 FROM appeal a WHERE a.tenant = i.tenant AND a.inspection = i.id
          AND a.sealedStatement IS NOT NULL)
        """

    /// Whether a row of `batchItem` is a result of the case.
    static let inspectedInBatch = """
        adjudicationSeq IN (SELECT seq FROM adjudication
          WHERE tenant = ?1 AND inspection = ?2)
        """

    /// Whether a row of `batchItem` is of a file that could not be read and leads to the case.
    ///
    /// It belongs to no case, so it is found by what it shares with this one: the name of an item,
    /// a path, or the order's number in one of them. Short numbers stand in too many paths.
    static let unreadableOfCase = """
        errorCode IS NOT NULL AND (
          item IN (\(resultsOfCase("o.item")))
          OR EXISTS (SELECT 1 FROM json_each(batchItem.paths) p WHERE p.value IN
            (\(resultsOfCase("q.value", ", json_each(o.paths) q"))))
          OR EXISTS (SELECT 1 FROM inspection i WHERE i.tenant = ?1 AND i.id = ?2
            AND length(i.orderID) >= 4 AND (instr(batchItem.item, i.orderID) > 0
              OR EXISTS (SELECT 1 FROM json_each(batchItem.paths) p
                WHERE instr(p.value, i.orderID) > 0)))
        )
        """

    private static func resultsOfCase(_ value: String, _ join: String = "") -> String {
        """
        SELECT \(value) FROM batchItem o\(join) WHERE o.tenant = ?1 AND o.adjudicationSeq IN
          (SELECT seq FROM adjudication WHERE tenant = ?1 AND inspection = ?2)
        """
    }

    /// Whether a reference photo shows the case's item: it is of its order, or was taken from it.
    static let referenceOfCase = """
        (inspection = ?2 OR orderID = (SELECT orderID FROM inspection
          WHERE tenant = ?1 AND id = ?2))
        """

    private static let ofInspection = "inspection = ?2"
    private static let ofTask =
        "task IN (SELECT id FROM reviewTask WHERE tenant = ?1 AND inspection = ?2)"

    private static func delete(_ table: String, where condition: String) -> String {
        "DELETE FROM \(table) WHERE tenant = ?1 AND \(condition)"
    }
}
