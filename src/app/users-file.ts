import { dirname, join, sep } from 'node:path';
import { projectRoot } from '../config';
import { indexPath } from './index-path';

const MODULE = /\.[cm]?[jt]s$/;

const root = projectRoot(dirname(indexPath));
const ours = [join(root, 'src'), join(root, 'dist'), join(root, 'index.ts')];

/** Whether a file is one of this package. */
export const isOurs = (file: string): boolean => ours.some((path) => file.startsWith(path));

/** Whether a file is a module of an app: neither this package's nor an installed one's. */
export const isUsersFile = (file: string): boolean =>
  MODULE.test(file) && !file.split(sep).includes('node_modules') && !isOurs(file);
