type Activity = (...args: unknown[]) => Promise<unknown>;

/** The same activities, each as `wrap` makes it. */
export function wrapEach<A extends object>(
  activities: A,
  wrap: (activity: Activity) => Activity,
): A {
  const entries = Object.entries(activities as Record<string, Activity>);
  return Object.fromEntries(entries.map(([name, activity]) => [name, wrap(activity)])) as A;
}
