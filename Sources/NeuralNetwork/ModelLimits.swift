/// The bounds a model file and a plan must respect; models are untrusted input.
///
/// Each is checked before the memory or the work that it bounds is spent.
public enum ModelLimits {
    /// Bytes of a model file: larger than any network of the supported families by a factor of two.
    public static let fileByteLimit = 512 << 20
    /// Nodes of a graph; the largest RegNet and EfficientNet exports have fewer than 2,000.
    public static let nodeCountLimit = 10_000
    /// Named values of a graph, which bounds the planner's quadratic search.
    public static let valueCountLimit = 20_000
    /// Dimensions of a tensor; index loops keep their counters in registers of this many words.
    public static let tensorRankLimit = 8
    /// Elements of one tensor: 1 GiB of float32.
    public static let tensorElementLimit = 1 << 28
    /// Bytes of constants plus working memory of one planned program.
    public static let workingMemoryByteLimit = 4 << 30
    /// Metadata properties of a model file.
    public static let metadataCountLimit = 1_000
    /// Inputs or outputs of one node.
    public static let nodeValueCountLimit = 1_000
    /// Opset versions of the default ONNX domain that are read.
    public static let opsetRange = 7...28
}
