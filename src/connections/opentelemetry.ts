import type * as api from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-node';
import type * as starts from '@temporalio/interceptors-opentelemetry/lib/client';
import type * as activities from '@temporalio/interceptors-opentelemetry/lib/worker';
import { exportOpenTelemetry, type ResolvedConfig } from '../config';
import { ConfigError, messageOf } from '../shared/errors';
import type { Logger } from '../shared/logger';
import { version } from '../version';

type Api = typeof api;

/** What makes spans, where they are asked for. */
export interface OpenTelemetry {
  readonly api: Api;
  readonly tracer: api.Tracer;
  /** Temporal's own. */
  readonly interceptors: Pick<typeof starts, 'OpenTelemetryWorkflowClientInterceptor'> &
    Pick<typeof activities, 'OpenTelemetryActivityInboundInterceptor'>;
  /**
   * What hands on spans that the tracer has not made, since the sandbox makes their ids.
   * @throws {ConfigError} code `config_invalid` if the program's own provider takes none
   */
  ending(): (span: EndedSpan) => void;
  /** Sends what there is. Never rejects: who cannot send spans loses nothing else. */
  flush(): Promise<void>;
}

export type EndedSpan = Omit<ReadableSpan, 'resource'>;

/** A provider of version 1 has the first of each pair, of version 2 the second. */
interface Provider {
  getActiveSpanProcessor?(): SpanProcessor;
  readonly _activeSpanProcessor?: SpanProcessor;
  readonly resource?: Resource;
  readonly _resource?: Resource;
}

const SET = 'switch them off: NIGHTSHIFT_OPENTELEMETRY=false, or the option "openTelemetry"';
const INSTALL =
  'npm install @opentelemetry/api@^1.9 @opentelemetry/sdk-trace-node@^1.30 @opentelemetry/resources@^1.30 @opentelemetry/exporter-trace-otlp-http@^0.57 @temporalio/interceptors-opentelemetry';

/** There is one for all of a process: programs and libraries find each other's spans by that. */
let ours: Promise<SpanProcessor> | undefined;

const SAID_EVERY_MS = 30_000;

/**
 * Undefined where no spans are asked for. Uses the tracer provider that the program has registered; if there is none,
 * registers one that sends to where OpenTelemetry's own variables say.
 * @param logger is told when spans cannot be sent
 * @throws {ConfigError} code `opentelemetry_missing`
 */
export async function openTelemetryOf(
  { openTelemetry = false, name }: Pick<ResolvedConfig, 'openTelemetry' | 'name'>,
  logger?: Logger,
): Promise<OpenTelemetry | undefined> {
  if (!openTelemetry) return undefined;
  // Not the whole package: it brings the sandbox's part, with a tracer of its own.
  const [otel, client, worker] = await loaded(() =>
    Promise.all([
      import('@opentelemetry/api'),
      import('@temporalio/interceptors-opentelemetry/lib/client/index.js'),
      import('@temporalio/interceptors-opentelemetry/lib/worker/index.js'),
    ]),
  );
  if (registered(otel) === undefined) ours ??= registerProvider(name);
  await ours;
  if (ours !== undefined && logger !== undefined) tellProblems(otel, logger);
  return {
    api: otel,
    tracer: otel.trace.getTracer('nightshift', version),
    interceptors: { ...client, ...worker },
    ending() {
      const { processor, resource } = partsOf(registered(otel));
      return (span) => processor.onEnd({ ...span, resource });
    },
    // One that is not ours is flushed by whoever registered it.
    flush: async () =>
      (await ours)?.forceFlush().catch((error) => otel.diag.error(messageOf(error))),
  };
}

/** The provider of this process, also where it came with another copy of the package. */
function registered({ trace, ProxyTracerProvider }: Api): Provider | undefined {
  const provider = trace.getTracerProvider();
  const none = new ProxyTracerProvider().getDelegate();
  const found = (provider as Partial<Proxied>).getDelegate?.() ?? provider;
  return found === none ? undefined : found;
}

interface Proxied {
  getDelegate(): object;
}

async function registerProvider(app: string): Promise<SpanProcessor> {
  exportOpenTelemetry(process.cwd());
  const [sdk, exporters, resources] = await loaded(() =>
    Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]),
  );
  const { Resource, detectResourcesSync, envDetectorSync } = resources;
  if (typeof Resource !== 'function')
    throw new ConfigError(
      'opentelemetry_missing',
      'Spans are switched on, and the packages of OpenTelemetry that are installed are not of version 1',
      { remedies: [INSTALL, 'or register a tracer provider of your own before', SET] },
    );
  const named = new Resource({ 'service.name': app });
  const processor = new sdk.BatchSpanProcessor(new exporters.OTLPTraceExporter());
  new sdk.NodeTracerProvider({
    resource: named.merge(detectResourcesSync({ detectors: [envDetectorSync] })),
    spanProcessors: [processor],
  }).register();
  return processor;
}

/** By itself OpenTelemetry says nothing where spans cannot be sent, and with each batch where it is asked to. */
function tellProblems({ diag, DiagLogLevel }: Api, logger: Logger): void {
  let saidAt = Number.NEGATIVE_INFINITY;
  const silent = (): void => {};
  const error = (text: string): void => {
    if (Date.now() - saidAt < SAID_EVERY_MS) return;
    saidAt = Date.now();
    logger.log('warn', 'spans cannot be sent', { error: messageIn(text) });
  };
  diag.setLogger(
    { error, warn: silent, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  );
}

/** It comes as JSON, with the stack. */
function messageIn(text: string): string {
  try {
    const { message, code } = JSON.parse(text) as { message?: string; code?: string };
    return [message, /^\d+$/.test(code ?? '') ? code : undefined].filter(Boolean).join(' '); // HTTP's
  } catch {
    return text.slice(0, 200);
  }
}

function partsOf(provider: Provider | undefined): { processor: SpanProcessor; resource: Resource } {
  const processor = provider?.getActiveSpanProcessor?.() ?? provider?._activeSpanProcessor;
  const resource = provider?.resource ?? provider?._resource;
  if (processor !== undefined && resource !== undefined) return { processor, resource };
  throw new ConfigError(
    'config_invalid',
    'Spans are switched on, and the tracer provider that this program has registered takes no spans of events',
    { remedies: ["register one of OpenTelemetry's own, of version 1 or 2", SET] },
  );
}

/** @throws {ConfigError} code `opentelemetry_missing`, naming the package */
async function loaded<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const [, name] = /^Cannot find (?:module|package) '([^']+)'/.exec(messageOf(error)) ?? [];
    if (name === undefined) throw error;
    throw new ConfigError(
      'opentelemetry_missing',
      `Spans are switched on, and the package ${packageOf(name)} is not installed`,
      { cause: error, details: { package: packageOf(name) }, remedies: [INSTALL, SET] },
    );
  }
}

const packageOf = (module: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module;
