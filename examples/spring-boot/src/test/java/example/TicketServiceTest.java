package example;

import static org.springframework.http.MediaType.APPLICATION_JSON;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;

@SpringBootTest
@AutoConfigureMockMvc
class TicketServiceTest {

  @TempDir static Path folder;

  @Autowired MockMvc http;

  @DynamicPropertySource
  static void model(DynamicPropertyRegistry properties) {
    properties.add("model", () -> folder.resolve("tickets.safetensors").toString());
  }

  @Test
  void ticketsFindTheirQueue() throws Exception {
    var texts = "[\"The parcel was sent to the wrong address\", \"The app crashes after the update\"]";
    http.perform(post("/queues").contentType(APPLICATION_JSON).content(texts))
        .andExpect(status().isOk())
        .andExpect(jsonPath("$[0].queue").value("delivery"))
        .andExpect(jsonPath("$[0].probabilities.delivery").isNumber())
        .andExpect(jsonPath("$[1].queue").value("support"));
  }
}
