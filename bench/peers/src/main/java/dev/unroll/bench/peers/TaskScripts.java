package dev.unroll.bench.peers;

import dev.unroll.bench.contender.Form;
import dev.unroll.bench.contender.TaskCase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The network of a task as TorchScript, a function of one batch. Packed rows are those of all first
 * words, then those of all second words and so forth, longest sentences first, and {@code sizes}
 * says how many there are at each step. So nothing is computed of a sentence that has ended, by
 * {@code torch::lstm} nor by the loops here, and no words need to be padded and packed.
 *
 * @param parameters of the network, in the order of their names, in which they follow the inputs
 * @param inputs what a batch gives to the function
 * @param loss lines that return the sum of the losses of all targets, in nats
 * @param answer lines that return the answers
 */
record TaskScripts(List<Parameter> parameters, List<String> inputs, String loss, String answer) {

  /** A parameter, called as Unroll calls it. */
  record Parameter(String name, long... shape) {
    private String variable() {
      return name.replace('.', '_');
    }
  }

  /** Reads words in both directions: outputs y in packed rows, last states h and c. */
  private static final String ENCODER =
      """
      count = int(sizes[0])
      steps = sizes.size(0)
      start = torch.zeros([2, count, %UNITS])
      zero = torch.zeros_like(%P_layers_0_bias)
      forth = [%P_layers_0_input_weight, %P_layers_0_recurrent_weight, %P_layers_0_bias, zero]
      back = [%P_layers_0_reverse_input_weight, %P_layers_0_reverse_recurrent_weight, %P_layers_0_reverse_bias, zero]
      x = torch.embedding(%P_embedding_weight, words)
      y, h, c = torch.lstm(x, sizes, [start, start], forth + back, True, 1, 0.0, %TRAIN, True)
      """;

  /**
   * The same of padded rows, [steps][count]: {@code turned} has the words of each sentence in
   * reverse. oneDNN computes layers that know of no lengths, as it does not those of packed rows;
   * where sentences of a batch are about as long as each other, that costs a third. The state after
   * a sentence is not known.
   */
  private static final String PADDED =
      """
      count = int(sizes[0])
      steps = sizes.size(0)
      start = torch.zeros([1, count, %UNITS])
      zero = torch.zeros_like(layers_0_bias)
      forth = [layers_0_input_weight, layers_0_recurrent_weight, layers_0_bias, zero]
      back = [layers_0_reverse_input_weight, layers_0_reverse_recurrent_weight, layers_0_reverse_bias, zero]
      x = torch.embedding(embedding_weight, words)
      f, fh, fc = torch.lstm(x, [start, start], forth, True, 1, 0.0, %TRAIN, False, False)
      x = torch.embedding(embedding_weight, turned)
      r, rh, rc = torch.lstm(x, [start, start], back, True, 1, 0.0, %TRAIN, False, False)
      """;

  /** The scores of all labels, after the maximum over the words in packed rows. */
  private static final String PACKED_CLASSIFIER =
      """
      padded, lengths = torch._pad_packed_sequence(y, sizes, False, -1e30, -1)
      most, places = torch.max(padded, 0)
      logits = torch.linear(most, head_weight, head_bias)
      """;

  /** The same of padded rows. */
  private static final String PADDED_CLASSIFIER =
      """
      mostForth, places = torch.max(torch.add(f, outside), 0)
      mostBack, places = torch.max(torch.add(r, outside), 0)
      logits = torch.linear(torch.cat([mostForth, mostBack], 1), head_weight, head_bias)
      """;

  /** Outputs y of padded rows, in packed rows. */
  private static final String PACK =
      """
      yForth = torch.index_select(torch.reshape(f, [-1, %UNITS]), 0, rows)
      yBack = torch.index_select(torch.reshape(r, [-1, %UNITS]), 0, turnedRows)
      y = torch.cat([yForth, yBack], 1)
      """;

  /** The scores e of all tags, in packed rows. */
  private static final String TAGGER =
      """
      e = torch.linear(y, head_weight, head_bias)
      """;

