package dev.unroll.bench;

import ai.onnxruntime.OrtException;
import dev.unroll.base.Workers;
import dev.unroll.bench.onnx.OnnxFile;
import dev.unroll.bench.onnx.OnnxPeer;
import dev.unroll.interop.onnx.OnnxModel;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll-bench onnx}: an ONNX file run here and by ONNX Runtime, in turns. */
@Command(
    name = "onnx",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs the same ONNX files here and in ONNX Runtime, in turns in one process.",
    footer = {
      "",
      "Both first compute the same numbers (within 1e-5). A ratio above 1 means that Unroll is that",
      "many times faster; its range is that of the rounds.",
      "Example:  unroll-bench onnx --only LSTM --threads 1",
    })
final class OnnxCommand implements Callable<Integer> {

  private static final double CLOSE = 1e-5;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      description = "Only cases whose title contains this text, such as 'LSTM T 50'.")
  String only = "";

  @Mixin TimingOptions timing = new TimingOptions(7, 500, 5000);

  private static List<OnnxFile> files() {
    var files = new ArrayList<OnnxFile>();
    for (String cell : List.of("LSTM", "GRU")) {
      for (int units : new int[] {128, 256}) {
        files.add(new OnnxFile(cell, false, 50, 32, units, units));
        files.add(new OnnxFile(cell, true, 50, 32, units, units));
        files.add(new OnnxFile(cell, false, 1, 1, units, units));
      }
    }
    return files;
  }

  @Override
  public Integer call() throws IOException, OrtException {
    System.out.printf(
        "%s, Java %s, %s, ONNX Runtime %s%n",
        Processor.name(), Runtime.version(), Kernels.description(), OnnxPeer.version());
    System.out.printf(
        "%-26s %8s %14s %14s   %s%n", "", "threads", "Unroll", "ONNX Runtime", "times as fast");
    Path file = Files.createTempFile("unroll-bench", ".onnx");
    try {
      for (OnnxFile each : files()) {
        boolean stream = each.steps() == 1;
        for (int count : stream ? List.of(1) : timing.threads) {
          if (each.title().contains(only) && (!stream || timing.threads.contains(1))) {
            Files.write(file, each.bytes());
            measure(each, file, count);
          }
        }
      }
    } finally {
      Files.deleteIfExists(file);
    }
    return 0;
  }

  private void measure(OnnxFile shape, Path file, int count) throws OrtException {
    try (var workers = new Workers(count);
        var peer = new OnnxPeer(shape, file, count)) {
      OnnxModel model = OnnxModel.open(file);
      check(shape, model, peer);
      Runnable ours = shape.steps() == 1 ? stream(shape, model) : batch(shape, model, workers);
      Runnable theirs = shape.steps() == 1 ? peer::step : peer::run;
      time(ours, timing.warmUp);
      time(theirs, timing.warmUp / 2);
      int rounds = timing.rounds;
      var mine = new double[rounds];
      var other = new double[rounds];
      var ratios = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        mine[round] = time(ours, timing.roundTime);
        other[round] = time(theirs, timing.roundTime);
        ratios[round] = other[round] / mine[round];
      }
      Arrays.sort(ratios);
      System.out.printf(
          "%-26s %8d %11.1f µs %11.1f µs   %.2f (%.2f … %.2f)%n",
          shape.title(),
          count,
          median(mine),
          median(other),
          median(ratios),
          ratios[0],
          ratios[rounds - 1]);
    }
  }

  private static Map<String, Tensor> inputs(OnnxFile shape) {
    var inputs = new LinkedHashMap<String, Tensor>();
    inputs.put("x", shape.x());
    inputs.put("h_in", shape.zeros());
    if (shape.isLstm()) {
      inputs.put("c_in", shape.zeros());
    }
    return inputs;
  }

  private static Runnable batch(OnnxFile shape, OnnxModel model, Workers workers) {
    Map<String, Tensor> inputs = inputs(shape);
    return () -> model.run(inputs, workers);
  }

  private static Runnable stream(OnnxFile shape, OnnxModel model) {
    var states = new LinkedHashMap<String, String>();
    states.put("h_in", "h_out");
    if (shape.isLstm()) {
      states.put("c_in", "c_out");
    }
    var stream = model.stream(states);
    stream.restore(zeros(shape));
    Map<String, Tensor> x = Map.of("x", shape.x());
    return () -> stream.step(x);
  }

  private static Map<String, Tensor> zeros(OnnxFile shape) {
    Map<String, Tensor> states = inputs(shape);
    states.remove("x");
    return states;
  }

  private static void check(OnnxFile shape, OnnxModel model, OnnxPeer peer) {
    float[] ours = Objects.requireNonNull(model.run(inputs(shape)).get("y")).floats();
    peer.run();
    float[] theirs = peer.outputs();
    for (int i = 0; i < ours.length; i++) {
      if (!(Math.abs(ours[i] - theirs[i]) <= CLOSE)) {
        throw new IllegalStateException(
            shape.title() + ": " + ours[i] + " here, " + theirs[i] + " in ONNX Runtime");
      }
    }
  }

  /** Returns the median time of a run, in microseconds, over runs of some milliseconds together. */
  private static double time(Runnable work, long milliseconds) {
    long end = System.nanoTime() + milliseconds * 1_000_000;
    var times = new double[1 << 20];
    int count = 0;
    long start = System.nanoTime();
    while (start < end && count < times.length) {
      work.run();
      long now = System.nanoTime();
      times[count++] = (now - start) * 1e-3;
      start = now;
    }
    return median(Arrays.copyOf(times, count));
  }

  private static double median(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
