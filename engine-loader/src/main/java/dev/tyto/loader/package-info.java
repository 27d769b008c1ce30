/**
 * Files in, named tensors and typed records out: safetensors checkpoints and the JSON files of a
 * Hugging Face model folder.
 *
 * <p>Start at {@link dev.tyto.loader.ModelFolder} for a model, at {@link
 * dev.tyto.loader.SafetensorsFile} for one file of tensors, at {@link
 * dev.tyto.loader.SafetensorsWriter} to write one. Everything that is read is treated as hostile:
 * what does not hold together becomes a {@link dev.tyto.loader.LoadException} of one sentence.
 */
package dev.tyto.loader;
