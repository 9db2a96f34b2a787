package org.convoyml.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Whether command lines that guides and helps show are accepted, up to where Spark would start. */
class GuideCommandsTest {
  private static final Path ROOT = ConvoyProcess.repository();
  private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");
  private static final Pattern IN_GUIDES = Pattern.compile("(?:[A-Z_]+=\\S+ )*scripts/convoy (.*)");
  private static final Pattern IN_HELP = Pattern.compile("  convoy (.*)");
  private static final Pattern OPTIONS_OF =
      Pattern.compile("^(?:## O|\\| o)ptions? of `([a-z-]+)`");
  private static final Pattern OPTION = Pattern.compile("`(--[a-z-]+)");
  private static final List<String> ELLIPSES = List.of("…", "...");
  private static final String CORES = "--total-executor-cores";

  /** A command line, without its first word, and where it is. */
  private record Example(String place, List<String> words) {
    /** Something is left out of it. */
    boolean isIncomplete() {
      return words.stream().anyMatch(ELLIPSES::contains);
    }
  }

  @Test
  void commandLinesOfTheGuidesAreAccepted() throws IOException {
    List<Example> examples = new ArrayList<>();
    for (Path guide : guides()) {
      examples.addAll(
          examples(
              ROOT.relativize(guide).toString(), blocks(Files.readAllLines(guide)), IN_GUIDES));
    }
    assertThat(examples).hasSizeGreaterThan(20);
    assertThat(problems(examples)).isEmpty();
  }

  @Test
  void examplesOfTheHelpAreAccepted() {
    CommandLine root = ConvoyCommand.commandLine();
    List<Example> examples = new ArrayList<>(examplesOf(root));
    for (CommandLine command : root.getSubcommands().values()) {
      List<Example> found = examplesOf(command);
      assertThat(found).as(command.getCommandName()).hasSizeGreaterThan(1);
      examples.addAll(found);
    }
    assertThat(problems(examples)).isEmpty();
  }

  /** What is wrong is noticed, and its place named. */
  @Test
  void wrongCommandLinesAreFound() {
    List<String> lines =
        List.of(
            "scripts/convoy train --data a --model lenet --output b",
            "scripts/convoy train --data a --model lenet --output b \\",
            "  --nonsense",
            "scripts/convoy train --data a --model lenet",
            "scripts/convoy --conf a=b doctor --workers 16",
            "scripts/convoy train --data a --model lenet --output b --workers 16",
            "scripts/convoy --total-executor-cores 16 train --data a --model lenet --output b",
            "scripts/convoy trian --data \"a b\"");
    assertThat(problems(examples("guide.md", lines, IN_GUIDES)))
        .satisfiesExactly(
            problem -> assertThat(problem).startsWith("guide.md:2: ").contains("--nonsense"),
            problem -> assertThat(problem).startsWith("guide.md:4: ").contains("--output"),
            problem -> assertThat(problem).startsWith("guide.md:5: ").contains("at most the 8"),
            problem -> assertThat(problem).startsWith("guide.md:6: ").contains("at most the 8"),
            problem -> assertThat(problem).startsWith("guide.md:7: ").contains("idle"),
            problem -> assertThat(problem).startsWith("guide.md:8: ").contains("no command"));
  }

  /** Each option has its place in the table, and nothing else has. */
  @Test
  void optionTablesNameWhatCommandsTake() throws IOException {
    Map<String, List<String>> tables = new TreeMap<>();
    for (Path guide : guides()) {
      tables.putAll(optionTables(Files.readAllLines(guide)));
    }
    Map<String, CommandLine> commands = ConvoyCommand.commandLine().getSubcommands();
    assertThat(tables).as("tables of nobody's options").doesNotContainKey("");
    tables.keySet().retainAll(commands.keySet());
    assertThat(tables).containsOnlyKeys("convert", "doctor", "evaluate", "train");
    tables.forEach(
        (command, named) ->
            assertThat(named)
                .as("options of %s", command)
                .containsExactlyInAnyOrderElementsOf(optionsOf(commands.get(command))));
  }

  private static List<String> optionsOf(CommandLine command) {
    return command.getCommandSpec().options().stream()
        .filter(option -> !option.usageHelp() && !option.versionHelp())
        .map(OptionSpec::longestName)
        .toList();
  }

