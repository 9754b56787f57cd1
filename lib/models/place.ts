/**
 * Where a file makes what it makes, so that what is found wrong later is said
 * with its line.
 *
 * @module
 */

const PLACES = new WeakMap<object, Error>();

/**
 * Remembers where something was made.
 *
 * @param thing A model, or options.
 * @returns The same.
 */
export function placed<T>(thing: T): T {
  // What is no object, where types say one, is refused elsewhere.
  if (typeof thing === "object" && thing !== null && !PLACES.has(thing)) {
    PLACES.set(thing, new Error());
  }
  return thing;
}

/** Something is wrong with a model, wherever that is found out. */
export class ModelError extends TypeError {
  /** What is wrong: a model, or options. */
  readonly thing: object;

  /** Makes an error. */
  constructor(message: string, thing: object, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.thing = thing;
  }
}

/**
 * Does something with a model: what is wrong then is wrong with that model.
 *
 * @param model The model.
 * @param work What to do with it.
 * @returns What `work` returns.
 * @throws {ModelError} For a TypeError of `work`.
 */
export function about<T>(model: object, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TypeError) || error instanceof ModelError) {
      throw error;
    }
    throw new ModelError(error.message, model, error);
  }
}

/**
 * Errors whose stacks may have the place of what is wrong, nearest first.
 *
 * @param error What was thrown.
 */
export function placesOf(error: Error): Error[] {
  if (!(error instanceof ModelError)) return [error];
  // A function of the file may have thrown it.
  const thrown = error.cause instanceof Error ? [error.cause] : [];
  const made = PLACES.get(error.thing);
  return [...thrown, ...made === undefined ? [] : [made], error];
}
