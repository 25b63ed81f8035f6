import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';
import type { Db } from 'mongodb';

/** One worker process that asked for events lately. */
export interface SeenProcess {
  /** `pid@host`. */
  readonly identity: string;
  readonly lastSeen: Date;
}

/** Versions of both servers, and which worker processes were seen lately. */
export interface Health {
  readonly temporal: {
    readonly version: string;
    /** `host:port`. */
    readonly address: string;
    readonly namespace: string;
  };
  readonly mongodb: {
    readonly version: string;
    readonly server: string;
    /** `host:port`, several with a comma between; nothing else of the URI. */
    readonly address: string;
    readonly database: string;
  };
  readonly processes: readonly SeenProcess[];
}

const WORKFLOW_QUEUE = 1;

/** Versions of both servers, and the worker processes that Temporal saw in the last minutes. */
export async function readHealth(
  client: Client,
  db: Db,
  app: string,
  address: string,
): Promise<Health> {
  const { workflowService } = client;
  const [system, build, queue] = await Promise.all([
    workflowService.getSystemInfo({}),
    db.command({ buildInfo: 1 }),
    workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: app },
      taskQueueType: WORKFLOW_QUEUE,
    }),
  ]);
  const processes = (queue.pollers ?? []).map(({ identity, lastAccessTime }) => ({
    identity: identity ?? 'unknown',
    lastSeen: new Date(lastAccessTime == null ? 0 : tsToMs(lastAccessTime)),
  }));
  return {
    temporal: {
      version: system.serverVersion ?? 'unknown',
      address,
      namespace: client.options.namespace,
    },
    mongodb: {
      address: db.client.options.hosts.map(String).join(', '),
      database: db.databaseName,
      version: String(build['version']),
      server: build['ferretdb'] === undefined ? 'MongoDB' : 'DocumentDB, as MongoDB',
    },
    processes,
  };
}
