import { analysisModules } from './app-mesh';
import type { CallExplanation } from '../explain/explanation';
import { printableJson, redactedJson } from '../findings/safe-text';

/**
 * One client's calls to one service port, step by step: what handles them, which rules and policies apply, both sides of
 * the TLS handshake, and how to fix a call that is broken or in plaintext.
 *
 * @see https://github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/blob/main/docs/explain.md
 */
export interface Explanation {
  /** The explanation for people, as `istio-mtls explain` prints it: lines of at most 96 columns, without colours. */
  readonly text: string;
  /** The same as one JSON object: an item of `explanations` in docs/schemas/explain.schema.json. */
  readonly json: string;
}

export function explanationOf(explanation: CallExplanation): Explanation {
  const { explanationText, UNPAINTED } = analysisModules();
  return {
    text: explanationText(explanation, { colours: UNPAINTED, width: Infinity }),
    json: printableJson(redactedJson(JSON.stringify(explanation))),
  };
}
