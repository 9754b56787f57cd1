/**
 * Reads a plan that was saved as JSON, for `apply --plan`: only what `plan`
 * wrote, and as it wrote it.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import { PawlError } from "../errors.ts";
import { canonicalJson, type Data } from "../schema/data.ts";
import type { Digests } from "./moved.ts";
import { PLAN_FORMAT } from "./plan_data.ts";

/** A saved plan. */
export interface SavedPlan {
  /** The hash of the schema that it was made for. */
  readonly from: string;
  /** The hash of the schema that it leads to. */
  readonly to: string;
  /** The goal's source, as it was named. */
  readonly target: string;
  /** Whether its SQL may block those who use what is there. */
  readonly locking: boolean;
  /** The SQL of its statements, in order. */
  readonly sql: readonly string[];
  /** Both schemas' objects by their digests; undefined in what `apply` wrote. */
  readonly objects:
    | { readonly from: Digests; readonly to: Digests }
    | undefined;
}

/**
 * The checksum of a plan: of what would be run, and from where to where.
 *
 * @param plan The plan as data.
 */
export function planChecksum(
  plan: { readonly [key: string]: Data | undefined },
): string {
  const { from, to, postgres, locking, steps, undo, target, objects } = plan;
  const text = canonicalJson({
    from: from ?? null,
    to: to ?? null,
    postgres: postgres ?? null,
    locking: locking ?? null,
    steps: steps ?? null,
    undo: undo ?? null,
    target: target ?? null,
    objects: objects ?? null,
  });
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Reads a saved plan.
 *
 * @param text The JSON.
 * @param shown The file, as messages show it.
 * @throws {PawlError} `plan-invalid` for what is no plan, of another format,
 * or edited by hand.
 */
export function readSavedPlan(text: string, shown: string): SavedPlan {
  const invalid = (why: string, hint: string) =>
    new PawlError("plan-invalid", `Cannot read the plan ${shown}: ${why}`, {
      hint,
    });
  const again = "Make a new one: pawl plan --to SOURCE --json > FILE";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(
      `it is no JSON (${
        error instanceof Error ? error.message : "unreadable"
      })`,
      again,
    );
  }
  if (!isRecord(value)) throw invalid("it is no JSON object", again);
  const { format } = value;
  if (format !== PLAN_FORMAT) {
    throw invalid(
      typeof format === "string" && format.startsWith("pawl.plan/")
        ? `it is of format ${format}, and this pawl reads ${PLAN_FORMAT}`
        : `it is not of format ${PLAN_FORMAT}`,
      typeof format === "string" && format.startsWith("pawl.plan/")
        ? "Use the pawl that wrote it, or make a new one"
        : again,
    );
  }
  if (value["checksum"] !== planChecksum(value)) {
    throw invalid(
      "it was edited: its checksum does not fit",
      `${again}; for SQL of your own: pawl new`,
    );
  }
  const { from, to, target, locking, steps, objects } = value;
  if (
    typeof from !== "string" || typeof to !== "string" ||
    typeof target !== "string" || !Array.isArray(steps)
  ) throw invalid("it is not what pawl plan writes", again);
  const sql = steps.flatMap((step: unknown) =>
    isRecord(step) && Array.isArray(step["statements"])
      ? step["statements"].flatMap((statement: unknown) =>
        isRecord(statement) && typeof statement["sql"] === "string"
          ? [statement["sql"]]
          : []
      )
      : []
  );
  return {
    from,
    to,
    target,
    locking: locking === true,
    sql,
    objects: isRecord(objects)
      ? { from: digests(objects["from"]), to: digests(objects["to"]) }
      : undefined,
  };
}

function digests(value: unknown): Digests {
  return !isRecord(value) ? {} : Object.fromEntries(
    Object.entries(value).map(([address, digest]) => [address, String(digest)]),
  );
}

function isRecord(
  value: unknown,
): value is { readonly [key: string]: Data | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
