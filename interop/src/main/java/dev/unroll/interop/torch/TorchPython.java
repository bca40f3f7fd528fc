package dev.unroll.interop.torch;

import dev.unroll.base.PoolingKind;
import dev.unroll.cells.Activation;
import dev.unroll.cells.Peepholes;
import dev.unroll.interop.weights.CellForm;
import dev.unroll.interop.weights.PortableCell;
import dev.unroll.interop.weights.PortableHead;
import dev.unroll.interop.weights.PortableLayer;
import dev.unroll.interop.weights.PortableNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The program that builds a network in PyTorch: parts of {@code model.py.txt}, and the lines of
 * this network.
 *
 * @param network the network
 * @param zeros whether a vector of zeros begins each sentence, by an id after all tokens
 * @param predicts whether it predicts tokens
 * @param ngrams how many n-grams have weights that are added to the scores; 0 for none
 */
record TorchPython(PortableNetwork network, boolean zeros, boolean predicts, int ngrams) {

  private static final String PARTS = "model.py.txt";

  /** The program. */
  String text(String task) {
    String parts = parts();
    String inputs =
        ngrams == 0
            ? "ids [batch, steps] and lengths [batch]"
            : "ids [batch, steps], lengths [batch] and ngrams(texts)";
    var text =
        new StringBuilder(part(parts, "head").replace("TASK", task).replace("INPUTS", inputs));
    if (network.layers().stream().anyMatch(layer -> isOwn(layer.cell().form()))) {
      text.append(part(parts, "own"));
    }
    for (String own : List.of("ResetBeforeGru", "PeepholeLstm")) {
      if (network.layers().stream().anyMatch(layer -> call(layer).startsWith(own))) {
        text.append(part(parts, own));
      }
    }
    String sample = part(parts, ngrams == 0 ? "ids" : "ngrams");
    return text.append(model()).append(sample).append(part(parts, "check")).toString();
  }

  private static String parts() {
    try (InputStream in = TorchPython.class.getResourceAsStream(PARTS)) {
      return new String(Objects.requireNonNull(in, PARTS).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands between a line {@code #: NAME} and the next such line. */
  private static String part(String parts, String name) {
    String mark = "#: " + name + "\n";
    int begin = parts.indexOf(mark) + mark.length();
    int end = parts.indexOf("#: ", begin);
    return parts.substring(begin, end);
  }

  private static boolean isOwn(CellForm form) {
    return switch (form) {
      case CellForm.Basic basic -> false;
      case CellForm.Gru gru -> !gru.resetAfter();
      case CellForm.Lstm lstm -> lstm.peepholes() != Peepholes.NONE;
    };
  }

  private static String call(PortableLayer layer) {
    PortableCell cell = layer.cell();
    String sizes = cell.inputs() + ", " + cell.units();
    String ways = layer.readsBothWays() ? ", bidirectional=True" : "";
    String projected = cell.projection() == null ? "" : ", proj_size=" + cell.outputs();
    return switch (cell.form()) {
      case CellForm.Basic basic ->
          "nn.RNN("
              + sizes
              + (basic.activation() == Activation.RELU ? ", nonlinearity=\"relu\"" : "")
              + ", batch_first=True"
              + ways
              + ")";
      case CellForm.Gru gru ->
          gru.resetAfter()
              ? "nn.GRU(" + sizes + ", batch_first=True" + ways + ")"
              : "ResetBeforeGru(3, " + sizes + ways + ")";
      case CellForm.Lstm lstm ->
          switch (lstm.peepholes()) {
            case NONE -> "nn.LSTM(" + sizes + ", batch_first=True" + projected + ways + ")";
            case BEFORE -> "PeepholeLstm(4, " + sizes + projected + ways + ", after=False)";
            case AFTER -> "PeepholeLstm(4, " + sizes + projected + ways + ", after=True)";
          };
    };
  }

  private String model() {
    var lines = new ArrayList<String>();
    var embedding = Objects.requireNonNull(network.embedding()).shape();
    PortableHead head = Objects.requireNonNull(network.head());
    int tokens = embedding.axis(0);
    lines.add("class Model(nn.Module):");
    lines.add("    def __init__(self):");
    lines.add("        super().__init__()");
    lines.add(
        "        self.embedding = nn.Embedding("
            + (zeros ? tokens + 1 : tokens)
            + ", "
            + embedding.axis(1)
            + (zeros ? ", padding_idx=" + tokens + ")  # the last begins a sentence" : ")"));
    lines.add("        self.layers = nn.ModuleList([");
    network.layers().forEach(layer -> lines.add("            " + call(layer) + ","));
    lines.add("        ])");
    lines.add("        self.head = nn.Linear(" + head.inputs() + ", " + head.outputs() + ")");
    if (ngrams > 0) {
      lines.add(
          "        self.ngrams = nn.EmbeddingBag("
              + (ngrams + 1)
              + ", "
              + head.outputs()
              + ", mode=\"sum\", padding_idx="
              + ngrams
              + ")  # regression on n-grams");
    }
    lines.add("");
    lines.add("    def forward(self, ids, lengths" + (ngrams > 0 ? ", ngrams" : "") + "):");
    lines.add("        x = self.embedding(ids)");
    for (int i = 0; i < network.layers().size(); i++) {
      lines.add("        x = run(self.layers[" + i + "], x, lengths)");
      if (network.layers().get(i).summed()) {
        lines.add("        x = sum(x.chunk(2, -1))");
      }
    }
    PoolingKind pooling = network.pooling();
    if (pooling != null) {
      boolean both = network.layers().getLast().readsBothWays();
      lines.add("        x = " + pooled(pooling, both));
    }
    lines.add(
        "        return "
            + answer(head)
            + "(self.head(x)"
            + (ngrams > 0 ? " + self.ngrams(ngrams)" : "")
            + (head.sigmoids() ? ")" : ", -1)"));
    return lines.stream().collect(Collectors.joining("\n", "\n\n", "\n"));
  }

  private String answer(PortableHead head) {
    if (head.sigmoids()) {
      return "torch.sigmoid";
    }
    return predicts ? "torch.log_softmax" : "torch.softmax";
  }

  private static String pooled(PoolingKind pooling, boolean both) {
    String there = "(torch.arange(x.shape[1]) < lengths[:, None])[..., None]";
    String last = "x[torch.arange(len(x)), lengths - 1]";
    return switch (pooling) {
      case LAST ->
          both ? "torch.cat([" + last + ".chunk(2, -1)[0], x[:, 0].chunk(2, -1)[1]], -1)" : last;
      case MEAN -> "(x * " + there + ").sum(1) / lengths[:, None]";
      case MAX -> "x.masked_fill(~" + there + ", -torch.inf).amax(1)";
      case ATTENTION -> throw new IllegalStateException("refused before");
    };
  }
}
