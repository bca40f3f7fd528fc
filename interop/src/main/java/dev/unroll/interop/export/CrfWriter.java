package dev.unroll.interop.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a conditional random field over the scores of tags: the likeliest tags of a sequence
 * (Viterbi), and the probability of each tag at each step (forward and backward algorithm), in
 * doubles inside Scan as our own.
 */
final class CrfWriter {

  private final GraphWriter g;
  private final Sequences sequences;
  private final int tags;

  /** The scores of each step as doubles, [steps][batch][tags]. */
  private final String scores;

  private final String transitions;
  private final String start;
  private final String end;

  CrfWriter(GraphWriter g, Parameters parameters, Sequences sequences, String scores) {
    this.g = g;
    this.sequences = sequences;
    g.part("crf");
    tags = parameters.columns("crf.start");
    this.scores = g.cast(scores, Type.DOUBLE);
    transitions = g.cast(parameters.matrix(g, "crf.transitions"), Type.DOUBLE);
    start = g.cast(parameters.vector(g, "crf.start"), Type.DOUBLE);
    end = g.cast(parameters.vector(g, "crf.end"), Type.DOUBLE);
  }

  private String zeros() {
    double[] row = new double[tags];
    return g.expand(g.numbers(Type.DOUBLE, row, 1, tags), sequences.batch(), tags);
  }

  private String mask() {
    return g.unsqueeze(sequences.mask(), 2);
  }

  /** Returns whether a step is the first, [steps][1][1]. */
  private String isFirst() {
    return g.unsqueeze(g.op("Equal", sequences.positions(), g.integer(0)), 2);
  }

  /** Returns the likeliest tags, [steps][batch]; of padding the last tag. */
  String best() {
    GraphWriter body = g.body("viterbi");
    String before = body.input("before", Type.DOUBLE);
    String score = body.input("score", Type.DOUBLE);
    String mask = body.input("mask", Type.BOOL);
    String first = body.input("first", Type.BOOL);
    String ways = body.add(body.unsqueeze(before, 2), transitions); // [batch][from][to]
    String from = body.op("ArgMax", Map.of("axis", 1, "keepdims", 0), ways);
    String reached = body.choose(first, start, body.reduce("ReduceMax", ways, 1, false));
    body.output(body.choose(mask, body.add(reached, score), before), Type.DOUBLE);
    body.output(from, Type.INT64);
    var scanned = List.of(scores, mask(), isFirst());
    List<String> forward = g.scan(body, List.of(zeros()), scanned, false);
    var greatest = Map.of("axis", 1, "keepdims", 0);
    return back(g.op("ArgMax", greatest, g.add(forward.get(0), end)), forward.get(1));
  }

  /** Follows the ways back from the last tags. */
  private String back(String last, String from) {
    GraphWriter body = g.body("back");
    String tag = body.input("tag", Type.INT64);
    String ways = body.input("from", Type.INT64);
    String mask = body.input("mask", Type.BOOL);
    String column = body.unsqueeze(tag, 1);
    String source = body.op("GatherElements", Map.of("axis", 1), ways, column);
    body.output(body.choose(mask, body.squeeze(source, 1), tag), Type.INT64);
    body.output(tag, Type.INT64);
    return g.scan(body, List.of(last), List.of(from, sequences.mask()), true).get(1);
  }

  /** Returns the probability of each tag at each step, [steps][batch][tags]. */
  String probabilities() {
    String forward = forward();
    String sum = g.add(forward, backward());
    String shares = g.op("Softmax", Map.of("axis", 2), sum);
    return g.cast(shares, Type.FLOAT);
  }

  /** The logarithm of the sum over all ways to each tag of each step. */
  private String forward() {
    GraphWriter body = g.body("forward");
    String before = body.input("before", Type.DOUBLE);
    var step = inputs(body);
    String ways = body.add(body.unsqueeze(before, 2), transitions);
    String reached = body.choose(step.get(2), start, sum(body, ways, 1));
    String now = body.choose(step.get(1), body.add(reached, step.get(0)), before);
    body.output(now, Type.DOUBLE);
    body.output(now, Type.DOUBLE);
    return g.scan(body, List.of(zeros()), List.of(scores, mask(), isFirst()), false).get(1);
  }

  /** The logarithm of the sum over all ways after each tag of each step. */
  private String backward() {
    GraphWriter body = g.body("backward");
    String after = body.input("after", Type.DOUBLE);
    String next = body.input("next", Type.DOUBLE);
    var step = inputs(body);
    String last = step.get(2);
    String ahead = body.unsqueeze(body.add(after, next), 1); // [batch][1][to]
    String ways = body.add(transitions, ahead);
    String now = body.choose(last, end, sum(body, ways, 2));
    String kept = body.choose(step.get(1), now, after);
    body.output(kept, Type.DOUBLE);
    body.output(step.get(0), Type.DOUBLE);
    body.output(kept, Type.DOUBLE);
    String isLast = g.op("Less", g.number(Type.FLOAT, 0.5), sequences.last());
    var scanned = List.of(scores, mask(), isLast);
    return g.scan(body, List.of(zeros(), zeros()), scanned, true).getLast();
  }

  private static List<String> inputs(GraphWriter body) {
    var names = new ArrayList<String>();
    names.add(body.input("score", Type.DOUBLE));
    names.add(body.input("mask", Type.BOOL));
    names.add(body.input("at_end", Type.BOOL));
    return names;
  }

  /** Returns the logarithm of the sum of the powers along an axis, relative to the greatest. */
  private static String sum(GraphWriter body, String ways, int axis) {
    String most = body.reduce("ReduceMax", ways, axis, true);
    String powers = body.op("Exp", body.subtract(ways, most));
    String log = body.op("Log", body.reduce("ReduceSum", powers, axis, true));
    return body.squeeze(body.add(log, most), axis);
  }
}
