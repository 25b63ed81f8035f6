import { relative } from 'node:path';
import type { NightshiftClient } from '../../client';
import { connectMongodb } from '../connections/mongodb';
import type { Project } from '../dashboard/project';
import { createDryRun } from '../rerun/dry-run';
import { saveTrace } from './save-trace';

interface ProjectDeps {
  readonly client: NightshiftClient;
  readonly mongodbUri: string;
  /** The file that exports the app's definitions, absolute. */
  readonly appPath: string;
  readonly cwd: string;
}

/** What the dashboard can do because the app's source is here. */
export function projectOf({ client, mongodbUri, appPath, cwd }: ProjectDeps): Project {
  return {
    async dryRun(id) {
      const mongodb = await connectMongodb(mongodbUri, client.name);
      try {
        const { name, traces } = client;
        return await createDryRun({ traces, db: mongodb.db, app: name, appPath }).run(id);
      } finally {
        await mongodb.close();
      }
    },
    saveTrace: async (id) => relative(cwd, await saveTrace(client, id, cwd)),
  };
}
