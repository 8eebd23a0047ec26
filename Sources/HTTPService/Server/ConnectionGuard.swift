import Foundation
import HTTPTypes
import NIOCore
import NIOHTTPTypes
import ReturnsDomain

/// Watches one connection: cuts off slow clients, invites bodies that wait for an invitation, and
/// closes after an answer that says so.
///
/// Sits between the HTTP codec and Hummingbird; a small companion at the very front sees raw bytes,
/// because a head that trickles in never becomes a message.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var pace: ConnectionPace
    private var closesAfterAnswer = false
    private var isReadingBody = false
    private var ticks: RepeatedTask?

    init(limits: ConnectionPace.Limits) {
        pace = ConnectionPace(limits: limits, now: .now)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bytes = ByteArrival { [weak self] in self?.pace.bytesArrived(at: .now) }
        // It cannot fail: the pipeline is this one, and we are on its loop.
        try? context.pipeline.syncOperations.addHandler(bytes, position: .first)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        ticks = context.eventLoop.scheduleRepeatedTask(
            initialDelay: .seconds(1), delay: .seconds(1)
        ) { _ in
            let (guardian, context) = bound.value
            guardian.tick(context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { stopTicking() }

    func channelInactive(context: ChannelHandlerContext) {
        stopTicking()
        context.fireChannelInactive()
    }

    private func stopTicking() {
        ticks?.cancel()
        ticks = nil
    }

    private func tick(_ context: ChannelHandlerContext) {
        switch pace.verdict(at: .now) {
        case .keep: break
        case .slowBody: context.fireErrorCaught(SlowBodyError())
        case .close: context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            pace.headRead(at: .now)
            closesAfterAnswer = false
            isReadingBody = true
            if head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(
                    wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body(let bytes): pace.bodyRead(byteCount: bytes.readableBytes)
        case .end:
            pace.endRead(at: .now)
            isReadingBody = false
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            closesAfterAnswer = head.headerFields[.connection]?.lowercased() == "close"
            // Ours carry an id. Hummingbird itself answers what is no HTTP, with nothing in it.
            guard head.status == .badRequest, head.headerFields[.requestID] == nil else {
                return context.write(data, promise: promise)
            }
            let (ours, body) = Self.problem()
            context.write(wrapOutboundOut(.head(ours)), promise: nil)
            context.write(
                wrapOutboundOut(.body(context.channel.allocator.buffer(bytes: body))),
                promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            pace.answered(at: .now)
            context.write(data, promise: promise)
            // With a body still coming, closing now would make the kernel throw our answer away;
            // the pace of draining closes soon.
            if closesAfterAnswer && !isReadingBody {
                context.flush()
                context.close(promise: nil)
            }
        }
    }

    /// The answer to what cannot be read as HTTP.
    private static func problem() -> (HTTPResponse, body: Data) {
        let id = ServiceRequestID(at: .now)
        let body = Problem(.malformedRequest, "what was sent is no HTTP/1.1 request")
            .body(request: id)
        var fields = SecurityFields.common(isEncrypted: false)
        fields[.contentType] = "application/problem+json"
        fields[.contentLength] = String(body.count)
        fields[.connection] = "close"
        fields[.requestID] = id.description
        return (HTTPResponse(status: .badRequest, headerFields: fields), body)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { pace.stop(at: .now) }
        context.fireUserInboundEventTriggered(event)
    }
}

/// Tells when bytes of whatever kind come in.
private final class ByteArrival: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let arrived: () -> Void

    init(_ arrived: @escaping () -> Void) { self.arrived = arrived }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        arrived()
        context.fireChannelRead(data)
    }
}
