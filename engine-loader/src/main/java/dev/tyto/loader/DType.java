package dev.tyto.loader;

/** CONTRACT SKETCH: every dtype of the safetensors format. */
public enum DType {
  F32,
  F16,
  BF16,
  F8_E4M3
}
