package dev.unroll.text.ngram;

import dev.unroll.text.ngram.NgramModel.Nodes;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes n-gram models in the ARPA format. */
final class ArpaWriter {

  private ArpaWriter() {}

  /** Writes the sections of a model. */
  static void write(NgramModel model, Writer out) throws IOException {
    Nodes nodes = model.nodes();
    var ofOrder = new ArrayList<List<Integer>>();
    for (int n = 0; n <= model.order(); n++) {
      ofOrder.add(new ArrayList<>());
    }
    int[] orders = new int[nodes.count()];
    for (int node = 1; node < orders.length; node++) {
      orders[node] = orders[nodes.parent(node)] + 1;
      ofOrder.get(orders[node]).add(node);
    }
    out.write("\n" + ArpaFormat.DATA + "\n");
    for (int n = 1; n <= model.order(); n++) {
      out.write("ngram " + n + "=" + ofOrder.get(n).size() + "\n");
    }
    for (int n = 1; n <= model.order(); n++) {
      out.write("\n" + ArpaFormat.title(n) + "\n");
      for (int node : ofOrder.get(n)) {
        writeLine(model, node, n < model.order(), out);
      }
    }
    out.write("\n" + ArpaFormat.LAST + "\n");
  }

  private static void writeLine(NgramModel model, int node, boolean context, Writer out)
      throws IOException {
    double log = model.logProbabilityOf(node) / ArpaFormat.LOG_10;
    out.write(number(log));
    char separator = '\t';
    for (int word : model.nodes().ngram(node)) {
      out.write(separator);
      out.write(ArpaFormat.name(model.tokenizer(), model.start(), word));
      separator = ' ';
    }
    if (context) {
      out.write('\t');
      out.write(number(model.backOffOf(node) / ArpaFormat.LOG_10));
    }
    out.write('\n');
  }

  private static String number(double value) {
    double written = value == Double.NEGATIVE_INFINITY ? ArpaFormat.NEVER : value;
    return String.format(Locale.ROOT, "%.9g", written);
  }
}
