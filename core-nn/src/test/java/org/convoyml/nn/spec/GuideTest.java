package org.convoyml.nn.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the training guide says of networks as JSON. */
class GuideTest {
  private static final Path GUIDE =
      Path.of(System.getProperty("convoy.root"), "docs/guide/training.md");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @Test
  void theNetworkOfTheGuideCanBeRead() throws IOException {
    String text = Files.readString(GUIDE);
    int begin = text.indexOf("```json\n") + "```json\n".length();
    String json = text.substring(begin, text.indexOf("```", begin));
    assertThat(NetworkJson.read(json, "guide").classes()).isEqualTo(10);
  }

  /** The tables have a row for each type with the fields of its record. */
  @ParameterizedTest
  @ValueSource(classes = {LayerSpec.class, Loss.class})
  void everyTypeIsInTheTablesWithItsFields(Class<?> kind) throws IOException {
    Map<String, Set<String>> documented = fieldsByType();
    for (JsonSubTypes.Type type : kind.getAnnotation(JsonSubTypes.class).value()) {
      Set<String> fields =
          Arrays.stream(type.value().getRecordComponents())
              .map(RecordComponent::getName)
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(documented).as("row of %s", type.name()).containsEntry(type.name(), fields);
    }
  }

  private static Map<String, Set<String>> fieldsByType() throws IOException {
    Map<String, Set<String>> fields = new LinkedHashMap<>();
    for (String line : Files.readAllLines(GUIDE)) {
      String[] cells = line.split("\\|");
      if (line.startsWith("| `") && cells.length >= 3) {
        Set<String> named = names(cells[2]);
        names(cells[1]).forEach(type -> fields.putIfAbsent(type, named));
      }
    }
    return fields;
  }

  private static Set<String> names(String cell) {
    return CODE.matcher(cell)
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyInitializerIsNamed() throws IOException {
    String text = Files.readString(GUIDE);
    for (Initializer initializer : Initializer.values()) {
      String name = initializer.name().toLowerCase(Locale.ROOT).replace('_', '-');
      assertThat(text).contains("`" + name + "`");
    }
  }
}
