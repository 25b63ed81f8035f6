// npm run test:queries -- --runs 20000 [--seed 1]: the property test of queries, as long as you like.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
for (const [name, value] of Object.entries(values)) {
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`--${name} must be a positive number`);
}
console.log(`${values.runs} queries, seed ${values.seed}`);
const env = { ...process.env, RUNS: values.runs, SEED: values.seed, VERBOSE: '1' };
const jest = spawn('npx', ['jest', 'test/property/queries'], { env, stdio: 'inherit' });
jest.on('exit', (code) => process.exit(code ?? 1));
