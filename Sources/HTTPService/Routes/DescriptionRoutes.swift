import Foundation
import HTTPTypes

/// The service's own description: OpenAPI 3.1, the checked-in file byte for byte, and a page made
/// from it.
struct DescriptionRoutes {
    var routes: [Route] {
        [
            Route(.get, "/v1/openapi.json", scope: nil) { _ in
                var answer = Answer(status: .ok, body: Data(PackageResources.openapi_json))
                answer.fields[.contentType] = "application/json"
                return answer
            },
            Route(.get, "/v1/openapi.html", scope: nil, produces: "text/html", action: page),
        ]
    }

    @Sendable private func page(_: ServiceRequest) async throws -> Answer {
        let document = try JSONReader.document(PackageResources.openapi_json)
        var answer = Answer.text(DescriptionPage(document).text, type: "text/html")
        answer.fields[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'sha256-\(DescriptionPage.styleHash)'; "
            + "frame-ancestors 'none'"
        return answer
    }
}
