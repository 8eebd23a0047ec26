internal import CIsolation
import Foundation

/// Messages as JSON over the socket between a decoder and its helper.
struct HelperChannel {
    let descriptor: Int32

    /// Sends one message.
    ///
    /// - Throws: ``DecoderFailure/ended`` if nobody is there to receive it.
    func send(_ message: some Encodable) throws {
        let bytes = try JSONEncoder().encode(message)
        let result = unsafe bytes.withUnsafeBytes { buffer in
            unsafe isolation_send(descriptor, buffer.baseAddress, buffer.count)
        }
        guard result == 0 else { throw DecoderFailure.ended }
    }

    /// Receives one message.
    ///
    /// - Parameter seconds: How long to wait; nil for ever.
    /// - Throws: ``DecoderFailure``.
    func receive<Message: Decodable>(
        _ type: Message.Type, seconds: Int? = nil
    ) throws(DecoderFailure) -> Message {
        var count = 0
        let milliseconds = seconds.map { Int32(clamping: $0 * 1_000) } ?? -1
        var buffer = [UInt8](repeating: 0, count: Int(ISOLATION_MESSAGE_MAX))
        let result = unsafe buffer.withUnsafeMutableBytes { room in
            unsafe isolation_receive(
                descriptor, room.baseAddress, room.count, milliseconds, &count)
        }
        switch result {
        case 0: break
        case ETIMEDOUT: throw .silent(seconds: seconds ?? 0)
        case EMSGSIZE: throw .answerInvalid
        default: throw .ended
        }
        guard let message = try? JSONDecoder().decode(type, from: Data(buffer.prefix(count))) else {
            throw .answerInvalid
        }
        return message
    }
}
