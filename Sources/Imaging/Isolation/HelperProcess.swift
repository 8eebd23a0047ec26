internal import CIsolation
import Foundation

/// A helper process that runs, with the memory it shares; ends with this object.
///
/// `@safe` because the pointer inside is only used by the two methods that check their bounds.
@safe
final class HelperProcess {
    private var helper = unsafe isolation_helper()
    private let memory: HelperMemory

    /// Starts a program as a helper.
    ///
    /// - Throws: ``DecoderFailure/notStarted(errorNumber:)``.
    init(
        _ program: IsolatedPhotoDecoder.Program, memory: HelperMemory
    ) throws(DecoderFailure) {
        self.memory = memory
        let result = unsafe isolation_start(
            program.path, program.argument, memory.byteCount, &helper)
        guard result == 0 else { throw .notStarted(errorNumber: result) }
    }

    deinit { unsafe isolation_end(&helper) }

    /// Its number.
    var identifier: Int32 { unsafe helper.process }

    /// Processor time that it has used; zero if it has ended.
    var processorTime: Duration {
        var clock = clockid_t()
        var time = timespec()
        guard unsafe clock_getcpuclockid(identifier, &clock) == 0,
            unsafe clock_gettime(clock, &time) == 0
        else { return .zero }
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// What messages go over.
    var channel: HelperChannel { HelperChannel(descriptor: unsafe helper.channel) }

    /// Puts a file where the helper finds it.
    ///
    /// - Precondition: It fits the room for it.
    func write(_ file: [UInt8]) {
        precondition(file.count <= memory.fileByteCount, "a file beyond its room")
        unsafe UnsafeMutableRawBufferPointer(start: helper.memory, count: memory.fileByteCount)
            .copyBytes(from: file)
    }

    /// The first bytes of the room for pixels, copied once: who else writes there does not matter.
    ///
    /// - Precondition: So many fit the room for them.
    func pixels(count: Int) -> [UInt8] {
        precondition(count <= memory.pixelByteCount, "pixels beyond their room")
        return unsafe [UInt8](
            UnsafeBufferPointer(start: helper.memory + memory.fileByteCount, count: count))
    }

    /// Gives memory of a large picture back to the system.
    func forgetPixels(after count: Int) {
        unsafe isolation_forget(&helper, memory.fileByteCount + count)
    }
}
