import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type { App } from '../definitions/app';
import { MIGRATION_WORKFLOW, type MigrationInput } from '../shared/migration';
import { RESERVED_PREFIX } from '../shared/names';
import { REDRIVE_WORKFLOW, type RedriveInput } from '../shared/redrive';
import { RESUME_WORKFLOW, type ResumeInput } from '../shared/resume';
import type { Retry } from '../shared/retry';
import { runEvent } from './event';
import { type MigrationRun, runMigration } from './migration';
import { type RedriveRun, runRedrive } from './redrive';
import { type ResumeRun, runResume } from './resume';

/** A workflow is an event, under its handler's name; or, under a name of ours, an operation that must survive a crash. */
export function runWorkflow(app: App, input: unknown, soFar: unknown): Promise<unknown> {
  const { workflowType } = workflowInfo();
  if (!workflowType.startsWith(RESERVED_PREFIX))
    return runEvent(app.handlers, input, soFar as Retry | undefined);
  if (workflowType === MIGRATION_WORKFLOW) {
    return runMigration(app.migrations, input as MigrationInput, soFar as MigrationRun | undefined);
  }
  if (workflowType === RESUME_WORKFLOW)
    return runResume(input as ResumeInput, soFar as ResumeRun | undefined);
  if (workflowType === REDRIVE_WORKFLOW)
    return runRedrive(input as RedriveInput, soFar as RedriveRun | undefined);
  throw ApplicationFailure.nonRetryable(`Nightshift has no workflow "${workflowType}"`);
}
