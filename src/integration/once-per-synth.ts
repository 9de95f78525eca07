import { IConstruct, IValidation } from 'constructs';
import { AppManifest, manifestsOf } from './app-manifests';

/**
 * A validation of a whole app that runs once a synth.
 *
 * `app.synth()` and `app.synthYaml()` validate the app, and then once more for each chart. Those later rounds
 * give the first one's answer. Every other round is a synth of its own (`Testing.synth`, `chart.toJson`), and
 * whatever the user has changed since must count, so nothing is kept from one synth to the next.
 */
export class OncePerSynth implements IValidation {
  private answer?: string[];

  public constructor(private readonly check: () => string[]) {}

  public validate(): string[] {
    if (!this.answer || !isRoundOfChart()) this.answer = this.check();
    return this.answer;
  }
}

/** Frames between this check and cdk8s' `App.synth`, and some to spare. */
const DEEP_ENOUGH = 24;

/**
 * Whether cdk8s validates for a chart inside of a synth of the whole app. Only the call stack tells: cdk8s hands a
 * validation nothing. Where the stack can't be read, as under a bundler that renames functions, the answer is no,
 * which costs time and is never wrong.
 */
function isRoundOfChart(): boolean {
  const frames = stack();
  const ofChart = frames.map((frame) => /\b_synthChart \((.*):\d+:\d+\)$/.exec(frame)?.[1]).find((file) => file !== undefined);
  return ofChart !== undefined && frames.some((frame) => /\.synth(Yaml)? \(/.test(frame) && frame.includes(`(${ofChart}:`));
}

/** Frames between a judge and what a user called, and some to spare. */
const DEEP_ENOUGH_FOR_JUDGES = 60;

/**
 * Whether a judge runs for `Testing.synth` or `toJson` of a chart, and not for a synth of the app. Where the stack can't be read,
 * the answer is no.
 */
export function isOfTest(): boolean {
  return stack(DEEP_ENOUGH_FOR_JUDGES).some((frame) => /\bChart\.toJson \(|\.synth \(.*\btesting\.[jt]s:/.test(frame));
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

/** Says what is wrong with the objects of an app; gives error messages. */
export type Judge = (manifests: readonly AppManifest[]) => string[];

/** Has an app judged once a synth. All judges of an app get the same manifests: to make them costs most of the time. */
export function addJudge(root: IConstruct, judge: Judge): void {
  const known = judges.get(root);
  if (known) {
    known.push(judge);
    return;
  }
  const ofApp = [judge];
  judges.set(root, ofApp);
  root.node.addValidation(new OncePerSynth(() => {
    const manifests = manifestsOf(root);
    return ofApp.flatMap((one) => one(manifests));
  }));
}

const judges = new WeakMap<IConstruct, Judge[]>();
