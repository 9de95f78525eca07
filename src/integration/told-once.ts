/** Findings of the analysis that repeat a construct's refusal, which names the constructs; by the refusal's code. */
const REPEATED: Readonly<Record<string, readonly string[]>> = {
  API001: ['MTLS209', 'MTLS601'],
  API002: ['MTLS201', 'MTLS209', 'MTLS601'],
  API007: ['MTLS202', 'MTLS209'],
  API088: ['MTLS205'],
};

interface Message {
  readonly text: string;
  readonly code: string;
  /** `Kind 'namespace/name'`. */
  readonly object?: string;
}

/**
 * The messages of a synth, without those that repeat another about the same object. Admission's messages come first, and the
 * analysis' findings about such an object are left out: it can't exist before it is corrected, so advice on it would mislead.
 */
export function toldOnce(texts: readonly string[]): string[] {
  const messages = texts.map(read);
  const rejected = new Set(messages.filter(isAdmission).map(({ object }) => object));
  const refused = messages.flatMap(({ code, object }) => (REPEATED[code] ?? []).map((repeated) => `${repeated} ${object}`));
  const isRepeated = ({ code, object }: Message): boolean =>
    object !== undefined && (refused.includes(`${code} ${object}`) || (isFinding(code) && rejected.has(object)));
  const kept = messages.filter((one) => !isRepeated(one));
  return [...kept.filter(isAdmission), ...kept.filter((one) => !isAdmission(one))].map(({ text }) => text);
}

function read(text: string): Message {
  const code = /\[((?:MTLS|ADMIT|API)\d{3})\]$/.exec(text)?.[1] ?? '';
  return { text, code, object: /^\w+ '[^']*'/.exec(text)?.[0] };
}

function isAdmission({ code }: Message): boolean {
  return code.startsWith('ADMIT');
}

function isFinding(code: string): boolean {
  return code.startsWith('MTLS');
}
