// What is exported here is served: workers, crons, datastores. Handlers may call `DB`, `emit`, `sleep` and what else
// nightshift exports; network, files and packages for Node belong into an activities.ts beside this file.
import { cron, datastore, DB, log, t, worker } from 'nightshift';

/** Who signed up, by e-mail address. */
export const Users = datastore('Users', { name: t.String, joined: t.Date });

/** Runs once for each event that is emitted to it. */
export const onSignup = worker(
  'onSignup',
  { event: t.Record({ name: t.String, email: t.String }) },
  async ({ name, email }) => {
    await DB.set({ name, joined: new Date() }, email, Users);
    log.info('signed up', { email });
    return `Welcome, ${name}`;
  },
);

/** Runs as soon as it is served, and then once a day: how many signed up in the last 24 hours. */
export const report = cron('report', 'Daily', async () => {
  const since = new Date(Date.now() - 86_400_000);
  return DB.queryCount(Users, (user) => user.joined >= since); // MongoDB counts, with an index
});
