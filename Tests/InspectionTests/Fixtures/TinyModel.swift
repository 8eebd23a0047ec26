import Foundation

/// An ONNX network small enough to compute by hand, with all the outputs of a damage model.
///
/// `embedding` is the mean of each channel of the input; the logits and the novelty distance are
/// linear in it; `damage_map` is the sum of the channels of each pixel.
struct TinyModel {
    /// Height and width of the input.
    var size = [8, 8]
    var fit = "stretch"
    var mean = [127.0, 127, 127]
    var scale = [1.0 / 128, 1.0 / 128, 1.0 / 128]
    /// Rows for the channels, columns for the logits, and what is added to them.
    var severityWeights: [Float] = [Float](repeating: 0, count: 9)
    var severityBias: [Float] = [-3, 0, 0]
    var typeBias = [Float](repeating: -4, count: 8)
    var noveltyBias: Float = 0.25
    /// The logits of the categories `apparel`, `box` and `phone`; nil for a model without them.
    var categoryBias: [Float]?
    var leftOut: Set<String> = []
    /// Replaces a metadata property; nil leaves it out.
    var properties: [String: String?] = [:]
    /// The size that the file declares for its input; `size` if nil.
    var declaredSize: [Int]?
    var typeCount = 8

    static let preprocessingTail =
        #""layout":"NCHW","resample":"triangle_antialiased","color":"sRGB""#
    static let labels = """
        {"severity":["none","minor","moderate","severe"],"severity_head":"continuation_ratio",\
        "types":["crack","scratch","dent","tear","stain","crush","broken","missing_part"]}
        """

    private var labels: String {
        guard categoryBias != nil else { return Self.labels }
        return Self.labels.dropLast() + #","categories":["apparel","box","phone"]}"#
    }

    var bytes: Data {
        let model = ProtobufWriter { model in
            model.integer(1, 8)
            model.message(7) { graph in write(&graph) }
            model.message(8) { $0.integer(2, 13) }
            for (name, value) in allProperties.sorted(by: { $0.key < $1.key }) {
                model.message(14) { property in
                    property.text(1, name)
                    property.text(2, value)
                }
            }
        }
        return model.bytes
    }

    private var allProperties: [String: String] {
        var all: [String: String] = [
            "regrade.format": "1", "regrade.labels": labels, "regrade.card": "tiny.md",
            "regrade.preprocessing": """
            {"size":\(size),"fit":"\(fit)","mean":\(mean),"scale":\(scale),\
            \(Self.preprocessingTail)}
            """,
        ]
        for (name, value) in properties { all[name] = value }
        return all
    }

    private func write(_ graph: inout ProtobufWriter) {
        graph.text(2, "tiny")
        node(&graph, "GlobalAveragePool", ["pixels"], "pooled")
        node(&graph, "Flatten", ["pooled"], "embedding")
        node(&graph, "Gemm", ["embedding", "severity_w", "severity_b"], "severity_logits")
        node(&graph, "Gemm", ["embedding", "type_w", "type_b"], "type_logits")
        node(&graph, "Gemm", ["embedding", "novelty_w", "novelty_b"], "novelty_distance")
        node(&graph, "Conv", ["pixels", "map_w"], "damage_map")
        let types = Array(typeBias.prefix(typeCount))
        initializer(&graph, "severity_w", [3, 3], severityWeights)
        initializer(&graph, "severity_b", [3], severityBias)
        initializer(&graph, "type_w", [3, typeCount], [Float](repeating: 0, count: 3 * typeCount))
        initializer(&graph, "type_b", [typeCount], types)
        initializer(&graph, "novelty_w", [3, 1], [0, 0, 0])
        initializer(&graph, "novelty_b", [1], [noveltyBias])
        initializer(&graph, "map_w", [1, 3, 1, 1], [1, 1, 1])
        if let categoryBias {
            let count = categoryBias.count
            node(&graph, "Gemm", ["embedding", "category_w", "category_b"], "category_logits")
            initializer(&graph, "category_w", [3, count], [Float](repeating: 0, count: 3 * count))
            initializer(&graph, "category_b", [count], categoryBias)
            value(&graph, field: 12, "category_logits", [1, count])
        }
        value(&graph, field: 11, "pixels", [1, 3] + (declaredSize ?? size))
        for (name, shape) in [
            ("severity_logits", [1, 3]), ("type_logits", [1, typeCount]),
            ("damage_map", [1, 1] + size), ("embedding", [1, 3]), ("novelty_distance", [1, 1]),
        ] where !leftOut.contains(name) {
            value(&graph, field: 12, name, shape)
        }
    }

    private func node(
        _ graph: inout ProtobufWriter, _ operatorName: String, _ inputs: [String], _ output: String
    ) {
        graph.message(1) { node in
            for input in inputs { node.text(1, input) }
            node.text(2, output)
            node.text(3, operatorName + "_" + output)
            node.text(4, operatorName)
        }
    }

    private func initializer(
        _ graph: inout ProtobufWriter, _ name: String, _ shape: [Int], _ values: [Float]
    ) {
        graph.message(5) { tensor in
            for size in shape { tensor.integer(1, size) }
            tensor.integer(2, 1)
            tensor.text(8, name)
            let bits = values.flatMap { value in
                (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
            }
            tensor.data(9, Data(bits))
        }
    }

    private func value(
        _ graph: inout ProtobufWriter, field: Int, _ name: String, _ shape: [Int]
    ) {
        graph.message(field) { info in
            info.text(1, name)
            info.message(2) { type in
                type.message(1) { tensor in
                    tensor.integer(1, 1)
                    tensor.message(2) { sizes in
                        for size in shape { sizes.message(1) { $0.integer(1, size) } }
                    }
                }
            }
        }
    }
}
