import Foundation
import HTTPTypes
import ReturnsDomain
import Workflow

/// The feed of outgoing events: numbered without gaps, to be read from any point.
struct EventRoutes {
    let desk: InspectionDesk

    var routes: [Route] {
        [Route(.get, "/v1/events", scope: .submit, action: page)]
    }

    /// `{"events":[…],"next":"42"}`: CloudEvents 1.0 documents word for word as they were recorded,
    /// and what `after` is for the next page.
    @Sendable private func page(_ request: ServiceRequest) async throws -> Answer {
        var query = Query(request, known: ["after", "limit"])
        let after = query.number("after", in: 0...Int(Int32.max), default: 0)
        let limit = query.number(
            "limit", in: 1...InspectionRoutes.pageCountLimit, default: 50)
        try query.check()
        let events = try await desk.events(
            after: Int64(after), limit: limit, tenant: request.tenant)
        // The bodies are JSON already; parsing them would only lose their exact form.
        var body = Data(#"{"events":["#.utf8)
        for (index, event) in events.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body.append(event.body)
        }
        let next = events.last?.seq ?? Int64(after)
        body.append(Data(#"],"next":"\#(next)"}"#.utf8))
        var answer = Answer(status: .ok, body: body)
        answer.fields[.contentType] = "application/json"
        return answer
    }
}
