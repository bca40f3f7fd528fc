package dev.unroll.server.task;

import dev.unroll.data.Reading;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Sampling;
import dev.unroll.server.http.Call;
import dev.unroll.server.http.Endpoint;
import dev.unroll.server.http.Metrics;
import dev.unroll.server.http.Problem;
import dev.unroll.server.json.Field;
import dev.unroll.server.json.OneOrMany;
import dev.unroll.server.model.Continuations;
import dev.unroll.server.model.Models;
import dev.unroll.server.model.Served;
import dev.unroll.server.model.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts drawn from a language model. */
public final class SampleEndpoint {

  private static final int MOST_TEXTS = 128;

  private final Models models;
  private final Metrics metrics;
  private final int longest;

  /**
   * Creates the endpoint.
   *
   * @param longest most tokens of a text
   */
  public SampleEndpoint(Models models, Metrics metrics, int longest) {
    this.models = models;
    this.metrics = metrics;
    this.longest = longest;
  }

  /** What is drawn. */
  record SampleRequest(
      @Field("a model; none for the only one of the task") @Nullable String model,
      @Field(Served.ABOUT_GIVEN) @Nullable String given,
      @Field("what texts begin with, or a list; nothing by default")
          @Nullable OneOrMany<String> prompt,
      @Field(value = "texts of each prompt; 1 by default", min = 1, max = MOST_TEXTS)
          @Nullable Integer count,
      @Field(value = "most tokens; 100 by default", min = 0) @Nullable Integer length,
      @Field(value = "0 takes the likeliest; 1 by default", min = 0, max = 1000)
          @Nullable Double temperature,
      @Field(value = "of the likeliest tokens only; 0 for all", min = 0) @Nullable Integer topK,
      @Field(value = "of the likeliest tokens that reach p together; 1 for all", min = 0, max = 1)
          @Nullable Double topP,
      @Field("whether the end of a sentence ends the text; as the model reads by default")
          @Nullable Boolean stopAtEnd,
      @Field("texts before which the text ends") @Nullable OneOrMany<String> stop,
      @Field("the same seed draws the same; 1 by default") @Nullable Long seed,
      @Field(
              value = "beginnings that a beam search keeps, instead of drawing; none by default",
              min = 1,
              max = 100)
          @Nullable Integer beam,
      @Field(value = "of a beam's penalty of the length; 1 by default", min = 0, max = 10)
          @Nullable Double lengthPower,
      @Field("whether texts are sent while they are drawn") @Nullable Boolean stream) {

    Sampling sampling(LanguageModel model) {
      boolean usual = beam != null || model.reading() == Reading.SENTENCES;
      boolean ends = stopAtEnd == null ? usual : stopAtEnd;
      return new Sampling(
              temperature == null ? 1 : temperature,
              topK == null ? 0 : topK,
              topP == null ? 1 : topP,
              false,
              length == null ? 100 : length,
              ends,
              seed == null ? 1 : seed)
          .withStops(stop == null ? List.of() : stop.values());
    }

    /** Refuses what a beam search does not do, and what only it does. */
    void check() {
      if (beam == null) {
        refuse(lengthPower != null, "lengthPower does nothing without beam; give both");
        return;
      }
      refuse(count != null && count > beam, "count is larger than beam; make beam as large");
      refuse(
          temperature != null || topK != null || topP != null || seed != null,
          "beam draws nothing: leave temperature, topK, topP and seed out");
      refuse(stop != null, "beam ends a text with its sentence: leave stop out");
      refuse(
          Boolean.FALSE.equals(stopAtEnd),
          "beam ends a text with its sentence: leave stopAtEnd out");
      refuse(Boolean.TRUE.equals(stream), "beam has whole texts only: leave stream out");
    }

    private static void refuse(boolean wrong, String detail) {
      if (wrong) {
        throw Problem.unusable(detail);
      }
    }
  }

  /** A text that was drawn. */
  record SampleResult(
      String prompt,
      String continuation,
      Integer tokens,
      @Field("natural logarithm, given the prompt") Double logProbability) {}

  /** Texts that were drawn. */
  record SampleAnswer(String model, List<SampleResult> results) {}

  /** A piece of a text that is being drawn: an event. */
  record SamplePiece(
      @Field("which of the texts") Integer index, String text, @Nullable SampleResult result) {}

