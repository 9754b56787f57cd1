/**
 * Every layout that pawl reads, and every tool whose history it adopts. The
 * order of layouts is the order of `auto`; the first is taken for a directory
 * that is empty.
 *
 * `auto` goes by file names: `N_name.up.sql` is golang-migrate's,
 * `VERSION_name/up.sql` diesel's where no file beside the folders is pawl's,
 * `0001_name_YYYYMMDD_HHMMSS.sql` HyperDjango's, and everything else with a
 * version in front pawl's own. pgmg's names are those of pawl's own sequence:
 * it is never found, only asked for. In each of them a file with a name of
 * pawl's and a `-- pawl:` line is pawl's own, so that a project may keep its
 * old files and go on in pawl's format.
 *
 * @module
 */

import type { Layout } from "../layout.ts";
import { DIESEL_HISTORY, DIESEL_LAYOUT } from "./diesel.ts";
import type { ForeignHistory } from "./foreign_history.ts";
import {
  GOLANG_MIGRATE_HISTORY,
  GOLANG_MIGRATE_LAYOUT,
} from "./golang_migrate.ts";
import { HYPERDJANGO_HISTORY, HYPERDJANGO_LAYOUT } from "./hyperdjango.ts";
import { PAWL_LAYOUT } from "./pawl.ts";
import { PGMG_HISTORY, PGMG_LAYOUT } from "./pgmg.ts";
import { PLAIN_HISTORY } from "./plain.ts";
import { PSQLMODEL_HISTORY } from "./psqlmodel.ts";

/** The layouts; pawl's own leaves to the others what is more particularly theirs. */
export const LAYOUTS: readonly Layout[] = [
  PAWL_LAYOUT,
  GOLANG_MIGRATE_LAYOUT,
  DIESEL_LAYOUT,
  HYPERDJANGO_LAYOUT,
  PGMG_LAYOUT,
];

/** The histories that `pawl import` adopts. */
export const HISTORIES: readonly ForeignHistory[] = [
  GOLANG_MIGRATE_HISTORY,
  DIESEL_HISTORY,
  HYPERDJANGO_HISTORY,
  PSQLMODEL_HISTORY,
  PGMG_HISTORY,
  PLAIN_HISTORY,
];
