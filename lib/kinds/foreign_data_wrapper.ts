/**
 * The kind `foreign_data_wrapper`.
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
import { quoteIdentifier } from "../sql/quote.ts";
import {
  alterOptions,
  OPTIONS_SHAPE,
  optionsClause,
  splitOptions,
  withheldOptions,
} from "./foreign_options.ts";
import {
  altered,
  create,
  createWithout,
  type KindModule,
  qualify,
  release,
} from "./kind.ts";
import { managedServer } from "./server.ts";

const SHAPE = {
  handler: optional(shape.text()),
  validator: optional(shape.text()),
  ...OPTIONS_SHAPE,
} as const;

/** A foreign-data wrapper's payload. */
export type ForeignDataWrapperPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const FOREIGN_DATA_WRAPPER: KindModule<
  "foreign_data_wrapper",
  ForeignDataWrapperPayload
> = {
  kind: "foreign_data_wrapper",
  catalog: "pg_foreign_data_wrapper",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) =>
    `FOREIGN DATA WRAPPER ${quoteIdentifier(object.name[0] ?? "")}`,
  query: (context) =>
    [
      "SELECT w.oid, 0 AS sub, w.fdwname AS name, NULLIF(w.fdwhandler, 0)::regproc::text AS handler, NULLIF(w.fdwvalidator, 0)::regproc::text AS validator,",
      "pg_catalog.to_json(w.fdwoptions) AS options, pg_catalog.pg_get_userbyid(w.fdwowner) AS owner, pg_catalog.to_json(w.fdwacl::text[]) AS acl",
      `FROM pg_catalog.pg_foreign_data_wrapper w WHERE ${
        context.notOfExtension("pg_foreign_data_wrapper", "w.oid")
      }${
        context.everything
          ? ""
          : ` AND w.oid IN (SELECT s.srvfdw FROM pg_catalog.pg_foreign_server s WHERE ${
            managedServer(context, "s.oid")
          })`
      }`,
    ].join(" "),
  read: (row, context) => {
    const name = row.text("name");
    const own = address("foreign_data_wrapper", [name]);
    return {
      address: own,
      name: [name],
      payload: {
        handler: row.optional("handler"),
        validator: row.optional("validator"),
        ...splitOptions(row.options("options"), own, context),
      },
    };
  },
  create: (object, _children, { secrets }) => {
    const { payload } = object;
    return [createWithout(
      withheldOptions(payload, secrets),
      `CREATE FOREIGN DATA WRAPPER ${quoteIdentifier(object.name[0] ?? "")}${
        payload.handler === undefined ? "" : ` HANDLER ${payload.handler}`
      }${
        payload.validator === undefined ? "" : ` VALIDATOR ${payload.validator}`
      }${optionsClause(payload, secrets)}`,
    )];
  },
  alter: (from, to) => {
    const clauses = [
      ...(from.payload.handler === to.payload.handler
        ? []
        : [handlerClause(to.payload.handler)]),
      ...(from.payload.validator === to.payload.validator
        ? []
        : [validatorClause(to.payload.validator)]),
    ];
    return altered(
      alterOptions(alterCommand(to), from.payload, { ...to.payload, clauses }),
    );
  },
  // Its servers and their tables are not worth losing for a function.
  follow: (from, to, replaced) => {
    const name = qualify(replaced.name);
    const { handler, validator } = from.payload;
    const known = [handler, validator].includes(name);
    const drop: string[] = [];
    const again: string[] = [];
    if (handler !== undefined && (!known || handler === name)) {
      drop.push(handlerClause(undefined));
      if (to.payload.handler === handler) again.push(handlerClause(handler));
    }
    if (validator !== undefined && (!known || validator === name)) {
      drop.push(validatorClause(undefined));
      if (to.payload.validator === validator) {
        again.push(validatorClause(validator));
      }
    }
    const command = alterCommand(to);
    return drop.length === 0 ? [] : [
      release(`${command} ${drop.join(" ")}`),
      ...(again.length === 0 ? [] : [create(`${command} ${again.join(" ")}`)]),
    ];
  },
  rename: (object, name) => [
    create(
      `${alterCommand(object)} RENAME TO ${quoteIdentifier(name[0] ?? "")}`,
    ),
  ],
};

function alterCommand(object: { readonly name: readonly string[] }): string {
  return `ALTER FOREIGN DATA WRAPPER ${quoteIdentifier(object.name[0] ?? "")}`;
}

function handlerClause(handler: string | undefined): string {
  return handler === undefined ? "NO HANDLER" : `HANDLER ${handler}`;
}

function validatorClause(validator: string | undefined): string {
  return validator === undefined ? "NO VALIDATOR" : `VALIDATOR ${validator}`;
}
