import { RefusalDetails, refusalMessage } from './refusal';

/**
 * Manifests hold more of something than can be judged in reasonable time and memory. Nothing is judged then: a mesh of which
 * a part was left out could look sound.
 */
export class LimitError extends Error {}

export function limitError(details: Omit<RefusalDetails, 'code'>): LimitError {
  return new LimitError(refusalMessage({ code: 'MTLS090', ...details }));
}
