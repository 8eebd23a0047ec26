import Foundation
import ReturnsDomain

/// Whose secret something is; bound to it as associated data.
struct SealOwner: Sendable {
    let tenant: Tenant
    let subject: Subject

    /// What has a data key of its own.
    enum Subject: Sendable {
        case inspection(InspectionID)
        case reference(ReferencePhotoID)
        /// A bank made from reference photos, by the name of its file.
        case bank(file: String)
    }

    init(tenant: Tenant, inspection: InspectionID) {
        self.tenant = tenant
        subject = .inspection(inspection)
    }

    init(tenant: Tenant, reference: ReferencePhotoID) {
        self.tenant = tenant
        subject = .reference(reference)
    }

    init(tenant: Tenant, bankFile: String) {
        self.tenant = tenant
        subject = .bank(file: bankFile)
    }

    /// The owner that a row's `id` names.
    init(tenant: Tenant, rowID: String) {
        self.tenant = tenant
        if let inspection = InspectionID(rowID) {
            subject = .inspection(inspection)
        } else if let reference = ReferencePhotoID(rowID) {
            subject = .reference(reference)
        } else {
            subject = .bank(file: rowID)
        }
    }

    func associatedData(_ part: String) -> Data {
        let name =
            switch subject {
            case .inspection(let id): id.description
            case .reference(let id): id.description
            case .bank(let file): "bank-\(file)"
            }
        return Data("regrade/1|\(tenant)|\(name)|\(part)".utf8)
    }

    /// What it means that something sealed does not open.
    var broken: CaseStoreError {
        switch subject {
        case .inspection(let id): .sealBroken(id)
        case .reference(let id): .reference(.broken(id))
        case .bank: .reference(.bankBroken)
        }
    }

    /// What it means that something could not be sealed.
    func unsealable(_ reason: String) -> CaseStoreError {
        switch subject {
        case .inspection(let id): .recordInvalid(id, reason: reason)
        case .reference, .bank: .reference(.invalid(reason: reason))
        }
    }
}
