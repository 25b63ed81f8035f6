interface ErrorText {
  /** What has happened, as a sentence. */
  readonly cause: string;
  /** What to do about it, as a sentence. */
  readonly remedy: string;
}

/**
 * Every code an error of Nightshift can carry, with what a user wants to know of it. Codes are stable: programs may test
 * for them. `docs/errors.md` is made from this. `errors.ts` has it as a type only: its texts stay out of the sandbox.
 */
export const ERROR_CODES = {
  app_invalid: {
    cause:
      'The module of the app, or of its activities, throws when it is loaded, or exports nothing to serve.',
    remedy: 'Read the message of the module itself; export each worker, cron and datastore.',
  },
  app_not_found: {
    cause: 'There is no file at the path that was given for the app or its activities.',
    remedy: 'Give the file that exports your definitions, e.g. `npx nightshift dev app.ts`.',
  },
  build_unknown: {
    cause: 'No worker process of the build that is to be deployed was seen.',
    remedy:
      'Start one with that `NIGHTSHIFT_BUILD_ID`, then deploy it: see [deploying](deploying.md).',
  },
  bundle_failed: {
    cause:
      'The app cannot be made into the bundle that runs in the sandbox: an import is not found, or needs Node.',
    remedy: 'Mend the import that the message names; what needs Node belongs into activities.',
  },
  cancelled: {
    cause: 'Somebody cancelled the event, the durable operation or the command.',
    remedy: 'Nothing, if it was meant; an event can be redriven.',
  },
  capture_invalid: {
    cause:
      'A value that the lambda of a query takes from around it is missing, or of a type that cannot be compared.',
    remedy:
      'Pass it, by name, with the right type; in a client it is the last argument of the query.',
  },
  config_invalid: {
    cause:
      'An option, a variable of the environment or the configuration of a server is not as it must be.',
    remedy: 'Set what the message names; see [configuration](configuration.md).',
  },
  cron_invalid: {
    cause: 'The times or the options of a cron cannot be kept, or Temporal refuses them.',
    remedy: 'Write times as [crons](crons.md) shows.',
  },
  cron_not_found: {
    cause: 'The app that is served has no cron of that name.',
    remedy: 'Look at `npx nightshift crons`.',
  },
  datastore_unknown: {
    cause: 'A handler or a call uses a datastore that the app does not export.',
    remedy: 'Export the datastore from the module of the app.',
  },
  definition_duplicate: {
    cause:
      'Two definitions of an app have the same name; names of datastores that differ only in case count as the same.',
    remedy: 'Give each a name of its own.',
  },
  definition_invalid: {
    cause:
      'A definition is not well formed: a field, an option or the handler is not what it must be.',
    remedy: 'Mend the definition that the message names.',
  },
  duration_invalid: {
    cause:
      'A duration is neither a number of milliseconds nor a text such as `5 minutes`, or it is out of range.',
    remedy: 'Write e.g. `30s`, `5 minutes` or `3 days`.',
  },
  event_id_taken: {
    cause: 'The id given to an event belongs to an event of another handler.',
    remedy: 'Use another id, e.g. one that begins with the name of the handler.',
  },
  event_invalid: {
    cause:
      'The event does not fit the `event` schema of its worker, or its id or time cannot be one.',
    remedy: 'Emit a value with the fields that the message names. It is not retried.',
  },
  event_not_found: {
    cause: 'The app has no event of that id, or it ended so long ago that Temporal has deleted it.',
    remedy:
      'Look at `npx nightshift events`; keep events longer by the retention of the namespace.',
  },
  flag_invalid: {
    cause: 'The name or the value of a flag cannot be one.',
    remedy:
      'Set a flag to `on` or `off` (in code: true or false), under a name without spaces around it.',
  },
  folder_not_empty: {
    cause: '`nightshift init` was to make an app in a folder that holds something.',
    remedy: 'Name a folder that does not exist yet, or an empty one.',
  },
  handler_failed: {
    cause: 'The handler failed in its last attempt. The message is its own.',
    remedy: 'Look at `npx nightshift trace <id>`, mend the handler, and redrive the event.',
  },
  handler_name_invalid: {
    cause:
      'A name is empty, too long, reserved (`nightshift.`) or holds characters that a name cannot.',
    remedy: 'Choose another name.',
  },
  handler_unknown: {
    cause: 'The app that is served has no handler of that name.',
    remedy:
      'Look at the name: the nearest one stands in the message. Or export the worker from the module of the app.',
  },
  history_too_long: {
    cause: 'An event has taken so many steps, or stored so much, that Temporal would soon end it.',
    remedy:
      'Let the handler emit the rest as further events, or use `emitMany`, `getMany` and `query`: see [limits](limits.md).',
  },
  key_invalid: {
    cause: 'A key is no text of 1 to 1024 bytes.',
    remedy: 'Use another key, e.g. one that `DB.add` makes.',
  },
  migration_failed: {
    cause:
      'A migration met records that it could not convert, or whose result does not fit the new datastore.',
    remedy: 'Look at the records that the report lists, mend the migration, and run it again.',
  },
  migration_running: {
    cause: 'The migration runs already.',
    remedy:
      'Wait for its end, or cancel it: on the dashboard, or with `client.migrations.get(name)`.',
  },
  migration_unknown: {
    cause: 'The app that is served exports no migration of that name.',
    remedy: 'Export it, and start the worker process anew.',
  },
  missing: {
    cause: 'The app has no handler for the event, so it is on the 404 list.',
    remedy:
      'Write the handler (`npx nightshift missing <name> --stub` begins it), serve it, and redrive the events.',
  },
  missing_not_found: {
    cause: 'The name is not on the 404 list.',
    remedy: 'Look at `npx nightshift missing`.',
  },
  mongodb_unavailable: {
    cause:
      'No MongoDB could be found, downloaded or built for development; or the one in use stopped to answer.',
    remedy:
      'Follow the ways that the message lists, or set `MONGODB_URI`. A step waits and is tried again.',
  },
  mongodb_unreachable: {
    cause: 'MongoDB does not answer at its address.',
    remedy: 'Start it, or set `MONGODB_URI`. In development, `npx nightshift dev` starts one.',
  },
  not_blocked: {
    cause: 'The queue that was to be unblocked is not blocked.',
    remedy: 'Look at `npx nightshift queues`.',
  },
  not_paused: {
    cause: 'The queue that was to be resumed is not paused.',
    remedy: 'Look at `npx nightshift queues`.',
  },
  opentelemetry_missing: {
    cause:
      'Spans of OpenTelemetry are switched on, and a package that makes them is not installed.',
    remedy: 'Install what the message names; see [metrics](metrics.md#opentelemetry).',
  },
  operation_ended: {
    cause: 'A durable operation that was to be paused, resumed or cancelled has ended.',
    remedy: 'Nothing; its report says how it ended.',
  },
  operation_failed: {
    cause: 'A durable operation (resume, redrive, migration) could not go on.',
    remedy: 'Mend what the message names and start it again: what it did is not done twice.',
  },
  operation_not_found: {
    cause: 'There is no such durable operation, or it ended long ago.',
    remedy: 'Start it.',
  },
  payload_unreadable: {
    cause: 'What Temporal stores was encrypted with a key that is not given here.',
    remedy:
      'Give that key as well, in `NIGHTSHIFT_ENCRYPTION_KEY`: see [encryption](encryption.md).',
  },
  port_in_use: {
    cause: 'Another program listens on a port that a server needs.',
    remedy: 'End that program, or choose another port with the option that the message names.',
  },
  query_invalid: {
    cause:
      'A query cannot be made into one that MongoDB answers, or does not fit the fields of its datastore.',
    remedy: 'Write what the message suggests; see [queries](queries.md).',
  },
  rate_invalid: {
    cause: 'A rate or a canary is not a number in its range.',
    remedy: 'Give a rate above 0 (events a second), a canary that is a whole number from 1.',
  },
  record_corrupt: {
    cause:
      'A stored record does not fit the schema of its datastore: another program has written it.',
    remedy: 'Mend the record in MongoDB, or delete it with `DB.delete`.',
  },
  record_invalid: {
    cause: 'A value does not fit the fields of its datastore.',
    remedy:
      'Store a value with exactly those fields, of the types that the message names. It is not retried.',
  },
  record_not_found: {
    cause: 'The datastore has no record of that key, and the call needs one.',
    remedy: 'Use `DB.get`, which gives undefined, or `DB.set`, which makes one.',
  },
  redrive_invalid: {
    cause:
      'The selection of events to redrive cannot be one, or the events have changed meanwhile.',
    remedy: 'Look at the list anew and select from it.',
  },
  redrive_running: {
    cause: 'A redrive of this handler runs already.',
    remedy: 'Wait for its end, or cancel it.',
  },
  rule_invalid: {
    cause: 'The reason or the author of a pause or block is no text, or too long.',
    remedy: 'Give texts of at most 1,000 characters.',
  },
  schema_locked: {
    cause:
      'The fields of a datastore were changed in code, and it holds records of the old fields.',
    remedy:
      'Define the new fields under a new name and write a [migration](migrations.md); `DB.deleteAll` unlocks too.',
  },
  server_failed: {
    cause: 'A development server could not be started, or ended by itself.',
    remedy:
      'Read its log, which the message names, and start again. No event and no record is lost.',
  },
  servers_in_use: {
    cause: 'The development servers of this folder run already.',
    remedy: 'Use those, or end the process that the message names.',
  },
  shutdown_forced: {
    cause: 'A worker process was told to stop, and its activities did not end in time.',
    remedy:
      'Nothing is lost: they run again elsewhere. Let activities heed their cancellation, or raise `NIGHTSHIFT_SHUTDOWN_GRACE`.',
  },
  still_held: {
    cause: 'A canary would not run: something else holds the queue.',
    remedy: 'Lift that first, as the message says.',
  },
  still_missing: {
    cause:
      'Events of the 404 list were to be redriven, and no worker process serves their handler yet.',
    remedy: 'Write the handler, serve it, and redrive then.',
  },
  temporal_unavailable: {
    cause: 'No Temporal server could be found, downloaded or built for development.',
    remedy: 'Follow the ways that the message lists, or set `TEMPORAL_ADDRESS`.',
  },
  temporal_unreachable: {
    cause: 'Temporal does not answer at its address, or refuses the connection.',
    remedy: 'Start it, or set `TEMPORAL_ADDRESS`. In development, `npx nightshift dev` starts one.',
  },
  token_needed: {
    cause: 'The dashboard can be reached by others and has no token, or a request came without it.',
    remedy: 'Set `NIGHTSHIFT_TOKEN`; send it as `Authorization: Bearer …`.',
  },
  trace_invalid: {
    cause:
      'A file is no saved trace, or one of another version, or the event had not begun when it was saved.',
    remedy: 'Save it anew: `npx nightshift trace save <id>`.',
  },
  usage: {
    cause: 'A command or a function was called in a way that cannot work.',
    remedy: 'Call it as the message says; `--help` shows each command.',
  },
  value_not_storable: {
    cause:
      'An event, a result or an argument holds something that cannot be stored: a function, a class, a circle.',
    remedy:
      'Use plain data: texts, numbers, booleans, null, Dates, lists, objects. The message names the place.',
  },
  value_too_large: {
    cause: 'An event, a record, or what a call gives back is larger than 2 MB.',
    remedy: 'Store it in parts and pass keys; read with `DB.scan` or a query.',
  },
  write_conflict: {
    cause:
      'Many writers changed the same record or schedule at once, and this one did not come through.',
    remedy: 'Try again; spread the writes over more records.',
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
