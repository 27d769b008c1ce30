package dev.tyto.loader;

import dev.tyto.loader.SafetensorsException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A header that holds together: the tensors in the order of their bytes, which they cover from the
 * first to the last without hole or overlap.
 *
 * @param dataStart where the data begin in the file
 */
record SafetensorsHeader(Map<String, String> metadata, List<TensorInfo> tensors, long dataStart) {

  /**
   * Sorts the tensors by their bytes and checks that they cover the data exactly, as the reference
   * implementation does.
   */
  static SafetensorsHeader of(
      Path file,
      Map<String, String> metadata,
      List<TensorInfo> unsorted,
      long dataStart,
      long dataLength)
      throws SafetensorsException {
    List<TensorInfo> tensors = new ArrayList<>(unsorted);
    tensors.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
    long covered = 0;
    String before = "";
    for (TensorInfo tensor : tensors) {
      if (tensor.begin() > covered) {
        throw new SafetensorsException(
            file,
            tensor.name(),
            Reason.HOLE,
            "begins at data byte "
                + tensor.begin()
                + ", but the bytes from "
                + covered
                + " up to there belong to no tensor");
      }
      if (tensor.begin() < covered) {
        throw new SafetensorsException(
            file,
            tensor.name(),
            Reason.OVERLAP,
            "begins at data byte "
                + tensor.begin()
                + ", but tensor "
                + OneLine.quote(before)
                + " before it ends at "
                + covered);
      }
      covered = tensor.end();
      before = tensor.name();
    }
    if (covered > dataLength) {
      throw new SafetensorsException(
          file,
          before,
          Reason.TRUNCATED,
          "ends at data byte "
              + covered
              + ", but the file has only "
              + dataLength
              + " bytes of data");
    }
    if (covered < dataLength) {
      throw new SafetensorsException(
          file,
          null,
          Reason.TRAILING_BYTES,
          "has " + (dataLength - covered) + " bytes after the last tensor");
    }
    return new SafetensorsHeader(
        Collections.unmodifiableMap(new LinkedHashMap<>(metadata)),
        List.copyOf(tensors),
        dataStart);
  }
}
