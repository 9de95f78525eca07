import type { Environment } from '@marcbachmann/cel-js';
import { isGoUrl, parseGoDuration, parseGoUrl } from '../../manifests/go-values';
import { late } from '../../modules/late';

/** A compiled rule: its result for `self`. Throws where CEL evaluates to an error. */
export type Program = (self: unknown) => unknown;

let environment: Environment | undefined;

/** Compiles a CRD's rule; loads the CEL library for the first one. Throws for a rule that the library can't read. */
export function compile(rule: string): Program {
  environment ??= kubernetesEnvironment();
  const program = environment.parse(rule.replace(/\bduration\(/g, 'kubernetesDuration('));
  const { valid, error } = program.check();
  if (!valid) throw error;
  return (self) => program({ self });
}

/** CEL as in Kubernetes: with its URL functions, and durations as Go reads them (the library accepts some that overflow). */
function kubernetesEnvironment(): Environment {
  const cel = loadCel();
  const made = new cel.Environment().registerVariable('self', 'dyn');
  const Duration = (made.evaluate('duration("1s")') as object).constructor as new (seconds: bigint, nanos: number) => object;
  made.registerFunction('kubernetesDuration(string): google.protobuf.Duration', (text: string) => {
    const nanos = parseGoDuration(text);
    if (nanos === undefined) throw new Error(`'${text}' is no duration`);
    return new Duration(nanos / 1_000_000_000n, Number(nanos % 1_000_000_000n));
  });
  made.registerType('kubernetes.URL', { ctor: KubernetesUrl, fields: {} });
  made.registerFunction('isURL(string): bool', isGoUrl);
  made.registerFunction('url(string): kubernetes.URL', (text: string) => new KubernetesUrl(text));
  made.registerFunction('kubernetes.URL.getScheme(): string', (url: KubernetesUrl) => url.scheme);
  return made;
}

/** Loads the library on demand: programs without CEL rules don't wait for it. */
function loadCel(): typeof import('@marcbachmann/cel-js') {
  return late<typeof import('@marcbachmann/cel-js')>(() => require('../../../imports/cel-js/evaluator'));
}

class KubernetesUrl {
  public readonly scheme: string;

  public constructor(text: string) {
    const url = parseGoUrl(text);
    if (!url) throw new Error(`'${text}' is no URL`);
    this.scheme = url.scheme;
  }
}
