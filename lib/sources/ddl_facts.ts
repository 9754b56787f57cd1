/**
 * What a statement defines and what it mentions, by PostgreSQL's own parser.
 * Hints only: names without what they mean, so that an order can be tried. It
 * knows parse trees; it must not know databases.
 *
 * @module
 */

/** A name as it is written: what stands before the dot may be a schema. */
export interface MentionedName {
  /** The part before, where there is one. */
  readonly schema: string | undefined;
  /** The name itself. */
  readonly name: string;
}

/** What is known of a statement. */
export interface DdlFacts {
  /** The type of the parse tree's node, such as `CreateStmt`; "" for what is no SQL. */
  readonly node: string;
  /** What it defines; a schema with its elements defines several things. */
  readonly defines: readonly MentionedName[];
  /** Every name in it that may be another object's. */
  readonly mentions: readonly MentionedName[];
  /** The relation that it changes or adds to. */
  readonly changes: MentionedName | undefined;
  /**
   * What it waits for where nothing that it mentions decides: 0 what all else
   * may need; 1 most; 2 keys and indexes, which a partition that is attached
   * later would get from its parent, and then have twice; 3 what needs the keys
   * of other tables; 4 what changes how everything behind it is made; 5 what
   * may refuse, or write down, everything behind it.
   */
  readonly stage: 0 | 1 | 2 | 3 | 4 | 5;
}

/** Parses one statement. */
export type ReadFacts = (sql: string) => DdlFacts;

/** A statement longer than this is data rather than DDL; the parser takes a hundred times its size. */
const LONGEST = 1 << 20;

const NOTHING: DdlFacts = {
  node: "",
  defines: [],
  mentions: [],
  changes: undefined,
  stage: 1,
};

/**
 * Loads the parser (PostgreSQL 18's, as WebAssembly).
 *
 * @returns What reads one statement; what the parser refuses has no facts.
 */
export async function loadFacts(): Promise<ReadFacts> {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return (sql) => {
    if (sql.length > LONGEST) return NOTHING;
    let tree: unknown;
    try {
      tree = parseSync(sql);
    } catch {
      return NOTHING;
    }
    return factsOf(tree);
  };
}

/** Keys under which a new object's name stands, by node. */
const NAME_KEYS: { readonly [node: string]: string } = {
  CreateStmt: "relation",
  CreateForeignTableStmt: "base",
  ViewStmt: "view",
  CreateTableAsStmt: "into",
  CreateSeqStmt: "sequence",
  IndexStmt: "idxname",
  CompositeTypeStmt: "typevar",
  CreateEnumStmt: "typeName",
  CreateRangeStmt: "typeName",
  CreateDomainStmt: "domainname",
  DefineStmt: "defnames",
  CreateFunctionStmt: "funcname",
  CreateSchemaStmt: "schemaname",
  CreateExtensionStmt: "extname",
  CreateRoleStmt: "role",
  CreateFdwStmt: "fdwname",
  CreateForeignServerStmt: "servername",
  CreatePLangStmt: "plname",
  CreatePublicationStmt: "pubname",
  CreateEventTrigStmt: "trigname",
  CreateStatsStmt: "defnames",
  CreateAmStmt: "amname",
  CreateOpClassStmt: "opclassname",
  CreateOpFamilyStmt: "opfamilyname",
  CreateConversionStmt: "conversion_name",
};

const STAGES: { readonly [node: string]: DdlFacts["stage"] } = {
  CreateSchemaStmt: 0,
  CreateRoleStmt: 0,
  CreateExtensionStmt: 0,
  IndexStmt: 2,
  CreateTrigStmt: 3,
  AlterDefaultPrivilegesStmt: 4,
  CreateEventTrigStmt: 5,
};

/** Keys of lists of strings that name columns, labels and the like. */
const NO_NAMES: ReadonlySet<string> = new Set([
  "fields",
  "keys",
  "pk_attrs",
  "fk_attrs",
  "fk_del_set_cols",
  "including",
  "colNames",
  "colnames",
  "aliascolnames",
  "aliases",
  "vals",
  "columns",
  "priv_name",
]);

/** Keys of plain texts that name another object. */
const NAME_TEXTS: ReadonlySet<string> = new Set([
  "servername",
  "fdwname",
  "schemaname",
  "newschema",
  "accessMethod",
  "pubname",
  "idxname",
  "indexname",
]);

const SEQUENCE_FUNCTIONS: ReadonlySet<string> = new Set([
  "nextval",
  "currval",
  "setval",
  "to_regclass",
]);

