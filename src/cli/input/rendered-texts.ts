import { isUtf8 } from 'node:buffer';
import { chartArguments, chartFault, SourceFault } from './chart-source';
import { kustomizationFault, kustomizeArguments } from './kustomization-source';
import { Note } from './raw-sources';
import { MOST_TOGETHER, pathProblem, ReadText, tooLarge, Unreadable } from './read-text';
import { launcherAt, notExecutable, Ran, RenderingPrograms } from './rendering-program';
import { TemporaryFolder } from './temporary-folder';
import type { RenderedSource, RenderedSources } from '../../configuration/rendered-source';
import { redacted } from '../../findings/safe-text';

/** The most sources of a run. */
const MOST_SOURCES = 100;

/** How much of a program's error is quoted. */
const MOST_QUOTED = 400;

/** The output of a program for one source. */
type RenderedText = ReadText & {
  readonly name: string;
  readonly given: string;
  readonly isNamed: true;
  readonly isFact: false;
  readonly isRendered: true;
  readonly namespace?: string;
};

/** The output of helm and kustomize for each source. What can't be rendered, or is refused, is a problem, never left out silently. */
export async function renderedTexts(
  { sources, within, repository = within }: RenderedSources,
): Promise<{ readonly texts: readonly RenderedText[]; readonly notes: readonly Note[] }> {
  const place = new TemporaryFolder();
  try {
    const programs = new RenderingPrograms(place.path, repository);
    const texts: RenderedText[] = [];
    const notes: Note[] = [];
    let together = 0;
    for (const [index, source] of sources.entries()) {
      const { text, note } = index < MOST_SOURCES && together <= MOST_TOGETHER
        ? await rendered(source, within, programs)
        : { text: { ...textOf(source), problem: tooMany(source.folder) }, note: undefined };
      together += 'text' in text ? text.text.length : 0;
      texts.push(text);
      if (note) notes.push(note);
    }
    return { texts, notes };
  } finally {
    await place.remove();
  }
}

async function rendered(
  source: RenderedSource, within: string, programs: RenderingPrograms,
): Promise<{ readonly text: RenderedText; readonly note?: Note }> {
  const { program: name, folder } = source;
  const text = textOf(source);
  const refused = name === 'helm' ? chartFault(source, within) : kustomizationFault(folder, within);
  if (refused) return { text: { ...text, problem: problemOf(folder, refused) } };
  const program = programs.find(name);
  if (program === undefined) {
    return { text: { ...text, problem: problemOf(folder, notOnPath(name)) } };
  }
  const ran = await programs.run(program, name === 'helm' ? chartArguments(source) : kustomizeArguments(folder))
    .catch((error: NodeJS.ErrnoException) => error);
  const problem = ran instanceof Error ? problemOf(folder, notStarted(name, program, ran)) : problemIn(source, program, ran);
  if (problem) return { text: { ...text, problem } };
  const note = { about: 'rendered' as const, path: folder, text: `${folder} is rendered by ${name} ${await programs.version(program)}` };
  return { text: { ...text, text: (ran as Ran).stdout.toString('utf8') }, note };
}

function textOf(source: RenderedSource): Omit<RenderedText, 'text' | 'problem'> {
  const { program, folder } = source;
  const namespace = program === 'helm' ? source.namespace : undefined;
  return { name: folder, given: folder, isNamed: true, isFact: false, isRendered: true, namespace };
}

function tooMany(folder: string): Unreadable {
  return problemOf(folder, {
    actual: 'not rendered after so many other sources',
    expected: `at most ${MOST_SOURCES} sources, and ${MOST_TOGETHER / 1024 / 1024} MB of what they render to`,
    fix: 'judge fewer meshes at once, with --mesh',
  });
}

function notOnPath(name: string): SourceFault {
  const file = notExecutable(name);
  const expected = `${name} on PATH`;
  if (file === undefined) return { actual: `for ${name}, which isn't on PATH`, expected, fix: `install ${name}, or render it yourself` };
  return { actual: `for ${name}, which isn't executable at ${file}`, expected, fix: `run chmod +x ${file}` };
}

function notStarted(name: string, file: string, { code }: NodeJS.ErrnoException): SourceFault {
  const fix = ownProgramFix(name, file) ?? `install ${name} for this machine again, or render it yourself`;
  return { actual: `for ${name}, which can't be started at ${file} (${code})`, expected: `${name} itself on PATH`, fix };
}

/** The fix if a launcher fails: it runs with an empty PATH and another home, so it may find neither the program nor its settings. */
function ownProgramFix(name: string, file: string): string | undefined {
  const launcher = launcherAt(file);
  if (launcher === undefined) return undefined;
  return `put the folder of ${name}'s own binary first on PATH, because ${file} is ${launcher}, which finds no other program here`;
}

function problemIn({ program, folder }: RenderedSource, file: string, { status, stdout, stderr, ended }: Ran): Unreadable | undefined {
  if (ended === 'too much output') return tooLarge(folder);
  if (ended === 'too slow') {
    return problemOf(folder, { actual: `rendered by ${program} for more than a minute`, expected: 'less', fix: 'render it yourself' });
  }
  if (status === 0) return isUtf8(stdout) ? undefined : pathProblem('ADMIT166', folder, 'not in UTF-8');
  const said = redacted(stderr.trim().replace(/\s+/g, ' ')).slice(0, MOST_QUOTED);
  const fix = fixOf(said, folder) ?? ownProgramFix(program, file) ?? `correct it, and try ${program} by itself`;
  const actual = `not rendered by ${program}, which ${said === '' ? `exits with ${status}` : `says: ${said}`}`;
  return problemOf(folder, { actual, expected: 'a source that it renders', fix });
}

/** The fix that a program's error shows. */
function fixOf(said: string, folder: string): string | undefined {
  if (/dependency build/.test(said)) return `run helm dependency build ${folder}`;
  if (/unknown flag: --(?:skip-schema|include-crds)/.test(said)) return 'install Helm 3.16 or later';
  return /unknown flag: --load-restrictor/.test(said) ? 'install kustomize 4 or later' : undefined;
}

function problemOf(file: string, fault: SourceFault): Unreadable {
  return { code: 'ADMIT170', file, ...fault };
}
