import { objectTwice } from './rules/mtls601-object-twice';
import { ACKNOWLEDGE_DETAILS, ACKNOWLEDGE_PREFIX, Acknowledgement } from '../findings/acknowledgement';
import { FieldPath } from '../findings/field-path';
import { Inventory } from '../mesh/objects/inventory';
import { MeshObject } from '../mesh/objects/mesh-object';
import { nameOf } from '../mesh/objects/object-id';
import { Shape, shape, text as textOf } from '../mesh/objects/shape';

/** An acknowledgement with what it takes to find fault with it. */
export interface Claim {
  readonly acknowledgement: Acknowledgement;
  /** `annotation`: the object says so itself; `run`: who asked for the analysis does. */
  readonly by: 'annotation' | 'run';
  /** The object that carries it. */
  readonly object?: MeshObject;
  /** Where it is said: in the object, or among the run's acknowledgements. */
  readonly field: FieldPath;
}

/** What objects acknowledge by their annotations, and then what a run does. */
export function claimsOf(objects: Inventory, ofRun: readonly Acknowledgement[]): readonly Claim[] {
  return [
    ...[...objects.all()].flatMap(annotationClaims),
    ...objects.replaced.flatMap(({ object }) => replacedClaims(object)),
    ...ofRun.map((acknowledgement, index): Claim => ({ acknowledgement, by: 'run', field: ['acknowledgements', index] })),
  ];
}

const NONE: readonly Claim[] = Object.freeze([]);

/** Of the source's own annotations: the mesh's are texts only, and one without a value is no reason, but meant as an acknowledgement. */
function annotationClaims(object: MeshObject): readonly Claim[] {
  const annotations = shape(shape((object.source as Shape).metadata).annotations);
  const keys = Object.keys(annotations);
  return keys.length === 0 ? NONE : codesOf(keys).map((code) => claimOf(object, code, annotations));
}

/** The codes that annotations name; a code of which only the owner or the date is said lacks its reason. */
function codesOf(keys: readonly string[]): string[] {
  const named = keys.filter((key) => key.startsWith(ACKNOWLEDGE_PREFIX)).map((key) => key.slice(ACKNOWLEDGE_PREFIX.length));
  return [...new Set(named.map((name) => DETAIL.exec(name)?.[1] ?? name))].sort();
}

const DETAIL = new RegExp(`^(.+)\\.(?:${ACKNOWLEDGE_DETAILS.join('|')})$`);

function claimOf(object: MeshObject, code: string, annotations: Shape): Claim {
  const key = ACKNOWLEDGE_PREFIX + code;
  const detail = (name: typeof ACKNOWLEDGE_DETAILS[number]): string | undefined => (
    Object.hasOwn(annotations, `${key}.${name}`) ? textOf(annotations[`${key}.${name}`]) ?? '' : undefined);
  const reason = Object.hasOwn(annotations, key) ? textOf(annotations[key]) ?? '' : '';
  const said = [key, ...ACKNOWLEDGE_DETAILS.map((name) => `${key}.${name}`)].find((name) => Object.hasOwn(annotations, name))!;
  return {
    acknowledgement: { ...nameOf(object), code, reason, owner: detail('owner'), expires: detail('expires') },
    by: 'annotation',
    object,
    field: ['metadata', 'annotations', said],
  };
}

/** A manifest that doesn't count speaks of itself alone. */
function replacedClaims(object: MeshObject): readonly Claim[] {
  return annotationClaims(object).filter(({ acknowledgement: { code } }) => code === objectTwice.code);
}
