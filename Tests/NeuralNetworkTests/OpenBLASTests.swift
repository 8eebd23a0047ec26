import NeuralNetwork
import Testing

@Suite(.serialized)
struct OpenBLASTests {
    @Test
    func theLinkedBuildIsTheOneWeNeed() throws {
        #expect(OpenBLAS.threading == .posix)
        try OpenBLAS.checkThreading()
        #expect(OpenBLAS.configuration.hasPrefix("OpenBLAS"))
        #expect(!OpenBLAS.coreName.isEmpty)
    }

    @Test
    func productsOnSeveralThreadsAreRight() throws {
        #expect(OpenBLAS.threadCount == 1)
        try OpenBLAS.checkConcurrentProducts(threads: 4, rounds: 20)
    }
}
