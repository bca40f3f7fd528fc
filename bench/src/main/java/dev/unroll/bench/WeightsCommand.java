package dev.unroll.bench;

import ai.onnxruntime.OrtException;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.bench.onnx.OnnxFile;
import dev.unroll.bench.onnx.OnnxPeer;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.kernel.Kernels;
import dev.unroll.kernel.Layout;
import dev.unroll.layer.LayerStream;
import dev.unroll.layer.RecurrentLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code unroll-bench weights}: a streaming step with weights in 32, 16 and 8 bits. */
@Command(
    name = "weights",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Times a streaming step of an LSTM layer with weights in 32, 16 and 8 bits, and in ONNX Runtime"
            + " in 32 and 8 bits, in turns in one process, on one thread.",
    footer = {
      "",
      "ONNX Runtime's LSTM in 8 bits is DynamicQuantizeLSTM, with a scale for each row of the weights: it",
      "rounds what is multiplied by them to 8 bits, too, in each step.",
    })
final class WeightsCommand implements Callable<Integer> {

  private static final double WARM_UP_SECONDS = 3;
  private static final double TURN_SECONDS = 0.1;

  /** Before outputs are compared. */
  private static final int STEPS = 50;

  @Option(
      names = "--units",
      split = ",",
      defaultValue = "128,256,512,1024",
      description = "Widths of the layer. Default: ${DEFAULT-VALUE}.")
  List<Integer> widths = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "21",
      description = "Rounds of a tenth of a second each. Default: ${DEFAULT-VALUE}.")
  int rounds = 21;

  @Override
  public Integer call() throws IOException, OrtException {
    System.out.printf(
        "%s, Java %s, %s, ONNX Runtime %s%n",
        Processor.name(), Runtime.version(), Kernels.description(), OnnxPeer.version());
    System.out.printf(
        "A step of one sequence of an LSTM layer as wide as its input, 1 thread. ± is how far an output"
            + " is at most from that of the same engine in 32 bits, after %d steps.%n%n",
        STEPS);
    System.out.println(
        "| H | float32 | bfloat16 | int8 | ONNX Runtime, float32 | ONNX Runtime, int8 |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
    Path file = Files.createTempFile("unroll-bench", ".onnx");
    try {
      for (int units : widths) {
        compare(units, file);
      }
    } finally {
      Files.deleteIfExists(file);
    }
    return 0;
  }

  private void compare(int units, Path file) throws IOException, OrtException {
    var shape = new OnnxFile("LSTM", false, 1, 1, units, units);
    Files.write(file, shape.bytes());
    try (var exact = new OnnxPeer(shape, file, 1)) {
      Files.write(file, shape.bytesOf8Bits());
      try (var rounded = new OnnxPeer(shape, file, 1)) {
        var layers = new ArrayList<Layer>();
        for (Precision precision : Precision.values()) {
          layers.add(layer(units, precision));
        }
        for (OnnxPeer peer : List.of(exact, rounded)) {
          layers.add(new Layer(peer::step, peer::outputs));
        }
        List<float[]> outputs = layers.stream().map(Layer::outputsAfterSteps).toList();
        var turns = layers.stream().map(layer -> new Turn(layer.step)).toList();
        Turn.take(turns, WARM_UP_SECONDS, TURN_SECONDS, rounds);
        print(units, turns, outputs);
      }
    }
  }

  /** Prints a row: our three precisions, then those of ONNX Runtime. */
  private static void print(int units, List<Turn> turns, List<float[]> outputs) {
    Turn whole = turns.get(0);
    Turn half = turns.get(1);
    Turn eight = turns.get(2);
    System.out.printf(
        "| %,d | %s | %s, %s as fast, %s | %s, %s as fast, %s | %s, takes %s | %s, takes %s, %s |%n",
        units,
        whole.time(),
        half.time(),
        whole.ratioTo(half),
        change(outputs.get(0), outputs.get(1)),
        eight.time(),
        whole.ratioTo(eight),
        change(outputs.get(0), outputs.get(2)),
        turns.get(3).time(),
        turns.get(3).ratioTo(whole),
        turns.get(4).time(),
        turns.get(4).ratioTo(eight),
        change(outputs.get(3), outputs.get(4)));
  }

  private static String change(float[] exact, float[] rounded) {
    double most = 0;
    for (int i = 0; i < exact.length; i++) {
      most = Math.max(most, Math.abs(exact[i] - rounded[i]));
    }
    return String.format(Locale.ROOT, "±%.5f", most);
  }

  /** A layer at work: a step, and its outputs. */
  private record Layer(Runnable step, Supplier<float[]> outputs) {
    float[] outputsAfterSteps() {
      for (int i = 0; i < STEPS; i++) {
        step.run();
      }
      return outputs.get();
    }
  }

  private static Layer layer(int units, Precision precision) {
    var layout = new Layout();
    var layer = new RecurrentLayer(new LstmCell(Peepholes.NONE), units, units, "", layout);
    float[] parameters = Numbers.uniform(Kind.INPUT_WEIGHT, 0, layout.size(), 1 / Math.sqrt(units));
    var weights = layer.newWeights(precision);
    weights.packForward(layout.round(parameters, precision), Workers.single());
    var stream = new LayerStream(layer, weights);
    var x = Matrix.of(Numbers.uniform(Kind.INPUT, 0, units, 1), 1, units);
    return new Layer(() -> stream.step(x), () -> stream.output().copyOfElements());
  }
}
