type Close = () => Promise<void>;

// jest loads setup and teardown apart from each other, in one process: the global object is what they share.
const shared = globalThis as { nightshiftCloseServers?: Close };

export function keepForTeardown(close: Close): void {
  shared.nightshiftCloseServers = close;
}

export async function closeServers(): Promise<void> {
  await shared.nightshiftCloseServers?.();
}
