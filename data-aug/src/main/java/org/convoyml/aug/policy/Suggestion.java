package org.convoyml.aug.policy;

import java.util.Comparator;
import java.util.List;

/** Guesses what a misspelt word should have been. */
final class Suggestion {
  private Suggestion() {}

  /** For example {@code ; did you mean 'flip'?}, or nothing if no choice is near. */
  static String of(String word, List<String> choices) {
    return choices.stream()
        .filter(choice -> distance(word, choice) <= Math.max(1, choice.length() / 3))
        .min(Comparator.comparingInt(choice -> distance(word, choice)))
        .map(choice -> "; did you mean '" + choice + "'?")
        .orElse("");
  }

  /** How many letters must be changed, left out or put in (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
