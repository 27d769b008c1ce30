package dev.tyto.cli;

/**
 * What a command works with, handed in so that tests can run commands in-process.
 *
 * @param console the streams
 * @param models where models come from
 */
record Context(Console console, Models models) {}
