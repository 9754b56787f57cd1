/**
 * To whom a change gives objects that whoever runs it may not give any to: the
 * server refuses that in the middle of a run.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Session } from "../pg/session.ts";
import { partsOf, type PlannedStatement } from "../plan/mod.ts";
import { quoteIdentifier, unquoteIdentifier } from "../sql/quote.ts";
import { statementsOf, type Way } from "./change_plan.ts";
