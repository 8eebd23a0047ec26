import Testing

/// `scripts/guards/guards.txt`: what `scripts/stress guards` takes away must still be there.
struct GuardTests {
    /// A row of the table.
    struct Guard: CustomTestStringConvertible {
        var fields: [Substring: String] = [:]

        var name: String { fields["guard"] ?? "" }
        var testDescription: String { name }
    }

    static let table = Checkout.textFiles.first { $0.path == "scripts/guards/guards.txt" }

    static let guards: [Guard] = {
        let rows = (table?.lines ?? []).split { $0.isEmpty || $0.hasPrefix("#") }
        return rows.map { lines in
            var row = Guard()
            for line in lines {
                let word = line.prefix { $0 != " " }
                row.fields[word] = String(line.dropFirst(word.count).trimmed)
            }
            return row
        }
    }()

    @Test func thereAreManyGuardsWithNamesOfTheirOwn() {
        #expect(Self.guards.count >= 40)
        #expect(Set(Self.guards.map(\.name)).count == Self.guards.count)
    }

    @Test(arguments: guards)
    func theGuardStandsWhereTheTableSays(_ row: Guard) throws {
        let path = try #require(row.fields["file"], "\(row.name) names no file")
        let text = try #require(row.fields["text"], "\(row.name) has no text")
        let file = try #require(
            Checkout.textFiles.first { $0.path == path }, "\(row.name): there is no \(path)")
        #expect(file.text.ranges(of: text).count == 1, "\(row.name): in \(path) is not '\(text)'")
        #expect(row.fields["with"]?.contains("REMOVED") != false, "\(row.name) is never removed")
        let suite = try #require(row.fields["fails"], "\(row.name) names no suite")
        #expect(suite.contains("Tests"), "\(row.name) must fail '\(suite)'")
    }
}
