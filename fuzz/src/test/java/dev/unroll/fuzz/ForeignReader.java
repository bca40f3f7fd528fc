package dev.unroll.fuzz;

import dev.unroll.base.InputException;
import dev.unroll.interop.keras.KerasModel;
import dev.unroll.interop.onnx.OnnxModel;
import dev.unroll.interop.onnx.graph.TensorProtos;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.NpyFile;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.tensor.TensorJson;
import dev.unroll.interop.torch.StateDict;
import dev.unroll.interop.torch.TorchNetwork;
import dev.unroll.interop.weights.Conversion;
import dev.unroll.interop.weights.NetworkHint;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/**
 * The readers of files of other programs: each reads a file and uses what it found, or refuses it.
 * Anything else is a finding. Jazzer begins a campaign at {@link #fuzzerInitialize} and {@link
 * #fuzzerTestOneInput}, {@link ForeignFilesTest} repeats what it found.
 */
public enum ForeignReader {
  KERAS(
      "keras",
      ".keras",
      file -> Conversion.network(KerasModel.open(file, NetworkHint.NONE).network())),
  TORCH("torch", ".pt", ForeignReader::torch),
  SAFETENSORS("safetensors", ".safetensors", ForeignReader::torch),
  ONNX("onnx", ".onnx", ForeignReader::onnx),
  TENSOR_PROTO("tensorProto", ".pb", TensorProtos::read),
  NPY("npy", ".npy", NpyFile::read),
  TENSOR_JSON("tensorJson", ".json", file -> TensorJson.read(file, null));

  private static final int MOST_STEPS = 1000;
  private static final int LONGEST_AXIS = 64;
  private static final int MOST_INPUTS = 1 << 16;

  /** The one that a campaign is about. */
  private static ForeignReader chosen = KERAS;

  private final String label;
  private final Reading reading;
  private final Path file;

  ForeignReader(String label, String extension, Reading reading) {
    this.label = label;
    this.reading = reading;
    try {
      file = Files.createTempFile("fuzz", extension);
      file.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a file, and uses it. */
  private interface Reading {
    void read(Path file);
  }

  /** The name of its test, and of the folder of its seeds. */
  String label() {
    return label;
  }

  static ForeignReader of(String label) {
    return Arrays.stream(values())
        .filter(each -> each.label.equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kind " + label));
  }

  /** Returns whether some bytes were read, or refused. */
  boolean read(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try {
      reading.read(file);
      return true;
    } catch (InputException e) {
      return false;
    }
  }

  private static void torch(Path file) {
    TorchNetwork.of(StateDict.read(file), NetworkHint.NONE, 0);
  }

  private static void onnx(Path file) {
    OnnxModel model = OnnxModel.open(file).withMaxSteps(MOST_STEPS);
    var inputs = new LinkedHashMap<String, Tensor>();
    long size = 0;
    for (Value input : model.inputs()) {
      Tensor tensor = zeros(input);
      inputs.put(input.name(), tensor);
      size += tensor.size();
      if (size > MOST_INPUTS) {
        return;
      }
    }
    model.run(inputs);
  }

  private static Tensor zeros(Value input) {
    ElementType type = input.type() == null ? ElementType.FLOAT : input.type();
    List<String> axes = input.axes() == null ? List.of() : input.axes();
    int[] lengths = axes.stream().mapToInt(ForeignReader::length).toArray();
    if (Arrays.stream(lengths).asLongStream().reduce(1, (a, b) -> Math.min(a * b, 1 << 30))
        > MOST_INPUTS) {
      throw new InputException("inputs that are too large for a try", "Take others.");
    }
    Shape shape = Shape.of(lengths);
    Object elements = Array.newInstance(type.array().getComponentType(), shape.size());
    if (elements instanceof String[] texts) {
      Arrays.fill(texts, "");
    }
    return Tensor.adopt(type, shape, elements);
  }

  private static int length(String axis) {
    return axis.matches("[0-9]{1,2}") ? Math.min(LONGEST_AXIS, Integer.parseInt(axis)) : 2;
  }

  /**
   * Chooses the reader of a campaign and lets it read all seeds, so that loading its classes is no
   * part of a try.
   *
   * @param args the name of the reader, and the folder of its seeds
   */
  public static void fuzzerInitialize(String[] args) throws IOException {
    chosen = of(args[0]);
    try (Stream<Path> seeds = Files.list(Path.of(args[1]))) {
      for (Path seed : seeds.sorted().toList()) {
        chosen.read(Files.readAllBytes(seed));
      }
    }
  }

  /** One try of a campaign. */
  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    chosen.read(bytes);
  }
}
