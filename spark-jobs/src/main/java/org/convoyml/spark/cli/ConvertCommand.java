package org.convoyml.spark.cli;

import java.util.List;
import java.util.Locale;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a model of published weights. */
@Command(
    name = "convert",
    description =
        "Makes a model directory of weights that were trained elsewhere. The tensors must have the"
            + " names that torchvision (Xception, MobileNet v1: timm; CIFAR ResNets: akamaster)"
            + " gives them.",
    sortOptions = false,
    synopsisHeading = "",
    customSynopsis = "Usage: convoy convert --from=FILE --model=NAME --out=DIR [OPTIONS]",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  convoy convert --from resnet20.safetensors --model resnet20 --classes 10 --out models/r20",
      "  convoy convert --from resnet50.safetensors --model resnet50 --labels names.txt \\",
      "    --out hdfs:///models/resnet50"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the run failed", "2:the command line is wrong"})
final class ConvertCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "FILE",
      description = "Weights as .safetensors: f32, or f16, bf16 and f64, which become f32.")
  private String from;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      converter = ZooOptions.NameConverter.class,
      description = "The network; 'convoy models' lists them.")
  private Zoo.Entry model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where the model is written, whole or not at all.")
  private String output;

  @Option(names = "--overwrite", description = "Replace the model that is there.")
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
      description = "Channels, height and width of the images. Default: the model's own.")
  private Shape input;

  @Option(
      names = "--mean",
      paramLabel = "M",
      split = ",",
      description = "Mean of each channel, of pixels scaled to [0, 1]. Default: ImageNet's.")
  private List<Float> mean;

  @Option(
      names = "--std",
      paramLabel = "D",
      split = ",",
      description = "Standard deviation of each channel, likewise.")
  private List<Float> deviation;

  @Mixin CommonOptions common;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (classes != null && classes <= 0) {
      throw new ParameterException(
          spec.commandLine(), "--classes must be positive, got " + classes);
    }
    Normalisation normalisation = new Normalisation(spec.commandLine(), mean, deviation);
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    List<String> names = names(hadoop);
    Shape shape = input == null ? model.input() : input;
    NetworkSpec network = model.build(shape, names.size());
    new ModelConverter(hadoop)
        .convert(
            from,
            new ModelDirectory.Description(
                network, normalisation.preprocessing(shape, model.name()), names),
            output,
            overwrite);
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "%s, %,d parameters, %d classes, images of %s; the model is in %s%n",
            model.name(),
            ParameterLayout.of(network).parameterCount(),
            names.size(),
            shape,
            output);
    return 0;
  }

  private List<String> names(Configuration hadoop) {
    if (labels == null) {
      return Evaluator.numberedClasses(classes == null ? model.classes() : classes);
    }
    List<String> names;
    try (HadoopFiles files = HadoopFiles.of(hadoop, labels)) {
      names = files.readText(new Path(labels)).lines().map(String::strip).toList();
    }
    if (classes != null && names.size() != classes) {
      throw new ParameterException(
          spec.commandLine(),
          "%s has %d names, --classes is %d".formatted(labels, names.size(), classes));
    }
    return names;
  }
}
