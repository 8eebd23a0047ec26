import ReturnsDomain
import Testing
import Workflow

/// What may be handed in as reference photos, before any of them is looked at.
struct ReferenceSubmissionTests {
    private func submission(
        sku: String = "MUG/1", role: ReferenceRole = .catalogue, order: String? = nil,
        photos: Int = 1
    ) throws -> ReferenceSubmission {
        try ReferenceSubmission(
            sku: sku, role: role, orderID: order,
            photos: Array(repeating: SubmittedPhoto(bytes: [1], view: .front), count: photos))
    }

    @Test func whatIsInItsBoundsIsTaken() throws {
        let limit = ReferenceSubmission.photoCountLimit
        #expect(try submission(photos: limit).photos.count == limit)
        #expect(try submission(role: .packing, order: "o-1").orderID == "o-1")
        #expect(try submission(sku: String(repeating: "x", count: 200)).sku.count == 200)
    }

    @Test func whatIsNotIsRefusedByItsName() {
        func code(_ make: () throws -> ReferenceSubmission) -> String? {
            do {
                _ = try make()
                return nil
            } catch {
                return (error as? Failure)?.code
            }
        }
        #expect(code { try submission(photos: 0) } == "photo_count")
        let limit = ReferenceSubmission.photoCountLimit
        #expect(code { try submission(photos: limit + 1) } == "photo_count")
        for role in [ReferenceRole.catalogue, .pristine] {
            #expect(code { try submission(role: role, order: "1") } == "reference_role_invalid")
        }
        let long = String(repeating: "x", count: 201)
        for sku in ["", "a\nb", long] {
            #expect(code { try submission(sku: sku) } == "order_data_invalid", "\(sku)")
        }
        #expect(code { try submission(role: .packing, order: long) } == "order_data_invalid")
    }
}
