package dev.unroll.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The engines that are compared, and how their processes are started. */
enum Engine {
  /** This project. */
  UNROLL(
      "bench/target/unroll-bench.jar",
      "bench/target/lib",
      "dev.unroll.bench.unroll.UnrollContender"),
  /** PyTorch's libtorch, with MKL and oneDNN. */
  PYTORCH(
      "bench/peers/target/unroll-bench-peers.jar",
      "bench/peers/target/lib",
      "dev.unroll.bench.peers.PyTorchContender"),
  /** ONNX Runtime: forward and streaming only. */
  ONNXRUNTIME(
      "bench/peers/target/unroll-bench-peers.jar",
      "bench/peers/target/lib",
      "dev.unroll.bench.peers.OnnxRuntimeContender"),
  /** Deeplearning4j, on Java 17. */
  DL4J(
      "bench/peers-dl4j/target/unroll-bench-peers-dl4j.jar",
      "bench/peers-dl4j/target/lib",
      "dev.unroll.bench.dl4j.Deeplearning4jContender");

  private final String jar;
  private final String libraries;
  private final String main;

  Engine(String jar, String libraries, String main) {
    this.jar = jar;
    this.libraries = libraries;
    this.main = main;
  }

  String main() {
    return main;
  }

  String classPath(Path home) {
    return home.resolve(jar) + File.pathSeparator + home.resolve(libraries).resolve("*");
  }

  /** Returns whether a JIT has to compile the engine's own code before it is fast. */
  boolean compiles() {
    return this == UNROLL;
  }

  boolean built(Path home) {
    return Files.isRegularFile(home.resolve(jar));
  }

  /**
   * The java command that runs the engine: this JVM's own, for Deeplearning4j that of a Java 17.
   */
  Path java() {
    return this == DL4J ? java17() : Path.of(System.getProperty("java.home"), "bin", "java");
  }

  List<String> options() {
    return switch (this) {
      case UNROLL ->
          List.of(
              "--add-modules",
              "jdk.incubator.vector",
              "-XX:+UseParallelGC",
              "-XX:ObjectAlignmentInBytes=64",
              "-XX:+UseTransparentHugePages",
              "-Xmx8g");
      case PYTORCH, ONNXRUNTIME ->
          List.of(
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow",
              "-Xmx4g");
      case DL4J -> List.of("-Xmx4g", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    };
  }

  /** Environment variables of the C library, which make PyTorch 5% faster, as measured. */
  Map<String, String> environment() {
    return this == PYTORCH
        ? Map.of(
            "MALLOC_ARENA_MAX", "1",
            "MALLOC_MMAP_MAX_", "0",
            "MALLOC_TRIM_THRESHOLD_", "8589934592",
            "MALLOC_TOP_PAD_", "67108864")
        : Map.of();
  }

  private static Path java17() {
    Path machines = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(machines)) {
      try (Stream<Path> found = Files.list(machines)) {
        var java =
            found
                .filter(folder -> folder.getFileName().toString().contains("17"))
                .map(folder -> folder.resolve("bin/java"))
                .filter(Files::isExecutable)
                .sorted()
                .findFirst();
        if (java.isPresent()) {
          return java.get();
        }
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    throw new IllegalStateException(
        "Deeplearning4j needs a Java 17 in /usr/lib/jvm; install one, or select other engines with --engines");
  }
}
