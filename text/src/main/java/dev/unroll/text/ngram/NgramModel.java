package dev.unroll.text.ngram;

import dev.unroll.base.Workers;
import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.FixedList;
import dev.unroll.model.TokenModel;
import dev.unroll.primitive.IntList;
import dev.unroll.primitive.LongIntMap;
import dev.unroll.result.SentenceScore;
import java.util.ArrayList;
import java.util.List;

/**
 * A back-off n-gram model, as ARPA files hold it: the probability of an n-gram that it has is
 * stored, that of another is the probability after a shorter context times the longer context's
 * back-off weight (Katz 1987). {@link KneserNey} estimates one, {@link ArpaFile} reads and writes
 * them.
 *
 * <p>The n-grams are a trie: each is a node, its context (all but its last word) the parent.
 */
public final class NgramModel implements TokenModel {

  /** The node of the empty context. */
  static final int ROOT = 0;

  /** What there is where a node is missing. */
  static final int NONE = -1;

  private final Tokenizer tokenizer;
  private final int order;
  private final Nodes nodes;

  /** Natural logarithms of each n-gram's probability, and of its weight as a context. */
  private final double[] logProbabilities;

  private final double[] backOffs;

  NgramModel(
      Tokenizer tokenizer, int order, Nodes nodes, double[] logProbabilities, double[] backOffs) {
    this.tokenizer = tokenizer;
    this.order = order;
    this.nodes = nodes;
    this.logProbabilities = logProbabilities;
    this.backOffs = backOffs;
  }

  /** The trie of all n-grams; nodes are numbered as they are created, from the root, 0, on. */
  static final class Nodes {
    private final LongIntMap children = new LongIntMap();
    private final IntList parents = IntList.of(NONE);
    private final IntList words = IntList.of(NONE);

    /** Returns the node of an n-gram, {@link #NONE} if there is none. */
    int find(int context, int word) {
      return children.get(key(context, word));
    }

    /** Creates the node of an n-gram that has none yet. */
    int add(int context, int word) {
      int node = parents.size();
      children.put(key(context, word), node);
      parents.add(context);
      words.add(word);
      return node;
    }

    int count() {
      return parents.size();
    }

    int parent(int node) {
      return parents.get(node);
    }

    int word(int node) {
      return words.get(node);
    }

    /** Returns the words of an n-gram. */
    int[] ngram(int node) {
      var reversed = new IntList();
      for (int at = node; at != ROOT; at = parent(at)) {
        reversed.add(word(at));
      }
      int[] ngram = new int[reversed.size()];
      for (int i = 0; i < ngram.length; i++) {
        ngram[i] = reversed.get(ngram.length - 1 - i);
      }
      return ngram;
    }

    private static long key(int context, int word) {
      return (long) context << 32 | word;
    }
  }

  Nodes nodes() {
    return nodes;
  }

  double logProbabilityOf(int node) {
    return logProbabilities[node];
  }

  double backOffOf(int node) {
    return backOffs[node];
  }

  /** Returns the length of the longest n-grams. */
  public int order() {
    return order;
  }

  /** Returns the number of n-grams of all lengths. */
  public long size() {
    return nodes.count() - 1L;
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public Reading reading() {
    return Reading.SENTENCES;
  }

  /** Returns the id that stands before a sentence: one more than the last of the vocabulary. */
  public int start() {
    return tokenizer.size();
  }

  /**
   * Returns the natural logarithm of the probability of a word.
   *
   * @param words the sentence, with {@link #start} before it
   * @param at the place of the word in it
   */
  public double logProbability(int[] words, int at) {
    double weights = 0;
    for (int from = Math.max(0, at - order + 1); from <= at; from++) {
      int context = ROOT;
      for (int i = from; i < at && context != NONE; i++) {
        context = nodes.find(context, words[i]);
      }
      int node = context == NONE ? NONE : nodes.find(context, words[at]);
      if (node != NONE) {
        return weights + logProbabilities[node];
      }
      weights += context == NONE ? 0 : backOffs[context];
    }
    return Double.NEGATIVE_INFINITY; // not even in the vocabulary that the model was created with
  }

  @Override
  public void read(IdStream text, Workers workers, TokenSink sink) {
    for (long s = 0; s < text.sentences(); s++) {
      long from = text.sentenceStart(s);
      int[] ids = new int[Math.toIntExact(text.sentenceStart(s + 1) - from)];
      for (int t = 0; t < ids.length; t++) {
        ids[t] = text.id(from + t);
      }
      double[] scores = score(ids);
      for (int t = 0; t < ids.length; t++) {
        sink.token(ids[t], scores[t]);
      }
    }
  }

  @Override
  public List<double[]> logProbabilities(List<int[]> sentences, Workers workers) {
    var scores = new ArrayList<double[]>();
    sentences.forEach(ids -> scores.add(score(ids)));
    return scores;
  }

  @Override
  public List<SentenceScore> scoreWithRanks(List<String> lines, Workers workers) {
    var scores = new ArrayList<>(score(lines, workers));
    workers.run(
        scores.size(),
        1,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            scores.set(i, ranked(scores.get(i)));
          }
        });
    return scores;
  }

  /** Finds the ranks: each takes a look at the whole vocabulary. */
  private SentenceScore ranked(SentenceScore score) {
    int[] ids = score.ids().stream().mapToInt(Integer::intValue).toArray();
    int[] words = afterStart(ids);
    int[] ranks = new int[ids.length];
    for (int t = 0; t < ids.length; t++) {
      double own = score.logProbabilities().get(t);
      int rank = 1;
      for (int other = 0; other < tokenizer.size(); other++) {
        words[t + 1] = other;
        rank += logProbability(words, t + 1) > own ? 1 : 0;
      }
      words[t + 1] = ids[t];
      ranks[t] = rank;
    }
    return new SentenceScore(score.ids(), score.logProbabilities(), FixedList.of(ranks));
  }

  private int[] afterStart(int[] ids) {
    int[] words = new int[ids.length + 1];
    words[0] = start();
    System.arraycopy(ids, 0, words, 1, ids.length);
    return words;
  }

  private double[] score(int[] ids) {
    int[] words = afterStart(ids);
    double[] scores = new double[ids.length];
    for (int t = 0; t < scores.length; t++) {
      scores[t] = logProbability(words, t + 1);
    }
    return scores;
  }
}
