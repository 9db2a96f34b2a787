package org.convoyml.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Prints a Markdown table of images per second and core: Convoy's pipeline and torchvision's, which
 * take turns. Ratios are taken within a round.
 *
 * <p>Arguments: folder of pictures, rounds, the Python that has torchvision, the script of the
 * peer.
 */
public final class PipelineTable {
  private static final String HEADER =
      """
      | images | operations | Convoy, images/s | torchvision with PIL, images/s | ratio |
      |---|---|---|---|---|\
      """;

  private PipelineTable() {}

  public static void main(String[] words) throws IOException {
    Path folder = Path.of(words[0]);
    int rounds = Integer.parseInt(words[1]);
    System.out.println(HEADER);
    for (PipelineCase which : PipelineCase.values()) {
      System.out.println(row(which, folder, rounds, words[2], words[3]));
    }
  }

  private static String row(
      PipelineCase which, Path folder, int rounds, String python, String script)
      throws IOException {
    Samples convoy = Samples.of(rounds);
    Samples peer = Samples.of(rounds);
    String pictures = folder.resolve(which.pictures()).toString();
    try (ContestantProcess ours =
            ContestantProcess.java(
                PipelineContestant.class.getName(), folder.toString(), which.name());
        ContestantProcess theirs =
            ContestantProcess.command(python, "-W", "ignore", script, pictures, which.peer())) {
      for (int round = 0; round < rounds; round++) {
        convoy.set(round, ours.turn().milliseconds()[0]);
        peer.set(round, theirs.turn().milliseconds()[0]);
      }
    }
    int images = which.files(folder).size();
    return "| %s | `%s` | %s | %s | %s |"
        .formatted(
            which.pictures(),
            which.policyText(),
            convoy.perSecond(images),
            peer.perSecond(images),
            peer.over(convoy));
  }
}
