/**
 * The client: emits events, looks at them, and reads and writes datastores, from any Node program. Never loads
 * Temporal's worker, which is native code.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { type ConnectOptions, resolveConfig } from './src/config';
import { type Health, readHealth } from './src/connections/health';
import { connectMongodb } from './src/connections/mongodb';
import { openTelemetryOf } from './src/connections/opentelemetry';
import { withClearErrors } from './src/connections/clear-errors';
import { connectTemporal } from './src/connections/temporal';
import { tracedStarts } from './src/connections/traced-starts';
import { createCrons, type Crons } from './src/crons/crons';
import { createClientDB } from './src/datastore/client-db';
import { createDatastores, type Datastores } from './src/datastore/datastores';
import { createRecords } from './src/datastore/records';
import { createSchemaLock } from './src/datastore/schema-lock';
import type { HandlerDefinition } from './src/definitions/app';
import { checkEvent, checkEvents } from './src/definitions/check-event';
import type { DatastoreFunctions } from './src/definitions/db';
import { eventFromJson } from './src/definitions/event-json';
import type { Type } from './src/definitions/types';
import type { WorkerDefinition } from './src/definitions/worker';
import { countEvents } from './src/events/count-events';
import { createEmitter } from './src/events/emit-event';
import { emitEach } from './src/events/emit-many';
import { createEventHandle, type EventHandle } from './src/events/event-handle';
import { type EventFilter, listEvents, type ListedEvent } from './src/events/list-events';
import { createRedriven } from './src/events/redriven';
import { createRedrives, type RedriveOperation, type RedriveOptions } from './src/events/redrives';
import { createFailures, type Failures } from './src/failures/failures';
import { createFlags, type Flag } from './src/flags/flags';
import { createMigrations, type Migrations } from './src/migrations/migrations';
import { createHeld } from './src/queues/held';
import { createMissingList, type MissingName } from './src/queues/missing-list';
import { redriveMissing } from './src/queues/redrive-missing';
import { createQueues, type Queues } from './src/queues/queues';
import { createRules } from './src/queues/rules';
import { createServedHandlers, type ServedHandler } from './src/queues/served-handlers';
import { workerStub } from './src/queues/worker-stub';
import { checkStorable } from './src/shared/check-storable';
import { createTraces, type Traces } from './src/traces/traces';
import { idsOf } from './src/shared/emit-many';
import { type EmitOptions, resolveEmit } from './src/shared/emit-options';
import { checkEventId } from './src/shared/names';
import type { RedriveStatus } from './src/shared/redrive';
import type { EventStatus } from './src/shared/status';

export type { ConnectOptions, MongodbOptions, TemporalOptions, TlsOptions } from './src/config';
export type { Explanation } from './src/definitions/db';
export type { Health, SeenProcess } from './src/connections/health';
export type { EventDescription, EventError, EventHandle } from './src/events/event-handle';
export type { EventRun } from './src/events/runs';
export type { CronDescription, Crons } from './src/crons/crons';
export type { PausedCron, PauseOptions } from './src/crons/pause-note';
export type { StuckTask } from './src/events/stuck-task';
export type { DatastoreInfo, Datastores } from './src/datastore/datastores';
export type {
  PageOptions,
  QueryAnswer,
  RecordEntry,
  RecordVersion,
} from './src/datastore/stored-records';
export type { FailureFilter, FailureGroup, Failures } from './src/failures/failures';
export type { EventFilter, ListedEvent } from './src/events/list-events';
export type { RedriveOperation, RedriveOptions } from './src/events/redrives';
export type { Flag } from './src/flags/flags';
export type {
  MigrationHandle,
  Migrations,
  StartMigrationOptions,
} from './src/migrations/migrations';
export type { Operation, PausableOperation } from './src/operations/operation';
export type { MissingName } from './src/queues/missing-list';
export type { Queues, ResumeOperation, ResumeOptions, RuleOutcome } from './src/queues/queues';
export type { Queue, QueueStanding } from './src/queues/queue';
export type { ServedHandler } from './src/queues/served-handlers';
export type { RuleNote } from './src/queues/rules';
export type { EmitOptions } from './src/shared/emit-options';
export type {
  FailedRecord,
  MigrationCounts,
  MigrationProgress,
  MigrationReport,
  MigrationState,
} from './src/shared/migration';
export type {
  RedriveProblem,
  RedriveProgress,
  RedriveState,
  RedriveStatus,
} from './src/shared/redrive';
export type { FailedCanary, ResumeProgress, ResumeState } from './src/shared/resume';
export type { QueueState, Rule, RuleAction, RuleChange, RuleKind } from './src/shared/rules';
export type {
  AttemptTrace,
  Cut,
  ErrorTrace,
  EventRef,
  LogTrace,
  StepTrace,
  Trace,
} from './src/traces/trace';
export type { Traces } from './src/traces/traces';
export type { EventStatus } from './src/shared/status';

/** How an event is emitted by a client: see `client.emit`. */
export interface ClientEmitOptions extends EmitOptions {
  readonly json?: boolean;
}

