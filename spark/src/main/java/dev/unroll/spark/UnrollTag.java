package dev.unroll.spark;

import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.model.Tagger;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Tags the words of sentences. */
public final class UnrollTag extends ModelTransformer<UnrollTag> {

  private static final long serialVersionUID = 1L;

  private final Param<String> predictionCol =
      output(
          "predictionCol",
          "tags",
          DataTypes.createArrayType(DataTypes.StringType),
          "column of the tags");

  /** Creates a transformer without a model. */
  public UnrollTag() {
    this(Identifiable$.MODULE$.randomUID("UnrollTag"));
  }

  /** Creates a transformer without a model, with a name. */
  public UnrollTag(String uid) {
    super(uid, "words");
  }

  /** Returns the parameter that names the column of the tags. */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /** Returns this transformer with another name for the column of the tags. */
  public UnrollTag setPredictionCol(String value) {
    return with(predictionCol, value);
  }

  @Override
  Answering<?, ?> answering() {
    return new Tagging();
  }

  @Override
  DataType inputType() {
    return DataTypes.createArrayType(DataTypes.StringType);
  }

  /** Returns a reader of transformers. */
  public static MLReader<UnrollTag> read() {
    return new TransformerFiles.Reader<>(UnrollTag.class, UnrollTag::new);
  }

  /** Reads a transformer from its folder. */
  public static UnrollTag load(String folder) {
    return read().load(folder);
  }

  private record Tagging() implements Answering<Tagger, List<String>> {

    @Override
    public Class<Tagger> kind() {
      return Tagger.class;
    }

    @Override
    public List<String> input(Object value) {
      return Values.list(value);
    }

    @Override
    public long length(List<String> input) {
      return input.size();
    }

    @Override
    public List<Object[]> answer(Tagger model, List<List<String>> inputs) {
      var sentences = inputs.stream().map(words -> new LabeledSequence(words, List.of())).toList();
      return model.tag(sentences, Workers.single()).stream()
          .map(found -> new Object[] {found.tags()})
          .toList();
    }
  }
}
