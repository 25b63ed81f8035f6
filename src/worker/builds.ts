import type { Client } from '@temporalio/client';
import type { WorkerDeploymentOptions } from '@temporalio/worker';
import { orGone } from '../events/redrive-event';
import { NotFoundError } from '../shared/errors';

/** The module that pins events inside the bundle. */
export const versionedInterceptor = require.resolve('../workflows/versioned');

/** Temporal calls an app's builds the versions of a worker deployment of its name. */
export const deploymentOptions = (app: string, buildId: string): WorkerDeploymentOptions => ({
  version: { deploymentName: app, buildId },
  useWorkerVersioning: true,
  defaultVersioningBehavior: 'AUTO_UPGRADE',
});

/** The build that events begin on; undefined if that are worker processes without build ids. */
export async function currentBuild(client: Client, app: string): Promise<string | undefined> {
  const { workflowService, options } = client;
  const described = await orGone(() =>
    workflowService.describeWorkerDeployment({
      namespace: options.namespace,
      deploymentName: app,
    }),
  );
  const version = described?.workerDeploymentInfo?.routingConfig?.currentDeploymentVersion;
  return version?.buildId ?? undefined;
}

/**
 * Events begin on `buildId` from now on, and those that wait go along.
 * @throws {NotFoundError} code `build_unknown` if no worker process of that build was seen
 */
export async function makeCurrent(client: Client, app: string, buildId: string): Promise<void> {
  const { workflowService, options } = client;
  const changed = await orGone(() =>
    workflowService.setWorkerDeploymentCurrentVersion({
      namespace: options.namespace,
      deploymentName: app,
      buildId,
      identity: options.identity,
    }),
  );
  if (changed === undefined)
    throw new NotFoundError(
      'build_unknown',
      `App "${app}" has no worker process of build "${buildId}"`,
      {
        details: { app, buildId },
        remedies: [`start one: NIGHTSHIFT_BUILD_ID=${buildId} nightshift worker <app>`],
      },
    );
}
