package dev.unroll;

import dev.unroll.base.Direction;
import dev.unroll.base.PoolingKind;
import dev.unroll.batch.SourceReader;
import dev.unroll.cell.Cell;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.NumberLexicon;
import dev.unroll.data.Pair;
import dev.unroll.data.Reading;
import dev.unroll.data.Series;
import dev.unroll.kernel.Kernels;
import dev.unroll.network.Cells;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.result.LabelMeasure;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.ForecasterRun;
import dev.unroll.task.label.LabelRun;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.LabelTask;
import dev.unroll.task.label.Labels;
import dev.unroll.task.label.TokenVectors;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.task.recognize.RecognizerFields;
import dev.unroll.task.recognize.RecognizerRun;
import dev.unroll.task.regress.RegressorRun;
import dev.unroll.task.transduce.TransducerFields;
import dev.unroll.task.transduce.TransducerRun;
import dev.unroll.task.transduce.TransducerSpec;
import dev.unroll.train.Objective;
import dev.unroll.train.Schedule;
import dev.unroll.train.Sharding;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.WeightDecay;
import dev.unroll.train.optimizer.Sgd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Small training runs, of every cell and of every task with what people use of it, whose parameters
 * are hashed. As a program it prints the kernels and the hashes, so that other JVMs can be asked.
 */
final class TinyRun {

  /** What every machine must get; made by these very runs. A new cell or task has a line here. */
  static final Map<String, String> HASHES =
      parse(
          """
          cell lstm 7a6d73b761d5ebcf088bc9690e9d8955830cb5090d441100da26af7cc6242979
          cell lstm-peephole 3956e9a89699cd097eb1bc2b228e97e4214965d8f629142bf11fc8f33ffd1e1e
          cell lstm-peephole-before 6515c6914e3f03b1eb6f951178b3189fc344e64a0a3a0fe7bcb899ff8ab87c63
          cell gru 1505b0c5dc967be6ba555e65921b7baef81f8acee38645ae95a2d2f8fa484fb9
          cell gru-reset-after e6cd28ab53f5317280447db19b196b88c19c0a65e93bccfdab3b8bac035caab4
          cell gru-simplified 180db8fd0150ded2a3168ac0679a9e0a7e7c84c3e0e9db7f16ea66994f5b17e8
          cell rnn-tanh c86865ee8c58394885378fa79bf84a4c27fe3b3315c568853814da615180ca85
          cell rnn-relu 0470a822b740654686d8c25924287d95c5664874f921e1e14dd724ff92598043
          cell min-gru 806187b8227626dff837876b2b109ae61775d416cc125b60a6971907b4c17a96
          cell min-lstm 50d98b6e171c9f23b477c39e1cf4666c77ff177301bf276f28839defc1a3d210
          cell ind-rnn f32b36cdbe22efcd989932182356f28fe9ab4fcc6f617d895574e11e2861dabd
          cell mgu 41d7d1a94d871095c0400247d85023bc1ac5e3e817da128179d8b9219bf81562
          lm 05e1ac552a53e3344f962eb4f1a6c7da0b7409d01d8e33e89189eaa1bffaf182
          classify 5e9639594764306d46e83de52aeed3d47212597796f5f14dcbea94ec1fa9db6d
          tag b87857a65e1d1214e61c95726407a6a0a057dfcf1f6ff86b97181cafeada067c
          transduce 1edc295984092ba18c9c4b3a3eaaee7c6404aceda73dcd40126ed78b32ecc929
          recognize f8d660efd270107f72f6bffb53b44e5acba0f538a5dfb64aec60d7ac1f395f2b
          forecast 56a2fd06106f413e3a79320d4c2cb9d8eccffb967351f15a8c409f4646fcc304
          regress 729f808ebf067583cd68431aba388a70e58f991b9c4f60cbcb1cdde8166a937c
          """);

  private static final NumberLexicon FEW = new NumberLexicon(8);

  private final int threads;
  private final NumberLexicon lexicon;
  private final RunOutput output;
  private Sharding sharding = Sharding.NONE;

  /** Factor of all dropout. */
  private double noise = 1;

  private TinyRun(int threads, NumberLexicon lexicon, RunOutput output) {
    this.threads = threads;
    this.lexicon = lexicon;
    this.output = output;
  }

  /** Returns the hash of each run, by its name. */
  private static Map<String, String> hashes(int threads) {
    var runs = new TinyRun(threads, FEW, RunOutput.NOTHING);
    var hashes = new LinkedHashMap<String, String>();
    for (Cell cell : Cells.ALL) {
      hashes.put("cell " + cell.label(), hash(List.of(runs.cell(cell))));
    }
    runs.tasks().forEach((name, each) -> hashes.put(name, hash(each)));
    return hashes;
  }

