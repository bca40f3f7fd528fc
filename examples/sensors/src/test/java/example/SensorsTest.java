package example;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SensorsTest {

  private static final int DAY = 144;

  @Test
  void theHotBearingIsNoticedAndTheHealthyPumpIsNot() {
    var forecaster = Sensors.train(Sensors.temperatures(0, 14 * DAY));
    var alarms = Sensors.alarms(forecaster, Sensors.temperatures(14 * DAY, 3 * DAY));
    assertFalse(alarms.isEmpty());
    long early = alarms.stream().filter(alarm -> alarm.row() < 2 * DAY).count();
    assertTrue(early <= 1, alarms::toString);
    assertTrue(alarms.stream().anyMatch(alarm -> alarm.row() >= 2 * DAY), alarms::toString);
  }
}
