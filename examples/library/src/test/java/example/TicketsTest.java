package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.model.Classifier;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TicketsTest {

  @TempDir Path folder;

  @Test
  void ticketsFindTheirQueue() {
    var model = folder.resolve("tickets.safetensors");
    Tickets.train(model);
    var queues = Classifier.open(model);
    assertEquals("delivery", queues.classify("The parcel was sent to the wrong address").label());
    assertEquals("billing", queues.classify("The invoice is higher than last month").label());
    assertEquals("support", queues.classify("The app crashes after the update").label());
  }
}
