import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './config';

/** The version of this package. */
export const version = (
  JSON.parse(readFileSync(join(projectRoot(__dirname), 'package.json'), 'utf8')) as {
    version: string;
  }
).version;
