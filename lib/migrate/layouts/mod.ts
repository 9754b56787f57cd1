/**
 * Every layout that pawl reads. The order is the order of `auto`; the first
 * is taken for a directory that is empty.
 *
 * @module
 */

import type { Layout } from "../layout.ts";
import { PAWL_LAYOUT } from "./pawl.ts";

/** The layouts, most particular file names first but for pawl's own. */
export const LAYOUTS: readonly Layout[] = [PAWL_LAYOUT];
