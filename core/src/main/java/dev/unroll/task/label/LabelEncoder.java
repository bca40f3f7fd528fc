package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.layer.Embedding;
import dev.unroll.task.label.LabelExamples.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Turns the tokens, columns and labels of sequences into the numbers that a network reads. */
final class LabelEncoder {

  private final Lexicon lexicon;
  private final boolean spelled;
  private final boolean perStep;
  private final Ngrams ngrams;
  private final Map<String, Integer> labels;
  private final List<Map<String, Integer>> columns;

  LabelEncoder(LabelFields fields) {
    lexicon = fields.lexicon();
    spelled = fields.network().description().spelling() != null;
    perStep = fields.network().description().output() instanceof LabelSpec.PerStep;
    ngrams = fields.ngrams();
    labels = Labels.numbers(fields.labels().names());
    columns =
        fields.labels().columns().stream().map(column -> Labels.numbers(column.values())).toList();
  }

  /**
   * Returns the numbers of some sequences. One without a token is read as the end of a sentence
   * only.
   *
   * @param withLabels whether their labels are wanted too; the network must know all of them
   */
  LabelExamples of(List<LabeledSequence> sequences, boolean withLabels) {
    if (withLabels && perStep) {
      LabeledSequence.checkTokenLabels(sequences);
    }
    var words = new java.util.HashMap<String, Integer>();
    var spellings = new ArrayList<int[]>();
    var all = new ArrayList<Sequence>();
    for (LabeledSequence each : sequences) {
      int[] tokens = new int[each.tokens().size()];
      Arrays.setAll(tokens, t -> lexicon.id(each.tokens().get(t)));
      int[] ofTokens = new int[spelled ? tokens.length : 0];
      for (int t = 0; t < ofTokens.length; t++) {
        String token = each.tokens().get(t);
        Integer known = words.putIfAbsent(token, spellings.size());
        ofTokens[t] = known == null ? spellings.size() : known;
        if (known == null) {
          spellings.add(lexicon.spelling(token));
        }
      }
      if (tokens.length == 0) {
        all.add(nothing(spellings, withLabels ? numbers(each) : new int[0]));
      } else {
        int[] numbers = withLabels ? numbers(each) : new int[0];
        int[] counted = ngrams.numbersIn(each.tokens());
        all.add(new Sequence(tokens, ofTokens, features(each), counted, numbers));
      }
    }
    return new LabelExamples(all, spellings);
  }

  private Sequence nothing(List<int[]> spellings, int[] numbers) {
    int[] words = new int[spelled ? 1 : 0];
    if (spelled) {
      words[0] = spellings.size();
      spellings.add(lexicon.spelling(""));
    }
    int[][] features = new int[columns.size()][];
    Arrays.setAll(features, i -> new int[] {Embedding.START});
    int[] counted = ngrams.numbersIn(List.of());
    return new Sequence(new int[] {lexicon.endOfSentence()}, words, features, counted, numbers);
  }

  private int[][] features(LabeledSequence sequence) {
    int[][] features = new int[columns.size()][];
    for (int i = 0; i < features.length; i++) {
      Map<String, Integer> values = columns.get(i);
      features[i] =
          sequence.features().get(i).stream()
              .mapToInt(value -> values.getOrDefault(value, Embedding.START))
              .toArray();
    }
    return features;
  }

  private int[] numbers(LabeledSequence sequence) {
    return sequence.labels().stream()
        .mapToInt(
            label -> {
              Integer number = labels.get(label);
              if (number == null) {
                throw new IllegalArgumentException("no label is called " + label);
              }
              return number;
            })
        .toArray();
  }
}
