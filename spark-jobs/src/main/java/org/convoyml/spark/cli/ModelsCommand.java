package org.convoyml.spark.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.engine.Engines;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.zoo.NetworkSummary;
import org.convoyml.nn.zoo.Zoo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the networks of the zoo. */
@Command(
    name = "models",
    description =
        "Lists the networks that train and convert know, with their parameters, multiply-adds and"
            + " memory; or describes one of them, layer by layer.",
    sortOptions = false,
    synopsisHeading = "",
    customSynopsis = {
      "Usage: convoy models [NAME...] [--input=C,H,W] [--classes=N]",
      "       convoy models NAME --summary [--input=C,H,W] [--classes=N]"
    },
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convoy models",
      "  convoy models vgg16 --summary",
      "  convoy models resnet18 resnet34 --input 3,64,64 --classes 200"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the run failed", "2:the command line is wrong"})
final class ModelsCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Only these models. Default: all.")
  private List<String> names = List.of();

  @Option(
      names = "--summary",
      description = "Print every layer's output shape, parameters and multiply-adds.")
  private boolean summary;

  @Option(
      names = "--input",
      paramLabel = "C,H,W",
      converter = ZooOptions.ShapeConverter.class,
      description = "Channels, height and width of the images. Default: each model's own.")
  private Shape input;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "How many classes are told apart. Default: each model's own.")
  private Integer classes;

  @Mixin CommonOptions common;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (classes != null && classes <= 0) {
      throw new ParameterException(
          spec.commandLine(), "--classes must be positive, got " + classes);
    }
    List<Zoo.Entry> chosen = names.stream().map(this::named).toList();
    if (summary && chosen.size() != 1) {
      throw new ParameterException(spec.commandLine(), "--summary needs the name of one model");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (summary) {
      printSummary(out, chosen.get(0), build(chosen.get(0)));
    } else {
      printList(out, chosen.isEmpty() ? Zoo.all() : chosen);
    }
    out.flush();
    return 0;
  }

  /** A wrong name is a wrong command line. (Picocli would call it an unmatched argument.) */
  private Zoo.Entry named(String name) {
    try {
      return Zoo.named(name);
    } catch (ConvoyException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private NetworkSpec build(Zoo.Entry entry) {
    return entry.build(
        input == null ? entry.input() : input, classes == null ? entry.classes() : classes);
  }

  private void printList(PrintWriter out, List<Zoo.Entry> entries) {
    ModelList list = new ModelList(Engines.best());
    for (Zoo.Entry entry : entries) {
      try {
        list.add(entry.name(), build(entry));
      } catch (ConvoyException e) {
        if (entries.size() == 1) {
          throw e;
        }
        list.addUnfit(entry.name(), e.getMessage());
      }
    }
    out.print(list.render());
  }

  private static void printSummary(PrintWriter out, Zoo.Entry entry, NetworkSpec network) {
    NetworkSummary figures = NetworkSummary.of(network);
    TextTable table = new TextTable("layer", "kind", "output", "parameters", "multiply-adds");
    for (NetworkSummary.Row row : figures.rows()) {
      table.add(
          row.name(),
          row.kind(),
          row.output().toString(),
          count(row.parameters()),
          count(row.multiplyAdds()));
    }
    table.add("total", "", "", count(figures.parameters()), count(figures.multiplyAdds()));
    out.printf(
        "%s for images of %s and %,d classes, from %s%n%n",
        network.name(), network.input(), network.classes(), entry.paper());
    out.print(table.render());
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
