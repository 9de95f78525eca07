import { IConstruct } from 'constructs';
import { AppManifest, manifestsOf } from './manifests-of-app';
import { OncePerSynth } from './once-per-synth';

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
