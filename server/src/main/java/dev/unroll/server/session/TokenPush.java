package dev.unroll.server.session;

import dev.unroll.data.Tokenizer;
import dev.unroll.kernel.Softmax;
import dev.unroll.model.LanguageBatch;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.NetworkState;
import dev.unroll.server.http.Problem;
import dev.unroll.server.model.Served;
import dev.unroll.server.session.Pushes.PushAnswer;
import dev.unroll.server.session.Pushes.PushRequest;
import dev.unroll.server.session.Pushes.PushedNext;
import dev.unroll.server.session.Pushes.PushedToken;
import dev.unroll.task.lm.Likeliest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tokens that one request brings to a session. They are read in short runs, side by side with those
 * of other sessions, so that a long text does not hold up the others.
 */
final class TokenPush {

  private static final int RUN = 64;

  private final Served served;
  private final LanguageModel model;
  private final Tokenizer tokenizer;
  private final PushRequest request;
  private final List<PushedToken> tokens = new ArrayList<>();
  private NetworkState state;
  private float[] logits = {};
  private long steps;

  TokenPush(Served served, Progress.OfTokens before, PushRequest request) {
    this.served = served;
    this.request = request;
    model = (LanguageModel) served.model();
    tokenizer = model.tokenizer();
    state = before.state();
    steps = before.steps();
  }

  /** Tokens that one stream reads next. */
  private record Run(NetworkState state, int[] ids) {}

  /**
   * What became of them.
   *
   * @param logProbabilities of the tokens
   * @param logits of the token after them
   */
  private record Read(NetworkState state, double[] logProbabilities, float[] logits) {}

  Progress run(long deadline) {
    int[] ids = ids();
    int from = 0;
    do {
      int[] some = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + RUN));
      Read read =
          served
              .run("push", List.of(new Run(state, some)), runs -> read(model, runs), deadline)
              .getFirst();
      for (int i = 0; i < some.length; i++) {
        tokens.add(new PushedToken(tokenizer.token(some[i]), read.logProbabilities[i]));
      }
      state = read.state;
      logits = read.logits;
      from += RUN;
    } while (from < ids.length);
    steps += ids.length;
    return new Progress.OfTokens(steps, state);
  }

  private int[] ids() {
    if (request.rows() != null || request.levels() != null) {
      throw Problem.unusable("rows and levels are for forecasters; give text or ids");
    }
    if ((request.text() == null) == (request.ids() == null)) {
      throw Problem.unusable("give one of text and ids");
    }
    if (request.text() != null) {
      return model.promptIds(request.text());
    }
    int[] ids = request.ids().stream().mapToInt(Integer::intValue).toArray();
    if (Arrays.stream(ids).anyMatch(id -> id < 0 || id >= tokenizer.size())) {
      throw Problem.unusable("ids has one that is not in 0 … " + (tokenizer.size() - 1));
    }
    return ids;
  }

  private static List<Read> read(LanguageModel model, List<Run> runs) {
    var batch = new LanguageBatch(model);
    var states = new ArrayList<>(runs.stream().map(Run::state).toList());
    var scores = runs.stream().map(run -> new double[run.ids.length]).toList();
    int longest = runs.stream().mapToInt(run -> run.ids.length).max().orElse(0);
    for (int t = 0; t < longest; t++) {
      int step = t;
      int[] open =
          IntStream.range(0, runs.size()).filter(i -> runs.get(i).ids.length > step).toArray();
      var before = IntStream.of(open).mapToObj(states::get).toList();
      float[][] expected = batch.logits(before);
      int[] ids = IntStream.of(open).map(i -> runs.get(i).ids[step]).toArray();
      List<NetworkState> after = batch.step(before, ids);
      for (int i = 0; i < open.length; i++) {
        double total = Softmax.logSumExp(expected[i], 0, expected[i].length);
        scores.get(open[i])[t] = expected[i][ids[i]] - total;
        states.set(open[i], after.get(i));
      }
    }
    float[][] logits = batch.logits(states);
    return IntStream.range(0, runs.size())
        .mapToObj(i -> new Read(states.get(i), scores.get(i), logits[i]))
        .toList();
  }

  PushAnswer answer() {
    double total = Softmax.logSumExp(logits, 0, logits.length);
    int count = request.count() == null ? 10 : request.count();
    List<PushedNext> next =
        count == 0
            ? List.of()
            : Arrays.stream(Likeliest.ids(logits, count))
                .mapToObj(
                    id -> new PushedNext(tokenizer.token(id), StrictMath.exp(logits[id] - total)))
                .toList();
    return new PushAnswer(steps, tokens, next, null);
  }
}
