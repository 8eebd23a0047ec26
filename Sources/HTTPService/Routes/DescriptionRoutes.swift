import Foundation
import HTTPTypes

/// The service's own description: OpenAPI 3.1, the checked-in file byte for byte.
struct DescriptionRoutes {
    var routes: [Route] {
        [
            Route(.get, "/v1/openapi.json", scope: nil) { _ in
                var answer = Answer(status: .ok, body: Data(PackageResources.openapi_json))
                answer.fields[.contentType] = "application/json"
                return answer
            }
        ]
    }
}
