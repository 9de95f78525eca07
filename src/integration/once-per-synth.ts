import { IConstruct, IValidation } from 'constructs';
import { manifestsOf, MeshManifests, withSteadyManifests } from './app-manifests';
import { ErrorPlaces, MeshError } from './error-places';
import { MeshFacts } from './mesh-facts';
import { checkOneCopy } from './one-copy';
import { overwrittenFiles } from './overwritten-files';
import { toldOnce } from './told-once';

/**
 * A validation of a whole app that runs once for each synth.
 *
 * `app.synth()` and `app.synthYaml()` validate the app, and then once more for each chart. Those further rounds return the
 * result of the first. Any other round is a synth of its own (`Testing.synth`, `chart.toJson`) and must see what the user has
 * changed since, so no result is kept from one synth to the next.
 */
export class OncePerSynth implements IValidation {
  private answer?: string[];

  public constructor(private readonly check: () => string[]) {}

  public validate(): string[] {
    if (!this.answer || !isRoundOfChart()) this.answer = this.check();
    return this.answer;
  }
}

/** Enough stack frames to reach cdk8s' `App.synth` from this check. */
const DEEP_ENOUGH = 24;

/**
 * Whether cdk8s validates for a chart within a synth of the whole app. Only the call stack shows it, because cdk8s passes
 * nothing to a validation. If the stack can't be read, as with a bundler that renames functions, the answer is no: that
 * costs time, but is never wrong.
 */
function isRoundOfChart(): boolean {
  const frames = stack();
  const ofChart = frames.map((frame) => /\b_synthChart \((.*):\d+:\d+\)$/.exec(frame)?.[1]).find((file) => file !== undefined);
  return ofChart !== undefined && frames.some((frame) => /\.synth(Yaml)? \(/.test(frame) && frame.includes(`(${ofChart}:`));
}

/** Enough stack frames to reach the user's call from a judge. */
const DEEP_ENOUGH_FOR_JUDGES = 60;

/**
 * Whether a judge runs for `Testing.synth` or `toJson` of a chart rather than for a synth of the app. If the stack can't be read,
 * the answer is no.
 */
export function isOfTest(): boolean {
  return stack(DEEP_ENOUGH_FOR_JUDGES).some((frame) => /\bChart\.toJson \(|\.synth \(.*\btesting\.[jt]s:/.test(frame));
}

/** The frames of cdk8s that validate all constructs, by a function of their file. Bundlers rename functions, but no methods. */
const SYNTHS = /(?:\.synth(?:Yaml)?|\b_synthChart) \((.*):\d+:\d+\)$/;

/** The file of cdk8s' `App`, compiled or as a source map names it. */
const FILE_OF_APP = /[\\/]node_modules[\\/]cdk8s[\\/](?:lib|src)[\\/]app\.[jt]s$/;

/**
 * Whether cdk8s validates all constructs, the app first: cdk8s' own file, or the bundle that holds it and this library. A user's file
 * may have a `synth` that validates the app, too. If the stack can't be read, the answer is no, and the app returns all errors.
 */
function isOfAllConstructs(): boolean {
  const frames = stack();
  const own = fileOf(frames.at(1) ?? '');
  return frames.some((frame, at) => {
    const file = SYNTHS.exec(frame)?.[1];
    if (file === undefined || (file !== own && !FILE_OF_APP.test(file))) return false;
    return at > 1 && frames[at - 1].includes(`${file}:`) && /\bvalidate \(/.test(frames[at - 2]);
  });
}

/** The file of a frame, without line and column. */
function fileOf(frame: string): string {
  const place = frame.slice(frame.indexOf('(') + 1);
  return place.slice(0, place.lastIndexOf(':', place.lastIndexOf(':') - 1));
}

/** More stack frames than a synth has. */
const ALL_OF_SYNTH = 1000;

/** The frames of cdk8s that serialize objects once they are validated, with their file: for a chart, and for files of one object. */
const EMITTING = [/\b_synthChart \((.*):\d+:\d+\)$/, /\.synth \((.*\bcdk8s\b.*\bapp\.[jt]s):\d+:\d+\)$/];

/**
 * Whether cdk8s serializes objects for a synth that it has validated. If the stack can't be read, the answer is no: that costs time,
 * but is never wrong.
 */
function isEmission(): boolean {
  const frames = stack(ALL_OF_SYNTH);
  const file = frames.flatMap((frame) => EMITTING.flatMap((one) => one.exec(frame)?.[1] ?? []))[0];
  return file !== undefined && frames.length <= ALL_OF_SYNTH && !frames.some((frame) => frame.includes(` validate (${file}:`));
}

function stack(depth = DEEP_ENOUGH): string[] {
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = depth;
    return (new Error().stack ?? '').split('\n');
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Checks the objects of a mesh; returns error messages. */
export type Judge = (mesh: MeshManifests) => string[];

/**
 * Adds a judge that runs once for each mesh of an app in each synth, and for what no mesh owns. All judges of a mesh get the same
 * manifests, because creating them takes most of the time.
 *
 * @param judgeOf returns the judge for a synth
 */
export function addJudge({ node: { root } }: IConstruct, judgeOf: () => Judge): void {
  const known = judges.get(root);
  if (known) {
    known.push(judgeOf);
    return;
  }
  checkOneCopy(root);
  const ofApp = [judgeOf];
  judges.set(root, ofApp);
  const places = new ErrorPlaces(root);
  let errors: readonly MeshError[] = [];
  const check = new OncePerSynth(() => {
    errors = passOver(root, () => errorsOf(root, ofApp.map((one) => one())));
    return errors.map(({ text }) => text);
  });
  root.node.addValidation({
    validate: () => {
      const texts = check.validate();
      if (isOfAllConstructs()) return places.place(errors);
      places.place([]);
      return texts;
    },
  });
}

function errorsOf(root: IConstruct, ofSynth: readonly Judge[]): readonly MeshError[] {
  const { meshes, unowned } = MeshFacts.owners(root);
  const ofMeshes = [...meshes, unowned].flatMap((facts) => {
    const mesh = manifestsOf(facts);
    return toldOnce(ofSynth.flatMap((judge) => judge(mesh))).map((text) => ({ text, facts }));
  });
  return [...ofMeshes, ...overwrittenFiles(root).map((text) => ({ text, facts: unowned }))];
}

const judges = new WeakMap<IConstruct, (() => Judge)[]>();

/** The last pass of judges over each app. */
const passes = new WeakMap<IConstruct, object>();

/** The apps that judges run over now. */
const judged = new Set<IConstruct>();

function passOver<T>(root: IConstruct, pass: () => T): T {
  passes.set(root, {});
  judged.add(root);
  try {
    return withSteadyManifests(pass);
  } finally {
    judged.delete(root);
  }
}

/**
 * A value of a mesh that depends on its objects. A synth computes it once, however many objects need it; outside of one it is computed
 * each time, because the objects may have changed.
 */
export class OfSynth<T> {
  private readonly known = new WeakMap<MeshFacts, { readonly pass: object; readonly value: T }>();

  public constructor(private readonly valueOf: (mesh: MeshFacts) => T) {}

  public of(mesh: MeshFacts): T {
    const pass = passes.get(mesh.root);
    if (!pass || !(judged.has(mesh.root) || isEmission())) return this.valueOf(mesh);
    let known = this.known.get(mesh);
    if (known?.pass !== pass) this.known.set(mesh, known = { pass, value: this.valueOf(mesh) });
    return known.value;
  }
}
