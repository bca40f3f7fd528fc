package dev.unroll.interop.export;

import dev.unroll.file.Json;
import dev.unroll.model.LabelModel;
import dev.unroll.network.Network;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.LabelSpec.PerSequence;
import dev.unroll.task.label.LabelSpec.PerStep;
import dev.unroll.task.label.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes classifiers and taggers: {@code tokens} [batch][time], {@code lengths} [batch] and what
 * else the network reads of a token, or of a text its n-grams, to {@code probabilities},
 * [batch][labels] or [batch][time][labels]. With a CRF there are also {@code best} [batch][time],
 * the likeliest tags together, and what it was computed from: {@code scores}, {@code transitions},
 * {@code start_scores} and {@code end_scores}.
 */
final class LabelExport {

  private final LabelSpec spec;
  private final Network network;
  private final Parameters parameters;
  private final FileWriter file;
  private final GraphWriter g;
  private final boolean streaming;
  private final int labels;

  private LabelExport(LabelModel model, Form form) {
    spec = model.description();
    network = spec.network();
    labels = spec.output().labels();
    streaming = form.streaming();
    parameters = Parameters.of(model);
    file = new FileWriter(model, form);
    g = new GraphWriter(model.task().name(), file.opset());
    file.vocabulary("vocabulary", model.lexicon());
    file.say("labels", Json.write(model.labelNames().names()));
    file.say("thresholds", Json.write(model.labelNames().thresholds()));
    file.say(
        "columns", Json.write(model.labelNames().columns().stream().map(c -> c.name()).toList()));
    file.say("end_token", Integer.toString(model.lexicon().endOfSentence()));
    file.say("unknown_token", Integer.toString(model.lexicon().unknown()));
  }

  static Exported write(LabelModel model, Form form) {
    if (form.streaming()) {
      StreamWriter.check(model.description().network());
    }
    var export = new LabelExport(model, form);
    export.write();
    var graph = new Exported.Graph("", export.file.write(export.g));
    var sample = new LabelSample(model, form.streaming()).sample();
    return new Exported(List.of(graph), export.g.notes(), List.of(sample));
  }

  private void write() {
    String tokens = g.input("tokens", Type.INT64, "batch", "time");
    String lengths = g.input("lengths", Type.INT64, "batch");
    var sequences = Sequences.of(g, tokens, lengths);
    var x = new ArrayList<String>();
    String ids = g.transpose(tokens, 1, 0);
    x.add(InputWriter.embed(g, parameters, "embedding.weight", ids, 2, false));
    Spelling spelling = spec.spelling();
    if (spelling != null) {
      x.add(new SpellingWriter(g, parameters, spelling).write(sequences));
    }
    for (int i = 0; i < spec.features().size(); i++) {
      String values = g.input("feature_" + i, Type.INT64, "batch", "time");
      String name = "feature." + i + ".embedding.weight";
      x.add(InputWriter.embed(g, parameters, name, g.transpose(values, 1, 0), 2, true));
    }
    var stack = new StackWriter(parameters, network, "");
    List<List<State>> starts = stack.starts(g, sequences);
    StreamWriter stream = streaming ? new StreamWriter(g) : null;
    if (stream != null) {
      starts = stream.receive(stack, starts);
    }
    StackWriter.Output out = stack.write(g, g.concat(2, x), sequences, starts);
    switch (spec.output()) {
      case PerSequence whole -> pooled(whole, out, stack, sequences, stream);
      case PerStep steps -> perStep(steps.crf(), out, sequences);
    }
    if (stream != null) {
      stream.give(stack, out.ends());
    }
  }

  private void pooled(
      PerSequence whole,
      StackWriter.Output out,
      StackWriter stack,
      Sequences sequences,
      @Nullable StreamWriter stream) {
    var pooling = new PoolingWriter(g, parameters, stack, sequences, stream);
    String p = pooling.write(whole.pooling(), out);
    String y = HeadWriter.linear(g, parameters, "head.", p);
    if (whole.ngrams() > 0) {
      y = g.add(y, ngrams());
    }
    String shares = whole.multiLabel() ? g.op("Sigmoid", y) : g.op("Softmax", Map.of("axis", 1), y);
    g.output("probabilities", shares, Type.FLOAT, "batch", labels);
  }

  /** The sum of the weights of the n-grams that a text has, padded by -1, [batch][labels]. */
  private String ngrams() {
    g.note(
        "a regression on n-grams reads the input ngrams: numbers of n-grams,"
            + " which the metadata lists");
    String numbers = g.input("ngrams", Type.INT64, "batch", "ngrams");
    String weights = InputWriter.embed(g, parameters, "ngrams.weight", numbers, 2, true);
    return g.reduce("ReduceSum", weights, 1, false);
  }

  private void perStep(boolean chained, StackWriter.Output out, Sequences sequences) {
    String y = HeadWriter.linear(g, parameters, "head.", out.output());
    if (!chained) {
      String shares = g.op("Softmax", Map.of("axis", 2), y);
      perStep("probabilities", shares);
      return;
    }
    perStep("scores", y);
    g.output("transitions", parameters.matrix(g, "crf.transitions"), Type.FLOAT, labels, labels);
    g.output("start_scores", parameters.vector(g, "crf.start"), Type.FLOAT, labels);
    g.output("end_scores", parameters.vector(g, "crf.end"), Type.FLOAT, labels);
    if (streaming) {
      g.note(
          "the CRF's tags are chosen when the whole sequence is known: the streaming form gives"
              + " scores and transitions");
      return;
    }
    var crf = new CrfWriter(g, parameters, sequences, y);
    String best = g.transpose(crf.best(), 1, 0);
    g.output("best", best, Type.INT64, "batch", "time");
    perStep("probabilities", crf.probabilities());
    g.note("the CRF is written as basic operators inside Scan");
  }

  private void perStep(String name, String value) {
    g.output(name, g.transpose(value, 1, 0, 2), Type.FLOAT, "batch", "time", labels);
  }
}
