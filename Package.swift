// swift-tools-version: 6.2
import PackageDescription

/// What every target is compiled with: language mode 6, the upcoming features, warnings as errors.
let common: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
    // A request passes through every target, so small functions are inlined and specialised across targets. The
    // compiler does that for public declarations only: with package access a request would cost over a fifth more
    // instructions.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// For targets that touch no C: the compiler proves that they contain no unsafe code.
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
        .systemLibrary(name: "CSodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CLinux"),

        // The targets that touch C libraries. Unsafe code is here and in the programs, nowhere else.
        .target(name: "Loop", dependencies: ["CLinux"], swiftSettings: common),
        .target(name: "Redis", dependencies: ["Bytes", "CHiredis", "CLinux", "Loop"], swiftSettings: common),
        .target(
            name: "HTTPServer",
            dependencies: ["Bytes", "CLinux", "CMicrohttpd", "HTTP", "Loop"],
            swiftSettings: common
        ),
        .target(name: "JSON", dependencies: ["Bytes", "CJansson"], swiftSettings: common),
        .target(name: "Folding", dependencies: ["CUtf8proc"], swiftSettings: common),
        .target(name: "Secrets", dependencies: ["CSodium"], swiftSettings: common),

        // The service. Dependencies point one way, from the bottom of this list to its top.
        .target(name: "Bytes", swiftSettings: pure),
        .target(name: "HTTP", dependencies: ["Bytes"], swiftSettings: pure),
        .target(name: "Works", dependencies: ["Bytes", "Folding", "JSON"], swiftSettings: pure),
        .target(name: "Wording", dependencies: ["JSON", "Works"], swiftSettings: pure),
        .target(
            name: "Store",
            dependencies: ["Bytes", "Folding", "JSON", "Loop", "Redis", "Secrets", "Works"],
            resources: [
                .embedInCode("Functions/shared.lua"), .embedInCode("Functions/commit.lua"),
                .embedInCode("Functions/missing.lua"), .embedInCode("Functions/positions.lua"),
                .embedInCode("Functions/page.lua"), .embedInCode("Functions/blocks.lua"),
                .embedInCode("Functions/search.lua"), .embedInCode("Functions/draw.lua"),
                .embedInCode("Functions/rights.lua"),
            ],
            swiftSettings: pure
        ),
        .target(
            name: "API",
            dependencies: ["Bytes", "HTTP", "JSON", "Loop", "Store", "Wording", "Works"],
            resources: [.embedInCode("openapi.json")],
            swiftSettings: pure
        ),

        // The programs, and what they share.
        .target(name: "Program", dependencies: ["Bytes", "CLinux", "Redis"], swiftSettings: common),
        .executableTarget(
            name: "works-worker",
            dependencies: [
                "API", "Bytes", "HTTP", "HTTPServer", "JSON", "Loop", "Program", "Redis", "Store", "Works",
            ],
            swiftSettings: common
        ),
        .executableTarget(
            name: "worksctl",
            dependencies: ["Bytes", "JSON", "Loop", "Program", "Redis", "Store", "Wording", "Works"],
            swiftSettings: common
        ),

        // Tests: one target per subject; EndToEndTests drives whole processes.
        .target(name: "TestSupport", dependencies: ["Loop"], path: "Tests/TestSupport", swiftSettings: common),
        .target(
            name: "StoreTestSupport",
            dependencies: ["Redis", "Store", "TestSupport"],
            path: "Tests/StoreTestSupport",
            swiftSettings: common
        ),
        .testTarget(name: "BytesTests", dependencies: ["Bytes", "TestSupport"], swiftSettings: common),
        .testTarget(name: "SecretsTests", dependencies: ["Secrets"], swiftSettings: common),
        .testTarget(name: "LoopTests", dependencies: ["Loop", "TestSupport"], swiftSettings: common),
        .testTarget(
            name: "RedisTests",
            dependencies: ["CHiredis", "Loop", "Redis", "TestSupport"],
            swiftSettings: common
        ),
        .testTarget(
            name: "APITests",
            dependencies: [
                "API", "HTTP", "JSON", "Loop", "Redis", "Store", "StoreTestSupport", "TestSupport", "Wording", "Works",
            ],
            swiftSettings: common
        ),
        .testTarget(name: "FoldingTests", dependencies: ["Folding"], swiftSettings: common),
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "Folding", "JSON", "Loop", "Redis", "Secrets", "Store", "StoreTestSupport", "TestSupport", "Works",
            ],
            swiftSettings: common
        ),
        .testTarget(name: "WorksTests", dependencies: ["JSON", "Works"], swiftSettings: common),
        .testTarget(name: "EndToEndTests", dependencies: ["TestSupport"], swiftSettings: common),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP"], swiftSettings: common),
        .testTarget(
            name: "HTTPServerTests",
            dependencies: ["HTTP", "HTTPServer", "Loop", "TestSupport"],
            swiftSettings: common
        ),
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "API", "HTTP", "HTTPServer", "JSON", "Program", "Redis", "Store", "TestSupport", "Works",
                "works-worker",
                "worksctl",
            ],
            swiftSettings: common
        ),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: common),
    ],
    swiftLanguageModes: [.v6]
)
