import Foundation

/// Words of Kitty's graphics protocol.
///
/// - SeeAlso: sw.kovidgoyal.net/kitty/graphics-protocol: actions q, T and d, chunks of 4096 bytes.
package enum KittyGraphics {
    /// The one image that is on the screen.
    private static let imageNumber = 1

    /// Asks whether the protocol is known, and then which terminal this is.
    ///
    /// Every terminal answers the second question, so that one which ignores the first does not
    /// keep us waiting.
    package static let question = "\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\\u{1B}[c"

    /// Takes the image off the screen and out of the terminal's memory.
    package static let deletion = "\u{1B}_Ga=d,d=I,i=\(imageNumber),q=2\u{1B}\\"

    /// Sends a PNG and shows it at the cursor, stretched over cells; the cursor stays.
    static func transmission(of bytes: [UInt8], over size: CellSize) -> [UInt8] {
        let text = Array(Data(bytes).base64EncodedString().utf8)
        var output: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: chunkByteCount) {
            let chunk = text[start..<min(start + chunkByteCount, text.count)]
            let isLast = chunk.endIndex == text.count
            let control =
                start == 0
                ? "a=T,f=100,t=d,i=\(imageNumber),p=1,c=\(size.columns),r=\(size.rows),C=1,q=2,"
                : "q=2,"
            output += "\u{1B}_G\(control)m=\(isLast ? 0 : 1);".utf8
            output += chunk
            output += "\u{1B}\\".utf8
        }
        return output
    }

    private static let chunkByteCount = 4096
}