  /** Returns the runs of each task, by its name. */
  private Map<String, List<Run<?>>> tasks() {
    var tasks = new LinkedHashMap<String, List<Run<?>>>();
    tasks.put("lm", List.of(sentences(), stream()));
    tasks.put("classify", List.of(classify()));
    tasks.put("tag", List.of(tag()));
    tasks.put("transduce", List.of(transduce()));
    tasks.put("recognize", List.of(recognize()));
    tasks.put("forecast", List.of(forecast()));
    tasks.put("regress", List.of(regress()));
    return tasks;
  }

  /** Returns a run of a task, on two threads. */
  static Run<?> of(String task, RunOutput output) {
    return new TinyRun(2, FEW, output).tasks().get(task).getFirst();
  }

  /** Returns all runs of a task in shards. */
  static List<Run<?>> ofShards(String task, int shards, int threads) {
    return ofShards(task, Sharding.NONE.withShards(shards), threads);
  }

  /** Returns all runs of a task in shards. */
  static List<Run<?>> ofShards(String task, Sharding sharding, int threads) {
    var runs = new TinyRun(threads, FEW, RunOutput.NOTHING);
    runs.sharding = sharding;
    return runs.tasks().get(task);
  }

  /** Returns all runs of a task without dropout. */
  static List<Run<?>> withoutNoise(String task) {
    var runs = new TinyRun(1, FEW, RunOutput.NOTHING);
    runs.noise = 0;
    return runs.tasks().get(task);
  }

  /** Returns a run of a task, where it reads tokens with more than a thousand different ones. */
  static Run<?> ofManyTokens(String task, RunOutput output) {
    return new TinyRun(2, new NumberLexicon(1_234), output).tasks().get(task).getFirst();
  }

  private Training options() {
    return Training.defaults()
        .withEpochs(2)
        .withBatch(5, 9)
        .withSeed(20)
        .withSharding(sharding)
        .withThreads(threads);
  }

  /** One layer of the cell as it is, one with all that a layer can add to it. */
  private Run<?> cell(Cell cell) {
    var layers = new ArrayList<Network.Layer>();
    layers.add(new Network.Layer(cell, 21));
    int projection = cell.hasMemory() ? 10 : 0;
    layers.add(new Network.Layer(cell, 18, projection, true, Direction.FORWARD));
    var dropouts = new Dropouts(0.1, 0.05, 0.2, 0, 0, 0.1, cell.hasMemory() ? 0.1 : 0, false);
    var network = new Network(layers, 0, false, false, true, List.of(), dropouts);
    return text(network, options().withReading(Reading.SENTENCES));
  }

  private Run<?> text(Network network, Training options) {
    var text = TinyText.sample(Math.max(lexicon.size(), TinyText.LETTERS.size()));
    return new LanguageModelRun(text.part(0, 36), text.part(36, 40), network, options, output);
  }

  /** Adaptive softmax, dropped weights and words, accumulation, smoothing, decay, a cosine. */
  private Run<?> sentences() {
    var dropouts = noise == 0 ? Dropouts.NONE : new Dropouts(0.1, 0.05, 0.2, 0.1, 0.2, 0, 0, true);
    var network =
        Network.lstm(24, 24).withResidual(true).withAdaptiveSoftmax(4, 12).withDropouts(dropouts);
    var options =
        options()
            .withReading(Reading.SENTENCES)
            .withAccumulation(2)
            .withObjective(new Objective(0.1, 0, 0))
            .withWeightDecay(new WeightDecay(0.01, true))
            .withSchedule(new Schedule.Cosine(0.1), 3);
    return text(network, options);
  }

  /**
   * Tied, SGD with momentum, both kinds of clipping; sums deeper than a block. The rate is so high
   * that averaging begins after three steps, and finds the best parameters at the end.
   */
  private Run<?> stream() {
    var network = Network.lstm(300, 33).withTied(true).withDropout(0, 0.1 * noise, 0);
    var options =
        options()
            .withOptimizer(new Sgd(30, 0.9))
            .withSchedule(new Schedule.Plateau(0.5, 1), 3)
            .withClipping(0.5, 0.01)
            .withObjective(new Objective(0, 0.5, 0.5))
            .withEpochs(4)
            .withBatch(11, 30)
            .withAveraging(1)
            .withValidation(1, 0);
    return text(network, options);
  }

  /** Several labels of a text, read both ways, by attention. */
  private Run<?> classify() {
    var layers = Network.gru(9).withDirection(Direction.SUM).withDropout(0.2 * noise);
    var output = new LabelSpec.PerSequence(3, PoolingKind.ATTENTION, true);
    return label(layers, output, LabelMeasure.LOSS);
  }

  /** A label of each token, read both ways, chosen together. */
  private Run<?> tag() {
    var layers = Network.lstm(9).withDirection(Direction.BOTH).withDropout(0.2 * noise);
    return label(layers, new LabelSpec.PerStep(3, true), LabelMeasure.ACCURACY);
  }

