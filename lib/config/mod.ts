/**
 * What `mod.ts` exports of the configuration: the types that a project's
 * settings are made of.
 *
 * @module
 */

export type { ConfigData, ConfigTable, ConfigValue } from "./config_data.ts";
export type {
  ConfigFile,
  Entries,
  Entry,
  EnvironmentTable,
  ProjectTable,
} from "./config_file.ts";
export type { DatabaseChoice } from "./database.ts";
export type { FlagValue } from "./read_value.ts";
export type { ProjectSettings, Settings, Timeouts } from "./settings_type.ts";
export type { Layout, LAYOUTS, TableName } from "./keys.ts";
export type { Layers } from "./layers.ts";
export type { SchemaSource } from "./kinds.ts";
export type { Variable, Variables } from "./variables.ts";
