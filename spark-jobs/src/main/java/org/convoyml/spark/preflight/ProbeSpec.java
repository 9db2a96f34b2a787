package org.convoyml.spark.preflight;

import java.io.Serializable;
import java.util.List;

/**
 * What executors are to try.
 *
 * @param group names their group, once
 * @param rollCall the meeting point at which they tell what they found alone
 * @param connecting the meeting point at which they tell where they listen
 * @param engine by name
 * @param targets the places that training will write
 * @param folders beside these places, in which to read and write; as many
 * @param seconds how long they wait for each other, at each meeting
 */
record ProbeSpec(
    String group,
    String rollCall,
    String connecting,
    String engine,
    List<String> targets,
    List<String> folders,
    int seconds)
    implements Serializable {
  ProbeSpec {
    targets = List.copyOf(targets);
    folders = List.copyOf(folders);
  }
}
