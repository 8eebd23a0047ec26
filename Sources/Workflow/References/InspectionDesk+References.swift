public import ReturnsDomain

extension InspectionDesk {
    /// Adds photos to a product's references; audited.
    ///
    /// - Throws: ``Failure`` as ``Casebook/addReferences(_:by:actor:)``.
    public func addReferences(
        _ submission: ReferenceSubmission, tenant: Tenant, actor: AuditActor
    ) async throws -> AddedReferences {
        defer { exportSoon() }
        return try await casebook(of: tenant).addReferences(
            submission, by: inspector, actor: actor)
    }

    /// Makes the photos of a resold item references of its product; audited.
    ///
    /// - Throws: ``Failure`` as ``Casebook/addReferences(from:sku:by:actor:)``.
    public func addReferences(
        from inspection: InspectionID, to sku: String, tenant: Tenant, actor: AuditActor
    ) async throws -> AddedReferences {
        defer { exportSoon() }
        return try await casebook(of: tenant).addReferences(
            from: inspection, sku: sku, by: inspector, actor: actor)
    }
}
