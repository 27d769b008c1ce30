package dev.tyto.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording shows of passes and layers of experts. */
class FlightRecorderTest {
  @TempDir Path folder;

  @Test
  void aPassTellsItsRowsPairsAndIdleShareAndLayersIfAsked() throws IOException {
    Golden golden = new Golden("v3-tiny-bf16");
    int[] prompt = golden.prompts().get(2);
    Path file = folder.resolve("test.jfr");
    int moeLayers;
    try (Recording recording = new Recording()) {
      recording.enable("dev.tyto.ExpertLayer");
      recording.start();
      try (Model model =
              GoldenTest.load(golden, LoadOptions.defaults().withThreads(2).withPrefillChunk(64));
          Session session = model.newSession()) {
        moeLayers = model.info().moeLayers();
        session.evaluate(prompt, new PassObserver() {});
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> all = RecordingFile.readAllEvents(file);
    List<RecordedEvent> passes = named(all, "dev.tyto.Pass");
    assertEquals(2, passes.size());
    assertEquals(64, passes.get(0).getInt("rows"));
    assertEquals(32, passes.get(1).getInt("rows"));
    assertEquals(64L * 4 * moeLayers, passes.get(0).getLong("pairs"));
    assertEquals(2, passes.get(0).getInt("workers"));
    for (RecordedEvent pass : passes) {
      float idle = pass.getFloat("idleShare");
      assertTrue(idle >= 0 && idle <= 1, "idle " + idle);
      assertTrue(pass.getDuration().toNanos() > 0);
    }
    List<RecordedEvent> layers = named(all, "dev.tyto.ExpertLayer");
    assertEquals(2 * moeLayers, layers.size());
    RecordedEvent layer = layers.getFirst();
    assertEquals(1, layer.getInt("layer"));
    assertEquals(64, layer.getInt("rows"));
    assertTrue(layer.getInt("activeExperts") >= 4 && layer.getInt("activeExperts") <= 16);
    assertTrue(layer.getInt("largestLoad") >= 16 && layer.getInt("largestLoad") <= 64);
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
  }
}
