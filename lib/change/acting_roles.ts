/**
 * The roles that a change needs to act as: to whom it gives objects, and whose
 * default privileges it sets. The server refuses that in the middle of a run
 * where whoever runs it is no member of them; so it is asked before.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Hazard } from "../kinds/hazard.ts";
import type { Session } from "../pg/session.ts";
import { partsOf, type PlannedStatement } from "../plan/mod.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { statementsOf, type Way } from "./change_plan.ts";

/** Roles that cannot be acted as, and who cannot. */
export interface RefusedRoles {
  /** Who runs the change. */
  readonly runner: string;
  /** The roles. */
  readonly roles: ReadonlySet<string>;
}

/**
 * Asks which roles of a way whoever runs it cannot act as.
 *
 * @param session The database, as the role that runs the way.
 * @param way The way.
 * @returns Undefined where there are none.
 */
export async function refusedRoles(
  session: Session,
  way: Way,
): Promise<RefusedRoles | undefined> {
  const wanted = [
    ...new Set(
      statementsOf(way).flatMap(partsOf).flatMap(({ actsAs }) => actsAs ?? []),
    ),
  ];
  if (wanted.length === 0) return undefined;
  // Since 16 a member may inherit and yet not be allowed to become the role.
  const right = session.info.version >= 160000 ? "SET" : "MEMBER";
  const { rows } = await session.query(
    `SELECT CURRENT_USER, r.rolname FROM pg_catalog.pg_roles r
      WHERE r.rolname = ANY ($1::name[]) AND NOT pg_catalog.pg_has_role(r.oid, '${right}')
      ORDER BY r.rolname`,
    [`{${wanted.map((role) => JSON.stringify(role)).join(",")}}`],
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  return {
    runner: first[0] ?? "",
    roles: new Set(rows.map(([, role]) => role ?? "")),
  };
}

/**
 * A way whose statements say that they will be refused.
 *
 * @param way The way.
 * @param refused What was found; undefined leaves the way as it is.
 */
export function withRefusals(
  way: Way,
  refused: RefusedRoles | undefined,
): Way {
  if (refused === undefined) return way;
  const mark = (statement: PlannedStatement): PlannedStatement => {
    const { actsAs = "", hazards = [] } = statement;
    if (!refused.roles.has(actsAs)) return statement;
    const hazard: Hazard = {
      kind: "manual",
      reason: `${refused.runner} is not allowed to act as ${actsAs}: ${
        grantOf(refused, actsAs)
      }`,
    };
    return { ...statement, hazards: [...hazards, hazard] };
  };
  return {
    ...way,
    steps: way.steps.map((step) => ({
      ...step,
      statements: step.statements.map(mark),
    })),
  };
}

function grantOf({ runner }: RefusedRoles, role: string): string {
  return `GRANT ${quoteIdentifier(role)} TO ${quoteIdentifier(runner)}`;
}

/**
 * Refuses a way before anything of it runs.
 *
 * @param way The way.
 * @param refused What was found.
 * @throws {PawlError} `permission-denied`, where there is anything.
 */
export function requireRoles(
  way: Way,
  refused: RefusedRoles | undefined,
): void {
  if (refused === undefined) return;
  const roles = [...refused.roles];
  throw new PawlError(
    "permission-denied",
    `Cannot apply the change: ${refused.runner} is not allowed to act as ${
      roles.join(", ")
    }`,
    {
      details: statementsOf(way).flatMap(partsOf)
        .filter(({ actsAs = "" }) => refused.roles.has(actsAs))
        .map(({ sql }) => sql),
      hint: `${
        roles.map((role) => grantOf(refused, role)).join("; ")
      }, run it as such a role, or set role in pawl.toml to one that may`,
    },
  );
}
