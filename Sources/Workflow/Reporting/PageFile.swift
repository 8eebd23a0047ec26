import Crypto
import Foundation
import Reporting

extension HTMLPage {
    /// Writes the page; complete or not at all.
    func write(to path: String) throws {
        let digest = Data(SHA256.hash(data: Data(Self.style.utf8))).base64EncodedString()
        let file = try OutputFile(path: path)
        try file.write(Data(text(styleHash: digest).utf8))
        try file.finish()
    }
}
