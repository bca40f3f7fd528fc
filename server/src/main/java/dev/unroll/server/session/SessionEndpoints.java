package dev.unroll.server.session;

import dev.unroll.base.InputException;
import dev.unroll.model.ForecastStream;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Model;
import dev.unroll.server.http.Call;
import dev.unroll.server.http.Endpoint;
import dev.unroll.server.http.Metrics;
import dev.unroll.server.http.Problem;
import dev.unroll.server.json.Field;
import dev.unroll.server.model.Models;
import dev.unroll.server.model.Served;
import dev.unroll.server.session.Pushes.PushAnswer;
import dev.unroll.server.session.Pushes.PushRequest;
import dev.unroll.server.task.ForecastFields;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens, feeds, forks, saves and ends sessions. */
public final class SessionEndpoints {

  private static final String PATH = "/v1/sessions";

  private final Models models;
  private final Sessions sessions;
  private final StateTokens states;
  private final Metrics metrics;

  /** Creates the endpoints. */
  public SessionEndpoints(Models models, Sessions sessions, StateTokens states, Metrics metrics) {
    this.models = models;
    this.sessions = sessions;
    this.states = states;
    this.metrics = metrics;
  }

  /** A stream to open. */
  record SessionRequest(
      @Field("a language model or a forecaster; none for the only one") @Nullable String model,
      @Field(Served.ABOUT_GIVEN) @Nullable String given,
      @Field(value = "what save returned, to continue from there", longest = StateTokens.LONGEST)
          @Nullable String state) {}

  /** A session. */
  record SessionCard(
      @Field("by which requests mean it") String id,
      String model,
      @Field("hash of the model, which stays the same for the session") String hash,
      @Field("tokens or rows that were read") Long steps) {}

  /** A saved state. */
  record SavedState(@Field("give it to /v1/sessions to continue") String state, Long steps) {}

  /** Returns the endpoints. */
  public List<Endpoint<?, ?>> endpoints() {
    return List.of(
        Endpoint.post(
            PATH,
            "Opens a session on a model.",
            SessionRequest.class,
            SessionCard.class,
            this::open),
        Endpoint.get(
            PATH + "/{id}",
            "Returns how many tokens or rows a session has read.",
            SessionCard.class,
            (call, none) -> card(get(call))),
        Endpoint.post(
            PATH + "/{id}/push",
            "Feeds tokens or rows to a session, and predicts what comes next.",
            PushRequest.class,
            PushAnswer.class,
            this::push),
        command(
            "/fork",
            "Opens a second session that continues from the same place.",
            SessionCard.class,
            this::fork),
        command(
            "/save",
            "Returns the state of a session, to continue from there.",
            SavedState.class,
            this::save),
        Endpoint.delete(
            PATH + "/{id}",
            "Ends a session.",
            SessionCard.class,
            (call, none) -> card(sessions.end(call.parameter("id")))));
  }

  private static <A> Endpoint<Endpoint.NoBody, A> command(
      String path, String summary, Class<A> answer, Endpoint.Handler<Endpoint.NoBody, A> handler) {
    return new Endpoint<>(
        "POST", PATH + "/{id}" + path, summary, Endpoint.NoBody.class, answer, Set.of(), handler);
  }

  private Session get(Call call) {
    Session session = sessions.get(call.parameter("id"));
    call.uses(session.served().name());
    return session;
  }

  private static SessionCard card(Session session) {
    return new SessionCard(
        session.id(), session.served().name(), session.served().hash(), session.progress().steps());
  }

  private SessionCard open(Call call, SessionRequest request) {
    String name = request.model;
    Served found = name == null ? models.only(SessionEndpoints::streams) : models.get(name);
    call.uses(found.name());
    if (request.state == null) {
      Served served = found.given(request.given);
      return card(sessions.open(served, start(served.model())));
    }
    StateTokens.Saved saved = states.read(request.state, found.hash());
    return card(sessions.open(given(found, request.given, saved.given()), saved.progress()));
  }

  /** A state goes on with what its session wrote for: numbers may be written in another way. */
  private static Served given(Served found, @Nullable String named, @Nullable String saved) {
    Served served = found.given(named == null ? saved : named);
    if (!Objects.equals(served.given(), saved)) {
      throw Problem.ofField(
          422,
          Served.GIVEN,
          saved == null
              ? "state does not say what it was written for, as states of versions before 0.3.0;"
                  + " open a session without it"
              : "state was saved while writing for "
                  + InputException.quoted(saved, 100)
                  + "; leave given out to continue so");
    }
    return served;
  }

  private static boolean streams(Model model) {
    return model instanceof LanguageModel || model instanceof Forecaster;
  }

  private static Progress start(Model model) {
    return switch (model) {
      case LanguageModel own -> {
        if (own.isBackward()) {
          throw Problem.unusable("a model that reads from right to left has no sessions");
        }
        yield new Progress.OfTokens(0, own.start());
      }
      case Forecaster own -> {
        ForecastStream.State state = own.stream().state();
        yield new Progress.OfRows(state.size(), state.window());
      }
      default ->
          throw Problem.unusable(
              "a model of the task " + model.task().name() + " reads whole inputs, not streams");
    };
  }

  private SessionCard fork(Call call, Endpoint.NoBody none) {
    Session session = get(call);
    return card(sessions.open(session.served(), session.progress()));
  }

  private SavedState save(Call call, Endpoint.NoBody none) {
    Session session = get(call);
    Progress progress = session.progress();
    Served served = session.served();
    String state = states.write(served.hash(), new StateTokens.Saved(progress, served.given()));
    return new SavedState(state, progress.steps());
  }

  private PushAnswer push(Call call, PushRequest request) {
    Session session = get(call);
    Served served = session.served();
    var answer = new PushAnswer[1];
    session.advance(
        call.deadline(),
        before -> {
          switch (before) {
            case Progress.OfTokens own -> {
              var read = new TokenPush(served, own, request);
              Progress after = read.run(call.deadline());
              answer[0] = read.answer();
              metrics.tokens(served.name(), "read", after.steps() - before.steps());
              return after;
            }
            case Progress.OfRows own -> {
              var stream = ((Forecaster) served.model()).stream();
              return served.runAlone(
                  () -> {
                    Progress after = rows(stream, own, request);
                    answer[0] = answer(stream, request, after.steps());
                    return after;
                  },
                  call.deadline());
            }
          }
        });
    return answer[0];
  }

  private static Progress rows(ForecastStream stream, Progress.OfRows before, PushRequest request) {
    if (request.text() != null || request.ids() != null || request.count() != null) {
      throw Problem.unusable("text, ids and count are for language models; give rows");
    }
    if (request.rows() == null) {
      throw Problem.unusable("rows is missing");
    }
    stream.restore(new ForecastStream.State(before.size(), before.window()));
    for (List<Double> row : request.rows()) {
      stream.read(row.stream().mapToDouble(Double::doubleValue).toArray());
    }
    ForecastStream.State state = stream.state();
    return new Progress.OfRows(state.size(), state.window());
  }

  private static PushAnswer answer(ForecastStream stream, PushRequest request, long steps) {
    double[] levels = ForecastFields.levels(request.levels());
    if (!stream.isReady()) {
      return new PushAnswer(steps, null, null, null);
    }
    List<Map<String, Object>> results =
        stream.next(levels).rows().stream().map(row -> ForecastFields.of("row", row)).toList();
    return new PushAnswer(steps, null, null, results);
  }
}