  private Run<?> label(Network layers, LabelSpec.Output of, LabelMeasure measure) {
    boolean perStep = of instanceof LabelSpec.PerStep;
    var data =
        IntStream.range(0, 24)
            .mapToObj(
                i -> {
                  var words = tokens(i, 2 + i % 5);
                  var tags = words.stream().map(word -> "ABC".charAt(id(word) % 3) + "").toList();
                  return new LabeledSequence(words, perStep ? tags : List.copyOf(distinct(tags)));
                })
            .toList();
    var labels = Labels.of(data, List.of(), Map.of());
    if (!perStep) {
      labels = labels.withThresholds(List.of(0.5, 0.5, 0.5));
    }
    var task = new LabelTask(lexicon, labels, new LabelSpec(layers, null, of), TokenVectors.NONE);
    var parts = List.of(data.subList(0, 18), data.subList(18, 24));
    return new LabelRun(task, parts, new LabelRun.Goal(measure), options(), output);
  }

  private static List<String> distinct(List<String> labels) {
    return labels.stream().distinct().toList();
  }

  private static int id(String token) {
    return Integer.parseInt(token);
  }

  private static List<String> tokens(int seed, int count) {
    return IntStream.range(0, count)
        .mapToObj(t -> Integer.toString(2 + (seed * 7 + t * (1 + seed % 3)) % 6))
        .toList();
  }

  private static List<List<Pair>> pairs(boolean repeats) {
    var all =
        IntStream.range(0, 24)
            .mapToObj(
                i -> {
                  var source = tokens(i, 3 + i % 4);
                  var target =
                      repeats ? source.subList(0, 1) : source.subList(0, source.size() - 1);
                  return new Pair(String.join(" ", source), String.join(" ", target));
                })
            .toList();
    return List.of(all.subList(0, 18), all.subList(18, 24));
  }

  /** Attention that is fed back, an encoder that reads both ways, scheduled sampling. */
  private Run<?> transduce() {
    var spec =
        TransducerSpec.of(
            Network.lstm(8).withDirection(Direction.BOTH).withDropout(0.1 * noise),
            Network.lstm(11).withDropout(0.1 * noise),
            "additive",
            true);
    return new TransducerRun(
        TransducerFields.of(spec, lexicon, lexicon),
        pairs(false),
        new TransducerRun.Goal(0.5 * noise, false),
        options(),
        output);
  }

  /** CTC, layers that read both ways. */
  private Run<?> recognize() {
    var layers = Network.lstm(9).withDirection(Direction.BOTH).withDropout(0.2 * noise);
    var fields = RecognizerFields.of(layers, SourceReader.ofText(lexicon), lexicon);
    return new RecognizerRun(fields, pairs(true), options(), output);
  }

  /** Quantiles of two targets, each by itself, from known and observed columns. */
  private Run<?> forecast() {
    double[][] rows =
        IntStream.range(0, 40)
            .mapToObj(t -> new double[] {(t * 5) % 7, (t * 3) % 11, t % 4, (t * t) % 5})
            .toArray(double[][]::new);
    var series = new Series("s", List.of("x", "y", "seen", "known"), rows);
    var spec =
        new ForecastSpec(
            List.of("x", "y"),
            List.of("seen"),
            List.of("known"),
            new ForecastSpec.Window(6, 4, 2),
            Relative.WINDOW,
            false,
            true,
            new Regression.Quantiles(List.of(0.1, 0.5, 0.9)));
    var parts = new ForecasterRun.Parts(List.of(series), List.of(series), 2);
    var layers = Network.gru(7).withEmbedding(3).withDropout(0.1 * noise);
    return new ForecasterRun(spec, layers, parts, options(), output);
  }

  /** The sum of a text's tokens, read both ways. */
  private Run<?> regress() {
    var examples =
        IntStream.range(0, 24)
            .mapToObj(i -> tokens(i, 2 + i % 4))
            .map(
                text ->
                    new RegressorRun.Example(
                        String.join(" ", text), text.stream().mapToInt(TinyRun::id).sum()))
            .toList();
    var parts = List.of(examples.subList(0, 18), examples.subList(18, 24));
    var layers = Network.gru(9).withDirection(Direction.BOTH).withDropout(0.1 * noise);
    return new RegressorRun(layers, SourceReader.ofText(lexicon), parts, options(), output);
  }

  private static String hash(List<Run<?>> runs) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (Run<?> run : runs) {
        digest.update(bytes(run.run(TrainingListener.NONE).parameters()));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(float[] parameters) {
    var bytes = ByteBuffer.allocate(4 * parameters.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(parameters);
    return bytes.array();
  }

  private static Map<String, String> parse(String lines) {
    var hashes = new LinkedHashMap<String, String>();
    for (String line : lines.strip().split("\n")) {
      int cut = line.lastIndexOf(' ');
      hashes.put(line.substring(0, cut).strip(), line.substring(cut + 1));
    }
    return hashes;
  }

  /** Returns a line for each run: its name and its hash. */
  static List<String> lines(int threads) {
    return hashes(threads).entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .toList();
  }

  /** Prints the kernels and the hashes; {@code [THREADS]}, by default 2. */
  public static void main(String[] args) {
    System.out.println(Kernels.description());
    lines(args.length == 0 ? 2 : Integer.parseInt(args[0])).forEach(System.out::println);
  }
}
