package import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import ReturnsDomain

/// Sends one request when the connection is ready and takes its answer in: status and Retry-After;
/// the body is counted and thrown away.
///
/// `@unchecked Sendable` because it is made, used and destroyed on its channel's event loop only;
/// the promise may be completed from anywhere.
final class AnswerCollector: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// Bytes of an answer that are taken in, headers included.
    static let byteCountLimit = 65_536

    private let request: HTTPRequestHead
    private let body: ByteBuffer
    private let promise: EventLoopPromise<WebhookAttempt>
    private var answer: WebhookAttempt?

    /// Prepares an exchange whose result completes the promise; further results are ignored.
    init(
        request: HTTPRequestHead, body: ByteBuffer, promise: EventLoopPromise<WebhookAttempt>
    ) {
        self.request = request
        self.body = body
        self.promise = promise
    }

    /// What is known at a moment when no more is waited for.
    func end(_ failure: WebhookAttempt.Failure) {
        promise.succeed(answer ?? WebhookAttempt(failure))
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(request)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            answer = WebhookAttempt(
                status: Int(head.status.code),
                retryAfter: head.headers.first(name: "retry-after").flatMap {
                    RetryAfter.duration($0, now: .now)
                })
        case .body: break
        case .end: end(.answerInvalid)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.connectionFailed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: end(.tlsFailed)
        case is IOError, is ChannelError: end(.connectionFailed)
        default: end(.answerInvalid)
        }
        context.close(promise: nil)
    }
}

/// Ends an exchange whose answer has too many bytes.
final class AnswerBound: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    struct TooLong: Error {}

    private let count: NIOLoopBoundBox<Int>

    init(on loop: any EventLoop) { count = NIOLoopBoundBox(0, eventLoop: loop) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        count.value += unwrapInboundIn(data).readableBytes
        guard count.value <= AnswerCollector.byteCountLimit else {
            context.fireErrorCaught(TooLong())
            return
        }
        context.fireChannelRead(data)
    }
}

/// The header Retry-After.
///
/// - SeeAlso: RFC 9110, 10.2.3.
package enum RetryAfter {
    /// Seconds, or the time until a date; nil for what is neither, zero for what has passed.
    package static func duration(_ text: String, now: Date) -> Duration? {
        if let seconds = Int64(text), (0...Int64(Int32.max)).contains(seconds) {
            return .seconds(seconds)
        }
        // Sun, 06 Nov 1994 08:49:37 GMT; the day of the week says nothing more.
        let style = Date.ParseStrategy(
            format: """
                \(day: .twoDigits) \(month: .abbreviated) \(year: .padded(4)) \
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\
                \(minute: .twoDigits):\(second: .twoDigits) GMT
                """,
            locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt)
        guard let date = try? Date(String(text.dropFirst(5)), strategy: style) else { return nil }
        return .seconds(max(0, date.timeIntervalSince(now)))
    }
}
