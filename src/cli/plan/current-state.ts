import { Command, Option } from 'commander';
import { PlanOptions, planOptions, FolderPrinting } from './folders';
import { saidBy } from '../findings/configuration-text';
import { configurationNote, configured } from '../program/settings';
import { readTwoStates, TwoStates, twoStatesOptions } from '../program/two-states';
import { VerbContext } from '../program/verb';

/** Help about PATH for a plan that starts from one state. */
export const CURRENT_STATE_HELP = `
PATH is the current state: a file, a folder, a pattern in quotes, - for standard input, or git:REV[:PATH].
`;

/** The options of a plan that starts from one state. */
export function currentStateOptions(): readonly Option[] {
  return [...planOptions(), ...twoStatesOptions().filter(({ long }) => long !== '--onto')];
}

/**
 * Reads the state that a plan starts from; the state after differs only by what the plan changes.
 * Undefined if git can't read it, which is reported, or if a child process takes over.
 *
 * @param notManifests files to leave out if they lie among the manifests
 */
export async function readCurrentState<O extends PlanOptions>(
  verb: Command, context: VerbContext, path: string, values: O, notManifests: readonly string[] = [],
): Promise<{ readonly read: TwoStates; readonly options: O; readonly printing: FolderPrinting } | undefined> {
  const { options, configuration } = configured(verb, [path], values);
  const others = configuration?.with ?? [];
  if (others.length > 0) {
    verb.error('error: the configuration file sets with; expected all objects of the cluster in PATH, because the plan starts from them. '
      + 'Fix: pass --no-config, and its other settings as options');
  }
  const read = await readTwoStates(verb, context, { before: path, after: path, isOnePath: true, onto: [] }, options, configuration,
    notManifests);
  if (!read) return undefined;
  context.terminal.progress.show(() => 'Planning …');
  return { read, options, printing: { context, options, said: saidBy(configuration), note: configurationNote(configuration) } };
}
