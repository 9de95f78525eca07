import { shown } from '../../shown';
import { Objections } from '../objections';

const DRY_RUN = 'istio.io/dry-run';
/** What Go reads as a boolean. */
const BOOLEANS = ['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False'];

/** Objects to a dry run of an action that can't be tried, and to a value that isn't true or false. */
export function judgeDryRun(at: Objections, annotations: any, action: string): void {
  const value = annotations?.[DRY_RUN];
  if (value === undefined) return;
  if (!['ALLOW', 'DENY'].includes(action)) {
    objectToDryRun(at.at(DRY_RUN), `set with action '${action}'`, 'it with action ALLOW or DENY only', 'remove the annotation');
  } else if (!BOOLEANS.includes(value)) {
    objectToDryRun(at.at(DRY_RUN), shown(value), '\'true\' or \'false\'', 'write istio.io/dry-run: "true"');
  }
}

function objectToDryRun(at: Objections, actual: string, expected: string, fix: string): void {
  at.error({ code: 'ADMIT499', actual, expected, because: 'a dry run only logs what ALLOW or DENY would have decided', fix });
}
