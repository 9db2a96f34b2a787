package org.convoyml.dl4j;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The Deeplearning4j program of the migration guide, word for word. */
final class MigratedProgram {
  private MigratedProgram() {}

  /** Runs it; returns its configuration. */
  static MultiLayerConfiguration run(
      JavaSparkContext spark, JavaRDD<DataSet> digits, JavaRDD<DataSet> testDigits) {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .updater(new Nesterovs(0.01, 0.9))
            .l2(5e-4)
            .list()
            .layer(new ConvolutionLayer.Builder(5, 5).nOut(20).activation(Activation.RELU).build())
            .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
            .layer(new ConvolutionLayer.Builder(5, 5).nOut(50).activation(Activation.RELU).build())
            .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
            .layer(new DenseLayer.Builder().nOut(500).activation(Activation.RELU).build())
            .layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(10)
                    .activation(Activation.SOFTMAX)
                    .build())
            .setInputType(InputType.convolutional(28, 28, 1))
            .build();
    TrainingMaster<?, ?> master =
        new ParameterAveragingTrainingMaster.Builder(1)
            .batchSizePerWorker(16)
            .averagingFrequency(5)
            .workerPrefetchNumBatches(2)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .build();
    SparkDl4jMultiLayer network = new SparkDl4jMultiLayer(spark, configuration, master);
    for (int epoch = 0; epoch < 4; epoch++) {
      network.fit(digits);
    }
    System.out.println(network.evaluate(testDigits).stats());
    return configuration;
  }
}
