package dev.unroll.interop.export;

import dev.unroll.data.Condition;
import dev.unroll.data.Reading;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes language models: {@code tokens} [batch][time] and {@code lengths} [batch] to {@code
 * log_probabilities} [batch][time][vocabulary] of the token that comes after each. The id -1 is
 * x⟨1⟩ = 0, the input before a sentence.
 */
final class LanguageExport {

  private final LanguageModel model;
  private final Network network;
  private final Parameters parameters;
  private final FileWriter file;
  private final GraphWriter g;
  private final Form form;

  private LanguageExport(LanguageModel model, Form form) {
    this.model = model;
    this.form = form;
    network = model.network().description();
    parameters = Parameters.of(model);
    file = new FileWriter(model, form);
    g = new GraphWriter("language model", file.opset());
  }

  static Exported write(LanguageModel model, Form form) {
    var export = new LanguageExport(model, form);
    export.write();
    export.file.vocabulary("vocabulary", model.tokenizer());
    export.file.say("first_token", Integer.toString(model.firstInput()));
    export.file.say("end_token", Integer.toString(model.tokenizer().endOfSentence()));
    export.file.say("unknown_token", Integer.toString(model.tokenizer().unknown()));
    export.file.say("backward", Boolean.toString(model.isBackward()));
    var graph = new Exported.Graph("", export.file.write(export.g));
    return new Exported(
        List.of(graph), export.g.notes(), List.of(LanguageSample.of(model, form.streaming())));
  }

  private void write() {
    String tokens = g.input("tokens", Type.INT64, "batch", "time");
    String lengths = g.input("lengths", Type.INT64, "batch");
    var sequences = Sequences.of(g, tokens, lengths);
    boolean blanks = model.reading() == Reading.SENTENCES;
    String ids = g.transpose(tokens, 1, 0);
    String x = InputWriter.embed(g, parameters, "embedding.weight", ids, 2, blanks);
    var stack = new StackWriter(parameters, network, "");
    List<List<State>> starts = stack.starts(g, sequences);
    Condition condition = model.network().condition();
    if (condition != null) {
      g.part("the condition");
      String given = g.input("given", Type.FLOAT, "batch", condition.inputs());
      if (condition.place() == Condition.Place.STEPS) {
        String each = sequences.eachStep(given, condition.inputs());
        x = g.concat(2, List.of(x, each));
      } else {
        starts = conditioned(stack, starts.isEmpty() ? stack.zeros(g, sequences) : starts, given);
      }
    }
    var stream = new StreamWriter(g);
    if (form.streaming()) {
      starts = stream.receive(stack, starts);
    }
    StackWriter.Output out = stack.write(g, x, sequences, starts);
    String a = g.transpose(out.output(), 1, 0, 2);
    String tied = network.tied() ? "embedding.weight" : "";
    String y = HeadWriter.logProbabilities(g, parameters, a, tied, network.cutoffs());
    int vocabulary = model.network().vocabulary();
    g.output("log_probabilities", y, Type.FLOAT, "batch", "time", vocabulary);
    if (form.streaming()) {
      stream.give(stack, out.ends());
    }
  }

  /** a⟨0⟩ = a + Wa g and c⟨0⟩ = c + Wc g. */
  private List<List<State>> conditioned(StackWriter stack, List<List<State>> starts, String given) {
    var changed = new ArrayList<List<State>>();
    for (int i = 0; i < stack.layers().size(); i++) {
      State start = starts.get(i).getFirst();
      String c = start.c();
      changed.add(
          List.of(
              new State(
                  shifted(start.a(), "start." + i + ".a", given),
                  c == null ? null : shifted(c, "start." + i + ".c", given))));
    }
    return changed;
  }

  private String shifted(String start, String name, String given) {
    return g.add(start, g.product(given, parameters.matrix(g, name)));
  }
}
