package org.convoyml.dl4j.exchange;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The classes that a configuration may name. None of them is ever loaded; but what is not here has
 * no meaning that could be imported, whoever made it.
 */
final class AllowedClasses {
  private static final String LAYERS = "org.deeplearning4j.nn.conf.";
  private static final String ND4J = "org.nd4j.linalg.";

  private static final Set<String> NAMES =
      Stream.of(
              in(
                  LAYERS + "layers.",
                  "ActivationLayer BatchNormalization Convolution2D ConvolutionLayer DenseLayer"
                      + " DepthwiseConvolution2D DropoutLayer GlobalPoolingLayer"
                      + " LocalResponseNormalization LossLayer OutputLayer Pooling2D"
                      + " SeparableConvolution2D SubsamplingLayer ZeroPaddingLayer"
                      + " misc.FrozenLayer misc.FrozenLayerWithBackprop"),
              in(
                  LAYERS + "graph.",
                  "ElementWiseVertex LayerVertex MergeVertex PreprocessorVertex ScaleVertex"
                      + " SubsetVertex"),
              in(
                  LAYERS + "preprocessor.",
                  "CnnToFeedForwardPreProcessor FeedForwardToCnnPreProcessor"),
              in(
                  LAYERS + "dropout.",
                  "AlphaDropout Dropout GaussianDropout GaussianNoise SpatialDropout"),
              in(
                  ND4J + "activations.impl.",
                  "ActivationELU ActivationIdentity ActivationLReLU ActivationReLU ActivationReLU6"
                      + " ActivationSigmoid ActivationSoftmax ActivationSwish ActivationTanH"),
              in(
                  ND4J + "lossfunctions.impl.",
                  "LossBinaryXENT LossMCXENT LossMSE LossNegativeLogLikelihood"),
              // What follows matters to training alone.
              in(
                  ND4J + "learning.config.",
                  "AMSGrad AdaBelief AdaDelta AdaGrad AdaMax Adam Nadam Nesterovs NoOp RmsProp"
                      + " Sgd"),
              in(
                  ND4J + "learning.regularization.",
                  "L1Regularization L2Regularization WeightDecay"),
              in(
                  ND4J + "schedule.",
                  "CycleSchedule ExponentialSchedule FixedSchedule InverseSchedule MapSchedule"
                      + " PolySchedule RampSchedule SigmoidSchedule StepSchedule"),
              in(
                  "org.deeplearning4j.nn.weights.WeightInit",
                  "Constant Distribution Identity LecunNormal LecunUniform Normal Ones Relu"
                      + " ReluUniform SigmoidUniform Uniform VarScalingNormalFanAvg"
                      + " VarScalingNormalFanIn VarScalingNormalFanOut VarScalingUniformFanAvg"
                      + " VarScalingUniformFanIn VarScalingUniformFanOut Xavier XavierFanIn"
                      + " XavierLegacy XavierUniform Zero"),
              in(
                  LAYERS + "distribution.",
                  "BinomialDistribution ConstantDistribution GaussianDistribution"
                      + " LogNormalDistribution NormalDistribution OrthogonalDistribution"
                      + " TruncatedNormalDistribution UniformDistribution"),
              in(
                  LAYERS + "constraint.",
                  "MaxNormConstraint MinMaxNormConstraint NonNegativeConstraint"
                      + " UnitNormConstraint"),
              in(LAYERS + "weightnoise.", "DropConnect WeightNoise"),
              in(
                  LAYERS + "stepfunctions.",
                  "DefaultStepFunction GradientStepFunction NegativeDefaultStepFunction"
                      + " NegativeGradientStepFunction"))
          .flatMap(names -> names)
          .collect(Collectors.toUnmodifiableSet());

  private AllowedClasses() {}

  private static Stream<String> in(String prefix, String names) {
    return Arrays.stream(names.split(" ")).map(name -> prefix + name);
  }

  /**
   * Checks all classes that a value and what is in it name.
   *
   * @throws org.convoyml.nn.ConvoyException if one is not on the list
   */
  static void check(JsonPlace place) {
    JsonPlace name = place.get(JsonPlace.CLASS);
    if (!name.node().isMissingNode() && !NAMES.contains(name.text())) {
      throw name.wrong("a class that Convoy has something for");
    }
    place.forEachContainer(AllowedClasses::check);
  }
}
