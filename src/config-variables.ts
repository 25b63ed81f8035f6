interface VariableText {
  readonly meaning: string;
  readonly default: string;
  /** The option of `connect` and `createWorker` that goes before it. */
  readonly option?: string;
}

/** The variables of the environment that Nightshift reads. `docs/configuration.md` is made from this. */
export const VARIABLES = {
  NIGHTSHIFT_NAME: {
    meaning:
      'The app: its Temporal task queue and its MongoDB database. 1 to 48 letters, digits, `-` or `_`',
    default: 'the name in the nearest package.json, else the name of the folder',
    option: '`name`',
  },
  NIGHTSHIFT_RETRY_DELAY: {
    meaning: "Stands in for every handler's own `retry.delay`, e.g. `10s`",
    default: "each handler's own",
    option: '`retryDelay` of `createWorker`',
  },
  NIGHTSHIFT_ENCRYPTION_KEY: {
    meaning:
      '[Encrypts](encryption.md) what Temporal stores of values and errors: `<id>:<32 bytes in base64>`, several with commas between; the first encrypts, all of them read',
    default: 'nothing is encrypted',
    option: '`temporal.encryptionKey`',
  },
  NIGHTSHIFT_METRICS: {
    meaning: 'Where a worker process serves [metrics](metrics.md), e.g. `127.0.0.1:9464`',
    default: 'nowhere',
    option: '`metrics` of `createWorker`',
  },
  NIGHTSHIFT_OPENTELEMETRY: {
    meaning:
      '`true`: events and their steps become [spans of OpenTelemetry](metrics.md#opentelemetry)',
    default: '`false`',
    option: '`openTelemetry`',
  },
  'OTEL_*': {
    meaning:
      "OpenTelemetry's own variables, read by its packages: `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER`, …",
    default: "OpenTelemetry's own; the service is the app's name",
  },
  NIGHTSHIFT_BUILD_ID: {
    meaning: 'Names the code that a worker process serves: see [deploying](deploying.md)',
    default: 'none: events run on whatever code is served',
    option: '`buildId` of `createWorker`',
  },
  NIGHTSHIFT_SHUTDOWN_GRACE: {
    meaning: 'How long activities may go on when a worker process is told to stop',
    default: '`10 seconds`',
    option: '`shutdownGrace` of `createWorker`',
  },
  NIGHTSHIFT_CALL_STACKS: {
    meaning:
      '`true`: `temporal workflow stack` tells where a running event waits, at a fifth more work an event',
    default: '`false`',
    option: '`callStacks` of `createWorker`',
  },
  NIGHTSHIFT_TOKEN: {
    meaning: 'Who sends it may do everything on the [dashboard](dashboard.md), and emit over HTTP',
    default: 'nobody but this machine can reach the dashboard',
  },
  NIGHTSHIFT_READ_TOKEN: {
    meaning: 'Who sends it may look at the dashboard, and change nothing',
    default: 'none',
  },
  MONGODB_URI: {
    meaning: 'MongoDB: `mongodb://…` or `mongodb+srv://…`. A replica set',
    default: '`mongodb://127.0.0.1:27017`',
    option: '`mongodb.uri`',
  },
  TEMPORAL_ADDRESS: {
    meaning: 'Temporal: `host:port`',
    default: '`localhost:7233`',
    option: '`temporal.address`',
  },
  TEMPORAL_NAMESPACE: {
    meaning: "Temporal's namespace",
    default: '`default`',
    option: '`temporal.namespace`',
  },
  TEMPORAL_API_KEY: {
    meaning: 'The API key of Temporal Cloud',
    default: 'none',
    option: '`temporal.apiKey`',
  },
  'TEMPORAL_TLS_*': {
    meaning:
      "TLS for Temporal, as Temporal's own tools take it: `TEMPORAL_TLS`, `TEMPORAL_TLS_CLIENT_CERT_PATH`, `TEMPORAL_TLS_CLIENT_KEY_PATH`, `TEMPORAL_TLS_SERVER_CA_CERT_PATH`, `TEMPORAL_TLS_SERVER_NAME`; `…_DATA` for contents instead of paths",
    default: 'TLS where there is an API key, else none',
    option: '`temporal.tls`',
  },
  'TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE': {
    meaning: "Temporal's own configuration file, and the profile in it",
    default: "Temporal's own",
  },
  NIGHTSHIFT_TEMPORAL_BINARY: {
    meaning: 'The `temporal` program for development',
    default: 'one on the PATH, else in the cache, else it is fetched',
  },
  MONGOMS_SYSTEM_BINARY: {
    meaning: 'The `mongod` program for development',
    default: 'one on the PATH, else in the cache, else it is fetched',
  },
  XDG_CACHE_HOME: {
    meaning:
      'Where the development servers are kept once they were fetched, in a folder `nightshift`',
    default: '`~/.cache`',
  },
  MONGOMS_VERSION: {
    meaning: 'Which MongoDB is fetched for development',
    default: 'one that is known to work',
  },
  'MONGOMS_DOWNLOAD_URL, MONGOMS_DOWNLOAD_MIRROR': {
    meaning: 'Where MongoDB is fetched from',
    default: "MongoDB's own site",
  },
} as const satisfies Readonly<Record<string, VariableText>>;
