// The module that Temporal loads in the sandbox. `nightshift-app` is the user's module, by an alias of the bundler.
import * as exported from 'nightshift-app';
import { collectApp } from '../definitions/app';

import * as self from './entry';
import { runWorkflow } from './run-workflow';

const app = collectApp(exported, 'the app');

// Temporal takes the export that is named like the workflow's type, else the default. Without a prototype there is no
// export named `toString` or `constructor`, so every handler name reaches the default.
Object.setPrototypeOf(self, null);

export default (input: unknown, soFar?: unknown): Promise<unknown> =>
  runWorkflow(app, input, soFar);
