package org.convoyml.spark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.random.KeyedRandom;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.zoo.LeNet;
import org.convoyml.spark.model.HadoopFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final Configuration HADOOP = new Configuration(false);
  private static final ParameterLayout LAYOUT =
      ParameterLayout.of(LeNet.network(Shape.of(1, 28, 28), 10));
  private static final int HALF = LAYOUT.size() / 2;
  private static final TrainingIdentity IDENTITY = identity("0.05", 100);

  @TempDir private java.nio.file.Path folder;
  private java.nio.file.Path directory;
  private Checkpoints<State> checkpoints;
  private final List<String> skipped = new ArrayList<>();

  /** Where a training stands. */
  record State(int round, double best, List<String> names) {}

  private static TrainingIdentity identity(String rate, long images) {
    return new TrainingIdentity(
        new TreeMap<>(Map.of("learning-rate", rate, "epochs", "3")),
        "{}",
        "{}",
        List.of("cat", "dog"),
        images,
        "abc",
        new TreeMap<>(Map.of("convoy", "1")));
  }

  @BeforeEach
  void open() {
    directory = folder.resolve("model.checkpoints");
    checkpoints = new Checkpoints<>(HADOOP, directory.toString(), State.class);
  }

  @AfterEach
  void close() {
    checkpoints.close();
  }

  @Test
  void theNewestIsFoundWithItsState() {
    commit(1);
    commit(2);
    Checkpoint<State> newest = newest();
    assertThat(newest.directory().getName()).isEqualTo("round-000002");
    assertThat(newest.state())
        .isEqualTo(new State(2, Double.POSITIVE_INFINITY, List.of("a\"b", "ç")));
    assertThat(newest.manifest().parts()).hasSize(4);
    assertThat(skipped).isEmpty();
  }

  @Test
  void vectorsAreReadBackInAnyRange() {
    commit(1);
    Checkpoint<State> newest = newest();
    StateFiles files = files(newest.directory());
    assertThat(files.readParameters(LAYOUT, newest.manifest().parts())).isEqualTo(vector(1, 0));
    int[][] ranges = {
      {0, LAYOUT.size()}, {0, HALF}, {HALF, LAYOUT.size()}, {HALF - 7, HALF + 16_390}, {5, 5}
    };
    for (int[] range : ranges) {
      float[][] state = new float[2][range[1] - range[0]];
      files.readState(newest.manifest().parts(), state, range[0], range[1]);
      for (int v = 0; v < 2; v++) {
        assertThat(state[v])
            .as("vector %d in [%d, %d)", v, range[0], range[1])
            .isEqualTo(java.util.Arrays.copyOfRange(vector(1, v + 1), range[0], range[1]));
      }
    }
  }

  @Test
  void aTornCheckpointIsPassedOver() throws IOException {
    commit(1);
    commit(2);
    Files.delete(directory.resolve("round-000002/manifest.json"));
    assertThat(newest().directory().getName()).isEqualTo("round-000001");
    assertThat(skipped).hasSize(1);
    assertThat(skipped.get(0)).endsWith("round-000002: has no manifest, so it is not whole");
  }

  /** Damaged ones with higher numbers must not push out the one that was just made. */
  @Test
  void whatIsBehindTheLastIsDeletedFirst() {
    for (int round : new int[] {3, 7, 8, 4}) {
      commit(round);
    }
    checkpoints.prune(4, 2, state -> 3);
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("round-000003", "round-000004");
  }

  @Test
  void aManifestOfWhichABitHasTurnedIsNoticed() throws IOException {
    commit(1);
    commit(2);
    java.nio.file.Path file = directory.resolve("round-000002/manifest.json");
    String text = Files.readString(file);
    assertThat(text).contains("\"round\" : 2");
    Files.writeString(file, text.replace("\"round\" : 2", "\"round\" : 3"));
    assertThat(newest().directory().getName()).isEqualTo("round-000001");
    assertThat(skipped.get(0)).matches(".*manifest\\.json: expected CRC-32C \\d+, found \\d+");
  }

  @Test
  void aSliceThatIsMissingIsNotReadAsZeros() {
    commit(1);
    Checkpoint<State> newest = newest();
    List<StatePart> parts =
        newest.manifest().parts().stream()
            .filter(part -> part.from() == 0 || part.name().startsWith("weights"))
            .toList();
    float[][] state = new float[2][LAYOUT.size()];
    assertThatThrownBy(() -> files(newest.directory()).readState(parts, state, 0, LAYOUT.size()))
        .isInstanceOf(ConvoyException.class)
        .hasMessageEndingWith(
            "expected the optimizer's state of %d parameters, found that of %d"
                .formatted(LAYOUT.size(), HALF));
  }

  @Test
  void anotherVersionMayGoOnButIsNamed() {
    commit(1);
    TrainingIdentity other =
        new TrainingIdentity(
            IDENTITY.configuration(),
            IDENTITY.network(),
            IDENTITY.preprocessing(),
            IDENTITY.classes(),
            IDENTITY.images(),
            IDENTITY.fingerprint(),
            new TreeMap<>(Map.of("convoy", "2")));
    assertThat(checkpoints.newest(other, this::verify, skipped::add)).isPresent();
    assertThat(skipped.get(0))
        .endsWith("was made by {convoy=1}, this is {convoy=2}: the last bits may differ");
  }

  @Test
  void aDamagedFileIsNamedAndTheCheckpointBeforeIsUsed() throws IOException {
    commit(1);
    commit(2);
    java.nio.file.Path file = slice("round-000002");
    byte[] content = Files.readAllBytes(file);
    content[content.length / 3] ^= 1;
    Files.write(file, content);
    assertThat(newest().directory().getName()).isEqualTo("round-000001");
    assertThat(skipped).hasSize(1);
    assertThat(skipped.get(0)).matches("\\S*/round-000002/\\S+: expected CRC-32C \\d+, found \\d+");
  }

  @Test
  void aFileThatWasCutOffIsNoticed() throws IOException {
    commit(1);
    commit(2);
    java.nio.file.Path file = slice("round-000002");
    Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 100));
    assertThat(newest().directory().getName()).isEqualTo("round-000001");
    assertThat(skipped.get(0)).endsWith("found 100");
  }

  @Test
  void anUnreadableManifestIsNoticed() throws IOException {
    commit(1);
    commit(2);
    Files.writeString(directory.resolve("round-000002/manifest.json"), "{\"format\": 1, ");
    assertThat(newest().directory().getName()).isEqualTo("round-000001");
    assertThat(skipped.get(0)).contains("manifest.json: expected the manifest of a checkpoint");
  }

  @Test
  void ifNoneCanBeUsedThatIsAnError() throws IOException {
    commit(1);
    Files.delete(slice("round-000001"));
    assertThatThrownBy(this::newest)
        .isInstanceOf(ConvoyException.class)
        .hasMessageMatching(".*model\\.checkpoints: no checkpoint can be used: .*: no such file");
  }

  @Test
  void withoutAnyThereIsNothingToGoOnFrom() {
    assertThat(checkpoints.newest(IDENTITY, this::verify, skipped::add)).isEmpty();
    assertThat(checkpoints.exist()).isFalse();
  }

  @Test
  void anotherTrainingIsRefused() {
    commit(1);
    assertThatThrownBy(() -> checkpoints.newest(identity("0.1", 100), this::verify, skipped::add))
        .isInstanceOf(ConvoyException.class)
        .hasMessageEndingWith(
            "round-000001: is of a training with learning-rate 0.05, this one has 0.1");
    assertThatThrownBy(() -> checkpoints.newest(identity("0.05", 99), this::verify, skipped::add))
        .hasMessageEndingWith("round-000001: is of a training with images 100, this one has 99");
  }

  @Test
  void onlyTheNewestAreKeptAndTheBest() {
    for (int round = 1; round <= 6; round++) {
      commit(round);
      checkpoints.prune(round, 2, state -> 3);
    }
    assertThat(directory.toFile().list())
        .containsExactlyInAnyOrder("round-000003", "round-000005", "round-000006");
  }

  /** It may be used yet, if the newest turns out to be damaged. */
  @Test
  void whatAnOlderOneNeedsIsKeptToo() {
    for (int round = 1; round <= 6; round++) {
      commit(round);
      checkpoints.prune(round, 2, state -> state.round() == 6 ? 6 : Math.min(state.round(), 3));
    }
    assertThat(directory.toFile().list())
        .containsExactlyInAnyOrder("round-000003", "round-000005", "round-000006");
  }

  /** It says nothing about the checkpoint, which would be passed over and later deleted. */
  @Test
  void aFileSystemThatDoesNotAnswerIsNoDamage() {
    commit(1);
    commit(2);
    ConvoyException silent = new ConvoyException("cannot read", new IOException("no answer"));
    assertThatThrownBy(
            () ->
                checkpoints.newest(
                    IDENTITY,
                    (path, manifest) -> {
                      throw silent;
                    },
                    skipped::add))
        .isSameAs(silent);
  }

  @Test
  void attemptsThatWereGivenUpAreCleanedAway() {
    commit(1);
    checkpoints.attempt(2);
    Path second = checkpoints.attempt(2);
    checkpoints.giveUp(second);
    newest();
    assertThat(directory.toFile().list()).containsExactly("round-000001");
  }

  @Test
  void whatElseIsInTheDirectoryStaysThere() throws IOException {
    Files.createDirectories(directory.resolve("round-1"));
    Files.writeString(directory.resolve("thesis.attempt-7.tex"), "years of work");
    assertThat(checkpoints.exist()).isFalse();
    commit(1);
    checkpoints.attempt(2);
    assertThat(checkpoints.exist()).isTrue();
    checkpoints.delete();
    assertThat(directory.toFile().list())
        .containsExactlyInAnyOrder("round-1", "thesis.attempt-7.tex");
  }

  @Test
  void nothingIsLeftWhereThereWasNoCheckpoint() {
    checkpoints.giveUp(checkpoints.attempt(1));
    assertThat(directory).exists();
    checkpoints.close();
    assertThat(directory).doesNotExist();
    open();
  }

  private java.nio.file.Path slice(String round) {
    return directory.resolve(round).resolve("optimizer-0000000000-%010d.f32".formatted(HALF));
  }

  private Checkpoint<State> newest() {
    return checkpoints.newest(IDENTITY, this::verify, skipped::add).orElseThrow();
  }

  private void verify(Path path, Manifest<State> manifest) {
    manifest.parts().forEach(files(path)::verify);
  }

  private StateFiles files(Path path) {
    return new StateFiles(HadoopFiles.of(HADOOP, path.toString()), path);
  }

  private void commit(int round) {
    Path attempt = checkpoints.attempt(round);
    StateFiles files = files(attempt);
    List<StatePart> parts = new ArrayList<>();
    for (int[] range : new int[][] {{0, HALF}, {HALF, LAYOUT.size()}}) {
      float[][] state = new float[2][];
      for (int v = 0; v < 2; v++) {
        state[v] = java.util.Arrays.copyOfRange(vector(round, v + 1), range[0], range[1]);
      }
      parts.add(files.writeSlice(state, range[0], range[1]));
    }
    parts.add(files.writeWeights(LAYOUT, vector(round, 9)));
    parts.add(files.writeParameters(LAYOUT, vector(round, 0)));
    checkpoints.commit(
        round,
        attempt,
        new Manifest<>(
            IDENTITY, parts, new State(round, Double.POSITIVE_INFINITY, List.of("a\"b", "ç"))));
  }

  private static float[] vector(int round, int number) {
    KeyedRandom random = KeyedRandom.of(round, number);
    float[] vector = new float[LAYOUT.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextDouble();
    }
    return vector;
  }
}
