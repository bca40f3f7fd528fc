package dev.unroll.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where files are: tests run in the folder of the module, scripts in that of the project. */
final class Places {

  private static final Path ROOT = Files.isDirectory(Path.of("fuzz")) ? Path.of("") : Path.of("..");
  private static final Path RESOURCES = ROOT.resolve("fuzz/src/test/resources");

  /** Files of older versions, and the data that they were trained on. */
  static final Path COMPAT = ROOT.resolve("cli/src/test/resources/compat");

  /** Seeds that {@link SeedCorpus} made, in a folder for each kind. */
  static final Path CORPUS = RESOURCES.resolve("corpus");

  /** Mutants that were findings once, in a folder for each kind. */
  static final Path REGRESSIONS = RESOURCES.resolve("regressions");

  /** Files of other programs, in a folder for each reader, where Jazzer looks for them. */
  static final Path FOREIGN = RESOURCES.resolve("dev/unroll/fuzz/ForeignFilesTestInputs");

  /** Where findings are written. */
  static final Path FINDINGS = ROOT.resolve("fuzz/target/findings");

  private Places() {}
}
