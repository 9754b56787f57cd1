/**
 * The SQL of row security policies: how one is changed, and how it outlives
 * what it uses, so that no row is shown meanwhile that it hides.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import type { Hazard } from "./hazard.ts";
import {
  type Alteration,
  altered,
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
  release,
} from "./kind.ts";
import type { PolicyPayload } from "./policy.ts";

type Policy = SchemaObject<"policy", PolicyPayload>;

/** The SQL that drops a policy. */
export function dropPolicy(
  policy: Policy,
  target: ChangeTarget,
): readonly KindStatement[] {
  const phrase = phraseOf(policy);
  const hazard = target.objects.has(policy.address)
    ? `until ${theOne(policy)} is there again, ${effect(policy)}`
    : `without ${theOne(policy)}, ${effect(policy)}`;
  return [
    create(`DROP ${phrase}`, {
      hazards: security(hazard),
      // What restricts goes last, should a commit come in between.
      afterDrop: policy.payload.restrictive
        ? besides(policy, target.before, false)
        : [],
    }),
  ];
}

/**
 * What restricts is there before what it restricts lets more through, should a
 * commit come in between.
 *
 * @param policy The policy.
 * @param target What it is written for.
 */
export function restrictedFirst(
  policy: Policy,
  target: CreateTarget,
): { readonly after?: readonly string[] } {
  return policy.payload.restrictive
    ? {}
    : { after: besides(policy, target, true) };
}

/** The other policies of a table that restrict, or do not. */
function besides(
  { address, parent = "" }: Policy,
  { objects }: CreateTarget,
  restrictive: boolean,
): string[] {
  let byTable = POLICIES.get(objects);
  if (byTable === undefined) {
    byTable = Map.groupBy(
      [...objects.values()].filter(({ kind }) => kind === "policy"),
      (other) => other.parent ?? "",
    );
    POLICIES.set(objects, byTable);
  }
  return (byTable.get(parent) ?? []).filter((other) =>
    other.address !== address &&
    (other.payload.restrictive === true) === restrictive
  ).map((other) => other.address);
}

/** The policies of each table, found once for each schema. */
const POLICIES = new WeakMap<
  CreateTarget["objects"],
  ReadonlyMap<string, readonly SchemaObject[]>
>();

function effect({ payload }: Policy): string {
  return payload.restrictive
    ? "rows are open that it kept back"
    : "rows are closed that it gave access to";
}

/**
 * How a policy becomes another: roles and conditions by ALTER POLICY, which
 * can change a condition but not take it away.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param _keys What differs.
 * @param target What it is written for.
 */
export function alterPolicy(
  from: Policy,
  to: Policy,
  _keys: readonly string[],
  target: ChangeTarget,
): Alteration {
  const was = from.payload;
  const is = to.payload;
  const phrase = phraseOf(to);
  const hazards = security(`${theOne(to)} lets through other rows or roles`);
  if (!canAlter(from, to)) return { how: "replace" };
  const parts = [
    ...(sameRoles(was.roles, is.roles) ? [] : [`TO ${roles(is)}`]),
    ...(was.using === is.using ? [] : conditions({ using: is.using })),
    ...(was.check === is.check ? [] : conditions({ check: is.check })),
  ];
  return altered(
    parts.length === 0 ? [] : [
      create(`ALTER ${phrase} ${parts.join(" ")}`, {
        hazards,
        ...restrictedFirst(to, target),
      }),
    ],
  );
}

/**
 * How a policy outlives that something it uses is replaced or altered: by letting nobody
 * through until the new one is there. A dropped one that restricts would open
 * what it keeps back.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param target What it is written for.
 */
export function followPolicy(
  from: Policy,
  to: Policy,
  target: ChangeTarget,
): readonly KindStatement[] | undefined {
  if (!canAlter(from, to)) return undefined;
  const { using, check } = from.payload;
  const closed = conditions({
    using: using === undefined ? undefined : "false",
    check: check === undefined ? undefined : "false",
  });
  const open = conditions(to.payload);
  if (closed.length === 0 || open.length === 0) return undefined;
  const alter = `ALTER ${phraseOf(to)}`;
  return [
    release(`${alter} ${closed.join(" ")}`, {
      hazards: security(
        `until what ${
          theOne(to)
        } uses is as it is to be, it lets nobody through`,
      ),
    }),
    create(`${alter} ${open.join(" ")}`, restrictedFirst(to, target)),
  ];
}

function canAlter({ payload: was }: Policy, { payload: is }: Policy): boolean {
  return was.command === is.command && was.restrictive === is.restrictive &&
    (was.using === undefined || is.using !== undefined) &&
    (was.check === undefined || is.check !== undefined);
}

function conditions(
  { using, check }: Pick<PolicyPayload, "using" | "check">,
): string[] {
  return [
    ...(using === undefined ? [] : [`USING (${using})`]),
    ...(check === undefined ? [] : [`WITH CHECK (${check})`]),
  ];
}

function sameRoles(
  was: PolicyPayload["roles"],
  is: PolicyPayload["roles"],
): boolean {
  return was?.join("\0") === is?.join("\0");
}

function roles(payload: PolicyPayload): string {
  return payload.roles?.map(quoteIdentifier).join(", ") ?? "PUBLIC";
}

function theOne({ name }: Policy): string {
  return `the policy ${quoteIdentifier(name[2] ?? "")} of ${
    qualify(name.slice(0, 2))
  }`;
}

function phraseOf({ name }: Policy): string {
  return `POLICY ${quoteIdentifier(name[2] ?? "")} ON ${
    qualify(name.slice(0, 2))
  }`;
}

function security(reason: string): Hazard[] {
  return [{ kind: "security", reason }];
}
