/// The program itself.
public enum Program {
    /// The version that `regrade --version` prints.
    public static let version = "0.1.0"
}
