/**
 * Shadows: throw-away databases, embedded or on a server, and the cache of
 * their images.
 *
 * @module
 */

export { cacheDirectory, ImageCache, imageKey } from "./image_cache.ts";
export { lackOf, SERVER_SHADOW_HINT } from "./lacks.ts";
export { EMBEDDED, type ShadowOptions } from "./options.ts";
export { type ShadowImage, withShadow } from "./shadow.ts";
