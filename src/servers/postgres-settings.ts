/** Settings of PostgreSQL under DocumentDB. They go on the command line, so that existing data get new ones too. */
const SETTINGS: Readonly<Record<string, string>> = {
  shared_preload_libraries: 'pg_cron,pg_documentdb_core,pg_documentdb',
  'cron.database_name': 'postgres',
  'cron.log_run': 'off',
  'cron.log_statement': 'off',
  // Jobs remember the port they were created at, which is not the one of this start; workers inside need none.
  'cron.use_background_workers': 'on',
  max_worker_processes: '32',
  'documentdb.enableSchemaValidation': 'true',
  'documentdb.enableBypassDocumentValidation': 'true',
  // The gateway's pool, cursors that keep a connection of their own, and DocumentDB's workers.
  max_connections: '300',
  unix_socket_directories: '',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  jit: 'off',
};

/** The settings, with `more` added or replaced, as `-c name=value` arguments. */
export function postgresArguments(more: Readonly<Record<string, string>>): string[] {
  return Object.entries({ ...SETTINGS, ...more }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
}
