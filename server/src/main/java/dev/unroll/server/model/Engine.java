package dev.unroll.server.model;

import dev.unroll.network.NetworkState;
import dev.unroll.result.Classification;
import dev.unroll.result.SentenceScore;
import java.util.List;

/**
 * What computes the answers of a model: the model itself, or what a measurement puts in its place
 * to compare the two behind the same server. Threads share it.
 */
public interface Engine {

  /** Returns what texts are. */
  List<Classification> classify(List<String> texts);

  /** Returns how probable texts are. */
  List<SentenceScore> score(List<String> texts);

  /** Returns what continues texts. */
  Continuation continuation();

  /** Reads several texts side by side. For one thread. */
  interface Continuation {

    /** Returns the state before a text. */
    NetworkState start();

    /**
     * Returns the states after some tokens of each text.
     *
     * @param tokens those of each, one or more
     */
    List<NetworkState> read(List<NetworkState> states, List<int[]> tokens);

    /**
     * Returns the logits of the token that comes next in each text, [texts][tokens]: arrays that
     * the next call may overwrite, and that the caller may change.
     */
    float[][] logits(List<NetworkState> states);
  }
}
