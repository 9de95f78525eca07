// Which fields a refusal names, in one spelling.
import type { Refusal } from './library';
import type { FieldPath } from '../../src/findings/finding';
import type { Cause, ServerVerdict } from '../node/api-server-judge';

/** Dots only: `spec.http.0.match`, whoever writes it; keys may themselves have brackets and dots. */
const plain = (text: string) => text.replaceAll('"', '').replaceAll('[', '.').replaceAll(']', '').replaceAll(/\.+/g, '.').replace(/\.$/, '');

const NOT_RUN = /some validation rules were not checked/;

type Stage = keyof typeof CODES_OF_STAGE;

interface ServerFields {
  /** At which stage the API server stopped. */
  readonly stage: Stage;
  readonly fields: readonly string[];
  /** Whether the rules in CEL ran. */
  readonly rulesRun: boolean;
}

/**
 * What the API server names. Its stages end one another: what it can't read (kind, decode),
 * unknown fields, then everything else at once (invalid). Some causes have their field only in their text. A name that is
 * missing keeps the rules in CEL from running, which the library does not imitate.
 */
function serverFields({ status, stage, message = '', causes }: Omit<ServerVerdict, 'stored'>): ServerFields {
  if (stage === 'namespace') return { stage: 'namespace', fields: ['metadata.namespace'], rulesRun: true };
  if (status === 404) return { stage: 'kind', fields: [], rulesRun: true };
  const unknown = [...message.matchAll(/unknown field "([\s\S]*?)"(?=, unknown field "|$)/g)].map(([, field]) => plain(field));
  if (unknown.length > 0) return { stage: 'unknown', fields: unknown, rulesRun: true };
  if (status !== 422) return { stage: 'decode', fields: decodeField(message), rulesRun: true };
  const fields = causes.filter((cause) => !NOT_RUN.test(cause.message ?? '')).map(causeField);
  const nameIsMissing = causes.some(({ field, reason }) => field === 'metadata.name' && reason === 'FieldValueRequired');
  // A bad generateName is told once more of the name that is made of it.
  const written = fields.filter((field) => field !== 'metadata.name' || !fields.includes('metadata.generateName'));
  return { stage: 'invalid', fields: written, rulesRun: !nameIsMissing };
}

function causeField({ field = '', message = '' }: Cause): string {
  if (field !== '<nil>') return plain(field);
  const [, named] = /^Invalid value: .*?"([^"]*)" must validate /.exec(message) ?? / in (\S+)$/.exec(message) ?? [];
  return plain(named ?? message);
}

/** Go names the field of its struct, as far as it got. */
function decodeField(message: string): string[] {
  const [, named] = /Go struct field (?:\w+\.)?([\w.]+) of type/.exec(message) ?? [];
  return named ? [named.startsWith('metadata') ? named : `metadata.${named}`] : [];
}

const WRONG_TYPE = 'ADMIT202';
const CODES_OF_STAGE = {
  kind: /^ADMIT1/,
  namespace: /^ADMIT5/,
  decode: /^ADMIT(500|506|112)/,
  unknown: /^ADMIT(201|215|501)/,
  invalid: /^ADMIT(2|3|50|51)/,
};

/** The webhook is not asked about what the API server refuses; the library goes on to it when only metadata is wrong. */
const byWebhook = ({ code, field }: Refusal) => /^ADMIT5/.test(code) && field[0] === 'spec';

/** Whether the library names what the API server names, at the stage at which that stopped. */
export function sameFields(refusals: readonly Refusal[], apiserver: Omit<ServerVerdict, 'stored'>): boolean {
  const { stage, fields, rulesRun } = serverFields(apiserver);
  const ours = refusals.filter((one) => CODES_OF_STAGE[stage].test(one.code) && (rulesRun || !one.code.startsWith('ADMIT3')) && !byWebhook(one));
  if (stage === 'kind') return ours.length > 0;
  const named = new Set(ours.map(({ field }) => ourField(field)));
  if (stage === 'namespace') return named.has('metadata.namespace');
  if (stage === 'decode' && fields.length === 0) return named.size > 0;
  // A field within a value of the wrong type is unknown to the API server; the library tells of the type.
  const typed = stage === 'unknown' ? refusals.filter(({ code }) => code === WRONG_TYPE) : [];
  const above = typed.map(({ field }) => ourField(field));
  const told = fields.filter((field) => !above.some((one) => isAtOrBelow(field, one)));
  if (stage === 'decode') return fields.every((field) => [...named].some((own) => isAtOrBelow(own, field)));
  return isCut(ours) || isCut(typed) ? [...named].every((field) => told.includes(field)) : same(named, told);
}

/** Of one code the library tells the first 1,000 (docs/limits.md), the API server all: then each must be among the server's. */
const isCut = (ours: readonly Refusal[]) => ours.length >= 1000 && ours.some(({ code }) => ours.filter((one) => one.code === code).length === 1000);

const isAtOrBelow = (field: string, above: string) => field === above || field.startsWith(`${above}.`);
const same = (named: ReadonlySet<string>, told: readonly string[]) => JSON.stringify([...named].sort()) === JSON.stringify([...new Set(told)].sort());

/** The library's path in the API server's spelling, which is coarse in metadata: neither keys nor indices. */
function ourField(path: FieldPath): string {
  const [top, name] = path;
  if (top !== 'metadata') return plain(path.join('.'));
  return ['labels', 'annotations', 'finalizers'].includes(String(name)) ? `metadata.${name}` : path.filter((step) => typeof step === 'string').join('.');
}
