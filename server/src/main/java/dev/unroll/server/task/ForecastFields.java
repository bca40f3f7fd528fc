package dev.unroll.server.task;

import dev.unroll.result.Forecast;
import dev.unroll.server.http.Problem;
import dev.unroll.server.json.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Levels of a forecast as requests have them, and its rows as answers do. */
public final class ForecastFields {

  private ForecastFields() {}

  /** What is forecast of a target. */
  record ForecastValue(
      @Field("the best single guess") Double forecast,
      @Field("by level") Map<String, Double> quantiles) {}

  /**
   * Returns the levels of quantiles that are asked for; none for those of the model.
   *
   * @throws Problem if one is no level
   */
  public static double[] levels(@Nullable List<Double> asked) {
    if (asked == null) {
      return new double[0];
    }
    for (double level : asked) {
      if (level <= 0 || level >= 1) {
        throw Problem.unusable("levels has " + level + ", must be between 0 and 1");
      }
    }
    return asked.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Returns the fields of a row: where it stands, and by target what is forecast.
   *
   * @param axis the name of the field that says where it stands
   */
  public static Map<String, Object> of(String axis, Forecast.Row row) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put(axis, row.time());
    row.values()
        .forEach(
            (target, value) -> {
              var quantiles = new LinkedHashMap<String, Double>();
              value.quantiles().forEach((level, number) -> quantiles.put("" + level, number));
              fields.put(target, new ForecastValue(value.point(), quantiles));
            });
    return fields;
  }
}
