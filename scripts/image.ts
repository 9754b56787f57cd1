/**
 * Makes the image of a fresh embedded cluster that ships in the executable
 * (`build/pglite-VERSION.tar.gz`), where it is not there yet: without it the
 * first start on a machine initialises a cluster, which takes seconds.
 *
 *     deno run scripts/image.ts
 *
 * @module
 */

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { openEmbedded } from "../lib/pg/embedded.ts";
import { cachedImagePath, SHIPPED_IMAGE } from "../lib/pg/embedded_image.ts";

const target = fileURLToPath(SHIPPED_IMAGE);

/** Opens a throw-away cluster under a cache of our own; opening keeps its image there. */
async function makeImage(): Promise<void> {
  const cache = await Deno.makeTempDir({ prefix: "pawl-image-" });
  try {
    Deno.env.set("XDG_CACHE_HOME", cache);
    const session = await openEmbedded({ directory: undefined });
    await session.close();
    const image = cachedImagePath();
    if (image === undefined) {
      throw new Error("the embedded database has kept no image");
    }
    await Deno.mkdir(dirname(target), { recursive: true });
    const draft = `${target}.${crypto.randomUUID()}`;
    await Deno.copyFile(image, draft);
    await Deno.rename(draft, target);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

const exists = await Deno.stat(target).then(() => true, () => false);
if (!exists) await makeImage();
