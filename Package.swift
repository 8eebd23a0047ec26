// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "regrade",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "regrade", targets: ["RegradeCLI"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: ["JSON", "YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // MARK: - C fences
        .systemLibrary(
            name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(
            name: "CColorManagement", pkgConfig: "lcms2", providers: [.apt(["liblcms2-dev"])]),
        .target(
            name: "CImageCodecs",
            linkerSettings: [
                .linkedLibrary("jpeg"), .linkedLibrary("png"), .linkedLibrary("z"),
            ]),
        .target(name: "CIsolation"),
        .systemLibrary(name: "CAllocator"),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKernels"),

        // MARK: - Libraries, each importing only what stands above it
        .target(name: "ReturnsDomain"),
        .target(
            name: "Traces",
            dependencies: [.product(name: "Tracing", package: "swift-distributed-tracing")]),
        .target(name: "Statistics"),
        .target(name: "Reporting", dependencies: ["ReturnsDomain", "Statistics"]),
        .target(
            name: "Imaging",
            dependencies: [
                "CImageCodecs", "CColorManagement", "CIsolation", "CKernels",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "NeuralNetwork",
            dependencies: [
                "COpenBLAS", "CKernels",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["ONNX/onnx.proto"]),
        .target(
            name: "ReferenceComparison",
            dependencies: ["CZlib", "NeuralNetwork", "ReturnsDomain", "Statistics"]),
        .target(
            name: "Inspection",
            dependencies: [
                "Imaging", "NeuralNetwork", "ReferenceComparison", "ReturnsDomain", "Traces",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(name: "DecisionPolicy", dependencies: ["ReturnsDomain"]),
        .target(
            name: "CaseStore",
            dependencies: [
                "ReturnsDomain", "Traces",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .target(
            name: "Workflow",
            dependencies: [
                "CaseStore", "DecisionPolicy", "Imaging", "Inspection", "NeuralNetwork",
                "ReferenceComparison", "Reporting", "ReturnsDomain", "Statistics", "Traces",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [.embedInCode("Policy/shipped-policy.yaml")]),
        .target(
            name: "HTTPService",
            dependencies: [
                "CZlib", "Reporting", "ReturnsDomain", "Traces", "Workflow",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("OpenAPI/openapi.json")]),
        .target(name: "ReviewTerminal", dependencies: ["Imaging", "ReturnsDomain"]),
        .executableTarget(
            name: "RegradeCLI",
            dependencies: [
                "CAllocator", "HTTPService", "Imaging", "Reporting", "ReturnsDomain",
                "ReviewTerminal", "Statistics", "Workflow",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // MARK: - Measurement
        .executableTarget(
            name: "ComparisonBenchmark",
            dependencies: [
                "Inspection", "NeuralNetwork", "ReferenceComparison", "ReturnsDomain",
            ],
            path: "Benchmarks/Comparison"),

        // MARK: - Tests
        .executableTarget(
            name: "ParserFuzzer",
            dependencies: [
                "CaseStore", "HTTPService", "Imaging", "NeuralNetwork", "ReferenceComparison",
                "Workflow",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Tests/ParserFuzzer"),
        .target(
            name: "TestSupport", dependencies: ["Statistics"], path: "Tests/TestSupport"),
        .testTarget(
            name: "ReturnsDomainTests", dependencies: ["ReturnsDomain", "TestSupport"]),
        .testTarget(
            name: "TracesTests",
            dependencies: [
                "TestSupport", "Traces",
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]),
        .testTarget(
            name: "ReportingTests",
            dependencies: ["Reporting", "ReturnsDomain", "Statistics", "TestSupport"]),
        .testTarget(
            name: "StatisticsTests", dependencies: ["Statistics", "TestSupport"],
            exclude: ["Expected"]),
        .testTarget(
            name: "ImagingTests", dependencies: ["Imaging", "TestSupport"], exclude: ["Expected"]),
        .testTarget(
            name: "NeuralNetworkTests",
            dependencies: ["NeuralNetwork", "Statistics", "TestSupport"],
            exclude: ["Conformance"]),
        .testTarget(
            name: "ReferenceComparisonTests",
            dependencies: [
                "Imaging", "Inspection", "NeuralNetwork", "ReferenceComparison", "ReturnsDomain",
                "Statistics", "TestSupport",
            ]),
        .testTarget(
            name: "InspectionTests",
            dependencies: [
                "Imaging", "Inspection", "NeuralNetwork", "ReferenceComparison", "ReturnsDomain",
                "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .testTarget(
            name: "DecisionPolicyTests",
            dependencies: ["DecisionPolicy", "ReturnsDomain", "Statistics"]),
        .testTarget(
            name: "CaseStoreTests",
            dependencies: [
                "CaseStore", "ReturnsDomain", "Statistics", "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "WorkflowTests",
            dependencies: [
                "CaseStore", "DecisionPolicy", "Imaging", "ReferenceComparison", "Reporting",
                "ReturnsDomain", "Statistics", "TestSupport", "Workflow",
            ]
        ),
        .testTarget(
            name: "ReviewTerminalTests",
            dependencies: ["Imaging", "ReturnsDomain", "ReviewTerminal", "TestSupport"],
            exclude: ["Golden"]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "CaseStore", "HTTPService", "Imaging", "ReturnsDomain", "RegradeCLI", "Statistics",
                "TestSupport",
            ]),
        .testTarget(
            name: "HTTPServiceTests",
            dependencies: [
                "CaseStore", "HTTPService", "Imaging", "ReturnsDomain", "Statistics", "TestSupport",
                "Workflow",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"]),
    ]
)

let cTargets: Set = [
    "CAllocator", "COpenBLAS", "CColorManagement", "CImageCodecs", "CIsolation", "CKernels",
    "CZlib",
]
for target in package.targets where !cTargets.contains(target.name) {
    target.swiftSettings = [
        .treatAllWarnings(as: .error),
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
