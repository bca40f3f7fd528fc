package dev.unroll.interop.export;

import dev.unroll.base.PoolingKind;
import dev.unroll.batch.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Regressor;
import dev.unroll.network.Network;
import dev.unroll.result.Model;
import java.util.List;

/**
 * Writes recognizers and regressors. They read {@code tokens} [batch][time], or {@code values}
 * [batch][time][numbers] as they are measured, and {@code lengths} [batch]. A recognizer gives
 * {@code log_probabilities} [batch][time][labels], of which one is the blank; the search for labels
 * stays the caller's. A regressor gives {@code value} [batch], in its own unit.
 */
final class SignalExport {

  private final Network network;
  private final SourceReader source;
  private final Parameters parameters;
  private final FileWriter file;
  private final GraphWriter g;
  private final Form form;

  private SignalExport(Model model, Network network, SourceReader source, Form form) {
    this.network = network;
    this.source = source;
    this.form = form;
    parameters = Parameters.of(model);
    file = new FileWriter(model, form);
    g = new GraphWriter(model.task().name(), file.opset());
    if (form.streaming()) {
      StreamWriter.check(network);
    }
    Tokenizer tokens = source.tokens();
    if (tokens != null) {
      file.vocabulary("vocabulary", tokens);
    } else {
      file.say("input_scaling", Json.write(source.scaling().toJson()));
    }
  }

  static Exported write(Recognizer model, Form form) {
    Network network = model.network().description().network();
    var export = new SignalExport(model, network, model.source(), form);
    export.recognizer(model.target().size());
    export.file.vocabulary("labels", model.target());
    export.file.say("blank", Integer.toString(model.target().endOfSentence()));
    var sample = new SignalSample(model, model.source(), model.network(), form.streaming());
    return export.finish(sample.recognized(model.target().size()));
  }

  static Exported write(Regressor model, Form form) {
    Network network = model.network().description().network();
    var export = new SignalExport(model, network, model.source(), form);
    double mean = model.scaling().means().getFirst();
    double deviation = model.scaling().deviations().getFirst();
    export.regressor(mean, deviation);
    export.file.say("output_scaling", Json.write(model.scaling().toJson()));
    var sample = new SignalSample(model, model.source(), model.network(), form.streaming());
    return export.finish(sample.regressed(model.scaling()));
  }

  private Exported finish(Exported.Sample sample) {
    var graph = new Exported.Graph("", file.write(g));
    return new Exported(List.of(graph), g.notes(), List.of(sample));
  }

  /** What is read, until it has gone through the layers. */
  private record Read(
      Sequences sequences, StackWriter stack, StreamWriter stream, StackWriter.Output out) {}

  private Read read() {
    String read;
    String x;
    if (source.tokens() != null) {
      read = g.input("tokens", Type.INT64, "batch", "time");
      String ids = g.transpose(read, 1, 0);
      x = InputWriter.embed(g, parameters, "embedding.weight", ids, 2, false);
    } else {
      read = g.input("values", Type.DOUBLE, "batch", "time", source.inputs());
      var scaling = source.scaling();
      String scaled = InputWriter.standardize(g, read, scaling.means(), scaling.deviations());
      x = g.transpose(scaled, 1, 0, 2);
    }
    var sequences = Sequences.of(g, read, g.input("lengths", Type.INT64, "batch"));
    var stack = new StackWriter(parameters, network, "");
    List<List<State>> starts = stack.starts(g, sequences);
    var stream = new StreamWriter(g);
    if (form.streaming()) {
      starts = stream.receive(stack, starts);
    }
    StackWriter.Output out = stack.write(g, x, sequences, starts);
    if (form.streaming()) {
      stream.give(stack, out.ends());
    }
    return new Read(sequences, stack, stream, out);
  }

  private void recognizer(int labels) {
    String a = g.transpose(read().out().output(), 1, 0, 2);
    String y = HeadWriter.logSoftmax(g, HeadWriter.linear(g, parameters, "head.", a));
    g.output("log_probabilities", y, Type.FLOAT, "batch", "time", labels);
  }

  private void regressor(double mean, double deviation) {
    Read read = read();
    var pooling =
        new PoolingWriter(
            g, parameters, read.stack(), read.sequences(), form.streaming() ? read.stream() : null);
    String p = pooling.write(PoolingKind.LAST, read.out());
    String z = g.cast(HeadWriter.linear(g, parameters, "head.", p), Type.DOUBLE);
    String scaled = g.multiply(z, g.number(Type.DOUBLE, deviation));
    String value = g.add(g.number(Type.DOUBLE, mean), scaled);
    g.output("value", g.squeeze(value, 1), Type.DOUBLE, "batch");
  }
}
