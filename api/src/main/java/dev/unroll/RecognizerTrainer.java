package dev.unroll;

import dev.unroll.data.Pair;
import dev.unroll.data.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.ModelFile;
import dev.unroll.task.RunOutput;
import dev.unroll.task.recognize.Recognizer;
import dev.unroll.task.recognize.RecognizerFields;
import dev.unroll.task.recognize.RecognizerRun;
import dev.unroll.text.table.PairTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network by CTC on sequences with labels whose places are not known.
 *
 * {@snippet :
 * var morse = Unroll.recognizer().files(Path.of("morse.tsv")).numbers().gru(100).train();
 * }
 */
public final class RecognizerTrainer
    extends PairTrainer<RecognizerFields, RecognizerRun, Recognizer, RecognizerTrainer> {

  private boolean numbers;
  private @Nullable Recognizer parent;

  RecognizerTrainer() {
    super(RecognizerRun.DEFAULTS);
  }

  @Override
  RecognizerTrainer self() {
    return this;
  }

  @Override
  Recognizer model(ModelFile<RecognizerFields> file) {
    return new Recognizer(file);
  }

  @Override
  public RecognizerTrainer from(Recognizer model) {
    parent = model;
    numbers = model.source().tokens() == null;
    readLike(model.source().tokens(), model.target());
    return begin(model, model.network().description().network());
  }

  /**
   * Sources are sequences of numbers: steps between spaces, the numbers of a step between commas,
   * such as {@code 0.12,1 0.4,0}. None of them is dropped in training.
   */
  public RecognizerTrainer numbers() {
    numbers = true;
    return network(
        usual -> usual.withDropout(0, usual.dropouts().layer(), usual.dropouts().output()));
  }

  @Override
  public RecognizerRun prepare(RunOutput output) {
    List<PairTable.Line> read = pairs().learned().lines();
    List<PairTable.Line> validation = pairs().validation().lines();
    var lines = new ArrayList<>(read);
    lines.addAll(validation);
    if (numbers) {
      int inputs = SourceReader.inputs(lines.getFirst().pair().source());
      lines.forEach(line -> line.check(pair -> SourceReader.checkNumbers(pair.source(), inputs)));
    }
    List<List<Pair>> parts = pairs().parts(read, validation, share());
    List<Pair> learned = parts.getFirst();
    Tokenizer target =
        tokenizer(
            target(),
            parent == null ? null : parent.target(),
            learned.stream().map(Pair::target).toList());
    var source =
        SequenceReaders.of(
            learned.stream().map(Pair::source).toList(),
            numbers ? null : source(),
            parent == null ? null : parent.source());
    lines.forEach(line -> line.check(pair -> RecognizerRun.check(source, target, pair)));
    PairTable table = pairs().table();
    var reading = Map.of("sourceColumn", table.source(), "targetColumn", table.target());
    return new RecognizerRun(
        RecognizerFields.of(network(), source, target),
        parts,
        training(),
        output.withReading(reading));
  }
}
