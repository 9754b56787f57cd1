/**
 * The kind `event_trigger`: of the database, in no schema. Managed are those
 * whose function is in a managed schema.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import {
  FIRING_STATES,
  firingClause,
  type FiringState,
} from "./firing_state.ts";
import {
  altered,
  attach,
  create,
  type KindModule,
  qualify,
  release,
  REPLACE,
} from "./kind.ts";

const SHAPE = {
  /** Such as `ddl_command_end`. */
  event: shape.text(),
  /** Command tags, sorted. Absent: every command. */
  tags: optional(shape.list(shape.text())),
  /** The function, as `schema.name`. */
  function: shape.text(),
  /** When it fires, where that is not as usual. */
  state: optional(shape.word("disabled", "replica", "always")),
} as const;

/** An event trigger's payload. */
export type EventTriggerPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const EVENT_TRIGGER: KindModule<"event_trigger", EventTriggerPayload> = {
  kind: "event_trigger",
  catalog: "pg_event_trigger",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) =>
    `EVENT TRIGGER ${quoteIdentifier(object.name[0] ?? "")}`,
  query: (context) =>
    [
      "SELECT e.oid, 0 AS sub, e.evtname AS name, e.evtevent AS event, e.evtenabled AS state, pg_catalog.to_json(e.evttags) AS tags,",
      "n.nspname AS function_schema, p.proname AS function, pg_catalog.pg_get_userbyid(e.evtowner) AS owner",
      "FROM pg_catalog.pg_event_trigger e JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_event_trigger", "e.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("name")];
    const tags = row.list("tags");
    return {
      address: address("event_trigger", name),
      name,
      payload: {
        event: row.text("event"),
        tags: tags.length === 0 ? undefined : [...tags].sort(),
        function: qualify([row.text("function_schema"), row.text("function")]),
        state: FIRING_STATES[row.text("state")],
      },
    };
  },
  // At the end: it must not fire for what comes before it.
  create: (object) => {
    const { payload } = object;
    const name = quoteIdentifier(object.name[0] ?? "");
    const when = payload.tags === undefined
      ? ""
      : ` WHEN TAG IN (${payload.tags.map(quoteLiteral).join(", ")})`;
    return [
      attach(
        `CREATE EVENT TRIGGER ${name} ON ${payload.event}${when} EXECUTE FUNCTION ${payload.function}()`,
      ),
      ...(payload.state === undefined
        ? []
        : [attach(firing(object.name, payload.state))]),
    ];
  },
  // One that stays is not switched off meanwhile: it may be there to guard or
  // to record just such changes. What newly fires does so at the end only,
  // what is switched off is so from the beginning.
  alter: (_from, to, keys) => {
    if (keys.some((key) => key !== "state")) return REPLACE;
    const { state } = to.payload;
    return altered([
      state === "disabled"
        ? release(firing(to.name, state))
        : attach(firing(to.name, state ?? "enabled")),
    ]);
  },
  rename: (object, name) => {
    const [was = ""] = object.name;
    const [is = ""] = name;
    return was === is ? [] : [
      create(
        `ALTER EVENT TRIGGER ${quoteIdentifier(was)} RENAME TO ${
          quoteIdentifier(is)
        }`,
      ),
    ];
  },
};

function firing([name = ""]: readonly string[], state: FiringState): string {
  return `ALTER EVENT TRIGGER ${quoteIdentifier(name)} ${firingClause(state)}`;
}