  /** Returns the endpoints. */
  public List<Endpoint<?, ?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/v1/sample",
                "Draws texts that begin with prompts.",
                SampleRequest.class,
                SampleAnswer.class,
                this::sample)
            .with(Endpoint.Trait.STREAMS));
  }

  private @Nullable SampleAnswer sample(Call call, SampleRequest request) {
    Served found = models.find(request.model, LanguageModel.class);
    call.uses(found.name());
    Served served = found.given(request.given);
    var model = (LanguageModel) served.model();
    request.check();
    Sampling options = request.sampling(model);
    if (options.length() > longest) {
      throw Problem.unusable("length is " + options.length() + ", must be at most " + longest);
    }
    List<String> prompts = request.prompt == null ? List.of("") : request.prompt.values();
    int count = request.count == null ? 1 : request.count;
    if ((long) prompts.size() * count > MOST_TEXTS) {
      throw Problem.unusable("count × prompts is more than " + MOST_TEXTS + "; ask for fewer");
    }
    if (request.beam != null) {
      return new SampleAnswer(served.name(), beam(call, served, request, options, prompts));
    }
    var orders = new ArrayList<Text.Order>();
    for (String prompt : prompts) {
      int[] ids = model.promptIds(prompt);
      for (int number = 0; number < count; number++) {
        orders.add(new Text.Order(prompt, ids, options, number, false));
      }
    }
    boolean streams = Boolean.TRUE.equals(request.stream);
    List<SampleResult> results = write(call, served, orders, streams);
    return streams ? null : new SampleAnswer(served.name(), results);
  }

  private List<SampleResult> beam(
      Call call, Served served, SampleRequest request, Sampling options, List<String> prompts) {
    int width = request.beam == null ? 1 : request.beam;
    double power = request.lengthPower == null ? 1 : request.lengthPower;
    int count = request.count == null ? 1 : request.count;
    var model = (LanguageModel) served.model();
    List<List<LanguageModel.Sample>> found =
        served.run(
            List.of("beam", width, power, options),
            prompts,
            some -> some.stream().map(each -> model.beam(each, options, width, power)).toList(),
            call.deadline());
    var results = new ArrayList<SampleResult>();
    for (int i = 0; i < prompts.size(); i++) {
      String prompt = prompts.get(i);
      found.get(i).stream()
          .limit(count)
          .map(
              each ->
                  new SampleResult(prompt, each.text(), each.ids().size(), each.logProbability()))
          .forEach(results::add);
    }
    metrics.tokens(
        served.name(), "written", results.stream().mapToLong(SampleResult::tokens).sum());
    return results;
  }

  private List<SampleResult> write(
      Call call, Served served, List<Text.Order> orders, boolean streams) {
    var drafts = orders.stream().map(order -> new Draft(order.prompt())).toList();
    try (var texts = new Continuations(served, orders, 0, streams)) {
      var events = streams ? call.events() : null;
      for (var step = texts.next(call.deadline());
          step != null;
          step = texts.next(call.deadline())) {
        Draft draft = drafts.get(step.index());
        draft.add(step);
        boolean ends = step.kind() == Continuations.Kind.END;
        if (events != null) {
          events.send(new SamplePiece(step.index(), step.text(), ends ? draft.result() : null));
        }
      }
      if (events != null) {
        events.send("[DONE]");
      }
    }
    metrics.tokens(served.name(), "written", drafts.stream().mapToLong(each -> each.tokens).sum());
    metrics.tokens(
        served.name(), "read", orders.stream().mapToLong(each -> each.ids().length).sum());
    return drafts.stream().map(Draft::result).toList();
  }

  /** A text while it is drawn. */
  private static final class Draft {
    private final String prompt;
    private final StringBuilder text = new StringBuilder();
    private int tokens;
    private double logProbability;

    Draft(String prompt) {
      this.prompt = prompt;
    }

    void add(Continuations.Step step) {
      text.append(step.text());
      if (step.kind() == Continuations.Kind.TOKEN) {
        tokens++;
        logProbability += step.logProbability();
      }
    }

    SampleResult result() {
      return new SampleResult(prompt, text.toString(), tokens, logProbability);
    }
  }
}