  /**
   * The options in the first column of each table that is headed, in itself or above, by whose they
   * are.
   */
  private static Map<String, List<String>> optionTables(List<String> lines) {
    Map<String, List<String>> tables = new TreeMap<>();
    String command = "";
    boolean inTable = false;
    for (String line : lines) {
      Matcher heading = OPTIONS_OF.matcher(line);
      if (heading.find()) {
        command = heading.group(1);
        inTable = line.startsWith("|");
      } else if (line.startsWith("## ")) {
        command = "";
      } else if (line.startsWith("| option |")) {
        inTable = true;
      } else if (inTable && line.startsWith("|")) {
        String cell = line.substring(0, line.indexOf('|', 1));
        List<String> options = tables.computeIfAbsent(command, key -> new ArrayList<>());
        OPTION.matcher(cell).results().map(found -> found.group(1)).forEach(options::add);
      } else {
        inTable = false;
      }
    }
    return tables;
  }

  private static List<Path> guides() throws IOException {
    List<Path> guides = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> files = Files.list(ROOT.resolve("docs/guide"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(guides::add);
    }
    return guides;
  }

  private static List<Example> examplesOf(CommandLine command) {
    return examples(
        command.getCommandSpec().userObject().getClass().getSimpleName() + ".footer",
        List.of(command.getCommandSpec().usageMessage().footer()),
        IN_HELP);
  }

  /** The lines of a text, without those that are in no code block. */
  private static List<String> blocks(List<String> lines) {
    List<String> code = new ArrayList<>();
    boolean fenced = false;
    for (String line : lines) {
      boolean fence = line.strip().startsWith("```");
      fenced ^= fence;
      code.add(!fence && (fenced || line.startsWith("    ")) ? line.strip() : "");
    }
    return code;
  }

  private static List<Example> examples(String file, List<String> lines, Pattern pattern) {
    List<Example> examples = new ArrayList<>();
    for (int first = 0, next; first < lines.size(); first = next) {
      StringBuilder text = new StringBuilder(lines.get(first));
      next = first + 1;
      while (text.toString().endsWith("\\") && next < lines.size()) {
        text.setLength(text.length() - 1);
        text.append(lines.get(next++));
      }
      String place = file + ":" + (first + 1);
      pattern
          .matcher(text)
          .results()
          .map(found -> new Example(place, words(found.group(1))))
          .filter(example -> !example.isIncomplete())
          .forEach(examples::add);
    }
    return examples;
  }

  /** As a shell takes them apart. */
  private static List<String> words(String text) {
    return WORD.matcher(text)
        .results()
        .map(MatchResult::group)
        .map(word -> word.replaceAll("[\"']", ""))
        .toList();
  }

  private static List<String> problems(List<Example> examples) {
    return examples.stream()
        .flatMap(
            example ->
                problem(example).stream()
                    .map(problem -> "%s: %s".formatted(example.place(), problem)))
        .toList();
  }

  private static Optional<String> problem(Example example) {
    CommandLine root = ConvoyCommand.commandLine();
    List<String> words = example.words();
    Optional<String> command =
        words.stream().filter(root.getSubcommands().keySet()::contains).findFirst();
    if (command.isEmpty()) {
      return Optional.of("no command in " + words);
    }
    int begin = words.indexOf(command.get());
    try {
      ParseResult parsed =
          root.parseArgs(words.subList(begin, words.size()).toArray(String[]::new)).subcommand();
      if (parsed.isUsageHelpRequested()) {
        return Optional.empty();
      }
      Object user = parsed.commandSpec().userObject();
      if (user instanceof DoctorCommand doctor) {
        return idle(words.subList(0, begin), doctor.request(Optional.empty()).lanes());
      }
      if (user instanceof TrainCommand train) {
        return idle(words.subList(0, begin), train.config().lanes());
      }
      return Optional.empty();
    } catch (CommandLine.ParameterException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** Cores that are asked for, but would have no lane to work on. */
  private static Optional<String> idle(List<String> sparkOptions, int lanes) {
    int option = sparkOptions.indexOf(CORES);
    int cores = option < 0 ? 0 : Integer.parseInt(sparkOptions.get(option + 1));
    return cores > lanes
        ? Optional.of("of %d cores all but %d would be idle".formatted(cores, lanes))
        : Optional.empty();
  }
}
