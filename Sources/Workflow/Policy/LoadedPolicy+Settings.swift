extension LoadedPolicy {
    /// Loads the policy that the settings name, or the shipped one.
    ///
    /// - Throws: ``Failure`` of kind `configuration` with every mistake in the file.
    public init(settings: Settings) throws {
        do {
            self =
                try settings.policyPath.map { try LoadedPolicy(path: $0) }
                ?? LoadedPolicy.shipped()
        } catch {
            throw Failure(describing: error)
        }
    }
}
