/**
 * The version of pawl, by itself: `pawl --version` loads nothing else.
 *
 * @module
 */

/** The version of this pawl. */
export const TOOL_VERSION = "0.1.0";
