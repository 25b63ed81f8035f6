import { join } from 'node:path';
import {
  createTestApp,
  type EventOutcome,
  exercise,
  replayTraces,
  type TestApp,
} from 'nightshift/testing';
import { adopt, addVaccinated, hire, Pets, petsOf, PetsV2, vaccinate } from '../app';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ app: require.resolve('../app') });
}, 120_000);
afterAll(() => app[Symbol.asyncDispose]());

test('employees, their pets, and a field that pets get later', async () => {
  await app.emit({ name: 'Paul' }, hire);
  const rex = await app.emit({ employee: 'Paul', name: 'Rex', species: 'dog' }, adopt);
  await app.emit({ employee: 'Paul', name: 'Nemo', species: 'fish' }, adopt);
  expect(await app.emit('Paul', petsOf)).toMatchObject({
    status: 'done',
    value: [
      { name: 'Rex', species: 'dog' },
      { name: 'Nemo', species: 'fish' },
    ],
  });

  const { migrations } = app.client;
  const trial = await (await migrations.start(addVaccinated, { dryRun: true })).result();
  expect(trial).toMatchObject({ total: 2, copied: 1, leftOut: 1, failed: 0 });
  expect(await app.DB.count(PetsV2)).toBe(0);

  const report = await (await migrations.start(addVaccinated)).result();
  expect(report.counts).toEqual({ source: 2, target: 1, equal: true });

  await app.emit(rex.id, vaccinate);
  expect(await app.DB.get(rex.id, PetsV2)).toEqual({
    name: 'Rex',
    species: 'dog',
    vaccinated: true,
  });
  expect(await app.DB.count(Pets)).toBe(2);
});

test('nobody adopts for an employee who is not there', async () => {
  const { status, error } = await app.emit(
    { employee: 'Nobody', name: 'Tom', species: 'cat' },
    adopt,
  );
  expect(status).toBe('error');
  expect(error?.message).toContain('has no record "Nobody" to update');
});

test('whoever is hired can be', () => exercise(app, hire, { runs: 20, check: nameIsRefused }));

/** A name is the key of a record, and a key must not be empty: nothing else may go wrong. */
function nameIsRefused({ status, error }: EventOutcome, event: unknown): void {
  const { name } = event as { name: string };
  if (status !== 'done' && name !== '') throw error ?? new Error(status);
}

replayTraces(join(__dirname, 'traces'), { app: require.resolve('../app') });
