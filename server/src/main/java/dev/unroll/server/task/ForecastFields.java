package dev.unroll.server.task;

import dev.unroll.result.Forecast;
import dev.unroll.server.json.Field;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rows of a forecast as answers have them. */
public final class ForecastFields {

  private ForecastFields() {}

  /** What is forecast of a target. */
  record ForecastValue(
      @Field("the best single guess") Double forecast,
      @Field("by level") Map<String, Double> quantiles) {}

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
