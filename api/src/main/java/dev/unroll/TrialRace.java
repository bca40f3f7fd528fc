package dev.unroll;

import dev.unroll.result.Model;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The course of a search: who is trained how far, and who is given up. */
final class TrialRace {

  private static final Halving.Rung END = new Halving.Rung(1, 1);

  /** Differences of means that are no more than errors of rounding. */
  private static final double ROUNDING = 1e-9;

  private final TrialRuns runs;
  private final int seeds;
  private final Consumer<Trial.Result> results;

  /** Those that still take part, the best first once they have been compared. */
  private List<Place> places;

  /** The others, those that came farthest first. */
  private final List<Place> givenUp = new ArrayList<>();

  /** A trial, how far it came and with how many seeds. */
  private record Place(TrialRuns.Entry entry, Halving.Rung rung, int seeds) {}

  TrialRace(
      TrialRuns runs, List<TrialRuns.Entry> entries, int seeds, Consumer<Trial.Result> results) {
    this.runs = runs;
    this.seeds = seeds;
    this.results = results;
    places = entries.stream().map(entry -> new Place(entry, END, 1)).toList();
  }

  /** Trains all trials for a while, and the better ones longer, up to their end. */
  void halve() {
    int drawn = (int) places.stream().filter(TrialRace::isDrawn).count();
    for (Halving.Rung rung : Halving.rungs(drawn)) {
      giveUpAfter(rung.places());
      places = places.stream().map(place -> new Place(place.entry, rung, 1)).toList();
      for (Place place : places) {
        runs.reach(place.entry, 0, rung);
        results.accept(result(place));
      }
      places = sorted(places);
    }
  }

  /** Trains the best few, and the usual settings, with all seeds. */
  void repeat(int finalists) {
    boolean usual = places.stream().limit(finalists).anyMatch(place -> !isDrawn(place));
    boolean more = places.stream().anyMatch(place -> !isDrawn(place));
    giveUpAfter(usual || !more ? drawnAmong(finalists) : finalists - 1);
    places = places.stream().map(place -> new Place(place.entry, END, seeds)).toList();
    for (Place place : places) {
      for (int repetition = 1; repetition < seeds; repetition++) {
        runs.reach(place.entry, repetition, END);
        results.accept(result(new Place(place.entry, END, repetition + 1)));
      }
    }
    places = sorted(places);
  }

  private int drawnAmong(int first) {
    return (int) places.stream().limit(first).filter(TrialRace::isDrawn).count();
  }

  private static boolean isDrawn(Place place) {
    return place.entry.number() != 0;
  }

  /** Keeps so many, the first ones; the usual settings stay anyway. */
  private void giveUpAfter(int count) {
    var kept = new ArrayList<Place>();
    var others = new ArrayList<Place>();
    int left = count;
    for (Place place : places) {
      if (!isDrawn(place)) {
        kept.add(place);
      } else if (left > 0) {
        kept.add(place);
        left--;
      } else {
        others.add(place);
        runs.giveUp(place.entry, 0);
      }
    }
    places = kept;
    givenUp.addAll(0, others);
  }

  private List<Place> sorted(List<Place> some) {
    var sorted = new ArrayList<>(some);
    sorted.sort(Comparator.comparingDouble(this::criterion).thenComparingDouble(this::loss));
    return sorted; // stable: of equal ones the first stays the first
  }

  /** Returns what is the less, the better; of what failed more than any. */
  private double criterion(Place place) {
    Trial.Result result = result(place);
    double mean = result.mean();
    if (Double.isNaN(mean)) {
      return Double.POSITIVE_INFINITY;
    }
    double size = StrictMath.rint(mean / ROUNDING) * ROUNDING; // sums of equal figures are equal
    return result.moreIsBetter() ? -size : size;
  }

  private double loss(Place place) {
    return IntStream.range(0, place.seeds)
        .mapToDouble(i -> runs.record(place.entry, i).loss(place.rung))
        .sum();
  }

  /** Returns all trials, the best first. */
  List<Trial.Result> ranking() {
    return IntStream.range(0, places.size() + givenUp.size())
        .mapToObj(i -> i < places.size() ? places.get(i) : givenUp.get(i - places.size()))
        .map(this::result)
        .toList();
  }

  private Trial.Result result(Place place) {
    var records =
        IntStream.range(0, place.seeds).mapToObj(i -> runs.record(place.entry, i)).toList();
    TrialRecord first = records.getFirst();
    String failure =
        records.stream()
            .filter(each -> Double.isNaN(each.figure(place.rung)))
            .map(TrialRecord::failure)
            .findFirst()
            .orElse(null);
    return new Trial.Result(
        place.entry.number(),
        place.entry.settings(),
        measure(first),
        records.stream().map(each -> each.figure(place.rung)).toList(),
        first.epochs(place.rung),
        first.parameters(),
        place.rung.part() == 1 && failure == null,
        failure);
  }

  /** A trial that failed before its first validation says nothing of the measure. */
  private String measure(TrialRecord record) {
    return record.isEmpty() && !places.isEmpty()
        ? runs.record(places.getFirst().entry, 0).measure()
        : record.measure();
  }

  /** Returns the model of a trial's best seed, and deletes those of all other runs. */
  Model keepModelOf(Trial.Result best) {
    Model model = null;
    for (Place place : places) {
      for (int repetition = 0; repetition < seeds; repetition++) {
        if (place.entry.number() == best.number() && repetition == best.bestSeed()) {
          model = runs.finished(place.entry, repetition);
        } else {
          runs.giveUp(place.entry, repetition);
        }
      }
    }
    if (model == null) {
      throw new IllegalStateException("the best trial took no part");
    }
    return model;
  }
}
