import { activityInfo, ApplicationFailure } from '@temporalio/activity';

/**
 * Answers for activities that the app does not have: Temporal's own answer names those of this package, and logs the
 * whole task. Tried again as any other failure: the next worker process may be of newer code.
 */
export const unknownActivity = (names: readonly string[]) => (): never => {
  const { activityType } = activityInfo();
  const there = names.length === 0 ? 'it has none' : `it has: ${names.join(', ')}`;
  throw ApplicationFailure.create({
    type: 'usage',
    message: `The app has no activity "${activityType}"; ${there}; export it from the file with the activities`,
  });
};
