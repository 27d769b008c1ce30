/** The KV cache of a session. */
package dev.tyto.core.cache;
