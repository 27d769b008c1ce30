/** Models, sessions and the scheduler that lets them share passes. */
package dev.tyto.core.runtime;