function factsOf(tree: unknown): DdlFacts {
  const [statement] = list(property(tree, "stmts"));
  const [node, body] = entry(property(statement, "stmt"));
  const collector = new Collector();
  collector.visit(body);
  const elements = list(property(body, "schemaElts")).map(entry);
  const defines = [[node, body] as const, ...elements].flatMap(
    ([type, tree]) => {
      const key = NAME_KEYS[type];
      const name = key === undefined ? undefined : nameOf(property(tree, key));
      return name === undefined ? [] : [name];
    },
  );
  const constraints = list(property(body, "cmds")).flatMap((item) => {
    const command = property(item, "AlterTableCmd");
    const added = property(property(command, "def"), "Constraint");
    return added === undefined ? [] : [added];
  });
  for (const constraint of constraints) {
    // Its index has its name, and may be attached by it.
    const name = nameOf(property(constraint, "conname"));
    if (name !== undefined) defines.push(name);
  }
  const own = new Set(defines.map(({ name }) => name));
  return {
    node,
    defines,
    mentions: collector.names.filter(({ name }) => !own.has(name)),
    changes: nameOf(property(body, "relation") ?? property(body, "table")),
    stage: STAGES[node] ??
      (constraints.some(isForeign) ? 3 : constraints.length > 0 ? 2 : 1),
  };
}

function isForeign(constraint: unknown): boolean {
  return property(constraint, "contype") === "CONSTR_FOREIGN";
}

/** A name as a range variable, a list of strings or a text. */
function nameOf(value: unknown): MentionedName | undefined {
  if (typeof value === "string") return { schema: undefined, name: value };
  const strings = stringsOf(value);
  const last = strings?.at(-1);
  if (last !== undefined) return { schema: strings?.at(-2), name: last };
  // CREATE FOREIGN TABLE and CREATE TABLE AS have it one level down.
  const inner = property(value, "relation") ?? property(value, "rel") ?? value;
  const name = property(inner, "relname");
  const schema = property(inner, "schemaname");
  return typeof name === "string"
    ? { name, schema: typeof schema === "string" ? schema : undefined }
    : undefined;
}

/** Collects every name of a tree. */
class Collector {
  readonly names: MentionedName[] = [];

  visit(value: unknown, key = ""): void {
    if (Array.isArray(value)) {
      const strings = NO_NAMES.has(key) ? undefined : stringsOf(value);
      if (strings === undefined) { for (const item of value) this.visit(item); }
      else this.#add(strings);
      return;
    }
    if (typeof value !== "object" || value === null) {
      if (typeof value === "string" && NAME_TEXTS.has(key)) this.#add([value]);
      return;
    }
    const range = nameOf(value);
    if (range !== undefined) {
      this.names.push(range);
      if (range.schema !== undefined) this.#add([range.schema]);
    }
    this.#addConstant(value);
    for (const [name, inner] of Object.entries(value)) this.visit(inner, name);
  }

  /** Of `a.b` both may be names: a schema and its table, or a table and its column. */
  #add(strings: readonly string[]): void {
    for (const [i, name] of strings.entries()) {
      this.names.push({ schema: strings[i - 1], name });
    }
  }

  /** `'app.s'::regclass`, and nextval('app.s') without the cast. */
  #addConstant(value: object): void {
    const call = property(value, "FuncCall");
    const called = stringsOf(property(call, "funcname"))?.at(-1) ?? "";
    if (SEQUENCE_FUNCTIONS.has(called)) {
      for (const argument of list(property(call, "args"))) {
        this.#addText(constantOf(argument));
      }
    }
    const cast = property(value, "TypeCast");
    const type = stringsOf(property(property(cast, "typeName"), "names"));
    if (type?.at(-1)?.startsWith("reg")) {
      this.#addText(constantOf(property(cast, "arg")));
    }
    const option = property(value, "DefElem");
    if (property(option, "defname") === "schema") {
      this.#addText(
        property(property(property(option, "arg"), "String"), "sval"),
      );
    }
  }

  #addText(text: unknown): void {
    if (typeof text !== "string") return;
    this.#add(text.replace(/\(.*$/, "").replaceAll('"', "").split("."));
  }
}

function constantOf(value: unknown): unknown {
  const direct = property(property(property(value, "A_Const"), "sval"), "sval");
  return direct ??
    (property(value, "TypeCast") === undefined
      ? undefined
      : constantOf(property(property(value, "TypeCast"), "arg")));
}

/** The texts of a list of String nodes; undefined for anything else. */
function stringsOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const strings: string[] = [];
  for (const item of value) {
    const text = property(property(item, "String"), "sval");
    if (typeof text !== "string") return undefined;
    strings.push(text);
  }
  return strings;
}

function entry(value: unknown): readonly [string, unknown] {
  const [first] = typeof value === "object" && value !== null
    ? Object.entries(value)
    : [];
  return first ?? ["", undefined];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? Reflect.get(value, key)
    : undefined;
}
