package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.ExpertStatistics;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about experts, on the demo model. */
class ExpertsCommandTest {
  @TempDir Path folder;
  private Path text;

  @BeforeEach
  void write() throws IOException {
    text = folder.resolve("tale.txt");
    Files.writeString(
        text,
        """
        Once upon a time there was a king who had three daughters, and the youngest was so fair
        that the sun itself wondered at her. One day she went into the forest to look for berries,
        and there she met an old woman who asked her for bread. "Gladly," said the girl, and gave
        her all that she had. Then the old woman told her where the golden bird was sleeping.
        """
            .repeat(6));
  }

  private static List<int[]> counts(String json) {
    return Pattern.compile("\"counts\": \\[([^\\]]*)\\]")
        .matcher(json)
        .results()
        .map(MatchResult::group)
        .map(s -> Pattern.compile("\\d+").matcher(s).results())
        .map(ids -> ids.mapToInt(m -> Integer.parseInt(m.group())).toArray())
        .toList();
  }

  @Test
  void countsAreOfEachTokenInEachLayer() {
    Run run = Run.of(Models.real(), "experts", "-f", text.toString(), "-c", "64", "--json");
    assertEquals(0, run.code(), run.err());
    int tokens = Integer.parseInt(run.json("tokens"));
    assertTrue(tokens > 300 && tokens % 64 == 0, "tokens " + tokens);
    List<int[]> counts = counts(run.out());
    assertEquals(5, counts.size());
    for (int[] layer : counts) {
      assertEquals(16, layer.length);
      assertEquals(4 * tokens, Arrays.stream(layer).sum());
    }
    int[] first = counts.getFirst();
    double maxVio = Arrays.stream(first).max().orElseThrow() / (tokens / 4.0) - 1;
    assertTrue(run.out().contains("\"max_vio\": " + maxVio), run.out());
  }

  @Test
  void theTableHasARowPerLayer() {
    Run run =
        Run.of(
            Models.real(), "experts", "-f", text.toString(), "--context", "64", "--tokens", "70");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().startsWith("64 tokens of tale.txt, top-4 of 16 experts in 5 layers"));
    assertEquals(9, run.out().lines().count(), run.out());
  }

  @Test
  void thePictureIsThere() throws IOException {
    Path png = folder.resolve("load.png");
    Run run =
        Run.of(
            Models.real(), "experts", "-f", text.toString(), "-c", "64", "--png", png.toString());
    assertEquals(0, run.code(), run.err());
    BufferedImage image = ImageIO.read(png.toFile());
    assertTrue(image.getWidth() >= 1200 && image.getHeight() >= 600);
    assertTrue(colours(image) > 50, "an empty picture");
  }

  private static long colours(BufferedImage image) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return Arrays.stream(pixels).distinct().count();
  }

  /** DeepSeek-V3 has 58 layers of 256; a layer may have got no token at all. */
  @Test
  void largeAndEmptyLayersCanBeDrawn() throws IOException {
    List<ExpertStatistics.Layer> layers =
        java.util.stream.IntStream.range(0, 58)
            .mapToObj(
                l -> {
                  long[] counts = new long[256];
                  Arrays.setAll(counts, e -> l == 0 ? 0 : (e * 31 + l) % 97);
                  return new ExpertStatistics.Layer(
                      l + 3, 100, counts, new double[256], new long[256 * 255 / 2]);
                })
            .toList();
    ExpertsReport report =
        new ExpertsReport(
            Path.of("DeepSeek-V3"),
            "text",
            FakeModels.info(Path.of("m")),
            new TextWindows(new int[100], 10),
            new ExpertStatistics(1, 100, layers));
    Path png = folder.resolve("large.png");
    ExpertsPicture.write(png, report);
    assertNotNull(ImageIO.read(png.toFile()));
    assertEquals(58 + 4, report.table().lines().count());
  }

  @Test
  void aModelIsAdaptedAndTheFolderWorks() {
    Path out = folder.resolve("balanced");
    Run run =
        Run.of(
            Models.real(),
            "balance",
            "-f",
            text.toString(),
            "-c",
            "64",
            "--steps",
            "5",
            "--gamma",
            "0.01",
            "--out",
            out.toString(),
            "--png",
            folder.resolve("steps.png").toString(),
            "--json");
    assertEquals(0, run.code(), run.err());
    assertEquals("5", run.json("steps"));
    assertEquals("\"linear\"", run.json("gamma_schedule"));
    assertTrue(Double.parseDouble(run.json("max_vio_after")) >= 0);
    assertTrue(Double.parseDouble(run.json("perplexity_after")) > 1);
    assertTrue(Files.exists(folder.resolve("steps.png")));
    Run again =
        Run.of(
            Models.real(),
            "experts",
            "-m",
            out.toString(),
            "-f",
            text.toString(),
            "-c",
            "64",
            "--json");
    assertEquals(0, again.code(), again.err());
    Run before = Run.of(Models.real(), "experts", "-f", text.toString(), "-c", "64", "--json");
    assertFalse(
        Arrays.deepEquals(
            counts(before.out()).toArray(int[][]::new), counts(again.out()).toArray(int[][]::new)),
        "the biases have no effect");
  }

  @Test
  void whatCannotBeIsSaidBeforeAnyWork() throws IOException {
    Run twice = Run.of(Models.real(), "balance", "-f", text.toString(), "--out", folder.toString());
    assertEquals(1, twice.code());
    assertTrue(twice.err().contains("exists already"), twice.err());
    Run gamma = Run.of(Models.real(), "balance", "-f", text.toString(), "--gamma", "-1");
    assertEquals(2, gamma.code());
    assertTrue(gamma.err().contains("--gamma"), gamma.err());
    Path tiny = Files.writeString(folder.resolve("tiny.txt"), "Once upon a time.");
    Run one = Run.of(Models.real(), "balance", "-f", tiny.toString());
    assertEquals(1, one.code());
    assertTrue(one.err().contains("only one window"), one.err());
  }
}
