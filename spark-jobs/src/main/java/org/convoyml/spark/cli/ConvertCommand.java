package org.convoyml.spark.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.convoyml.nn.spec.NetworkSpec;
import org.convoyml.nn.spec.ParameterLayout;
import org.convoyml.nn.spec.Shape;
import org.convoyml.nn.zoo.Zoo;
import org.convoyml.spark.eval.Evaluator;
import org.convoyml.spark.model.HadoopFiles;
import org.convoyml.spark.model.ModelConverter;
import org.convoyml.spark.model.ModelDirectory;
import org.convoyml.spark.model.ModelExchanges;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a model of published weights, and takes models to Deeplearning4j and back. */
@Command(
    name = "convert",
    description =
        "Makes a model directory of weights that were trained elsewhere, or of a Deeplearning4j"
            + " zip; or such a zip of a model directory. Tensors of weights must have the names"
            + " that torchvision (Xception, MobileNet v1: timm; CIFAR ResNets: akamaster) gives"
            + " them.",
    sortOptions = false,
    synopsisHeading = "",
    customSynopsis = {
      "Usage: convoy convert --from=FILE --model=NAME --out=DIR [OPTIONS]",
      "       convoy convert --from=ZIP --out=DIR [OPTIONS]",
      "       convoy convert --from=DIR --out=ZIP [--overwrite]"
    },
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convoy convert --from resnet20.safetensors --model resnet20 --classes 10 --out models/r20",
      "  convoy convert --from resnet50.safetensors --model resnet50 --labels names.txt \\",
      "    --out hdfs:///models/resnet50",
      "  convoy convert --from old.zip --input 3,32,32 --out models/old",
      "  convoy convert --from models/old --out new.zip"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the run failed", "2:the command line is wrong"})
final class ConvertCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "FILE",
      description =
          "Weights as .safetensors: f32, or f16, bf16 and f64, which become f32. Or what"
              + " Deeplearning4j's ModelSerializer wrote, as .zip. Or a model directory.")
  private String from;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      converter = ZooOptions.NameConverter.class,
      description = "The network that weights are for; 'convoy models' lists them.")
  private Zoo.Entry model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description =
          "Where the model is written, whole or not at all; a name that ends with .zip makes a"
              + " file for Deeplearning4j.")
  private String output;

  @Option(names = "--overwrite", description = "Replace the model or file that is there.")
  private boolean overwrite;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description =
          "How many classes it tells apart. Default: the lines of --labels, or the"
              + " model's published number.")
  private Integer classes;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Names of the classes, a line each, in the order of the outputs. Default: numbers, which"
              + " evaluate matches to a data set's classes by order.")
  private String labels;

  @Option(
      names = "--input",
      paramLabel = "C,H,W",
      converter = ZooOptions.ShapeConverter.class,
      description =
          "Channels, height and width of the images. Default: the model's own. Of a .zip: what it"
              + " says, which is not always something.")
  private Shape input;

  @Option(
      names = "--mean",
      paramLabel = "M",
      split = ",",
      description =
          "Mean of each channel, of pixels scaled to [0, 1]. Default: ImageNet's; 0 for a .zip.")
  private List<Float> mean;

  @Option(
      names = "--std",
      paramLabel = "D",
      split = ",",
      description = "Standard deviation of each channel, likewise; 1 for a .zip.")
  private List<Float> deviation;

  @Mixin CommonOptions common;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (classes != null && classes <= 0) {
      throw wrong("--classes must be positive, got %d", classes);
    }
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    if (ModelExchanges.isExchanged(output)) {
      exportModel(hadoop);
    } else if (ModelExchanges.isExchanged(from)) {
      importModel(hadoop);
    } else {
      convertWeights(hadoop);
    }
    return 0;
  }

  private void convertWeights(Configuration hadoop) {
    if (model == null) {
      throw wrong("--model is needed for weights: %s is no .zip", from);
    }
    Normalisation normalisation = new Normalisation(spec.commandLine(), mean, deviation);
    List<String> names = names(hadoop, model.classes());
    Shape shape = input == null ? model.input() : input;
    NetworkSpec network = model.build(shape, names.size());
    new ModelConverter(hadoop)
        .convert(
            from,
            new ModelDirectory.Description(
                network, normalisation.preprocessing(shape, model.name()), names),
            output,
            overwrite);
    report(network, names);
  }

  private void importModel(Configuration hadoop) {
    refuse("--model", model, from);
    Normalisation normalisation = new Normalisation(spec.commandLine(), mean, deviation);
    ModelExchanges exchanges = new ModelExchanges(hadoop);
    ModelExchanges.Imported imported = exchanges.read(from, Optional.ofNullable(input));
    NetworkSpec network = imported.content().network();
    List<String> names = names(hadoop, network.classes());
    exchanges.writeModel(
        imported,
        new ModelDirectory.Description(
            network,
            normalisation.orUnchanged(network.input()).preprocessing(network.input(), from),
            names),
        output,
        overwrite);
    warn(imported.content().warnings());
    report(network, names);
  }

  private void exportModel(Configuration hadoop) {
    refuse("--model", model, output);
    refuse("--classes", classes, output);
    refuse("--labels", labels, output);
    refuse("--input", input, output);
    refuse("--mean", mean, output);
    refuse("--std", deviation, output);
    if (ModelExchanges.isExchanged(from)) {
      throw wrong("expected a model directory to make %s of, got %s", output, from);
    }
    warn(new ModelExchanges(hadoop).export(from, output, overwrite));
    spec.commandLine().getErr().printf("the model is in %s%n", output);
  }

  private void refuse(String option, Object value, String file) {
    if (value != null) {
      throw wrong("%s does not go with %s", option, file);
    }
  }

  private ParameterException wrong(String message, Object... values) {
    return new ParameterException(spec.commandLine(), message.formatted(values));
  }

  private void warn(List<String> warnings) {
    warnings.forEach(line -> spec.commandLine().getErr().println("warning: " + line));
  }

  private void report(NetworkSpec network, List<String> names) {
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "%s, %,d parameters, %d classes, images of %s; the model is in %s%n",
            network.name(),
            ParameterLayout.of(network).parameterCount(),
            names.size(),
            network.input(),
            output);
  }

  private List<String> names(Configuration hadoop, int usual) {
    if (labels == null) {
      return Evaluator.numberedClasses(classes == null ? usual : classes);
    }
    List<String> names;
    try (HadoopFiles files = HadoopFiles.of(hadoop, labels)) {
      names = files.readText(new Path(labels)).lines().map(String::strip).toList();
    }
    if (classes != null && names.size() != classes) {
      throw wrong("%s has %d names, --classes is %d", labels, names.size(), classes);
    }
    return names;
  }
}
