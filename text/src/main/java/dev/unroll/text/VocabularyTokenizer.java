package dev.unroll.text;

import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The tokenizer of a fixed vocabulary: a line is cut into tokens, each token looked up.
 *
 * @param segmentation how a line is cut
 * @param vocabulary the tokens and their ids
 */
public record VocabularyTokenizer(Segmentation segmentation, Vocabulary vocabulary)
    implements Tokenizer {

  /** The mark of this tokenizer's descriptions. */
  static final String KIND = "vocabulary";

  /** Returns whether a text for a model that reads so has its blank lines kept. */
  public static boolean keepsBlankLines(Tokenizer tokenizer, Reading reading) {
    return tokenizer instanceof VocabularyTokenizer own
        && own.segmentation.unit().keepsBlankLines(reading);
  }

  @Override
  public int size() {
    return vocabulary.size();
  }

  @Override
  public int[] encode(String line) {
    return cut(line).stream().mapToInt(vocabulary::id).toArray();
  }

  @Override
  public List<String> cut(String line) {
    return segmentation.cut(line);
  }

  @Override
  public String decode(int[] ids) {
    var text = new StringBuilder();
    var line = new ArrayList<String>();
    for (int id : ids) {
      if (id == Vocabulary.END_ID) {
        text.append(segmentation.join(line)).append('\n');
        line.clear();
      } else {
        line.add(vocabulary.token(id));
      }
    }
    return text.append(segmentation.join(line)).toString();
  }

  @Override
  public String token(int id) {
    return vocabulary.token(id);
  }

  @Override
  public int endOfSentence() {
    return Vocabulary.END_ID;
  }

  @Override
  public int unknown() {
    return Vocabulary.UNKNOWN_ID;
  }

  @Override
  public Map<String, Object> describe() {
    Map<String, Object> json = Json.object("kind", KIND);
    json.putAll(segmentation.describe());
    json.put("tokens", vocabulary.ordinary());
    return json;
  }
}