  /** The forward algorithm for all sentences at once; those that end go to a list. */
  private static final String CRF_LOSS =
      """
      ended = annotate(List[Tensor], [])
      sums = torch.add(crf_start, e[0:count])
      row = count
      for t in range(1, steps):
        n = int(sizes[t])
        if n < sums.size(0):
          ended.append(sums[n:])
          sums = sums[:n]
        paths = torch.add(torch.unsqueeze(sums, 2), crf_transitions)
        sums = torch.add(torch.logsumexp(paths, [1]), e[row:row + n])
        row = row + n
      ended.append(sums)
      whole = torch.sum(torch.logsumexp(torch.add(torch.cat(ended), crf_end), [1]))
      between = torch.sum(torch.index_select(torch.reshape(crf_transitions, [-1]), 0, pairs))
      ends = torch.sum(torch.index_select(crf_start, 0, firsts)) + torch.sum(torch.index_select(crf_end, 0, lasts))
      own = torch.sum(torch.gather(e, 1, torch.unsqueeze(tags, 1)))
      return whole - (own + between + ends)
      """;

  /** The best paths of all sentences at once, and back along them. */
  private static final String VITERBI =
      """
      ended = annotate(List[Tensor], [])
      pointers = annotate(List[Tensor], [])
      best = torch.add(crf_start, e[0:count])
      row = count
      for t in range(1, steps):
        n = int(sizes[t])
        if n < best.size(0):
          ended.append(torch.argmax(torch.add(best[n:], crf_end), 1))
          best = best[:n]
        most, places = torch.max(torch.add(torch.unsqueeze(best, 2), crf_transitions), 1)
        best = torch.add(most, e[row:row + n])
        pointers.append(places)
        row = row + n
      last = torch.argmax(torch.add(best, crf_end), 1)
      found = [last]
      for i in range(1, steps):
        t = steps - 1 - i
        last = torch.squeeze(torch.gather(pointers[t], 1, torch.unsqueeze(last, 1)), 1)
        if int(sizes[t]) > last.size(0):
          last = torch.cat([last, ended.pop()])
        found.append(last)
      found.reverse()
      return torch.cat(found)
      """;

  /** What the decoder begins with, and the rows of the source that it attends to. */
  private static final String BRIDGE =
      """
      memory, lengths = torch._pad_packed_sequence(y, sizes, True, 0.0, -1)
      ends = torch.cat([h[0], h[1], c[0], c[1]], 1)
      states = torch.linear(ends, bridges_0_weight, bridges_0_bias)
      a = torch.tanh(states[:, 0:%UNITS])
      b = states[:, %UNITS:]
      keys = torch.linear(memory, decoder_attention_key_weight)
      o = torch.zeros_like(a)
      row = 0
      """;

  /** One step of the decoder for the n sentences that have not ended, from the words' vectors v. */
  private static final String STEP =
      """
        if n < o.size(0):
          o, a, b = o[:n], a[:n], b[:n]
          keys, memory, outside = keys[:n], memory[:n], outside[:n]
        a, b = torch.lstm_cell(torch.cat([v, o], 1), [a, b], decoder_layers_0_input_weight, decoder_layers_0_recurrent_weight, decoder_layers_0_bias, zero)
        scores = torch.squeeze(torch.bmm(keys, torch.unsqueeze(a, 2)), 2)
        shares = torch.softmax(torch.add(scores, outside), 1)
        context = torch.squeeze(torch.bmm(torch.unsqueeze(shares, 1), memory), 1)
        o = torch.tanh(torch.linear(torch.cat([context, a], 1), decoder_attention_output_weight))
      """;

  private static final String DECODER_LOSS =
      """
      vectors = torch.cat([torch.zeros_like(a), torch.embedding(decoder_embedding_weight, before)])
      outputs = annotate(List[Tensor], [])
      for t in range(steps):
        n = int(sizes[t])
        v = vectors[row:row + n]
      %STEP
        outputs.append(o)
        row = row + n
      logits = torch.linear(torch.cat(outputs), head_weight, head_bias)
      return torch.cross_entropy_loss(logits, targets, None, 2)
      """;

  /** Each step reads the word before, and finds the likeliest one. */
  private static final String DECODER_ANSWER =
      """
      logits = torch.zeros([1])
      for t in range(steps):
        n = int(sizes[t])
        v = torch.zeros_like(a)
        if t > 0:
          v = torch.embedding(decoder_embedding_weight, before[row - count:row - count + n])
      %STEP
        logits = torch.linear(o, head_weight, head_bias)
        torch.copy_(likeliest[row:row + n], torch.argmax(logits, 1))
        row = row + n
      return logits
      """;

