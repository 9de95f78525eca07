import { Option } from 'commander';
import type { Afterwards } from './folder';
import type { PlanReport } from './report';
import { printable } from '../../findings/safe-text';
import { late } from '../../modules/late';
import type { SaidByFile } from '../findings/report';
import { problemInWriting, WrittenFile } from '../output/numbered-folders';
import { Terminal } from '../output/terminal';
import { tellStates, TwoStatesOptions } from '../program/two-states';
import { VerbContext } from '../program/verb';

/** The output formats of `plan`. */
const PLAN_FORMATS = ['text', 'json', 'markdown'] as const;

/** The options that all verbs of `plan` share. */
export interface PlanOptions extends Omit<TwoStatesOptions, 'onto'> {
  readonly output: typeof PLAN_FORMATS[number];
  readonly all?: boolean;
  readonly out?: string;
}

export function planOptions(): Option[] {
  return [
    new Option('-o, --output <format>', 'how to print').choices(PLAN_FORMATS).default('text'),
    new Option('--out <folder>', 'write the stages, and how to roll back, as numbered folders of manifests'),
    new Option('--all', 'show every step and caller in the text'),
  ];
}

/** How a run prints. */
export interface FolderPrinting {
  readonly context: VerbContext;
  readonly options: PlanOptions;
  readonly said?: SaidByFile;
  readonly note: string;
}

/** The content of `--out`. */
export interface Folder {
  /** False if something could not be read: the plan would delete the objects that it didn't read, so nothing is written. */
  readonly isWhole: boolean;
  /** Undefined if there are no stages. */
  readonly files?: () => readonly WrittenFile[];
}

/** The folders of a plan. */
export function folderOf(report: PlanReport, afterwards?: Afterwards): Folder {
  const isWhole = report.before.unreadable.length + report.after.unreadable.length === 0;
  const files = () => late<typeof import('./folder')>(() => require('./folder')).planFiles(report, afterwards);
  return { isWhole, files: report.stages ? files : undefined };
}

/** Writes the folders, then prints the report. */
export async function printReport(
  folder: Folder | undefined, read: Parameters<typeof tellStates>[0], text: string, printing: FolderPrinting,
): Promise<void> {
  const { context: { terminal, finish }, options, note } = printing;
  if (options.out !== undefined && folder && !isWritten(folder, options.out, terminal)) {
    finish(2);
    return;
  }
  if (options.output === 'markdown') terminal.error(note);
  await terminal.out(text);
  if (options.output !== 'json') await tellStates(read, options.listSkipped ?? false, terminal, options.output === 'text');
}

/** Writes the folders; reports why it can't. */
function isWritten({ isWhole, files }: Folder, folder: string, terminal: Terminal): boolean {
  if (!isWhole || !files) {
    terminal.error(`${printable(folder)} isn't written, since ${isWhole ? 'there are no stages' : 'something could not be read'}.\n`);
    return true;
  }
  const problem = problemInWriting(files(), folder);
  if (problem !== undefined) terminal.error(`${printable(problem)}\n`);
  return problem === undefined;
}
