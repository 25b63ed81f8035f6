import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './config';

/** The folder of this package: the clone, or where it is installed. */
export const packageRoot = projectRoot(__dirname);

/** The version of this package. */
export const version = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;
