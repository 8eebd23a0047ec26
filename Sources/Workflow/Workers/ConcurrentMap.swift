/// Does work for each item, several at once, and keeps the items' order.
///
/// - Parameter width: How many at once; twice the workers, so that none of them waits for the disk.
/// - Throws: What the first item that fails throws, first in the items' order; no item is begun
///   after a failure.
func concurrentMap<Item: Sendable, Value: Sendable>(
    _ items: [Item], width: Int, _ body: @escaping @Sendable (Int, Item) async throws -> Value
) async throws -> [Value] {
    let results = await withTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
        var results: [Int: Result<Value, any Error>] = [:]
        var failed = false
        func collect() async {
            guard let (index, result) = await group.next() else { return }
            results[index] = result
            if case .failure = result { failed = true }
        }
        for (index, item) in items.enumerated() {
            if index >= width { await collect() }
            if failed { break }
            group.addTask {
                do {
                    return (index, .success(try await body(index, item)))
                } catch {
                    return (index, .failure(error))
                }
            }
        }
        while !group.isEmpty { await collect() }
        return results
    }
    return try results.sorted { $0.key < $1.key }.map { try $0.value.get() }
}
