package dev.unroll.base;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What options are called in Java: of each key that an {@link InputException} may name, the method
 * that sets it. This is the one place where both names stand; on the command line the key itself is
 * the option's name.
 */
final class OptionNames {

  /**
   * How Java says an option.
   *
   * @param name a method of the trainer or the model, or {@code Type.method}
   * @param set how it is given a value: {@code <v>} stands for the value, {@code <V>} for that of
   *     an enum, {@code <T>} for that of a type
   */
  private record Name(String name, String set) {}

  private static final Map<String, Name> NAMES =
      Map.ofEntries(
          // data
          option("backward", "backward", "backward()"),
          option("calendar", "calendar", "calendar(Calendar.<V>)"),
          option("columns", "features", "features(…)"),
          option("decimal-comma", "decimalComma", "decimalComma(<v>)"),
          option("delimiter", "delimiter", "delimiter('<v>')"),
          option("encoding", "encoding", "encoding(Charset.forName(\"<v>\"))"),
          option("follow-links", "Lines.Links.FOLLOW", "Lines.Links.FOLLOW"),
          option("format", "TextTable.withForm", "withForm(TextTable.Form.<V>)"),
          option("gaps", "gaps", "gaps(Gaps.<V>)"),
          option("given", "withCondition", "withCondition(…)"),
          option("given-column", "data", "data(…)"),
          option("group", "group", "group(\"<v>\")"),
          option("holidays", "holidays", "holidays(…)"),
          option("host", "host", "host(\"<v>\")"),
          option("ids", "MappedCorpus.open", "MappedCorpus.open(…)"),
          option("interval", "interval", "interval(<v>)"),
          option("known", "known", "known(\"<v>\")"),
          option("label", "label", "label(\"<v>\")"),
          option("min-count", "TokenOptions.withMinCount", "withMinCount(<v>)"),
          option("no-token", "noToken", "noToken()"),
          option("port", "port", "port(<v>)"),
          option("quotes", "TextTable.withQuotes", "withQuotes()"),
          option("reading", "Training.withReading", "<v>()"),
          option("scheme", "scheme", "scheme(TagScheme.<V>)"),
          option("season", "season", "season(<v>)"),
          option("series", "series", "series(\"<v>\")"),
          option("source", "columns", "columns(\"<v>\", …)"),
          option("source-unit", "sourceTokens", "sourceTokens(TokenOptions.of(Unit.<V>))"),
          option("split-sentences", "passages", "passages(Passages.SENTENCES, …)"),
          option("tags", "tags", "tags(\"<v>\")"),
          option("target", "columns", "columns(…, \"<v>\")"),
          option("target-unit", "targetTokens", "targetTokens(TokenOptions.of(Unit.<V>))"),
          option("text", "text", "text(\"<v>\")"),
          option("time", "time", "time(\"<v>\")"),
          option("time-format", "timeFormat", "timeFormat(\"<v>\")"),
          option("time-zone", "timeZone", "timeZone(ZoneId.of(\"<v>\"))"),
          option("token-file", "tokenFile", "tokenFile(Path.of(…))"),
          option("unit", "tokens", "TokenOptions.of(Unit.<V>)"),
          option("valid", "validation", "validation(…)"),
          option("valid-share", "validation", "validation(<v>)"),
          option("value", "value", "value(\"<v>\")"),
          option("vectors", "vectors", "vectors(…)"),
          option("weight-column", "weight", "weight(\"<v>\")"),
          option("words", "words", "words(\"<v>\")"),
          // the network
          option("adaptive-softmax", "Network.withAdaptiveSoftmax", "withAdaptiveSoftmax(<v>)"),
          option("attention", "attention", "attention(AttentionKind.<V>)"),
          option("cell", "layers", "<v>(…)"),
          option("context", "context", "context(<v>)"),
          option("crf", "crf", "crf()"),
          option("direction", "Network.withDirection", "withDirection(Direction.<V>)"),
          option("dropout", "Network.withDropout", "withDropout(<v>)"),
          option("embedding", "Network.withEmbedding", "withEmbedding(<v>)"),
          option("head", "head", "head(new Regression.<T>(…))"),
          option("horizon", "horizon", "horizon(<v>)"),
          option("learned-start", "Network.withLearnedStart", "withLearnedStart(true)"),
          option("no-counts", "withoutCounts", "withoutCounts()"),
          option("no-input-feeding", "withoutInputFeeding", "withoutInputFeeding()"),
          option("no-ngrams", "withoutNgrams", "withoutNgrams()"),
          option("projection", "Network.withProjection", "withProjection(<v>)"),
          option("recursive", "recursive", "recursive(true)"),
          option("relative", "relative", "relative(Relative.<V>)"),
          option("residual", "Network.withResidual", "withResidual(true)"),
          option("segment", "segment", "segment(<v>)"),
          option("spelling", "spelling", "spelling(<v>)"),
          option("tied", "Network.withTied", "withTied(true)"),
          option("units", "Network.withUnits", "lstm(<v>)"),
          // training and use
          option("batch", "batch", "batch(<v>)"),
          option("checkpoint-steps", "Training.withCheckpointSteps", "withCheckpointSteps(<v>)"),
          option("class-weights", "labelWeights", "labelWeights(…)"),
          option("copy", "Decoding.withCopy", "withCopy(true)"),
          option("epochs", "epochs", "epochs(<v>)"),
          option("from", "from", "from(…)"),
          option(
              "gradient-precision",
              "Sharding.withGradientPrecision",
              "withGradientPrecision(Precision.<V>)"),
          option("label-smoothing", "Training.withObjective", "withObjective(…)"),
          option("length", "Sampling.withLength", "withLength(<v>)"),
          option("local-steps", "localSteps", "localSteps(<v>)"),
          option("longest", "longest", "longest(<v>)"),
          option("max-steps", "OnnxModel.withMaxSteps", "withMaxSteps(<v>)"),
          option("measure", "measure", "measure(LabelMeasure.<V>)"),
          option("opset", "ModelExport.opset", "opset(<v>)"),
          option("pattern", "TextRule.matching", "matching(\"<v>\")"),
          option("rate", "rate", "rate(<v>)"),
          option("sampled-softmax", "Training.withSampledTokens", "withSampledTokens(<v>)"),
          option("seed", "seed", "seed(<v>)"),
          option("shards", "shards", "shards(<v>)"),
          option("steps", "Training.withBatch", "withBatch(…, <v>)"),
          option("stop", "Sampling.withStops", "withStops(List.of(\"<v>\"))"),
          option("streaming", "ModelExport.streaming", "streaming(true)"),
          option("threshold", "withThreshold", "withThreshold(<v>)"),
          option("weight-decay", "Training.withWeightDecay", "withWeightDecay(…)"),
          // models from elsewhere
          option("end", "end", "end(\"<v>\")"),
          option("fresh-head", "freshHead", "freshHead()"),
          option("labels", "labels", "labels(…)"),
          option("like", "like", "like(…)"),
          option("pooling", "pooling", "pooling(PoolingKind.<V>)"),
          option("start", "start", "start(\"<v>\")"),
          option("unknown", "unknown", "unknown(\"<v>\")"),
          option("vocabulary", "vocabulary", "vocabulary(…)"));

  private OptionNames() {}

  private static Map.Entry<String, Name> option(String key, String name, String set) {
    return Map.entry(key, new Name(name, set));
  }

  /** Returns whether an option has this key. */
  static boolean has(String key) {
    return NAMES.containsKey(key);
  }

  /** Returns what Java calls an option, or how it is given {@code value}. */
  static String java(String key, @Nullable String value) {
    Name own = NAMES.get(key);
    if (own == null) {
      throw new IllegalArgumentException("no option has the key " + key);
    }
    if (value == null) {
      return own.name;
    }
    String constant = value.replace('-', '_').toUpperCase(Locale.ROOT);
    return own.set
        .replace("<v>", value)
        .replace("<V>", constant)
        .replace("<T>", constant.charAt(0) + value.substring(1));
  }
}
