/**
 * PostgreSQL's protocol with PGlite: a request as bytes, and what comes back
 * as answers.
 *
 * @module
 */

import { protocol } from "@electric-sql/pglite";
import { type Answer, CELL, type Request } from "./embedded_messages.ts";
import { commandTag, errorFields, noticeFields } from "./server_query.ts";
import type { Field, ServerErrorFields, StatementResult } from "./session.ts";

/** Results are sent in parts of about so many bytes. */
const PART_BYTES = 1 << 18;

/** So many bytes may be underway; then the statement waits for the reader. */
const UNDERWAY_BYTES = 1 << 24;

/** COPY FROM STDIN would wait for data for ever; elsewhere this is ignored. */
const COPY_FAIL = protocol.serialize.copyFail("pawl has no data to send");

/** SQL as a message of the simple protocol. */
export function simple(sql: string): Uint8Array {
  return concatenate([protocol.serialize.query(sql), COPY_FAIL]);
}

/** SQL as messages of the simple protocol, or with parameters of the extended one. */
export function encode(
  { sql, parameters }: Request & { readonly kind: "run" },
): Uint8Array {
  if (parameters === null) return simple(sql);
  const { parse, bind, describe, execute, sync } = protocol.serialize;
  return concatenate([
    parse({ text: sql }),
    bind({ values: [...parameters] }),
    describe({ type: "P" }),
    execute(),
    COPY_FAIL,
    sync(),
  ]);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** What a request brings back. */
export interface RoundTrip {
  /** Takes what PGlite writes. */
  readonly receive: (bytes: Uint8Array) => void;
  /** Passes on what has not been yet. */
  readonly flush: () => void;
  /** How many statements have ended. */
  readonly completed: () => number;
  /** What the first of them failed with. */
  readonly error: () => ServerErrorFields | undefined;
  /** PostgreSQL's transaction status: `I` outside of one. */
  readonly status: () => string;
}

/**
 * Decodes what comes back and passes it on in parts.
 *
 * @param cells What both sides share.
 * @param answer Passes a part on.
 */
export function roundTrip(
  cells: Int32Array<SharedArrayBuffer>,
  answer: (message: Answer) => void,
): RoundTrip {
  const { messages } = protocol;
  const parser = new protocol.Parser();
  let results: StatementResult[] = [];
  let rows: (readonly (string | null)[])[] = [];
  let fields: readonly Field[] = [];
  let size = 0;
  let completed = 0;
  let copyRefused = false;
  let failure: ServerErrorFields | undefined;
  let status = "";

  const send = (message: Answer, bytes: number) => {
    Atomics.add(cells, CELL.underway, bytes);
    answer(message);
    // A flood must not outrun its reader.
    for (;;) {
      const underway = Atomics.load(cells, CELL.underway);
      if (underway < UNDERWAY_BYTES || Atomics.load(cells, CELL.cancel) !== 0) {
        return;
      }
      Atomics.wait(cells, CELL.underway, underway, 100);
    }
  };
  const flush = () => {
    if (size === 0) return;
    const part: Answer = { kind: "part", results, rows, size };
    results = [];
    rows = [];
    size = 0;
    send(part, part.size);
  };
  const add = (bytes: number) => {
    size += bytes;
    if (size > PART_BYTES) flush();
  };
  const handle: Parameters<typeof parser.parse>[1] = (message) => {
    if (message instanceof messages.DataRowMessage) {
      rows.push(message.fields);
      add(message.length);
    } else if (message instanceof messages.RowDescriptionMessage) {
      fields = message.fields.map(({ name, dataTypeID }) => ({
        name,
        typeOid: dataTypeID,
      }));
    } else if (message instanceof messages.CommandCompleteMessage) {
      completed++;
      results.push({ ...commandTag(message.text), fields, rows });
      rows = [];
      fields = [];
      add(message.length);
    } else if (message instanceof messages.NoticeMessage) {
      const notice = noticeFields(message);
      if (notice === undefined) return;
      flush();
      send({ kind: "notice", notice, size: message.length }, message.length);
    } else if (message instanceof messages.DatabaseError) {
      failure ??= copyFailure(errorFields(message), copyRefused);
    } else if (message instanceof messages.ReadyForQueryMessage) {
      status = message.status;
    } else if (message.name === "copyInResponse") {
      copyRefused = true;
    }
  };
  return {
    receive: (bytes: Uint8Array) => parser.parse(bytes, handle),
    flush,
    completed: () => completed,
    error: () => failure,
    status: () => status,
  };
}

/**
 * The server calls a failed COPY a cancelled one (57014), which would read as a
 * time-out or an interrupt.
 */
function copyFailure(
  fields: ServerErrorFields | undefined,
  copyRefused: boolean,
): ServerErrorFields | undefined {
  return copyRefused && fields?.sqlstate === "57014"
    ? {
      ...fields,
      sqlstate: "0A000",
      message: "COPY FROM STDIN cannot run here: there is no data to send",
      hint: "put the rows into INSERT statements, or load the file with psql",
    }
    : fields;
}
