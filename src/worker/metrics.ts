import type { MetricMeter } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Held } from '../queues/held';
import type { Logger } from '../shared/logger';
import { messageOf } from '../shared/errors';
import { METRICS } from '../shared/metrics';

/** The module that counts and times events inside the bundle. */
export const metricsInterceptor = require.resolve('../workflows/metrics');

const DB_CALL = /^DB::/;

/** Counts and times each try of a call of the datastores. */
export function measureDbCalls(meter: MetricMeter): ActivityInterceptorsFactory {
  const calls = meter.createCounter(METRICS.dbCalls);
  const times = meter.createHistogram(METRICS.dbTime, 'float', 's');
  return ({ info }) => {
    const name = info.activityType;
    if (!DB_CALL.test(name)) return {};
    const tags = { function: name.replace(DB_CALL, '') };
    const ended = (status: 'done' | 'error', began: number): void => {
      calls.add(1, { ...tags, status });
      times.record((performance.now() - began) / 1000, tags);
    };
    return {
      inbound: {
        async execute(input, next) {
          const began = performance.now();
          try {
            const value = await next(input);
            ended('done', began);
            return value;
          } catch (error) {
            ended('error', began);
            throw error;
          }
        },
      },
    };
  };
}

const EVERY_MS = 10_000;

/** Tells again and again how many events are held, until it is stopped. Each worker process of an app tells the same. */
export function measureHeld(
  meter: MetricMeter,
  held: Pick<Held, 'summary'>,
  app: string,
  logger: Logger,
): () => void {
  const gauge = meter.createGauge(METRICS.held);
  let told = new Set<string>();
  const tell = async (): Promise<void> => {
    try {
      const summary = await held.summary();
      for (const handler of told) if (!summary.has(handler)) gauge.set(0, { app, handler });
      for (const [handler, { count }] of summary) gauge.set(count, { app, handler });
      told = new Set([...told, ...summary.keys()]);
    } catch (error) {
      logger.log('debug', 'held events were not counted', { error: messageOf(error) });
    }
  };
  void tell();
  const timer = setInterval(() => void tell(), EVERY_MS).unref();
  return () => clearInterval(timer);
}
