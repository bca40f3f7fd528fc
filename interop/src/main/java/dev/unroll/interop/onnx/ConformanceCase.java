package dev.unroll.interop.onnx;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.interop.onnx.graph.TensorProtos;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.Difference;
import dev.unroll.interop.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A case of the ONNX project's conformance tests: a folder with {@code model.onnx} and folders
 * {@code test_data_set_0}, … with {@code input_0.pb}, … and {@code output_0.pb}, ….
 */
public final class ConformanceCase {

  private static final String MODEL = "model.onnx";

  /** Folders within folders. */
  private static final int DEEPEST = 4;

  private final Path folder;

  private ConformanceCase(Path folder) {
    this.folder = folder;
  }

  /** The result of a case. */
  public enum Verdict {
    /** All outputs are as expected. */
    PASSED,
    /** An output differs. */
    FAILED,
    /** The model or its data cannot be used. */
    REFUSED
  }

  /**
   * The result of a case.
   *
   * @param largest the largest difference in any output
   * @param reason why and where it failed, or why it was refused; empty if it passed
   */
  public record Result(Verdict verdict, double largest, String reason) {}

  /**
   * Returns the cases in a folder, which is one itself or holds folders of cases, in the order of
   * their names.
   *
   * @throws InputException if there are none
   */
  public static List<ConformanceCase> in(Path folder) {
    try (Stream<Path> files = Files.find(folder, DEEPEST, (file, any) -> isModel(file))) {
      List<ConformanceCase> cases =
          files.sorted().map(file -> new ConformanceCase(parent(file))).toList();
      if (cases.isEmpty()) {
        throw InputException.in(
            folder,
            "holds no case: there is no " + MODEL + " in it or in folders of it",
            "Name a folder with " + MODEL + " and test_data_set_0.");
      }
      return cases;
    } catch (IOException e) {
      throw InputException.in(
          folder, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
    }
  }

  private static boolean isModel(Path file) {
    return file.endsWith(MODEL);
  }

  private static Path parent(Path file) {
    Path folder = file.getParent();
    return folder == null ? Path.of("") : folder;
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** Runs the model on all sets of inputs, up to the first that fails. */
  public Result run(Difference.Tolerance tolerance, long maxSteps) {
    try {
      OnnxModel model = OnnxModel.open(folder.resolve(MODEL)).withMaxSteps(maxSteps);
      double largest = 0;
      for (Path set : sets()) {
        Result result = run(model, set, tolerance);
        largest = Math.max(largest, result.largest);
        if (result.verdict != Verdict.PASSED) {
          return result;
        }
      }
      return new Result(Verdict.PASSED, largest, "");
    } catch (InputException e) {
      return new Result(Verdict.REFUSED, 0, e.problem());
    }
  }

  private List<Path> sets() {
    var sets = new ArrayList<Path>();
    Path next = folder.resolve("test_data_set_0");
    while (Files.isDirectory(next)) {
      sets.add(next);
      next = folder.resolve("test_data_set_" + sets.size());
    }
    if (sets.isEmpty()) {
      throw InputException.in(next, "is not there", "Name a folder of a conformance case.");
    }
    return sets;
  }

  private static Result run(OnnxModel model, Path set, Difference.Tolerance tolerance) {
    List<Value> inputs = model.graph().graph().inputs();
    var given = new LinkedHashMap<String, Tensor>();
    for (int i = 0; i < inputs.size(); i++) {
      Path file = set.resolve("input_" + i + ".pb");
      if (Files.exists(file)) {
        given.put(inputs.get(i).name(), TensorProtos.read(file));
      }
    }
    Map<String, Tensor> outputs = model.run(given);
    double largest = 0;
    String reason = "";
    double worst = 0;
    for (int i = 0; i < model.outputs().size(); i++) {
      String name = model.outputs().get(i).name();
      Tensor expected = TensorProtos.read(set.resolve("output_" + i + ".pb"));
      Difference difference = Difference.of(expected, actual(outputs, name), tolerance);
      largest = Math.max(largest, difference.largest());
      if (!difference.isAllowed() && (reason.isEmpty() || difference.largest() > worst)) {
        worst = difference.largest();
        reason = set.getFileName() + ", " + name + " " + difference.worst();
      }
    }
    return new Result(reason.isEmpty() ? Verdict.PASSED : Verdict.FAILED, largest, reason);
  }

  private static Tensor actual(Map<String, Tensor> outputs, String name) {
    Tensor actual = outputs.get(name);
    if (actual == null) {
      throw new IllegalStateException(name); // the model computes all its outputs
    }
    return actual;
  }
}
