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
  /** The first superuser, if it is among them. */
  readonly first: string | undefined;
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
  const statements = statementsOf(way).flatMap(partsOf);
  const wanted = new Set(statements.flatMap(({ actsAs }) => actsAs ?? []));
  const first = statements.some(({ actsAsFirst }) => actsAsFirst === true);
  if (wanted.size === 0 && !first) return undefined;
  // Since 16 a member may inherit and yet not be allowed to become the role.
  const right = session.info.version >= 160000 ? "SET" : "MEMBER";
  const { rows } = await session.query(
    // The first superuser has a number that never changes.
    `SELECT CURRENT_USER, r.rolname, CASE WHEN r.oid = 10 THEN true END FROM pg_catalog.pg_roles r
      WHERE (r.rolname = ANY ($1::name[])${first ? " OR r.oid = 10" : ""})
        AND NOT pg_catalog.pg_has_role(r.oid, '${right}')
      ORDER BY r.rolname`,
    [`{${[...wanted].map((role) => JSON.stringify(role)).join(",")}}`],
  );
  const [found] = rows;
  if (found === undefined) return undefined;
  return {
    runner: found[0] ?? "",
    roles: new Set(rows.map(([, role]) => role ?? "")),
    first: rows.find(([, , isFirst]) => isFirst !== null)?.[1] ?? undefined,
  };
}

/** The role that a statement will be refused for; undefined where it will not. */
function refusedFor(
  { actsAs = "", actsAsFirst = false }: PlannedStatement,
  { first, roles }: RefusedRoles,
): string | undefined {
  return actsAsFirst ? first : roles.has(actsAs) ? actsAs : undefined;
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
    const { hazards = [] } = statement;
    const role = refusedFor(statement, refused);
    if (role === undefined) return statement;
    const hazard: Hazard = {
      kind: "manual",
      reason: `${refused.runner} is not allowed to act as ${role}: ${
        wayOut(statement, refused)
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

function wayOut(
  { actsAs = "", actsAsFirst }: PlannedStatement,
  { runner }: RefusedRoles,
): string {
  return actsAsFirst
    ? "let a superuser run it"
    : `GRANT ${quoteIdentifier(actsAs)} TO ${quoteIdentifier(runner)}`;
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
  const statements = statementsOf(way).flatMap(partsOf)
    .filter((statement) => refusedFor(statement, refused) !== undefined);
  const ways = new Set(
    statements.map((statement) => wayOut(statement, refused)),
  );
  throw new PawlError(
    "permission-denied",
    `Cannot apply the change: ${refused.runner} is not allowed to act as ${
      [...refused.roles].join(", ")
    }`,
    {
      details: statements.map(({ sql }) => sql),
      hint: `Set role in pawl.toml to one that may, or ${[...ways].join("; ")}`,
    },
  );
}