  /** Returns the scripts of a task. */
  static TaskScripts of(TaskCase work) {
    long units = work.units();
    long outputs = work.task().outputs();
    var parameters = new ArrayList<Parameter>();
    boolean packed = work.form() == Form.PACKED;
    return switch (work.task()) {
      case CLASSIFY -> {
        encoder(parameters, "", work);
        head(parameters, outputs, 2 * units);
        String logits = packed ? ENCODER + PACKED_CLASSIFIER : PADDED + PADDED_CLASSIFIER;
        yield new TaskScripts(
            parameters,
            inputs(packed, List.of("turned", "outside"), "labels"),
            logits + "return torch.cross_entropy_loss(logits, labels, None, 2)\n",
            logits + "return torch.softmax(logits, 1)\n",
            units,
            "");
      }
      case TAG -> {
        encoder(parameters, "", work);
        head(parameters, outputs, 2 * units);
        parameters.add(new Parameter("crf.transitions", outputs, outputs));
        parameters.add(new Parameter("crf.start", outputs));
        parameters.add(new Parameter("crf.end", outputs));
        String scores = (packed ? ENCODER : PADDED + PACK) + TAGGER;
        yield new TaskScripts(
            parameters,
            inputs(
                packed,
                List.of("turned", "rows", "turnedRows"),
                "tags",
                "pairs",
                "firsts",
                "lasts"),
            scores + CRF_LOSS,
            scores + VITERBI,
            units,
            "");
      }
      case TRANSDUCE -> {
        encoder(parameters, "encoder.", work);
        parameters.add(new Parameter("bridges.0.weight", 2 * units, 4 * units));
        parameters.add(new Parameter("bridges.0.bias", 2 * units));
        parameters.add(new Parameter("decoder.embedding.weight", outputs, units));
        way(parameters, "decoder.layers.0.", 2 * units, units);
        parameters.add(new Parameter("decoder.attention.key.weight", units, 2 * units));
        parameters.add(new Parameter("decoder.attention.output.weight", units, 3 * units));
        head(parameters, outputs, units);
        yield new TaskScripts(
            parameters,
            inputs(true, List.of(), "outside", "before", "targets", "likeliest"),
            ENCODER + BRIDGE + DECODER_LOSS,
            ENCODER + BRIDGE + DECODER_ANSWER,
            units,
            "encoder_");
      }
    };
  }

  private TaskScripts(
      List<Parameter> parameters,
      List<String> inputs,
      String loss,
      String answer,
      long units,
      String prefix) {
    this(
        parameters.stream().sorted(Comparator.comparing(Parameter::name)).toList(),
        inputs,
        filled(loss, units, prefix, true),
        filled(answer, units, prefix, false));
  }

  private static List<String> inputs(boolean packed, List<String> ofPadded, String... others) {
    var inputs = new ArrayList<>(List.of("words", "sizes"));
    if (!packed) {
      inputs.addAll(ofPadded);
    }
    inputs.addAll(List.of(others));
    return inputs;
  }

  private static String filled(String lines, long units, String prefix, boolean trains) {
    return lines
        .replace("%STEP\n", STEP)
        .replace("%UNITS", Long.toString(units))
        .replace("%P_", prefix)
        .replace("%TRAIN", trains ? "True" : "False");
  }

  /** Returns the declaration of what the function takes. */
  String declaration() {
    var names = new ArrayList<>(inputs);
    parameters.forEach(each -> names.add(each.variable()));
    return names.stream().map(name -> name + ": Tensor").collect(Collectors.joining(", "));
  }

  private static void encoder(List<Parameter> parameters, String prefix, TaskCase work) {
    long units = work.units();
    parameters.add(new Parameter(prefix + "embedding.weight", work.task().vocabulary(), units));
    way(parameters, prefix + "layers.0.", units, units);
    way(parameters, prefix + "layers.0.reverse.", units, units);
  }

  private static void way(List<Parameter> parameters, String prefix, long inputs, long units) {
    parameters.add(new Parameter(prefix + "input.weight", 4 * units, inputs));
    parameters.add(new Parameter(prefix + "recurrent.weight", 4 * units, units));
    parameters.add(new Parameter(prefix + "bias", 4 * units));
  }

  private static void head(List<Parameter> parameters, long outputs, long inputs) {
    parameters.add(new Parameter("head.weight", outputs, inputs));
    parameters.add(new Parameter("head.bias", outputs));
  }
}
