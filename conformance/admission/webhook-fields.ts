// Which fields istiod's webhook means. Its texts don't say it in one form, so the object is mended where the library
// says: each of these places must take away what istiod says, and all of them everything.
import type { FieldPath } from '../../src/findings/finding';
import type { Fields } from '../manifest';
import type { WebhookJudge, WebhookVerdict } from '../node/webhook-judge';

/** The ways to mend a field, tried in turn: what is too much is left out, what is missing is taken from a donor. */
const OUT = 'leave out the field';
const HOLDER_OUT = 'leave out what it is in';
const ITEM_OUT = 'leave out the item that it is in';
const TAKEN = 'take it from another object';
const WAYS = [OUT, HOLDER_OUT, TAKEN] as const;

interface Mending {
  readonly field: FieldPath;
  readonly way: typeof WAYS[number] | typeof ITEM_OUT;
}

/** The fields of a spec by kind, of which a missing one is taken. */
export type Donors = Readonly<Record<string, Fields>>;

/** More fields than this are only mended together: a list may have thousands. */
const MOST_FIELDS = 12;

export class WebhookFields {
  constructor(private readonly webhook: WebhookJudge, private readonly donors: Donors) {}

  /**
   * Undefined when the library's fields are those that the webhook means; else what speaks against it. Where the whole
   * spec is meant, nothing can be told apart.
   * @param admitted the object as the webhook was shown it, as JSON
   * @param fields the paths that the library names, each once
   */
  async objection(admitted: string, verdict: WebhookVerdict, fields: readonly FieldPath[]): Promise<string | undefined> {
    const errors = verdict.errors ?? [];
    if (fields.some((field) => field.length < 2)) return undefined;
    if (fields.length > MOST_FIELDS) return this.remaining(admitted, errors, fields.map((field) => ({ field, way: OUT })));
    const mendedOnes: Mending[] = [];
    let left = fields;
    // istiod stops at some mistakes, so those that it told first are mended first.
    for (let told = errors; left.length > 0; told = await this.told(admitted, mendedOnes)) {
      const effective: Mending[] = [];
      for (const field of left) effective.push(...await this.effect(admitted, mendedOnes, field, told));
      if (effective.length === 0) return `mended at ${left.map((field) => field.join('.')).join(' or ')}, istiod says all that it said: ${told.join('; ')}`;
      mendedOnes.push(...effective);
      left = left.filter((field) => !effective.some((one) => one.field === field));
    }
    return this.remaining(admitted, errors, mendedOnes);
  }

  /** What is left of the errors when all is mended; a field that was left out may itself be missed in the same words. */
  private async remaining(admitted: string, errors: readonly string[], mendings: readonly Mending[]): Promise<string | undefined> {
    let left = errors;
    const otherwise = ([OUT, HOLDER_OUT, ITEM_OUT, TAKEN] as const).map((way) => mendings.map(({ field }) => ({ field, way })));
    for (const all of [mendings, ...otherwise]) {
      const told = await this.told(admitted, all);
      left = left.filter((error) => told.includes(error));
    }
    return left.length > 0 ? `mended where we say, istiod still says: ${left.join('; ')}` : undefined;
  }

  /** The first way of mending the field that takes an error away, in a list; an empty one if none does. */
  private async effect(admitted: string, before: readonly Mending[], field: FieldPath, told: readonly string[]): Promise<Mending[]> {
    for (const way of WAYS) {
      const left = await this.told(admitted, [...before, { field, way }]);
      if (told.some((error) => !left.includes(error) || count(left, error) < count(told, error))) return [{ field, way }];
    }
    return [];
  }

  private async told(admitted: string, mendings: readonly Mending[]): Promise<readonly string[]> {
    return (await this.webhook.judge(JSON.stringify(mended(JSON.parse(admitted), mendings, this.donors)))).errors ?? [];
  }
}

const count = (errors: readonly string[], error: string) => errors.filter((each) => each === error).length;

function mended(object: Fields, mendings: readonly Mending[], donors: Donors): Fields {
  // The name that the API server made of a generateName is mended with it.
  if (mendings.some(({ field }) => field.join('.') === 'metadata.generateName')) object.metadata.name = 'mended';
  const places = mendings.filter(({ field: [top], way }) => way !== TAKEN || top !== 'spec').map(({ field, way }) => placeIn(object, partOf(field, way)));
  for (const { holder, step } of places.filter(({ holder: map }) => !Array.isArray(map))) delete holder[step];
  const items = new Map(places.filter(({ holder }) => Array.isArray(holder)).map((place) => [`${place.path}`, place] as const));
  for (const { holder, step } of [...items.values()].sort((one, other) => other.step - one.step)) holder.splice(step, 1);
  for (const { field: [top, name] } of mendings.filter(({ field, way }) => way === TAKEN && field[0] === 'spec')) (object[top] ??= {})[name] = donors[object.kind]?.[name];
  return object;
}

function partOf(field: FieldPath, way: Mending['way']): FieldPath {
  if (way === HOLDER_OUT && field.length > 2) return field.slice(0, -1);
  return way === ITEM_OUT ? field.slice(0, field.findLastIndex((step) => typeof step === 'number') + 1 || field.length) : field;
}

interface Place {
  readonly path: FieldPath;
  readonly holder: any;
  readonly step: any;
}

/** Where a field is; of one that is missing, what it is missing in. */
function placeIn(object: Fields, field: FieldPath): Place {
  let value: any = object;
  const missing = field.findIndex((step) => {
    if (typeof value !== 'object' || value === null || value[step] === undefined) return true;
    value = value[step];
    return false;
  });
  const path = missing === -1 ? field : field.slice(0, Math.max(missing, 1));
  return { path, holder: path.slice(0, -1).reduce<any>((holder, step) => holder[step], object), step: path.at(-1) };
}
