/**
 * Hears of errors that no line waits for, such as one thrown by a timer that a line has set, which would end the process.
 * Returns what ends the hearing.
 */
export function listenToStrayErrors(onError: (error: unknown) => void): () => void {
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return () => {
    process.off('uncaughtException', onError);
    process.off('unhandledRejection', onError);
  };
}
