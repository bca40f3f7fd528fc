package dev.unroll.interop.export;

import dev.unroll.base.AttentionKind;
import dev.unroll.base.InputException;
import dev.unroll.model.Transducer;
import dev.unroll.network.Network;
import dev.unroll.task.transduce.TransducerSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes encoder-decoders as two graphs. {@code encode} reads {@code tokens} [batch][source] and
 * {@code lengths} [batch] and gives the states that the decoder begins with, and what it attends to
 * ({@code memory}, {@code keys}). {@code step} reads those, one {@code token} [batch] a sequence
 * (-1 before the first) and {@code lengths} of the sources, and gives {@code log_probabilities}
 * [batch][vocabulary], the states after it and {@code attention} [batch][source]. The search stays
 * the caller's: a row of the step is any beginning of any source.
 */
final class TransducerExport {

  private static final String FED = "fed";

  private final Transducer model;
  private final TransducerSpec spec;
  private final Parameters parameters;
  private final StackWriter encoder;
  private final StackWriter decoder;
  private final @Nullable AttentionWriter attention;
  private final Form form;
  private final List<String> notes = new ArrayList<>();

  private TransducerExport(Transducer model, Form form) {
    this.model = model;
    this.form = form;
    spec = model.description();
    parameters = Parameters.of(model);
    encoder = new StackWriter(parameters, spec.encoder(), "encoder.");
    decoder = new StackWriter(parameters, spec.decoder(), "decoder.");
    AttentionKind kind = spec.attention();
    attention = kind == null ? null : new AttentionWriter(parameters, kind);
  }

  static Exported write(Transducer model, Form form) {
    if (form.streaming()) {
      throw new InputException(
          "an encoder-decoder reads whole sources, and its decoder is written step by step anyway",
          "Leave {streaming} out.");
    }
    var export = new TransducerExport(model, form);
    var graphs = List.of(export.encode(), export.step());
    return new Exported(graphs, export.notes, List.of(TransducerSample.of(model)));
  }

  private Exported.Graph finish(String part, FileWriter file, GraphWriter g) {
    notes.addAll(g.notes());
    file.say("form", part);
    file.vocabulary("source_vocabulary", model.source());
    file.vocabulary("vocabulary", model.target());
    file.say("source_end_token", Integer.toString(model.source().endOfSentence()));
    file.say("end_token", Integer.toString(model.target().endOfSentence()));
    file.say("unknown_token", Integer.toString(model.target().unknown()));
    return new Exported.Graph(part, file.write(g));
  }

  private Exported.Graph encode() {
    var file = new FileWriter(model, form);
    var g = new GraphWriter("encoder", file.opset());
    String tokens = g.input("tokens", Type.INT64, "batch", "source");
    var sequences = Sequences.of(g, tokens, g.input("lengths", Type.INT64, "batch"));
    String ids = g.transpose(tokens, 1, 0);
    String x = InputWriter.embed(g, parameters, "encoder.embedding.weight", ids, 2, false);
    var out = encoder.write(g, x, sequences, encoder.starts(g, sequences));
    var states = new ArrayList<List<State>>();
    int last = encoder.layers().size() - 1;
    for (int i = 0; i < decoder.layers().size(); i++) {
      List<State> ends = out.ends().get(Math.min(i, last));
      String prefix = "bridges." + i + ".";
      states.add(List.of(bridge(g, prefix, ends, decoder.layers().get(i))));
    }
    var stream = new StreamWriter(g);
    stream.give(decoder, states);
    if (attention != null) {
      String memory = g.transpose(out.output(), 1, 0, 2);
      g.output("memory", memory, Type.FLOAT, "batch", "source", encoder.outputs());
      String keys = attention.keys(g, memory);
      g.output("keys", keys, Type.FLOAT, "batch", "source", attention.width());
    }
    if (spec.feeds()) {
      stream.give(FED, ScanLayer.zeros(g, sequences, decoder.outputs()), decoder.outputs());
    }
    return finish("encode", file, g);
  }

  /**
   * Returns the state that a layer of the decoder begins with.
   *
   * @param prefix of the parameters, if there are any; without them the state is handed on
   * @param ends of each way of the encoder's layer, its last state
   * @param to the decoder's layer
   */
  private State bridge(GraphWriter g, String prefix, List<State> ends, LayerPlan to) {
    g.part(prefix.substring(0, prefix.length() - 1));
    if (!parameters.has(prefix + "weight")) {
      return ends.getFirst();
    }
    var parts = new ArrayList<String>();
    ends.forEach(end -> parts.add(end.a()));
    for (State end : ends) {
      String c = end.c();
      if (c != null) {
        parts.add(c);
      }
    }
    String s = HeadWriter.linear(g, parameters, prefix, g.concat(1, parts));
    int outputs = to.outputs();
    String a = g.op("Tanh", g.slice(s, 1, 0, outputs));
    return new State(
        a, to.hasMemory() ? g.slice(s, 1, outputs, outputs + to.layer().units()) : null);
  }

  private Exported.Graph step() {
    var file = new FileWriter(model, form);
    var g = new GraphWriter("decoder", file.opset());
    String token = g.input("token", Type.INT64, "batch");
    var stream = new StreamWriter(g);
    List<List<State>> states = stream.receive(decoder, List.of());
    String x = InputWriter.embed(g, parameters, "decoder.embedding.weight", token, 1, true);
    if (spec.feeds()) {
      String fed = stream.receive(FED, decoder.outputs(), null);
      x = g.concat(1, List.of(x, fed));
    }
    var one = Sequences.of(g, g.unsqueeze(token, 1), null);
    var out = decoder.write(g, g.unsqueeze(x, 0), one, states);
    String o = g.squeeze(out.output(), 0);
    if (attention != null) {
      o = attend(g, attention, o);
    }
    Network writes = spec.decoder();
    String tied = writes.tied() ? "decoder.embedding.weight" : "";
    String y =
        HeadWriter.logProbabilities(g, parameters, g.unsqueeze(o, 1), tied, writes.cutoffs());
    int vocabulary = model.target().size();
    g.output("log_probabilities", g.squeeze(y, 1), Type.FLOAT, "batch", vocabulary);
    stream.give(decoder, out.ends());
    if (spec.feeds()) {
      stream.give(FED, o, decoder.outputs());
    }
    return finish("step", file, g);
  }

  private String attend(GraphWriter g, AttentionWriter writer, String query) {
    String memory = g.input("memory", Type.FLOAT, "batch", "source", encoder.outputs());
    String keys = g.input("keys", Type.FLOAT, "batch", "source", writer.width());
    String lengths = g.input("lengths", Type.INT64, "batch");
    String mask = g.transpose(Sequences.of(g, keys, lengths).mask(), 1, 0);
    AttentionWriter.Output out = writer.write(g, query, memory, keys, mask);
    g.output("attention", out.shares(), Type.FLOAT, "batch", "source");
    return out.output();
  }
}
