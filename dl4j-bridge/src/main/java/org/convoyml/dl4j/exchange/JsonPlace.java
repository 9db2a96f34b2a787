package org.convoyml.dl4j.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.convoyml.nn.ConvoyException;
import org.convoyml.nn.spec.Size;

/**
 * A value of a JSON file, and where it stands. Its path is put together only when somebody asks: a
 * hostile file has millions of values, or names that are as long.
 *
 * @param origin the file, for messages
 * @param parent what it is in; null for the root
 * @param step its name or number there
 * @param node missing if there is no such value
 */
record JsonPlace(String origin, JsonPlace parent, String step, JsonNode node) {
  private static final int LONGEST_PATH = 300;

  /** By which Deeplearning4j names the class of an object. */
  static final String CLASS = "@class";

  static JsonPlace root(String origin, JsonNode node) {
    return new JsonPlace(origin, null, "", node);
  }

  JsonPlace get(String field) {
    return new JsonPlace(origin, this, field, node.path(field));
  }

  private JsonPlace get(int index) {
    return new JsonPlace(origin, this, String.valueOf(index), node.path(index));
  }

  /** The same place without its value. */
  JsonPlace absent() {
    return new JsonPlace(origin, parent, step, MissingNode.getInstance());
  }

  /** The elements of an array; none if there is no array. */
  List<JsonPlace> elements() {
    List<JsonPlace> elements = new ArrayList<>();
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      elements.add(get(i));
    }
    return elements;
  }

  /** What is in it and has something in it too, in order. */
  void forEachContainer(Consumer<JsonPlace> action) {
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      if (node.get(i).isContainerNode()) {
        action.accept(get(i));
      }
    }
    node.fields()
        .forEachRemaining(
            field -> {
              if (field.getValue().isContainerNode()) {
                action.accept(get(field.getKey()));
              }
            });
  }

  List<String> fields() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Whether there is a value that is not null. */
  boolean isPresent() {
    return !node.isMissingNode() && !node.isNull();
  }

  /** The class of an object, without its package. */
  String type() {
    JsonNode name = node.path(CLASS);
    if (!name.isTextual()) {
      throw new ConvoyException(
          "%s: expected an object with %s, as Deeplearning4j writes since 1.0.0-beta, found %s"
              .formatted(place(), CLASS, found()));
    }
    return name.textValue().substring(name.textValue().lastIndexOf('.') + 1);
  }

  int integer() {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw wrong("a whole number");
    }
    return node.intValue();
  }

  double number() {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong("a number");
    }
    return node.doubleValue();
  }

  double number(double usual) {
    return isPresent() ? number() : usual;
  }

  boolean flag(boolean usual) {
    if (!isPresent()) {
      return usual;
    }
    if (!node.isBoolean()) {
      throw wrong("true or false");
    }
    return node.booleanValue();
  }

  String text() {
    if (!node.isTextual()) {
      throw wrong("a text");
    }
    return node.textValue();
  }

  String text(String usual) {
    return isPresent() ? text() : usual;
  }

  /** An array of that many whole numbers. */
  int[] integers(int count) {
    List<JsonPlace> elements = elements();
    if (elements.size() != count) {
      throw wrong(count + " whole numbers");
    }
    return elements.stream().mapToInt(JsonPlace::integer).toArray();
  }

  /** Height and width; 1 and 1 if there is no value. */
  Size size() {
    if (!isPresent()) {
      return Size.ONE;
    }
    int[] sides = integers(2);
    if (sides[0] <= 0 || sides[1] <= 0) {
      throw wrong("a positive height and width");
    }
    return new Size(sides[0], sides[1]);
  }

  ConvoyException wrong(String expected) {
    return new ConvoyException("%s: expected %s, found %s".formatted(place(), expected, found()));
  }

  /** The file, and the path from its root, such as {@code /confs/0/layer}. */
  String place() {
    Deque<String> steps = new ArrayDeque<>();
    for (JsonPlace place = this; place.parent != null; place = place.parent) {
      steps.addFirst("/" + Printable.of(place.step));
    }
    return steps.isEmpty()
        ? origin
        : origin + ": " + Printable.of(String.join("", steps), LONGEST_PATH);
  }

  private String found() {
    if (node.isMissingNode()) {
      return "nothing";
    }
    return Printable.of(node.toString());
  }
}
