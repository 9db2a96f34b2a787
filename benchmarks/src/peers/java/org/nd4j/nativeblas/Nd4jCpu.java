package org.nd4j.nativeblas;

/**
 * A class of ND4J's under its old name, which the oneDNN helpers of Deeplearning4j 1.0.0-M2 still
 * look for; they are not used when it is missing. With it, and with {@code
 * -Dorg.eclipse.deeplearning4j.helpers.disable=false}, they are.
 */
public final class Nd4jCpu {
  private Nd4jCpu() {}

  /** Answers the one question that is asked. */
  public static final class Environment {
    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    public static Environment getInstance() {
      return INSTANCE;
    }

    public boolean isUseMKLDNN() {
      return true;
    }
  }
}
