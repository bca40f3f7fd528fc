package dev.unroll.task.lm;

import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Some tokens of a text, as a language model reads it: of a stream some at a time, or sentence by
 * sentence, long ones in several parts.
 *
 * @param before the token read before them
 * @param ids the tokens
 * @param continues whether the state is that after the part before, and not the start state
 */
public record TextPart(int before, int[] ids, boolean continues) {

  /** Returns what is read to predict the tokens: each is the next input. */
  public int[] inputs() {
    return inputs(before, ids);
  }

  /** Returns what is read to predict {@code targets}: each target is the next input. */
  public static int[] inputs(int first, int[] targets) {
    int[] inputs = new int[targets.length];
    for (int t = 0; t < inputs.length; t++) {
      inputs[t] = t == 0 ? first : targets[t - 1];
    }
    return inputs;
  }

  /**
   * Walks through a text, in its order, as a model reads it.
   *
   * @param first what is read at the start
   * @param most most tokens of a part
   */
  public static void of(
      IdStream text, Reading reading, int first, int most, Consumer<TextPart> reader) {
    if (reading == Reading.STREAM) {
      ofStream(text, first, most, reader);
      return;
    }
    for (long s = 0; s < text.sentences(); s++) {
      ofSentence(sentence(text, s), first, most, reader);
    }
  }

  /** Walks through a text as one stream. */
  public static void ofStream(IdStream text, int first, int most, Consumer<TextPart> reader) {
    int before = first;
    for (long from = 0; from < text.size(); from += most) {
      int[] ids = ids(text, from, Math.min(text.size(), from + most));
      reader.accept(new TextPart(before, ids, from > 0));
      before = ids[ids.length - 1];
    }
  }

  /** Walks through a sentence. */
  public static void ofSentence(int[] ids, int first, int most, Consumer<TextPart> reader) {
    int before = first;
    for (int from = 0; from < ids.length; from += most) {
      int[] part = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + most));
      reader.accept(new TextPart(before, part, from > 0));
      before = part[part.length - 1];
    }
  }

  /** Returns the ids of a sentence, its end included. */
  public static int[] sentence(IdStream text, long number) {
    return ids(text, text.sentenceStart(number), text.sentenceStart(number + 1));
  }

  /** Returns the ids from a position up to another. */
  public static int[] ids(IdStream text, long from, long to) {
    int[] ids = new int[(int) (to - from)];
    for (int t = 0; t < ids.length; t++) {
      ids[t] = text.id(from + t);
    }
    return ids;
  }
}
