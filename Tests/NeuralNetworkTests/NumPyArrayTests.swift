import Foundation
import NeuralNetwork
import TestSupport
import Testing

struct NumPyArrayTests {
    /// A file with any header text.
    private func file(
        _ header: String, version: UInt8 = 1, body: Data = Data()
    ) -> Data {
        let length = header.utf8.count
        let size = [UInt8(length & 0xFF), UInt8(length >> 8)] + (version > 1 ? [0, 0] : [])
        return Data([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, version, 0] + size + header.utf8 + body)
    }

    private static let tensors: [Tensor] = [
        try? Tensor(shape: [2, 3], float32: [1, -2, 3.5, .infinity, 0, 1e-30]),
        try? Tensor(shape: [], elements: .int64([Int64.min])),
        try? Tensor(shape: [3], elements: .int32([1, -1, .max])),
        try? Tensor(shape: [2, 1], elements: .bool([true, false])),
        try? Tensor(shape: [0, 4], float32: []),
    ].compactMap(\.self)

    @Test(arguments: tensors)
    func whatIsWrittenIsReadBack(tensor: Tensor) throws {
        #expect(Self.tensors.count == 5)
        let folder = try TemporaryFolder()
        try NumPyArray.write(tensor, to: folder.file("a.npy"))
        #expect(try NumPyArray.read(contentsOf: folder.file("a.npy")) == tensor)
        #expect(NumPyArray.encode(tensor).count % 64 == tensor.elements.byteCount % 64)
    }

    @Test
    func columnMajorOrderIsTurned() throws {
        let data = file(
            "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n",
            body: [Float(1), 4, 2, 5, 3, 6].littleEndianData)
        let expected = try Tensor(shape: [2, 3], float32: [1, 2, 3, 4, 5, 6])
        #expect(try NumPyArray.read(data) == expected)
    }

    @Test(arguments: [UInt8(2), 3])
    func laterVersionsAndDoublePrecisionAreRead(version: UInt8) throws {
        let data = file(
            "{'shape': (2,), 'descr': '<f8', 'fortran_order': False}", version: version,
            body: [1.5, -2.0].littleEndianData)
        #expect(try NumPyArray.read(data).float32 == [1.5, -2])
    }

    @Test(arguments: [
        ("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}", "element type >f4"),
        ("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}", "neither True nor False"),
        ("{'descr': '<f4', 'fortran_order': False}", "lacks a key"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1, -1)}", "not a tuple"),
        ("{'descr': '<f4', 'descr': '<f4', 'shape': (1,)}", "is repeated"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", "unknown key x"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "4 bytes follow"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "tuple"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (999999999, 999999999)}", "limit"),
        ("", "lacks a {"),
    ])
    func malformedHeadersAreNamed(header: String, message: String) {
        let data = file(header, body: Data([0, 0, 0, 0]))
        let error = #expect(throws: ModelError.self) { try NumPyArray.read(data) }
        #expect(error.map { "\($0)".contains(message) } == true, "\(header): \(error as Any)")
    }

    @Test
    func everyTruncationIsAnError() {
        let whole = NumPyArray.encode(Self.tensors[0])
        for count in 0..<whole.count {
            #expect(throws: ModelError.self) { try NumPyArray.read(whole.prefix(count)) }
        }
    }
}

extension Tensor.Elements {
    fileprivate var byteCount: Int {
        switch self {
        case .float32(let elements): 4 * elements.count
        case .int32(let elements): 4 * elements.count
        case .int64(let elements): 8 * elements.count
        case .bool(let elements): elements.count
        }
    }
}
