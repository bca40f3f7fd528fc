package dev.unroll.cli.interop;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.interop.onnx.graph.TensorProtos;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.NpyFile;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.tensor.TensorJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Files of tensors, whose format follows from their names. */
final class TensorFiles {

  private TensorFiles() {}

  /** A form of files. */
  enum Format {
    /** NumPy's. */
    NPY,
    /** Nested lists. */
    JSON,
    /** ONNX's message TensorProto. */
    PB;

    /** Returns the form that is named. */
    static Format of(String name) {
      for (Format each : values()) {
        if (each.ending().equals(name)) {
          return each;
        }
      }
      throw new InputException("the form of tensors is " + name, "Use npy, json or pb.");
    }

    private String ending() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads a tensor.
   *
   * @param expected the type of JSON that does not say one
   */
  static Tensor read(Path file, @Nullable ElementType expected) {
    String name = file.toString();
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "npy" -> NpyFile.read(file);
      case "json" -> TensorJson.read(file, expected);
      case "pb" -> TensorProtos.read(file);
      default ->
          throw InputException.in(
              file, "has no ending that says its form", "Name it .npy, .json or .pb.");
    };
  }

  /** Writes tensors into a folder, and returns the files. */
  static Map<Path, Tensor> write(Map<String, Tensor> tensors, Path folder, Format format) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw InputException.in(
          folder, "cannot be created: " + SafeFiles.reason(e), "Name another folder.");
    }
    var files = new LinkedHashMap<Path, Tensor>();
    tensors.forEach(
        (name, tensor) -> {
          Path file = unused(folder, name, format, files);
          switch (format) {
            case NPY -> NpyFile.write(file, tensor);
            case JSON ->
                SafeFiles.replace(
                    file, (TensorJson.write(tensor) + "\n").getBytes(StandardCharsets.UTF_8));
            case PB -> SafeFiles.replace(file, TensorProtos.write(tensor, name).toByteArray());
          }
          files.put(file, tensor);
        });
    return files;
  }

  /** Returns a file in the folder, whatever characters the name has, that is no other tensor's. */
  private static Path unused(Path folder, String name, Format format, Map<Path, Tensor> used) {
    String plain = name.replaceAll("[^A-Za-z0-9_.-]", "_").replaceFirst("^[.-]", "_");
    String shortened = plain.substring(0, Math.min(plain.length(), 100));
    Path file = folder.resolve(shortened + "." + format.ending());
    for (int i = 2; used.containsKey(file); i++) {
      file = folder.resolve(shortened + "-" + i + "." + format.ending());
    }
    return file;
  }
}
