package dev.unroll.interop.onnx;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.interop.onnx.graph.ModelGraph;
import dev.unroll.interop.onnx.graph.ModelReader;
import dev.unroll.interop.onnx.graph.Value;
import dev.unroll.interop.onnx.run.Placement;
import dev.unroll.interop.onnx.run.Program;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.ForeignFiles;
import dev.unroll.interop.tensor.Tensor;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An ONNX model, ready to run. It is immutable, and any number of threads can share it.
 *
 * <p>It supports the operators of recurrent models and of what surrounds them (opsets 7 to 24).
 * RNN, GRU and LSTM of the usual form run on the engine of our own models, with packed weights; the
 * rest in plain arithmetic. A model file can do no harm: what it says is checked before memory is
 * taken, it names no files but those beside it, and its loops are bounded.
 */
public final class OnnxModel {

  /** The default maximum number of steps of all loops of a run together. */
  public static final long MAX_STEPS = 1_000_000;

  private final String name;
  private final ModelGraph model;
  private final Program program;
  private final long maxSteps;
  private final InputCheck check;

  private OnnxModel(String name, ModelGraph model, Program program, long maxSteps) {
    this.name = name;
    this.model = model;
    this.program = program;
    this.maxSteps = maxSteps;
    check = new InputCheck(inputs(), optionalInputs());
  }

  /**
   * Opens a model, and the files beside it that hold its weights.
   *
   * @throws InputException if it cannot be read, is not valid, or needs unsupported operators, all
   *     of which are named
   */
  public static OnnxModel open(Path file) {
    return of(ModelReader.read(file), file.toString());
  }

  /**
   * Opens a model that contains all its weights. The stream is read up to its end and stays open.
   *
   * @throws InputException as for a file
   */
  public static OnnxModel open(InputStream in) {
    String name = "the ONNX model";
    return of(ModelReader.read(in, name), name);
  }

  /**
   * Returns a model that was read.
   *
   * @param name its name in messages
   */
  public static OnnxModel of(ModelGraph model, String name) {
    Program program = ForeignFiles.named(name, () -> Program.of(model));
    return new OnnxModel(name, model, program, MAX_STEPS);
  }

  /** Returns the same model with another number of steps for all loops of a run together. */
  public OnnxModel withMaxSteps(long steps) {
    return new OnnxModel(name, model, program, steps);
  }

  /** The inputs that a run needs. */
  public List<Value> inputs() {
    Set<String> constants = model.graph().initializers().keySet();
    return model.graph().inputs().stream()
        .filter(each -> !constants.contains(each.name()))
        .toList();
  }

  /** The optional inputs, for which the model has default values. */
  public List<Value> optionalInputs() {
    return model.graph().inputs().stream()
        .filter(each -> program.replaceable().contains(each.name()))
        .toList();
  }

  /** The outputs. */
  public List<Value> outputs() {
    return model.graph().outputs();
  }

  /** The metadata of the model, by name. */
  public Map<String, String> metadata() {
    return model.origin().metadata();
  }

  /** The model graph, as in the file. */
  public ModelGraph graph() {
    return model;
  }

  /** What runs each node. */
  public List<Placement> placements() {
    return program.placements();
  }

  /**
   * Runs the model in the caller's thread.
   *
   * @param inputs by name; their types and shapes must be those of {@link #inputs}, and axes of one
   *     name must be of one length
   * @return the outputs by name, in their order
   * @throws InputException if inputs do not fit, or a node cannot run with what it gets
   */
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    return run(inputs, Workers.single());
  }

  /** Runs the model with several threads, whose number changes no bit of the outputs. */
  public Map<String, Tensor> run(Map<String, Tensor> inputs, Workers workers) {
    return ForeignFiles.named(
        name,
        () -> {
          check.check(inputs);
          List<Tensor> computed = program.run(inputs, workers, maxSteps);
          var outputs = new LinkedHashMap<String, Tensor>();
          for (int i = 0; i < computed.size(); i++) {
            String output = model.graph().outputs().get(i).name();
            if (computed.get(i).type() == ElementType.SEQUENCE) {
              throw new InputException(
                  "the output " + output + " is a sequence of tensors", "Export it as a tensor.");
            }
            outputs.put(output, computed.get(i));
          }
          return outputs;
        });
  }

  /**
   * Opens a stream whose states are recognized by the names of inputs and outputs, such as {@code
   * h0} and {@code hn}, {@code state_in} and {@code state_out}, {@code past_x} and {@code
   * present_x}.
   *
   * @throws InputException if there are none
   */
  public OnnxStream stream() {
    Map<String, String> pairs = StatePairs.find(graph().graph().inputs(), outputs());
    if (pairs.isEmpty()) {
      throw InputException.in(
          name,
          "no names of its inputs and outputs say which outputs are states",
          "Name them: stream(Map.of(\"an input\", \"an output\")).");
    }
    return new OnnxStream(name, pairs, check, this::run);
  }

  /**
   * Opens a stream.
   *
   * @param states for each input that is a state, the output that is its next value
   * @throws InputException if there are no such inputs or outputs, or they do not fit each other
   */
  public OnnxStream stream(Map<String, String> states) {
    ForeignFiles.named(
        name,
        () -> {
          StatePairs.check(states, graph().graph().inputs(), outputs());
          return states;
        });
    return new OnnxStream(name, states, check, this::run);
  }
}
