package dev.unroll.text.table;

import dev.unroll.batch.SeriesFormat;
import dev.unroll.data.Measurements;
import dev.unroll.data.Series;
import dev.unroll.text.Lines;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads tables and measurements for forecasters. */
public final class SeriesReader implements SeriesFormat {

  /** Called by the service loader. */
  public SeriesReader() {}

  @Override
  public Series.Timed read(Path file, Wanted wanted) {
    var reading = SeriesReading.of(wanted.model());
    return Lines.inEncodingOf(wanted.model(), () -> reading.series(reading.table(file), wanted));
  }

  @Override
  public Series.Timed read(String name, String text, Wanted wanted) {
    var reading = SeriesReading.of(wanted.model());
    return reading.series(reading.table(name, text, wanted.columns()), wanted);
  }

  @Override
  public Map<String, Series.Timed> readEach(Path file, Wanted wanted) {
    var reading = SeriesReading.of(wanted.model());
    var all = new LinkedHashMap<String, Series.Timed>();
    var tables = Lines.inEncodingOf(wanted.model(), () -> reading.tables(file, name -> {}));
    tables.forEach(table -> all.put(table.name(), reading.series(table, wanted)));
    return all;
  }

  @Override
  public Series.Timed read(Measurements<?> rows, Wanted wanted) {
    var reading = SeriesReading.of(wanted.model());
    return reading.series(reading.table(rows), wanted);
  }
}
