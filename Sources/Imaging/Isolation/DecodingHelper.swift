internal import CIsolation
import Foundation

/// The helper's side of ``IsolatedPhotoDecoder``: what the program does when it is started as one.
public enum DecodingHelper {
    /// The argument that makes the program a helper.
    public static let argument = "decoding-helper"

    /// Beside the limit on decoding: room for the file's metadata, conversions, and messages.
    private static let spareByteCount = 256 << 20

    /// Confines this process and decodes what it is sent, until nobody is there any more.
    ///
    /// - Returns: The exit code: 0 after the last photo, 70 (EX_SOFTWARE) if it is no helper of
    ///   anyone or cannot be confined.
    public static func run() -> Int32 {
        var start: UnsafeMutablePointer<UInt8>?
        var byteCount = 0
        guard unsafe isolation_map(&start, &byteCount) == 0, let start = unsafe start else {
            return 70
        }
        let channel = HelperChannel(descriptor: 0)
        // What encoding looks up once, it looks up now.
        _ = try? JSONEncoder().encode(HelperAnswer.refused(.outOfTime(limit: .seconds(1))))
        var isFiltered: Int32 = 0
        let confined = unsafe isolation_confine(byteCount * 2 + spareByteCount, &isFiltered)
        guard confined == 0 else { return 70 }
        // In bounds: both sides map so many bytes for good.
        let memory = unsafe UnsafeMutableRawBufferPointer(start: start, count: byteCount)
        do {
            try channel.send(HelperAnswer.ready(isFiltered: isFiltered != 0))
            var decoder: PhotoDecoder?
            while true {
                let request = try channel.receive(HelperRequest.self)
                let used =
                    decoder.flatMap { $0.limits == request.limits ? $0 : nil }
                    ?? PhotoDecoder(limits: request.limits)
                decoder = used
                try channel.send(unsafe answer(to: request, using: used, memory))
            }
        } catch {
            return 0
        }
    }

    private static func answer(
        to request: HelperRequest, using decoder: PhotoDecoder,
        _ memory: UnsafeMutableRawBufferPointer
    ) -> HelperAnswer {
        let layout = HelperMemory(limits: request.limits)
        guard (0...layout.fileByteCount).contains(request.byteCount),
            layout.byteCount <= memory.count
        else { return .refused(.decoderFailed(.answerInvalid)) }
        let bytes = unsafe [UInt8](memory[..<request.byteCount])
        // The limit proper is on this thread's time; this one holds if that is not looked at.
        let seconds = request.limits.processorTimeLimit.components.seconds
        _ = isolation_limit_processor_time(UInt32(clamping: seconds) &+ 3)
        defer { _ = isolation_limit_processor_time(0) }
        do throws(ImageDecodingError) {
            let photo = try decoder.decode(bytes, covering: request.target)
            let pixels = photo.image.pixels
            guard pixels.count <= layout.pixelByteCount else {
                throw .tooMuchMemory(
                    byteCount: pixels.count, limit: request.limits.memoryByteCountLimit)
            }
            let room = unsafe UnsafeMutableRawBufferPointer(
                rebasing: memory[layout.fileByteCount...])
            unsafe room.copyBytes(from: pixels)
            return .decoded(HelperPhoto(photo))
        } catch {
            return .refused(error)
        }
    }
}
