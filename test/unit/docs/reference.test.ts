import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

test('every public symbol is documented, and every link in the reference leads somewhere', () => {
  const typedoc = join(ROOT, 'node_modules', 'typedoc', 'bin', 'typedoc');
  // typedoc.json makes each warning an error
  execFileSync(process.execPath, [typedoc, '--emit', 'none'], { cwd: ROOT });
}, 120_000);