/**
 * An app, from any Node program. Closing it, also by `await using`, ends its connections. While a server is away each of
 * its methods rejects with code `temporal_unreachable`, after tries of some 20 seconds, or `mongodb_unavailable`; after
 * `close` with code `usage`.
 */
export interface NightshiftClient extends AsyncDisposable {
  /** The app's name. */
  readonly name: string;
  /**
   * Emits `event`: the handler runs for it once, in its own time. Resolves when Temporal has stored it.
   *
   * @param handler the worker's definition (checks the event's type, also at run time), or its name
   * @param options.id accepted once; a repeated one gives the first event, with `repeated: true`. Default: a new one
   * @param options.delay wait before the handler starts; ms or e.g. `'5 minutes'`, at most 36,500 days. Default 0
   * @param options.at the moment at which the handler starts, instead of `delay`; one in the past is now
   * @param options.json true for an event that came as JSON, which has no dates: where the worker's definition expects
   *   one, an ISO text becomes one. Default false
   * @throws {InvalidInputError} code `event_invalid`, `value_not_storable`, `value_too_large`, `handler_name_invalid` or
   *   `duration_invalid`: nothing is started then
   * @throws {ConflictError} code `event_id_taken` if the id belongs to an event of another handler
   * @example
   * const event = await client.emit({ orderId: 'o-1' }, 'orderPaid', { id: 'paid-o-1' });
   * console.log(await event.result());
   */
  emit<Event>(
    event: NoInfer<Event>,
    handler: WorkerDefinition<Event>,
    options?: ClientEmitOptions,
  ): Promise<EventHandle>;
  /** The same by the handler's name: the value's type is not known here. */
  emit(event: unknown, handler: string, options?: ClientEmitOptions): Promise<EventHandle>;
  /**
   * Emits many events to one handler. Resolves to their ids, in order, when Temporal has stored them all. If it rejects,
   * some may be stored: call it again with the same `id`, and each is accepted once.
   *
   * @param options.id the events' ids are `<id>-0`, `<id>-1`, …, each accepted once. Default: a new one
   * @param options.delay as for `emit`; so is `at`
   * @throws {InvalidInputError} as `emit`: if one event is wrong, nothing is started
   * @throws {ConflictError} code `event_id_taken` if an id belongs to an event of another handler
   * @example
   * await client.emitMany([{ to: 'paul@example.com' }, { to: 'eva@example.com' }], 'sendWelcome', { id: 'news-7' });
   */
  emitMany<Event>(
    events: readonly NoInfer<Event>[],
    handler: WorkerDefinition<Event>,
    options?: EmitOptions,
  ): Promise<string[]>;
  /** The same by the handler's name: the values' type is not known here. */
  emitMany(events: readonly unknown[], handler: string, options?: EmitOptions): Promise<string[]>;
  readonly events: {
    /** The event of this id; whether it exists shows when it is asked something. */
    get(id: string): EventHandle;
    /** Unfinished ones first, then the newest. May be late by some milliseconds. */
    list(filter?: EventFilter): Promise<ListedEvent[]>;
    /** How many there are by status; `scheduled` ones count as `locked`. May be late by some milliseconds. */
    count(
      filter?: Pick<EventFilter, 'handler'>,
    ): Promise<Record<Exclude<EventStatus, 'scheduled'>, number>>;
    /**
     * Begins events anew that ended in `error`, or as `missing`: the same id, a new run, attempt 1; oldest first, each
     * once. Resolves when Temporal has stored that it is to be done; the worker processes do it. What fails after the
     * call is not taken along. An event whose history is gone is passed over and reported.
     * @throws {ConflictError} code `redrive_running` if one of this handler and status runs
     * @throws {InvalidInputError} code `redrive_invalid`, `rate_invalid`, `handler_name_invalid` or `event_invalid`
     * @example
     * const redrive = await client.events.redrive({ handler: 'sendWelcome', text: 'ECONNREFUSED', rate: 20 });
     * console.log(await redrive.result());
     */
    redrive(options: RedriveOptions): Promise<RedriveOperation>;
    /** The redrive of a handler that was begun last. Default status `error`. */
    redriving(handler: string, status?: RedriveStatus): RedriveOperation;
  };
  /** The events of each handler that are not finished, and the rules that hold them. */
  readonly queues: Queues;
  readonly handlers: {
    /** The app's workers and crons, by name, as the worker process says that was started last. */
    list(): Promise<ServedHandler[]>;
  };
  /** What runs on its own, at its times: see `cron` of `nightshift`. */
  readonly crons: Crons;
  /** The 404 list: names that events were emitted to and that no handler had. */
  readonly missing: {
    /** Most events first. */
    list(): Promise<MissingName[]>;
    /** @throws {NotFoundError} code `missing_not_found` */
    get(name: string): Promise<MissingName>;
    /**
     * TypeScript source of a worker for this name: its event's type is what the newest events have in common.
     * @throws {NotFoundError} code `missing_not_found`
     */
    stub(name: string): Promise<string>;
    /**
     * Takes the name off the list, until the next event to it. Its events stay as they are.
     * @throws {NotFoundError} code `missing_not_found`
     */
    forget(name: string): Promise<void>;
    /**
     * Runs the events of a name that has a handler now, in order of emission, each once; then the name leaves the list.
     * @throws {ConflictError} code `still_missing` if no handler of that name is served
     */
    redrive(name: string, options?: Pick<RedriveOptions, 'rate'>): Promise<RedriveOperation>;
  };
  /** Why events failed for good. */
  readonly failures: Failures;
  /** What past events did, step by step. */
  readonly traces: Traces;
  /** The datastores that there are: see `DB` for what is in them. */
  readonly datastores: Datastores;
  /** Copies of datastores into others: see `migration` of `nightshift`. */
  readonly migrations: Migrations;
  /** Switches that handlers ask for: see `flag` of `nightshift`. */
  readonly flags: {
    /** All that were ever set, by name. */
    list(): Promise<Flag[]>;
    /**
     * Switches a flag: events that begin from now on see it so.
     * @throws {InvalidInputError} code `flag_invalid`
     * @example await client.flags.set('new-mailer', true)
     */
    set(name: string, on: boolean): Promise<void>;
  };
  /** The functions on datastores, as in handlers. */
  readonly DB: DatastoreFunctions;
  /** Versions of both servers, and the worker processes seen in the last minutes. */
  health(): Promise<Health>;
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * Connects to an app's Temporal and MongoDB.
 * @param options what is left out comes from the environment, else from defaults: see `ConnectOptions`
 * @throws {ConfigError} code `config_invalid`, `temporal_unreachable` or `mongodb_unreachable`
 * @example
 * const client = await connect({ name: 'shop' });
 * await client.emit({ id: '1' }, 'onSignup');
 * await client.close();
 */
export async function connect(options: ConnectOptions = {}): Promise<NightshiftClient> {
  const config = resolveConfig(options);
  const { name, mongodb: mongodbConfig } = config;
  const openTelemetry = await openTelemetryOf(config);
  const interceptors = openTelemetry === undefined ? [] : [tracedStarts(openTelemetry)];
  const temporal = await connectTemporal(config.temporal, interceptors);
  const mongodb = await connectMongodb(mongodbConfig.uri, name).catch(async (error: unknown) => {
    await temporal.close();
    throw error;
  });
  const now = (): Date => new Date();
  const deps = {
    client: temporal.client,
    app: name,
    now: Date.now,
    rules: createRules(mongodb.db, now),
    held: createHeld(mongodb.db, now),
    redriven: createRedriven(mongodb.db, now),
  };
  const emitter = createEmitter({ ...deps, eager: false });
  const missing = createMissingList(mongodb.db, now);
  const flags = createFlags(mongodb.db, now);
  const served = createServedHandlers(mongodb.db, now);
  const redrives = createRedrives(deps);
  const lock = createSchemaLock(mongodb.db);
  const records = createRecords({ db: mongodb.db, lock });
  const queues = createQueues({
    ...deps,
    served,
    missing,
  });
  const typeOf = async (handler: HandlerDefinition | string): Promise<Type | undefined> => {
    if (typeof handler !== 'string') return handler.options.event;
    return (await served.list())?.find(({ name }) => name === handler)?.event;
  };
  let closing: Promise<unknown> | undefined;
  const close = async (): Promise<void> => {
    closing ??= Promise.all([temporal.close(), mongodb.close(), openTelemetry?.flush()]);
    await closing;
  };
  const members: Omit<NightshiftClient, 'name' | 'close' | typeof Symbol.asyncDispose> = {
    async emit(
      given: unknown,
      handler: string | HandlerDefinition,
      { json = false, ...options }: ClientEmitOptions = {},
    ) {
      const event = json ? eventFromJson(await typeOf(handler), given) : given;
      const handlerName = checkEvent(event, handler);
      checkStorable(event, 'event');
      const { id = randomUUID(), ...start } = resolveEmit(options, Date.now());
      const { repeated } = await emitter.emit(event, handlerName, { id, ...start });
      return createEventHandle(id, deps, repeated);
    },
    async emitMany(
      events: readonly unknown[],
      handler: string | HandlerDefinition,
      options: EmitOptions = {},
    ) {
      const handlerName = checkEvents(events, handler);
      const { id = randomUUID(), ...when } = resolveEmit(options, Date.now());
      const ids = idsOf(id, events.length);
      if (ids.length > 0) checkEventId(ids.at(-1));
      await emitEach(emitter, events, handlerName, { ...when, ids });
      return ids;
    },
    events: {
      get(id) {
        checkEventId(id);
        return createEventHandle(id, deps);
      },
      list: (filter = {}) => listEvents(filter, deps),
      count: (filter = {}) => countEvents(filter, deps),
      redrive: (options) => redrives.start(options),
      redriving: (handler, status = 'error') => redrives.get(handler, status),
    },
    queues,
    handlers: {
      list: async () =>
        [...((await served.list()) ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1)),
    },
    crons: createCrons({ ...deps, emitter, served }),
    missing: {
      list: () => missing.list(),
      get: (handler) => missing.get(handler),
      async stub(handler) {
        const { events } = await missing.get(handler);
        return workerStub(
          handler,
          events.map(({ event }) => event),
        );
      },
      forget: (handler) => missing.forget(handler),
      redrive: (name, options) => redriveMissing(name, options, { served, redrives }),
    },
    failures: createFailures(deps),
    traces: createTraces(deps),
    datastores: createDatastores(mongodb.db, lock, records),
    migrations: createMigrations(deps),
    flags: { list: () => flags.list(), set: (name, on) => flags.set(name, on) },
    DB: createClientDB(records),
    health: () => readHealth(temporal.client, mongodb.db, name, config.temporal.address),
  };
  const isClosed = (): boolean => closing !== undefined;
  const clear = withClearErrors(members, { temporal: config.temporal, isClosed });
  return { name, ...clear, close, [Symbol.asyncDispose]: close };
}
