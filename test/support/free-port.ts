import { execFileSync } from 'node:child_process';

const FIND =
  "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })";

/** A port that nobody has at this moment; found at once, so that a test file can name it where it is declared. */
export const freePort = (): number =>
  Number(execFileSync(process.execPath, ['-e', FIND], { encoding: 'utf8' }));
