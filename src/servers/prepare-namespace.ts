import { isGrpcServiceError, type ConnectionLike } from '@temporalio/client';
import { msToTs, tsToMs } from '@temporalio/common/lib/time';
import { ConfigError, messageOf } from '../shared/errors';
import { STATUS_ATTRIBUTE } from '../shared/status';

export interface PrepareNamespaceOptions {
  /** How long closed events must stay readable, in ms; a longer time already set is left. Default: not looked at. */
  readonly retentionMs?: number;
}

const KEYWORD = 2;
const NO_PERMISSION: readonly number[] = [
  7 /* denied */, 12 /* unimplemented */, 16 /* unauthenticated */,
];

/**
 * Brings a Temporal namespace in the shape that Nightshift needs: search attribute `NightshiftStatus` (Keyword) and, if
 * asked for, how long closed events are kept. Changes only what is missing, so it may be called at every start.
 * @throws {ConfigError} code `config_invalid` if it may not, naming the `temporal operator` command that does it.
 */
export async function prepareNamespace(
  connection: ConnectionLike,
  namespace: string,
  options: PrepareNamespaceOptions = {},
): Promise<void> {
  await permitted(
    `register the search attribute "${STATUS_ATTRIBUTE}" in namespace "${namespace}"`,
    `temporal operator search-attribute create --namespace ${namespace} --name ${STATUS_ATTRIBUTE} --type Keyword`,
    () => registerStatusAttribute(connection, namespace),
  );
  const { retentionMs } = options;
  if (retentionMs === undefined) return;
  await permitted(
    `set how long namespace "${namespace}" keeps closed workflows`,
    `temporal operator namespace update --namespace ${namespace} --retention ${Math.ceil(retentionMs / 3_600_000)}h`,
    () => raiseRetention(connection, namespace, retentionMs),
  );
}

async function registerStatusAttribute(
  { operatorService }: ConnectionLike,
  namespace: string,
): Promise<void> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const type: number | null | undefined = customAttributes?.[STATUS_ATTRIBUTE];
  if (type === KEYWORD) return;
  if (type != null) {
    throw new ConfigError(
      'config_invalid',
      `Search attribute "${STATUS_ATTRIBUTE}" of namespace "${namespace}" exists with another type than Keyword`,
      { remedies: ['Use another namespace for Nightshift, or remove the attribute'] },
    );
  }
  await operatorService.addSearchAttributes({
    namespace,
    searchAttributes: { [STATUS_ATTRIBUTE]: KEYWORD },
  });
}

async function raiseRetention(
  { workflowService }: ConnectionLike,
  namespace: string,
  retentionMs: number,
): Promise<void> {
  const { config } = await workflowService.describeNamespace({ namespace });
  const present = config?.workflowExecutionRetentionTtl;
  if (present != null && tsToMs(present) >= retentionMs) return;
  await workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: msToTs(retentionMs) },
  });
}

async function permitted(
  what: string,
  command: string,
  change: () => Promise<void>,
): Promise<void> {
  try {
    await change();
  } catch (cause) {
    if (!isGrpcServiceError(cause) || !NO_PERMISSION.includes(cause.code)) throw cause;
    throw new ConfigError('config_invalid', `Not permitted to ${what}: ${messageOf(cause)}`, {
      cause,
      remedies: [`Let an administrator of that Temporal server run once: ${command}`],
    });
  }
}
