import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestApp, type TestApp } from 'nightshift/testing';
import { onSignup, report, Users } from '../app.js';

// A real Temporal and a real MongoDB; a datastore and a queue that no other test sees.
let app: TestApp;
before(async () => {
  app = await createTestApp({ app: 'app.ts' });
});
after(() => app[Symbol.asyncDispose]());

test('who signs up is welcomed, stored and counted', async () => {
  const { status, value } = await app.emit({ name: 'Paul', email: 'paul@example.com' }, onSignup);
  assert.deepEqual({ status, value }, { status: 'done', value: 'Welcome, Paul' });
  assert.equal((await app.DB.get('paul@example.com', Users))?.name, 'Paul');
  assert.equal((await app.runCron(report.name)).value, 1);
});

test('an event without a name is refused', async () => {
  const { status, error } = await app.emit({ email: 'eva@example.com' }, 'onSignup');
  assert.equal(status, 'error');
  assert.match(error?.message ?? '', /\[name\]/);
});
