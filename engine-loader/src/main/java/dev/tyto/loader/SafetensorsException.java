package dev.tyto.loader;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A safetensors file, or the index of a sharded checkpoint, that cannot be used. */
public final class SafetensorsException extends LoadException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. Messages end with what to do about it. */
  public enum Reason {
    /** There is no such file. */
    NOT_FOUND("check the path"),
    /** A folder or a device, not a regular file. */
    NOT_A_FILE("a regular file is needed here"),
    /** The system denies or fails the read. */
    UNREADABLE("check its permissions and the disk"),
    /** A file of another format: a Git LFS pointer, GGUF, a PyTorch archive, HTML. */
    OTHER_FORMAT("get the model's .safetensors files"),
    /** Less than the 8 bytes of the header length. */
    TOO_SHORT("download it again"),
    /** The header would be over 100 MB. */
    HEADER_TOO_LARGE("this is no intact safetensors file, download it again"),
    /** The header would end after the file. */
    HEADER_BEYOND_FILE("download it again"),
    /** The header is not UTF-8. */
    HEADER_NOT_UTF8("download it again"),
    /** The header is not JSON. */
    HEADER_NOT_JSON("download it again"),
    /** The header is JSON, but not of the form that the format prescribes. */
    HEADER_MALFORMED("export it again with a current safetensors library"),
    /** A name occurs twice in one object, so that it is unclear which is meant. */
    DUPLICATE_KEY("export it again with a current safetensors library"),
    /** {@code __metadata__} is not a map of strings to strings. */
    METADATA_MALFORMED("export it again with a current safetensors library"),
    /** More than any real file has: tensors, dimensions, metadata, nesting, length of a name. */
    LIMIT_EXCEEDED("this reader does not accept such a file"),
    /** A dtype that the format does not have. */
    UNKNOWN_DTYPE("export it again with a current safetensors library"),
    /** Shape times dtype is more than 2^63 - 1 bits. */
    SIZE_OVERFLOW("download it again"),
    /** A 4-bit or 6-bit tensor that ends inside a byte. */
    PARTIAL_BYTE("export it again with a current safetensors library"),
    /** Offsets that are negative, too large, or end before they begin. */
    BAD_OFFSETS("download it again"),
    /** Shape times dtype is not the length of the byte range. */
    SIZE_MISMATCH("download it again"),
    /** Two tensors share bytes. */
    OVERLAP("export it again with a current safetensors library"),
    /** Bytes between two tensors, or before the first, that belong to none. */
    HOLE("export it again with a current safetensors library"),
    /** Bytes after the last tensor. */
    TRAILING_BYTES("download it again"),
    /** The data ends before the last tensor does. */
    TRUNCATED("download it again"),
    /** The file became shorter, was replaced or was written to after it was opened. */
    CHANGED("leave the files alone while a model loads, and load again"),
    /** The thread was interrupted while it read; its interrupt flag is set. */
    INTERRUPTED("load again"),
    /** The folder has neither model.safetensors nor its index. */
    NO_CHECKPOINT("give a Hugging Face model folder with its weights"),
    /** The index is not JSON or not of the form that it should have. */
    INDEX_MALFORMED("download it again"),
    /** A shard name that is not a plain file name. */
    BAD_SHARD_NAME("do not use this checkpoint, it points outside its folder"),
    /** A shard that the index names is not on disk. */
    SHARD_MISSING("download the missing file"),
    /** A tensor that is asked for, or that the index names, is not there. */
    TENSOR_MISSING("check that all files are from the same checkpoint");

    private final String advice;

    Reason(String advice) {
      this.advice = advice;
    }

    /** What to do about it, as a clause for the end of a sentence. */
    public String advice() {
      return advice;
    }
  }

  private final Reason reason;
  private final @Nullable String tensor;

  SafetensorsException(Path file, @Nullable String tensor, Reason reason, String detail) {
    super(file, sentence(tensor, reason, detail));
    this.reason = reason;
    this.tensor = tensor;
  }

  SafetensorsException(
      Path file, @Nullable String tensor, Reason reason, String detail, Throwable cause) {
    super(file, sentence(tensor, reason, detail), cause);
    this.reason = reason;
    this.tensor = tensor;
  }

  private static String sentence(@Nullable String tensor, Reason reason, String detail) {
    String where = tensor == null ? "" : "tensor " + OneLine.quote(tensor) + " ";
    return where + detail + "; " + reason.advice;
  }

  /** What is wrong, for programs. */
  public Reason reason() {
    return reason;
  }

  /** The name of the tensor at fault, or null if the file as a whole is. */
  public @Nullable String tensor() {
    return tensor;
  }
}
