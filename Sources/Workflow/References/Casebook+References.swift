import CaseStore
public import ReturnsDomain

extension Casebook {
    /// Adds photos to a product's references; audited.
    ///
    /// Asking twice adds once.
    ///
    /// - Parameters:
    ///   - inspector: Decodes and judges them.
    ///   - actor: Who adds them.
    /// - Throws: ``Failure`` of kind `badInput` for a photo that cannot be one, of kind `usage`
    ///   with code `too_many_references`; then nothing was added.
    public func addReferences(
        _ submission: ReferenceSubmission, by inspector: Inspector,
        actor: AuditActor = .operatorOnHost
    ) async throws -> AddedReferences {
        let photos = try await Self.failing { try await inspector.references(of: submission) }
        let added = try await changing {
            try await $0.addReferences(photos, to: submission.sku, actor: actor)
        }
        if added.newCount > 0 { await prepare(submission.sku, by: inspector) }
        return added
    }

    /// Makes the kept photos of an item that a person decided to resell references of its product.
    ///
    /// Close-ups of damage are left out, as are photos that were not fit for judging.
    ///
    /// - Parameters:
    ///   - sku: The product, if the order did not state it; otherwise it must agree.
    ///   - inspector: Makes the banks at once; nil leaves that to the first item that needs them.
    ///   - actor: Who adds them.
    /// - Throws: ``Failure`` of kind `usage` with code `reference_not_resold` unless a person
    ///   decided resell, `reference_sku_differs`, or `photo_not_kept`.
    public func addReferences(
        from inspection: InspectionID, sku: String? = nil, by inspector: Inspector? = nil,
        actor: AuditActor = .operatorOnHost
    ) async throws -> AddedReferences {
        let adjudication = try await Self.failing { () async throws -> Adjudication in
            guard let found = try await store.adjudication(of: inspection) else {
                throw CaseStoreError.inspectionNotFound(inspection)
            }
            return found
        }
        guard adjudication.decidedBy == .reviewer, adjudication.decision.outcome == .resell else {
            throw Failure(
                .usage, code: "reference_not_resold",
                "inspection \(inspection) was not decided resell by a person, so nobody has said "
                    + "that it shows a good item")
        }
        guard let product = sku ?? adjudication.order.sku,
            product == adjudication.order.sku ?? product
        else {
            throw Failure(
                .usage, code: "reference_sku_differs",
                adjudication.order.sku == nil
                    ? "inspection \(inspection) states no sku; pass --sku SKU"
                    : "inspection \(inspection) is of another sku than --sku states")
        }
        let photos = try await references(in: adjudication)
        let added = try await changing {
            try await $0.addReferences(photos, to: product, actor: actor)
        }
        if added.newCount > 0, let inspector { await prepare(product, by: inspector) }
        return added
    }

    /// Makes banks ahead of time.
    ///
    /// They are made by the first item that needs them otherwise, so that a failure here costs time
    /// and nothing else.
    private func prepare(_ sku: String, by inspector: Inspector) async {
        do {
            try await inspector.library(of: store)?.prepare(sku)
        } catch {
            warn("added, but no bank could be made of the reference photos yet: \(error)")
        }
    }

    private func references(in adjudication: Adjudication) async throws -> [NewReferencePhoto] {
        var photos: [NewReferencePhoto] = []
        for photo in adjudication.photos where photo.quality.isUsable && photo.view != .damage {
            let bytes = try await Self.failing {
                try await store.photo(photo.index, of: adjudication.id)
            }
            photos.append(
                NewReferencePhoto(
                    role: .pristine, inspection: adjudication.id,
                    photo: ReceivedPhoto(
                        index: photo.index, sha256: photo.sha256, byteCount: bytes.count,
                        view: photo.view, format: photo.format, width: photo.width,
                        height: photo.height, removedMetadata: [], keptBytes: bytes)))
        }
        guard !photos.isEmpty else {
            throw Failure(
                .usage, code: "photo_not_kept",
                "inspection \(adjudication.id) has no kept photo of a whole side that is fit for "
                    + "judging")
        }
        return photos
    }

    /// One page of the products that have references, by their numbers.
    ///
    /// - Parameters:
    ///   - sku: The last one of the page before; nil for the first page.
    ///   - limit: How many at most.
    public func referenceProducts(
        after sku: String? = nil, limit: Int = 100
    ) async throws -> [ReferenceProduct] {
        try await Self.failing { try await store.referenceProducts(after: sku, limit: limit) }
    }

    /// One page of a product's reference photos, those of orders' own items too, the oldest first.
    ///
    /// - Parameters:
    ///   - id: The last one of the page before; nil for the first page.
    ///   - limit: How many at most.
    public func references(
        of sku: String, after id: ReferencePhotoID? = nil, limit: Int = 100
    ) async throws -> [ReferencePhoto] {
        try await Self.failing {
            try await store.allReferences(of: sku, after: id, limit: limit)
        }
    }

    /// One reference photo.
    public func reference(_ id: ReferencePhotoID) async throws -> ReferencePhoto {
        try await Self.failing { try await store.reference(id) }
    }

    /// Removes reference photos for good, with their keys; audited.
    ///
    /// - Returns: How many.
    /// - Throws: ``Failure`` of kind `inputMissing` with code `reference_not_found` if there was
    ///   nothing to remove, of kind `usage` with code `legal_hold`.
    public func removeReferences(
        _ selection: ReferenceSelection, of sku: String, actor: AuditActor = .operatorOnHost
    ) async throws -> Int {
        let count = try await changing {
            try await $0.removeReferences(selection, of: sku, actor: actor)
        }
        guard count > 0 else {
            throw Failure(
                .inputMissing, code: "reference_not_found",
                "there is no such reference photo of this product")
        }
        return count
    }
}
