// swift-tools-version: 6.2
import PackageDescription

/// What every target is compiled with: language mode 6, the upcoming features, and no warning left standing.
let common: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
    // A request passes through every target: what is small is to be inlined and specialised across them as well.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// For targets that touch no C: the compiler proves that they hold no unsafe code.
let pure = common + [.strictMemorySafety()]

let package = Package(
    name: "works",
    products: [
        .executable(name: "works-worker", targets: ["works-worker"]),
        .executable(name: "worksctl", targets: ["worksctl"]),
    ],
    targets: [
        // C libraries, each with a module map and the few shims that Swift needs.
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CMicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CJansson", providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(name: "CUtf8proc", providers: [.apt(["libutf8proc-dev"])]),
        .systemLibrary(name: "CLinux"),

        // The only targets that touch C.
        .target(name: "Loop", dependencies: ["CLinux"], swiftSettings: common),
        .target(name: "Redis", dependencies: ["CHiredis", "CLinux", "Loop"], swiftSettings: common),
        .target(name: "HTTP", dependencies: ["CLinux", "CMicrohttpd", "Loop"], swiftSettings: common),
        .target(name: "JSON", dependencies: ["CJansson"], swiftSettings: common),
        .target(name: "Folding", dependencies: ["CUtf8proc"], swiftSettings: common),

        // The service: domain, storage, routes. Dependencies point one way.
        .target(name: "Works", dependencies: ["Folding", "JSON"], swiftSettings: pure),
        .target(
            name: "Store",
            dependencies: ["Folding", "JSON", "Loop", "Redis", "Works"],
            resources: [
                .embedInCode("Scripts/commit.lua"), .embedInCode("Scripts/conditions.lua"),
                .embedInCode("Scripts/places.lua"), .embedInCode("Scripts/page.lua"),
                .embedInCode("Scripts/search.lua"),
            ],
            swiftSettings: pure
        ),
        .target(
            name: "API",
            dependencies: ["Folding", "HTTP", "JSON", "Loop", "Redis", "Store", "Works"],
            resources: [.embedInCode("openapi.json")],
            swiftSettings: pure
        ),

        .executableTarget(
            name: "works-worker",
            dependencies: ["API", "HTTP", "JSON", "Loop", "Redis", "Store", "Works"],
            swiftSettings: common
        ),
        .executableTarget(
            name: "worksctl",
            dependencies: ["JSON", "Loop", "Redis", "Store", "Works"],
            swiftSettings: common
        ),

        // Tests: one target for each, and whole processes in EndToEndTests.
        .target(name: "TestSupport", dependencies: ["Loop"], path: "Tests/TestSupport", swiftSettings: common),
        .target(
            name: "StoreTestSupport",
            dependencies: ["Loop", "Redis", "Store", "TestSupport"],
            path: "Tests/StoreTestSupport",
            swiftSettings: common
        ),
        .testTarget(name: "LoopTests", dependencies: ["Loop", "TestSupport"], swiftSettings: common),
        .testTarget(
            name: "RedisTests",
            dependencies: ["CHiredis", "Loop", "Redis", "TestSupport"],
            swiftSettings: common
        ),
        .testTarget(
            name: "APITests",
            dependencies: [
                "API", "HTTP", "JSON", "Loop", "Redis", "Store", "StoreTestSupport", "TestSupport", "Works",
            ],
            swiftSettings: common
        ),
        .testTarget(name: "FoldingTests", dependencies: ["Folding"], swiftSettings: common),
        .testTarget(
            name: "StoreTests",
            dependencies: ["Folding", "JSON", "Loop", "Redis", "Store", "StoreTestSupport", "TestSupport", "Works"],
            swiftSettings: common
        ),
        .testTarget(name: "WorksTests", dependencies: ["Folding", "JSON", "Works"], swiftSettings: common),
        .testTarget(name: "EndToEndTests", dependencies: ["TestSupport"], swiftSettings: common),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "Loop", "TestSupport"], swiftSettings: common),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: common),
    ],
    swiftLanguageModes: [.v6]
)
