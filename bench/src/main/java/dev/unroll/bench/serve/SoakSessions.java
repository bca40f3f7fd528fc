package dev.unroll.bench.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.unroll.kernel.Softmax;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.Likeliest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sessions that stay open, each of which reads a few words now and then. A session keeps the model
 * with which it was opened, whatever is loaded later, so that the library follows each by itself.
 */
final class SoakSessions {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PATH = "/v1/sessions";
  private static final int NEXT = 3;
  private static final int PAUSE_MS = 10;

  private final Soak soak;
  private final List<String> texts;
  private final int most;

  /**
   * Creates sessions.
   *
   * @param texts what they read
   * @param most how many a server allows
   */
  SoakSessions(Soak soak, List<String> texts, int most) {
    this.soak = soak;
    this.texts = texts;
    this.most = most;
  }

  /** Opens {@code most} sessions, which some clients feed by turns. */
  void start(int clients) throws IOException {
    Tally opened = soak.tally("sessions opened");
    var shares = new ArrayList<List<Open>>();
    try (var client = new HttpClient(soak.port())) {
      for (int i = 0; i < most; i++) {
        if (i < clients) {
          shares.add(new ArrayList<>());
        }
        HttpClient.Answer answer = soak.ask(client, open());
        opened.answer(answer, true);
        if (answer.status() == 200) {
          shares.get(i % clients).add(new Open(answer));
        }
      }
    }
    Tally pushes = soak.tally("pushes");
    for (int i = 0; i < shares.size(); i++) {
      List<Open> own = shares.get(i);
      var feeder = new Feeder(own, pushes, i);
      soak.start(pushes, feeder);
    }
    Tally more = soak.tally("one session more");
    soak.start(more, () -> openOneMore(more));
  }

  private static byte[] open() {
    var body = JsonNodeFactory.instance.objectNode().put("model", LoadModels.LANGUAGE_MODEL);
    return HttpClient.request("POST", PATH, body.toString());
  }

  /** All places are taken, which has to be said. */
  private void openOneMore(Tally tally) throws IOException {
    try (var client = new HttpClient(soak.port())) {
      HttpClient.Answer answer = soak.ask(client, open());
      tally.answer(answer, false);
    }
    soak.sleep(1000);
  }

  private final class Feeder implements Soak.Turn {

    private final List<Open> sessions;
    private final Tally tally;
    private int at;

    Feeder(List<Open> sessions, Tally tally, int first) {
      this.sessions = sessions;
      this.tally = tally;
      at = first;
    }

    @Override
    public void run() throws IOException {
      try (var client = new HttpClient(soak.port())) {
        while (!soak.isOver() && client.isOpen()) {
          Open session = sessions.get(at % sessions.size());
          String text = texts.get(at++ % texts.size());
          session.push(client, text, tally);
          soak.sleep(PAUSE_MS);
        }
      }
    }
  }

  /** A session, and how far the library has come with the same words. */
  private final class Open {

    private final String id;
    private final LanguageModel model;
    private NetworkState state;
    private long steps;

    Open(HttpClient.Answer answer) throws IOException {
      JsonNode card = JSON.readTree(answer.body());
      id = card.path("id").asText();
      String hash = card.path("hash").asText();
      model =
          soak.library().languageModels().stream()
              .filter(each -> each.fingerprint().equals(hash))
              .findFirst()
              .orElseThrow(() -> new IOException("a session on a model that is none of ours"));
      state = model.start();
    }

    void push(HttpClient client, String text, Tally tally) throws IOException {
      var body = JsonNodeFactory.instance.objectNode().put("text", text).put("count", NEXT);
      byte[] request = HttpClient.request("POST", PATH + "/" + id + "/push", body.toString());
      HttpClient.Answer answer = soak.ask(client, request);
      tally.answer(answer, answer.status() == 200 && read(text, JSON.readTree(answer.body())));
    }

    /** Reads on, and returns whether the server says the same of it, to the bit. */
    private boolean read(String text, JsonNode answer) {
      float[] logits = new float[model.tokenizer().size()];
      JsonNode tokens = answer.path("tokens");
      int[] ids = model.promptIds(text);
      boolean same = tokens.size() == ids.length;
      for (int i = 0; i < ids.length; i++) {
        model.logits(state, logits);
        double logProbability = logits[ids[i]] - Softmax.logSumExp(logits, 0, logits.length);
        same &= tokens.path(i).path("logProbability").asDouble() == logProbability;
        state = model.step(state, ids[i]);
        steps++;
      }
      model.logits(state, logits);
      double total = Softmax.logSumExp(logits, 0, logits.length);
      int place = 0;
      for (int id : Likeliest.ids(logits, NEXT)) {
        JsonNode next = answer.path("next").path(place++);
        same &= next.path("token").asText().equals(model.tokenizer().token(id));
        same &= next.path("probability").asDouble() == StrictMath.exp(logits[id] - total);
      }
      return same && answer.path("steps").asLong() == steps;
    }
  }
}
