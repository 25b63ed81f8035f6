import { DefaultFailureConverter } from '@temporalio/common';

/** Messages and stacks of errors become payloads, so that they are encrypted like values. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
