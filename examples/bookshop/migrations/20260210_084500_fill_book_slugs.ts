// pawl:message Give every book a slug

import type { MigrationDatabase } from "@pawl/pawl";

/** "Too Like the Lightning" → "too-like-the-lightning" */
function slugOf(title: string): string {
  return title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

export async function up(db: MigrationDatabase): Promise<void> {
  const books = await db.query(
    "SELECT id, title FROM books WHERE slug IS NULL",
  );
  for (const { id, title } of books) {
    await db.execute("UPDATE books SET slug = $1 WHERE id = $2", [
      slugOf(String(title)),
      String(id),
    ]);
  }
  db.log(`${books.length} slugs written`);
}

export async function down(db: MigrationDatabase): Promise<void> {
  await db.execute("UPDATE books SET slug = NULL");
}
