package dev.unroll.interop;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.interop.export.Comparison;
import dev.unroll.interop.export.Exported;
import dev.unroll.interop.export.Exports;
import dev.unroll.interop.export.Form;
import dev.unroll.interop.onnx.OnnxModel;
import dev.unroll.result.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Exports a model as an ONNX file. The exported file is run here on samples and compared with the
 * model; if the two differ, no file is left.
 *
 * <p>Use: {@code ModelExport.of(model).opset(17).streaming(true).write(Path.of("model.onnx"))}
 */
public final class ModelExport {

  /** The default opset, the version of ONNX's operators. */
  public static final int OPSET = 17;

  private static final String ENDING = ".onnx";

  private final Model model;
  private final Form form;

  private ModelExport(Model model, Form form) {
    this.model = model;
    this.form = form;
  }

  /** Exports a model of any task. */
  public static ModelExport of(Model model) {
    return new ModelExport(model, new Form(OPSET, false));
  }

  /** Sets the opset, 7 to 24; old ones lack operators that some models need. */
  public ModelExport opset(int version) {
    return new ModelExport(model, new Form(version, form.streaming()));
  }

  /**
   * Sets whether sequences can be fed in chunks: the states of the layers are then inputs and
   * outputs, {@code state_in_…} and {@code state_out_…}.
   */
  public ModelExport streaming(boolean value) {
    return new ModelExport(model, new Form(form.opset(), value));
  }

  /**
   * What was written.
   *
   * @param files the file, or the two of an encoder-decoder
   * @param notes a sentence for each part that ONNX has no operator for: how it is written, and
   *     what it reads
   * @param compared the number of values that were compared with the model
   * @param difference the largest difference, relative to 1 or to the number
   */
  public record Written(List<Path> files, List<String> notes, int compared, double difference) {
    /** Copies the lists. */
    public Written {
      files = List.copyOf(files);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Writes the model to the given file or, for an encoder-decoder, to {@code NAME.encode.onnx} and
   * {@code NAME.step.onnx} next to it.
   *
   * @throws InputException if the model has no such form, the opset lacks an operator that it
   *     needs, the exported file does not give the model's answers, or a file cannot be written
   */
  public Written write(Path file) {
    Exported exported = Exports.of(model, form);
    List<Path> files = exported.graphs().stream().map(graph -> place(file, graph.part())).toList();
    var beside = new ArrayList<Path>();
    try {
      for (int i = 0; i < files.size(); i++) {
        Path folder = SafeFiles.target(files.get(i)).toAbsolutePath().getParent();
        Path part = Files.createTempFile(folder, ".export", ENDING);
        beside.add(part);
        SafeFiles.replace(part, exported.graphs().get(i).model().toByteArray());
      }
      Comparison found = compare(exported, beside);
      for (int i = 0; i < files.size(); i++) {
        Files.move(
            beside.get(i), SafeFiles.target(files.get(i)), StandardCopyOption.REPLACE_EXISTING);
      }
      return new Written(files, exported.notes(), found.compared(), found.largest());
    } catch (IOException e) {
      throw InputException.in(
          file,
          "cannot be written: " + SafeFiles.reason(e),
          "Check the folder, its rights and the free space.");
    } finally {
      beside.forEach(ModelExport::delete);
    }
  }

  /** Returns the files that {@link #write} writes, without writing them. */
  public List<Path> files(Path file) {
    return model instanceof dev.unroll.model.Transducer
        ? List.of(place(file, "encode"), place(file, "step"))
        : List.of(file);
  }

  private static Path place(Path file, String part) {
    if (part.isEmpty()) {
      return file;
    }
    String name = file.getFileName().toString();
    String stem = name.endsWith(ENDING) ? name.substring(0, name.length() - 5) : name;
    return file.resolveSibling(stem + "." + part + ENDING);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit(); // the failure that is thrown says more
    }
  }

  private static Comparison compare(Exported exported, List<Path> files) {
    var models = files.stream().map(OnnxModel::open).toList();
    var found =
        Comparison.of(
            exported, (graph, inputs) -> models.get(graph).run(new LinkedHashMap<>(inputs)));
    if (found.compared() == 0) {
      throw new InputException(
          "the model answers to no sample with numbers, so that nothing can be compared",
          "Its parameters are damaged: train it again.");
    }
    if (!found.same()) {
      throw new InputException(
          "the exported graph does not answer as the model: " + found.where(),
          "No file was written. This is a bug in the export: report it with the model.");
    }
    return found;
  }
}
