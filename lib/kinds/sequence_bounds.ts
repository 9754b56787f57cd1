/**
 * The number that a sequence stands at when its limits change: PostgreSQL
 * refuses limits that it is not within. Pure.
 *
 * @module
 */

import { quoteLiteral } from "../sql/quote.ts";
import { create, type KindStatement } from "./kind.ts";

/** The limits of a sequence. */
export interface Bounds {
  readonly minimum: string;
  readonly maximum: string;
}

/**
 * The statements that bring a sequence's number within its new limits, before
 * they are set. None where it cannot be outside of them.
 *
 * @param sequence The sequence's name in SQL.
 * @param was Its limits as they were.
 * @param is As they are to be.
 */
export function fitValue(
  sequence: string,
  was: Bounds,
  is: Bounds,
): KindStatement[] {
  const [low, high] = [BigInt(was.minimum), BigInt(was.maximum)];
  const [newLow, newHigh] = [BigInt(is.minimum), BigInt(is.maximum)];
  if (newLow <= low && newHigh >= high) return [];
  const apart = newLow > high || newHigh < low;
  return [
    // A number within both is needed, to go from one to the other.
    ...(apart
      ? [create(
        `ALTER SEQUENCE ${sequence} MINVALUE ${
          newLow < low ? newLow : low
        } MAXVALUE ${newHigh > high ? newHigh : high}`,
      )]
      : []),
    create(
      `SELECT pg_catalog.setval(${
        quoteLiteral(sequence)
      }::pg_catalog.regclass, LEAST(GREATEST(last_value, ${is.minimum}), ${is.maximum}), is_called) FROM ${sequence} WHERE last_value NOT BETWEEN ${is.minimum} AND ${is.maximum}`,
      {
        hazards: [{
          kind: "data-dependent",
          reason:
            `where ${sequence} stands beyond its new limits it goes back, and gives out numbers again or none`,
        }],
      },
    ),
  ];
}
